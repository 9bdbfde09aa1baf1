"""A page of the catalogue: the list at the left, the fields of the chosen item at the right.

Keys: Ctrl+F searches, Ctrl+N begins a new item, Ctrl+D copies one, Delete removes it, F2 or Enter
goes to its fields, Ctrl+Z takes the last change back. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.services import cataloguing, undoing
from app.ui import icons, theme
from app.ui.settings.catalogue.entry_model import ENTRY, EntryFilter, EntryModel
from app.ui.settings.catalogue.item_form import ItemForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QHideEvent, QKeyEvent

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.cataloguing import Entry
    from app.ui.settings.catalogue.page import Listing, PageSpec
    from app.ui.workbench import Workbench

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EntryTable(QTableView):
    """The list; one Tab stop, with the keys of an item."""

    edit_requested = Signal()
    remove_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit with F2 and Enter, remove with Delete."""
        if event.key() == Qt.Key.Key_F2 or event.key() in _ENTER:
            self.edit_requested.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit()
        else:
            super().keyPressEvent(event)


class _Search(QLineEdit):
    """Finds items; Down goes on to the list, Esc shows all again."""

    left_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the list, or empty the field."""
        if event.key() == Qt.Key.Key_Down or event.key() in _ENTER:
            self.left_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class CatalogueView(QWidget):
    """One kind of the catalogue."""

    def __init__(self, bench: Workbench, spec: PageSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._spec = bench, spec
        self._listing: Listing | None = None
        self._wanted: EntityId | None = None
        self.setAccessibleName(spec.title)
        self.search = _Search(self)
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Find in {0}").format(spec.title))
        self.search.setAccessibleName(self.tr("Find in {0}").format(spec.title))
        self.model = EntryModel(spec, self)
        self.found = EntryFilter(self.model, self)
        self.table = EntryTable(self)
        self.none = QLabel(self)
        self.none.setProperty("tone", "hint")
        self.none.setWordWrap(True)
        self.new = self._button(self.tr("New"), "plus", self._on_new, self.tr("Ctrl+N"))
        self.copy = self._button(self.tr("Duplicate"), "copy", self._on_copy, self.tr("Ctrl+D"))
        self.gone = self._button(self.tr("Remove"), "trash-2", self._on_remove, self.tr("Delete"))
        self.form = ItemForm(bench, spec, self)
        self._build()
        self._connect()
        self.read()

    def _button(self, words: str, icon: str, act: Callable[[], None], key: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setAccessibleName(f"{words}: {self._spec.one}")
        button.setToolTip(f"{words} ({key})")
        button.setAutoDefault(False)
        icons.bind(button, icon, "text")
        button.clicked.connect(act)
        return button

    def _build(self) -> None:
        px = theme.current().px
        self.table.setModel(self.found)
        self.table.setAccessibleName(self._spec.title)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(30))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, self.model.columnCount() - 1):
            self.table.setColumnWidth(column, px(96))
        self.table.setColumnWidth(self.model.columnCount() - 1, px(52))
        hint = QLabel(self._spec.hint, self)
        hint.setProperty("tone", "quiet")
        hint.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for button in (self.new, self.copy, self.gone):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left = QWidget(self)
        column_layout = QVBoxLayout(left)
        column_layout.setContentsMargins(0, 0, px(8), 0)
        column_layout.setSpacing(px(8))
        column_layout.addWidget(self.search)
        column_layout.addWidget(self.table, 1)
        column_layout.addWidget(self.none)
        column_layout.addLayout(buttons)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        self.form.setProperty("ground", "surface")
        splitter = QSplitter(self)
        splitter.addWidget(left)
        splitter.addWidget(area)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.setSizes([px(400), px(400)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(10))
        layout.addWidget(hint)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_searched)
        self.search.left_down.connect(self._on_left_down)
        self.table.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.table.edit_requested.connect(self._on_edit)
        self.table.remove_requested.connect(self._on_remove)
        self.form.added.connect(self._on_added)
        self._bench.bus.published.connect(self._on_published)
        for key, act in (
            (QKeySequence("Ctrl+N"), self._on_new),
            (QKeySequence("Ctrl+D"), self._on_copy),
            (QKeySequence("Ctrl+F"), self._on_find),
            (QKeySequence("Ctrl+Z"), self._on_undo),
        ):
            shortcut = QShortcut(key, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def hideEvent(self, event: QHideEvent) -> None:
        """Write what is being typed when the window closes: no field is left then."""
        if not event.spontaneous():
            self.form.commit()
        super().hideEvent(event)

    # --- reading ---------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the list anew; the chosen item stays chosen."""
        self._bench.read(self._spec.read, self._on_read, key=f"catalogue-{self._spec.kind}")

    def _on_read(self, listing: Listing) -> None:
        chosen = self._wanted or self.form.uid
        row = max(self.table.currentIndex().row(), 0)
        self._listing = listing
        self.form.take_names(listing)
        self.model.show_entries(listing.entries)
        if self.form.is_new:
            self._show_state()
            return
        if not self.select(chosen):
            row = min(row, self.found.rowCount() - 1)
            self._choose(row)
        self._show_current()
        self._show_state()

    def select(self, uid: EntityId | None) -> bool:
        """Choose an item; tell whether it is in the list."""
        row = self.model.row_of(uid)
        if row < 0:
            return False
        self._wanted = None
        index = self.found.mapFromSource(self.model.index(row, 0))
        if not index.isValid():
            self.search.clear()
            index = self.found.mapFromSource(self.model.index(row, 0))
        self._choose(index.row())
        return True

    def _choose(self, row: int) -> None:
        index = self.found.index(row, 0)
        self.table.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.table.scrollTo(index)

    def _current(self) -> Entry | None:
        index = self.table.currentIndex()
        if not index.isValid():
            return None
        found: Entry | None = index.data(ENTRY)
        return found

    def _show_current(self) -> None:
        if self._listing is not None:
            self.form.show_entry(self._current(), self._listing)

    def _show_state(self) -> None:
        some = self.found.rowCount() > 0
        self.none.setVisible(not some)
        self.none.setText(
            self.tr("Nothing is called so. Esc shows all again.")
            if self.search.text()
            else self.tr("Nothing here yet. New (Ctrl+N) adds the first one.")
        )
        current = self._current() is not None
        self.copy.setEnabled(current)
        self.gone.setEnabled(current)

    def _on_published(self, changes: ChangeSet) -> None:
        if changes.kinds & {self._spec.kind, *self._spec.watched}:
            self.read()

    # --- the list --------------------------------------------------------------------------------

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self._show_current()
        self._show_state()

    def _on_searched(self, text: str) -> None:
        self.found.search(text)
        if self.found.rowCount() and not self.form.is_new and self._current() is None:
            self._choose(0)
        self._show_state()

    def _on_left_down(self) -> None:
        if self.found.rowCount():
            if self._current() is None:
                self._choose(0)
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _on_edit(self) -> None:
        if self._current() is not None:
            self.form.focus_first(select=True)

    # --- items -----------------------------------------------------------------------------------

    def _on_new(self) -> None:
        if self._listing is None:
            return
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        selection.clear()
        selection.blockSignals(False)
        self.table.viewport().update()
        self.form.begin_new(self._listing)
        self._show_state()

    def _on_added(self, uid: EntityId) -> None:
        self._wanted = uid
        self.select(uid)

    def _on_copy(self) -> None:
        entry, kind = self._current(), self._spec.kind
        if entry is not None:
            uid = entry.id
            self._bench.write(lambda desk: cataloguing.duplicate(desk, kind, uid), self._on_copied)

    def _on_copied(self, changes: ChangeSet) -> None:
        made = changes.ids.get(self._spec.kind, ())
        if made:
            self._wanted = made[0]
            self.select(made[0])
            self.form.focus_first(select=True)

    def _on_remove(self) -> None:
        entry, kind = self._current(), self._spec.kind
        if entry is not None:
            uid = entry.id
            self._bench.write(lambda desk: cataloguing.remove(desk, kind, uid))

    def _on_undo(self) -> None:
        self._bench.write(undoing.undo)
