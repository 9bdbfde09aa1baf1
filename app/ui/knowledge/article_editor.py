"""Writes an article: title, category and Markdown as plain text, with its preview beside it.

What is typed is kept as a draft at every pause of half a second, so that a killed process loses at
most that. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import EntityId
from app.services import drafts, knowledge
from app.ui import theme
from app.ui.knowledge.article_reader import ArticleReader

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

PAUSE_MS = 500
KIND = "article"
NEW = "article:new"
"""Under this key the draft of a new article is kept."""


class Writing(NamedTuple):
    """What the editor begins with; `article` is None for a new one."""

    article: EntityId | None
    title: str = ""
    category: str = ""
    text: str = ""
    incident: str = ""
    """The incident from whose resolution it is made, as hexadecimal digits."""

    @property
    def key(self) -> str:
        """Return under which key its draft is kept."""
        return NEW if self.article is None else f"article:{self.article.hex()}"


class ArticleEditor(QWidget):
    """Saves with Ctrl+Enter; Esc keeps the draft and goes back."""

    saved = Signal(object)
    left = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._writing: Writing | None = None
        self._start: tuple[str, str, str] = ("", "", "")
        px = theme.current().px
        self.setAccessibleName(self.tr("Article editor"))
        self.title = QLineEdit(self)
        self.title.setPlaceholderText(self.tr("When what: then do what"))
        self.category = QLineEdit(self)
        self.category.setPlaceholderText(self.tr("hardware/printer"))
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.preview = ArticleReader(self.tr("Preview"), self)
        self.save = QPushButton(self.tr("&Save"), self)
        self.save.setProperty("kind", "primary")
        self.cancel = QPushButton(self.tr("&Throw away"), self)
        self.cancel.setProperty("kind", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(14), px(20), px(14))
        layout.setSpacing(px(6))
        for field, name in (
            (self.title, self.tr("T&itle")),
            (self.category, self.tr("&Category")),
        ):
            self._caption(layout, field, name)
            layout.addWidget(field)
        self._caption(layout, self.text, self.tr("Te&xt, in Markdown"))
        beside = QHBoxLayout()
        beside.setSpacing(px(10))
        beside.addWidget(self.text, 1)
        beside.addWidget(self.preview, 1)
        layout.addLayout(beside, 1)
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        layout.addWidget(self.error)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addStretch(1)
        for key in (self.tr("Ctrl"), self.tr("Enter")):
            cap = QLabel(key, self)
            cap.setProperty("kind", "key")
            foot.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        layout.addLayout(foot)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._keep)
        self.text.textChanged.connect(self._on_edited)
        self.title.textEdited.connect(self._pause.start)
        self.category.textEdited.connect(self._pause.start)
        self.save.clicked.connect(self.commit)
        self.cancel.clicked.connect(self.throw_away)

    def begin(self, writing: Writing) -> None:
        """Write or go on writing: a draft that is kept comes back."""
        self.let_go()
        self._writing = writing
        self._start = (writing.title, writing.category, writing.text)
        self._put(*self._start)
        self.error.hide()
        key = writing.key
        self._bench.write(lambda desk: (key, drafts.find(desk, key)), self._on_draft, quiet=True)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def let_go(self) -> None:
        """Keep what was typed last, before something else is shown."""
        if self._pause.isActive():
            self._pause.stop()
            self._keep()

    def commit(self) -> None:
        """Save the article; a refusal stands under the text and nothing typed is lost."""
        writing = self._writing
        if writing is None:
            return
        title, category, text = self._values()

        def act(desk: Desk) -> ChangeSet:
            if writing.article is None:
                source = EntityId(bytes.fromhex(writing.incident)) if writing.incident else None
                done = knowledge.write(desk, title, text, category=category, incident=source)
            else:
                done = knowledge.change(desk, writing.article, title, text, category=category)
            drafts.discard(desk, writing.key)
            return done

        self._pause.stop()
        self._bench.write(act, self._on_saved, self._on_refused)

    def throw_away(self) -> None:
        """Go back without saving; the draft goes too."""
        writing = self._writing
        self._pause.stop()
        self._writing = None
        if writing is not None:
            self._bench.write(lambda desk: drafts.discard(desk, writing.key), quiet=True)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter; Esc goes back and keeps the draft."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.commit()
            return
        if event.key() == Qt.Key.Key_Escape:
            changed = self._values() != self._start
            self.let_go()
            if changed:
                self._bench.say(self.tr("Draft kept"))
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _caption(self, layout: QVBoxLayout, field: QWidget, name: str) -> None:
        caption = QLabel(name, self)
        caption.setProperty("kind", "label")
        caption.setBuddy(field)
        field.setAccessibleName(name.replace("&", ""))
        layout.addWidget(caption)

    def _values(self) -> tuple[str, str, str]:
        return self.title.text(), self.category.text(), self.text.toPlainText()

    def _keep(self) -> None:
        writing = self._writing
        if writing is None:
            return
        title, category, text = self._values()
        data: dict[str, Any] = {"title": title, "category": category, "text": text}
        data["incident"] = writing.incident
        if (title, category, text) != self._start or writing.incident:
            self._bench.write(lambda desk: drafts.save(desk, writing.key, KIND, data), quiet=True)
        else:
            self._bench.write(lambda desk: drafts.discard(desk, writing.key), quiet=True)

    def _on_edited(self) -> None:
        self.preview.show_markdown(self.text.toPlainText())
        self._pause.start()

    def _on_draft(self, found: tuple[str, Draft | None]) -> None:
        key, draft = found
        writing = self._writing
        if writing is None or key != writing.key or draft is None:
            return
        if writing.incident and draft.data.get("incident") != writing.incident:
            return  # another article is begun: its own text stands first
        if self._values() == self._start:
            told = draft.data
            self._writing = writing._replace(incident=str(told.get("incident") or ""))
            self._put(*(str(told.get(name, "")) for name in ("title", "category", "text")))

    def _on_saved(self, changes: ChangeSet) -> None:
        self._writing = None
        self.saved.emit(changes)

    def _on_refused(self, error: Exception) -> None:
        self._pause.start()
        self.error.setText(str(getattr(error, "message", error)))
        self.error.show()
        wrong = self.text if getattr(error, "field", "") == "text" else self.title
        wrong.setFocus()

    def _put(self, title: str, category: str, text: str) -> None:
        self.title.setText(title)
        self.category.setText(category)
        blocked = self.text.blockSignals(True)
        self.text.setPlainText(text)
        self.text.blockSignals(blocked)
        self.text.viewport().update()
        self.preview.show_markdown(text)
