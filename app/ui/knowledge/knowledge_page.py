"""The page of knowledge (ux.md 2.6): search, list, reader and editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import EntityId
from app.services import drafts, knowledge
from app.ui import icons, theme
from app.ui.incidents.cells import moment
from app.ui.knowledge.article_editor import NEW, ArticleEditor, Writing
from app.ui.knowledge.article_reader import ArticleReader
from app.ui.widgets.status_label import status_word
from app.ui.widgets.text_table import TextTable, fit_columns, text_view
from app.ui.widgets.titled_rows import TitledRows

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.services.knowledge import Details, Listed
    from app.ui.workbench import Workbench

_ID = Qt.ItemDataRole.UserRole
_LIST_WIDTH = 360
_TO_THE_LIST = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class KnowledgePage(QWidget):
    """List at the left, the article at the right; it reads anew whenever something changes."""

    place = "go.knowledge"
    """The way here in the sidebar."""

    left = Signal()
    incident_requested = Signal(object)
    chosen_changed = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._wanted: EntityId | None = None
        self.shown: Details | None = None
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Knowledge"))
        self.heading = self._label("title")
        self.heading.setText(self.tr("Knowledge"))
        self.new = self._button(self.tr("&New article"))
        icons.bind(self.new, "plus", size=14)
        self.search = QLineEdit(self)
        self.search.setAccessibleName(self.tr("Search articles"))
        self.search.setPlaceholderText(self.tr("Search articles"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.go_on = self._button("")
        self.go_on.hide()
        self.list = TitledRows(self.tr("Articles"), self)
        self.name = self._label("title")
        self.about = self._label("help")
        self.worked = self._button(self.tr("It worked"))
        self.did_not = self._button(self.tr("It did not"))
        self.edit = self._button(self.tr("&Edit"))
        icons.bind(self.edit, "pencil", size=14)
        self.reader = ArticleReader(self.tr("Article"), self)
        self.used_by = self._label("label")
        self.table = TextTable(self)
        self.view = text_view(self.tr("Incidents that use it"), self.table, self)
        self.view.installEventFilter(self)
        self.view.setMaximumHeight(workbench.theme.px(190))
        self.editor = ArticleEditor(workbench, self)
        self.nothing = self._label("help")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.article = QWidget(self)
        self.body = QStackedWidget(self)
        for part in (self.nothing, self.article, self.editor):
            self.body.addWidget(part)
        self._lay_out()
        self.setFocusProxy(self.list)
        self.new.clicked.connect(self.write_new)
        self.go_on.clicked.connect(self.write_new)
        self.edit.clicked.connect(self.edit_chosen)
        self.worked.clicked.connect(self.say_worked)
        self.did_not.clicked.connect(self.say_did_not)
        self.search.textEdited.connect(self._read)
        self.list.currentItemChanged.connect(self._on_current)
        self.view.activated.connect(self._on_activated)
        self.editor.saved.connect(self._on_saved)
        self.editor.left.connect(self._on_editor_left)
        workbench.bus.published.connect(self._on_published)

    def look(self, uid: EntityId | None = None) -> None:
        """Read everything anew, and choose an article when one is named."""
        self._wanted = uid or self._wanted
        self._read()
        self._bench.write(lambda desk: drafts.find(desk, NEW), self._on_draft, quiet=True)

    def let_go(self) -> None:
        """Keep what is typed, before another page comes."""
        self.editor.let_go()

    def current(self) -> EntityId | None:
        """Return the chosen article."""
        item: QListWidgetItem | None = self.list.currentItem()
        return None if item is None else EntityId(bytes(item.data(_ID)))

    def write_new(self) -> None:
        """Write a new article, or go on with the one that was begun."""
        self.write(Writing(None))

    def write(self, writing: Writing) -> None:
        """Open the editor."""
        self.body.setCurrentWidget(self.editor)
        self.editor.begin(writing)

    def edit_chosen(self) -> None:
        """Open the editor on the article that is shown."""
        if self.shown is not None:
            one = self.shown.article
            self.write(Writing(one.id, one.name, one.category, one.text))

    def say_worked(self) -> None:
        """Count that the article worked."""
        self._say_tried(worked=True)

    def say_did_not(self) -> None:
        """Count that the article did not work."""
        self._say_tried(worked=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc: from the article to the list, from the list to the incidents."""
        if event.key() == Qt.Key.Key_Escape:
            if self.list.hasFocus():
                self.left.emit()
            else:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go from the search to the list with the arrows, from an incident to its page."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if watched is self.search and key in _TO_THE_LIST:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if watched is self.view and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._on_activated(self.view.currentIndex())
                return True
        return super().eventFilter(watched, event)

    # --- reading ---------------------------------------------------------------------------------

    def _read(self, _text: str = "") -> None:
        text = self.search.text()
        self._bench.read(lambda desk: knowledge.search(desk, text), self._on_read, key="knowledge")

    def _on_read(self, found: list[Listed]) -> None:
        chosen = self._wanted or self.current()
        self._wanted = None
        blocked = self.list.blockSignals(True)
        self.list.clear()
        row = 0
        for place, one in enumerate(found):
            second = f"{one.article.code} \N{MIDDLE DOT} {self._counts(one)}"
            self.list.add(one.article.name, second, bytes(one.article.id))
            if one.article.id == chosen:
                row = place
        self.list.setCurrentRow(row if found else -1)
        self.list.blockSignals(blocked)
        self.nothing.setText(
            self.tr("No article has all these words.")
            if self.search.text().strip()
            else self.tr(
                "There are no articles yet. Write one with New article, or from a resolved "
                "incident with Write an article."
            )
        )
        self._read_chosen()

    def _counts(self, one: Listed) -> str:
        worked = self.tr("worked {0}, did not {1}").format(one.article.worked, one.article.did_not)
        return self.tr("{0}, used by {1}").format(worked, one.used)

    def _on_current(self, _now: object, _before: object) -> None:
        self._read_chosen()

    def _read_chosen(self) -> None:
        uid = self.current()
        writing = self.body.currentWidget() is self.editor
        if uid is None:
            self.shown = None
            self.chosen_changed.emit()
            if not writing:
                self.body.setCurrentWidget(self.nothing)
            return
        self._bench.read(
            lambda desk: knowledge.details(desk, uid),
            self._on_details,
            self._on_gone,
            key="article",
        )

    def _on_details(self, shown: Details) -> None:
        one = shown.article
        before = self.shown
        self.shown = shown
        self.name.setText(one.name)
        facts = (
            one.code,
            one.category,
            self.tr("by {0}").format(one.author) if one.author else "",
            moment(one.written_ms),
            self.tr("version {0}").format(len(shown.versions)) if len(shown.versions) > 1 else "",
            self.tr("worked {0}, did not {1}").format(one.worked, one.did_not),
        )
        self.about.setText(" \N{MIDDLE DOT} ".join(filter(None, facts)))
        if before is None or (before.article.id, before.article.text) != (one.id, one.text):
            self.reader.show_markdown(one.text)
        count = len(shown.used_by)
        self.used_by.setText(self.tr("Used by %n incident(s)", "", count))
        self.view.setVisible(bool(count))
        header = (self.tr("Number"), self.tr("Summary"), self.tr("Status"))
        rows = [(each.number, each.title, status_word(each.status)) for each in shown.used_by]
        self.table.show_rows(header, rows)
        fit_columns(self.view, stretched=1)
        if rows:
            self.view.selectRow(0)
        for button in (self.worked, self.did_not, self.edit, self.new):
            button.setEnabled(not self._bench.read_only)
        if self.body.currentWidget() is not self.editor:
            self.body.setCurrentWidget(self.article)
        self.chosen_changed.emit()

    def _on_gone(self, _error: Exception) -> None:
        """Leave what was removed in between; the list is read anew when that is announced."""

    def _on_draft(self, draft: Draft | None) -> None:
        self.go_on.setVisible(draft is not None)
        if draft is not None:
            title = str(draft.data.get("title") or "") or self.tr("without a title")
            self.go_on.setText(self.tr("&Go on writing: {0}").format(title[:40]))

    # --- what is done ----------------------------------------------------------------------------

    def _say_tried(self, *, worked: bool) -> None:
        if self.shown is not None:
            uid = self.shown.article.id

            def act(desk: Desk) -> ChangeSet:
                return knowledge.tried(desk, uid, worked=worked)

            self._bench.write(act)

    def _on_activated(self, index: QModelIndex) -> None:
        if self.shown is not None and 0 <= index.row() < len(self.shown.used_by):
            self.incident_requested.emit(self.shown.used_by[index.row()].id)

    def _on_saved(self, changes: ChangeSet) -> None:
        self._leave_editor()
        self.search.clear()
        self.look(changes.ids["article"][0])

    def _on_editor_left(self) -> None:
        self._leave_editor()
        self.look()

    def _leave_editor(self) -> None:
        self.body.setCurrentWidget(self.article if self.shown is not None else self.nothing)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_published(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.kinds & {"article", "incident"}:
            self.look()

    # --- building --------------------------------------------------------------------------------

    def _label(self, kind: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("kind", kind)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        px = theme.current().px
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.new)
        side = QWidget(self)
        side.setFixedWidth(px(_LIST_WIDTH))
        column = QVBoxLayout(side)
        column.setContentsMargins(px(14), px(12), px(10), px(10))
        column.setSpacing(px(8))
        column.addLayout(head)
        for part in (self.search, self.go_on):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        line = QFrame(self)
        line.setProperty("kind", "edge")
        line.setFixedWidth(1)
        read = QVBoxLayout(self.article)
        read.setContentsMargins(px(20), px(14), px(20), px(14))
        read.setSpacing(px(6))
        read.addWidget(self.name)
        read.addWidget(self.about)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for button in (self.worked, self.did_not, self.edit):
            buttons.addWidget(button)
        buttons.addStretch(1)
        read.addLayout(buttons)
        read.addWidget(self.reader, 1)
        read.addWidget(self.used_by)
        read.addWidget(self.view)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(line)
        layout.addWidget(self.body, 1)
