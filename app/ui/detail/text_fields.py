"""The long texts of an incident, each edited where it stands and as high as its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.services import drafts, incidents
from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QResizeEvent

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.services.inspecting import Inspected
    from app.ui.workbench import Workbench

PAUSE_MS = 500
_MOST_LINES = 12


class InlineText(QPlainTextEdit):
    """Leaving it or Ctrl+Enter saves, Esc brings the stored text back, Tab leaves."""

    saved = Signal(str, str)
    typed = Signal(str)
    """Somebody types; the text is worth keeping at the next pause."""
    restored = Signal(str)

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._stored = name, ""
        self.setProperty("kind", "inline")
        self.setTabChangesFocus(True)
        self.setAccessibleName(label)
        self.setPlaceholderText("\u2013")
        self.document().setDocumentMargin(1)
        self.setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._on_text_changed)
        theme.current().changed.connect(self._fit)
        self._fit()

    def show_text(self, text: str) -> None:
        """Show what is stored, unless somebody is typing here."""
        typing = self.toPlainText() != self._stored
        self._stored = text
        if not typing:
            self._show(text)

    def show_draft(self, text: str) -> None:
        """Show what was typed before the program ended, still to be saved."""
        if self.toPlainText() == self._stored:
            self._show(text)

    def is_typed(self) -> bool:
        """Tell whether something stands here that is not stored."""
        return self.toPlainText() != self._stored

    def clear_for_another(self) -> None:
        """Forget the text: it belongs to another incident."""
        self._stored = ""
        self._show("")

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Enter from the commands of the incident."""
        if event.type() == QEvent.Type.ShortcutOverride and _commits(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter, restore with Esc."""
        if _commits(event):
            self.save()
        elif event.key() == Qt.Key.Key_Escape and self.is_typed():
            self._show(self._stored)
            self.restored.emit(self.name)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save when the focus goes to another field."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            self.save()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def save(self) -> None:
        """Hand on what was typed, if it differs from what is stored."""
        text = self.toPlainText()
        if text != self._stored:
            self._stored = text
            self.saved.emit(self.name, text)

    def _show(self, text: str) -> None:
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        self._fit()

    def _on_text_changed(self) -> None:
        self._fit()
        self.typed.emit(self.name)

    def _fit(self) -> None:
        needed = max(1, int(self.document().size().height()))
        lines = min(_MOST_LINES, needed)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(
            policy if needed <= _MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        around = 2 * round(self.document().documentMargin()) + theme.current().px(12)
        height = self.fontMetrics().lineSpacing() * lines + around
        if height != self.height():
            self.setFixedHeight(height)


class TextFields(QWidget):
    """Description, workaround and root cause; what is typed survives a killed process."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._uid: EntityId | None = None
        self._heads: dict[str, bytes] = {}
        self._dirty: set[str] = set()
        self.fields: dict[str, InlineText] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for name, text in (
            ("description", self.tr("Description")),
            ("workaround", self.tr("Workaround")),
            ("root_cause", self.tr("Root cause")),
        ):
            field = InlineText(name, text, self)
            label = QLabel(text, self)
            label.setProperty("tone", "quiet")
            label.setBuddy(field)
            layout.addWidget(label)
            layout.addWidget(field)
            field.saved.connect(self._on_saved)
            field.typed.connect(self._on_typed)
            field.restored.connect(self._on_restored)
            self.fields[name] = field
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        layout.addWidget(self.error)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._keep)

    def show_read(self, read: Inspected) -> None:
        """Show the texts of an incident."""
        uid = read.incident.id
        if uid != self._uid:
            self.let_go()
            self._uid = uid
            self.error.hide()
            keys = {_key(name, uid): name for name in self.fields}
            self._bench.write(
                lambda desk: [drafts.find(desk, key) for key in keys], self._on_drafts, quiet=True
            )
        self._heads = read.heads
        for name, field in self.fields.items():
            field.show_text(str(getattr(read.incident, name)))
            field.setReadOnly(bool(self._bench.read_only))

    def let_go(self) -> None:
        """Save what is being typed: another incident follows, or another panel."""
        for field in self.fields.values():
            field.save()
            field.clear_for_another()
        self._uid = None

    def _on_drafts(self, found: list[Draft | None]) -> None:
        for draft in found:
            if draft is not None and self._uid is not None:
                for name, field in self.fields.items():
                    if draft.key == _key(name, self._uid):
                        field.show_draft(str(draft.data.get("text", "")))

    def _on_typed(self, name: str) -> None:
        self._dirty.add(name)
        self._pause.start()

    def _keep(self) -> None:
        if self._uid is None:
            return
        for name in self._dirty:
            key, text = _key(name, self._uid), self.fields[name].toPlainText()
            if self.fields[name].is_typed():
                self._bench.write(_keeper(key, text), quiet=True)
        self._dirty.clear()

    def _on_restored(self, name: str) -> None:
        self._dirty.discard(name)
        if self._uid is not None:
            key = _key(name, self._uid)
            self._bench.write(lambda desk: drafts.discard(desk, key), quiet=True)

    def _on_saved(self, name: str, text: str) -> None:
        if self._uid is None:
            return
        uid, seen, key = self._uid, self._heads, _key(name, self._uid)
        self._dirty.discard(name)

        def act(desk: Desk) -> ChangeSet:
            made = incidents.edit(desk, [uid], {name: text or None}, seen=seen)
            drafts.discard(desk, key)
            return made

        self._bench.write(act, self._on_written, self._on_refused)

    def _on_written(self, _changes: object) -> None:
        self.error.hide()

    def _on_refused(self, error: Exception) -> None:
        self.error.setText(str(getattr(error, "message", error)))
        self.error.show()


def _key(name: str, uid: EntityId) -> str:
    return f"{name}:{uid.hex()}"


def _keeper(key: str, text: str) -> Callable[[Desk], None]:
    def keep(desk: Desk) -> None:
        drafts.save(desk, key, "field", {"text": text})

    return keep


def _commits(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    )
