"""Own keys: every command with its keys; press Enter on one, then the new key.

A key that another command has is refused with that command's name, at once. What is kept are only
the commands whose keys differ from the usual ones. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.domain.folding import fold
from app.ui import theme
from app.ui.actions import text_of_keys
from app.ui.settings.editors import Editor

if TYPE_CHECKING:
    from app.domain.setting import Setting
    from app.ui.actions import Actions

_NO_KEYS = frozenset(
    {
        Qt.Key.Key_Control,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_unknown,
    }
)
_LEAVE = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape})
_LEAST_ROWS = 9


class KeyField(QLineEdit):
    """Takes the next key as a whole; Tab and Esc leave it, Backspace asks for no key at all."""

    pressed = Signal(str)
    """The key in its portable form, "" for none."""
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setPlaceholderText(self.tr("Press the new key"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def event(self, event: QEvent) -> bool:
        """Take keys before they become shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the key that was pressed, with what was held beside it."""
        key = Qt.Key(event.key())
        if key in _NO_KEYS:
            return
        bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if bare and key in _LEAVE:
            self.left.emit()
        elif bare and key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self.pressed.emit("")
        else:
            held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            sequence = QKeySequence(held.value | key.value)
            self.pressed.emit(sequence.toString(QKeySequence.SequenceFormat.PortableText))


class KeysEditor(Editor):
    """The table of commands and the field that takes a new key."""

    wide = True

    def __init__(self, setting: Setting, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._actions = actions
        self._own: dict[str, str] = {}
        self.table = QTableWidget(0, 2, self)
        self.table.setAccessibleName(self.tr("Commands and their keys"))
        self.table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.installEventFilter(self)
        self.name = QLabel(self)
        self.name.setWordWrap(True)
        self.key = KeyField(self)
        self.key.setMaximumWidth(theme.current().px(180))
        self.name.setBuddy(self.key)
        self.back = QPushButton(self.tr("Reset key"), self)
        self.back.setAutoDefault(False)
        self.back.setProperty("kind", "secondary")
        self.clash = QLabel(self)
        self.clash.setProperty("tone", "danger")
        self.clash.setWordWrap(True)
        self.clash.hide()
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.name, 1)
        foot.addWidget(self.key)
        foot.addWidget(self.back)
        self.rows.setSpacing(8)
        self.rows.addWidget(self.table)
        self.rows.addLayout(foot)
        self.rows.addWidget(self.clash)
        self.field = self.table
        self.setFocusProxy(self.table)
        self._fill()
        self.table.currentCellChanged.connect(self._on_row_changed)
        self.table.cellDoubleClicked.connect(self._on_double_clicked)
        self.key.pressed.connect(self._on_key)
        self.key.left.connect(self.table.setFocus)
        self.back.clicked.connect(self._on_back)
        actions.changed.connect(self._on_actions_changed)
        theme.current().changed.connect(self._fit)
        self.table.setCurrentCell(0, 0)
        self._fit()

    def filter_rows(self, text: str) -> bool:
        """Show the commands that answer to a folded text; tell whether there are any."""
        found = False
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in (0, 1)]
            line = fold(" ".join(cell.text() for cell in cells if cell is not None))
            hidden = any(part not in line for part in text.split())
            self.table.setRowHidden(row, hidden)
            found = found or not hidden
        return found

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Enter or F2 on a command asks for its key; Delete gives it its usual one."""
        if watched is self.table and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key()) if isinstance(event, QKeyEvent) else None
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}:
                self.key.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
            if key == Qt.Key.Key_Delete:
                self._on_back()
                return True
        return super().eventFilter(watched, event)

    def command_id(self) -> str:
        """Return the command of the current row."""
        item = self.table.item(self.table.currentRow(), 0)
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def choose_command(self, command_id: str) -> None:
        """Make a command's row the current one."""
        for row, command in enumerate(self._actions):
            if command.id == command_id:
                self.table.setCurrentCell(row, 0)

    def _fill(self) -> None:
        commands = list(self._actions)
        self.table.setRowCount(len(commands))
        for row, command in enumerate(commands):
            title = QTableWidgetItem(command.title)
            title.setData(Qt.ItemDataRole.UserRole, command.id)
            keys = QTableWidgetItem(self._words(command.keys))
            own = command.keys != command.default_keys
            font = theme.current().font("body", 600 if own else 400)
            for column, item in enumerate((title, keys)):
                item.setFont(font)
                self.table.setItem(row, column, item)

    def _words(self, keys: tuple[str, ...]) -> str:
        native = QKeySequence.SequenceFormat.NativeText
        return "   ".join(QKeySequence(key).toString(native) for key in keys)

    def _fit(self) -> None:
        height = max(theme.current().px(28), self.fontMetrics().height() + 8)
        self.table.verticalHeader().setDefaultSectionSize(height)
        self.table.setColumnWidth(1, theme.current().px(180))
        self.table.setMinimumHeight(height * (_LEAST_ROWS + 1))

    def _show(self, value: Any) -> None:
        self._own = dict(value)
        self._on_actions_changed()

    def _on_actions_changed(self) -> None:
        self._fill()
        self._on_row_changed()

    def _on_row_changed(self, *_cells: int) -> None:
        command_id = self.command_id()
        if not command_id:
            return
        command = self._actions[command_id]
        self.clash.hide()
        self.name.setText(command.title)
        self.key.setText(self._words(command.keys))
        self.key.setAccessibleName(self.tr("New key for {0}").format(command.title))
        self.back.setAccessibleName(self.tr("Reset key of {0}").format(command.title))
        self.back.setEnabled(command.keys != command.default_keys)

    def _on_double_clicked(self, _row: int, _column: int) -> None:
        self.key.setFocus(Qt.FocusReason.MouseFocusReason)

    def _on_key(self, key: str) -> None:
        self._give((key,) if key else ())

    def _on_back(self) -> None:
        command_id = self.command_id()
        if command_id:
            self._give(self._actions[command_id].default_keys)

    def _give(self, keys: tuple[str, ...]) -> None:
        command = self._actions[self.command_id()]
        taken = self._actions.clash_words(command.id, keys)
        if taken:
            self.clash.setText(taken)
            self.clash.show()
            return
        own = {name: text for name, text in self._own.items() if name != command.id}
        if keys != command.default_keys:
            own[command.id] = text_of_keys(keys)
        self._own = own
        self.chosen.emit(own)
        self.table.setFocus()
