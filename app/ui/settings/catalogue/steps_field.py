"""The steps of a checklist: their words, whether closing needs them, and the fact that ticks them.

A real table over a model: Enter or F2 edits, Space switches required, Alt+Up and Alt+Down order,
Delete removes, Insert adds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.checklist import Fact
from app.ui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROWS = 8
TEXT, REQUIRED, FACT = range(3)


class StepsModel(QAbstractTableModel):
    """The steps; `changed` after everything that a person did to them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[dict[str, Any]] = []

    def steps(self) -> list[dict[str, Any]]:
        """Return the steps as a checklist holds them."""
        return [dict(step) for step in self._steps]

    def show_steps(self, steps: Sequence[dict[str, Any]]) -> None:
        """Show other steps."""
        self.beginResetModel()
        blank = {"text": "", "required": False, "fact": ""}
        self._steps = [{**blank, **step} for step in steps]
        self.endResetModel()

    def add(self, at: int) -> None:
        """Add a step with a name of its own."""
        known = {step["text"] for step in self._steps}
        text, number = self.tr("New step"), 2
        while text in known:
            text, number = self.tr("New step {0}").format(number), number + 1
        self.beginInsertRows(_NOWHERE, at, at)
        self._steps.insert(at, {"text": text, "required": False, "fact": ""})
        self.endInsertRows()
        self.changed.emit()

    def remove(self, row: int) -> None:
        """Take a step away."""
        if 0 <= row < len(self._steps):
            self.beginRemoveRows(_NOWHERE, row, row)
            del self._steps[row]
            self.endRemoveRows()
            self.changed.emit()

    def move(self, row: int, step: int) -> bool:
        """Move a step up (-1) or down (1); tell whether there was room."""
        to = row + step
        if not (0 <= row < len(self._steps) and 0 <= to < len(self._steps)):
            return False
        self.beginMoveRows(_NOWHERE, row, row, _NOWHERE, to + 1 if step > 0 else to)
        self._steps.insert(to, self._steps.pop(row))
        self.endMoveRows()
        self.changed.emit()
        return True

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Count the steps."""
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Count words, required and fact."""
        return 0 if parent.isValid() else 3

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let words and fact be edited and required be checked."""
        flags = super().flags(index)
        if not index.isValid():
            return flags
        if index.column() == REQUIRED:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return words, check mark and the fact in words."""
        if not index.isValid():
            return None
        step, column = self._steps[index.row()], index.column()
        if column == REQUIRED:
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if step["required"] else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("required") if step["required"] else self.tr("optional")
            return None
        if role == Qt.ItemDataRole.EditRole:
            return step["text"] if column == TEXT else step["fact"]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return step["text"] if column == TEXT else fact_words(step["fact"])
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Change a step; empty words leave it as it was."""
        if not index.isValid():
            return False
        step = self._steps[index.row()]
        if index.column() == REQUIRED and role == Qt.ItemDataRole.CheckStateRole:
            step["required"] = Qt.CheckState(value) == Qt.CheckState.Checked
        elif role != Qt.ItemDataRole.EditRole or index.column() == REQUIRED:
            return False
        else:
            key = "text" if index.column() == TEXT else "fact"
            text = str(value or "").strip()
            if (key == "text" and not text) or text == step[key]:
                return False
            step[key] = text
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the name of a column."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is not Qt.Orientation.Horizontal:
            return section + 1
        titles = (self.tr("Step"), self.tr("Required"), self.tr("Ticked when"))
        return titles[section] if 0 <= section < len(titles) else None


class _FactDelegate(QStyledItemDelegate):
    """Chooses a fact in a combo box."""

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """Make the combo box."""
        box = QComboBox(parent)
        box.setAccessibleName(self.tr("Ticked when"))
        for fact in ("", *Fact):
            box.addItem(fact_words(fact), str(fact))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Choose the fact of the step."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take the fact that was chosen."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())


class _StepsTable(QTableView):
    """The keys of the steps."""

    add_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Order with Alt, edit with Enter, add and remove."""
        model, row = self.model(), self.currentIndex().row()
        if not isinstance(model, StepsModel):
            return
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if alt and step:
            column = self.currentIndex().column()
            if model.move(row, step):
                self.setCurrentIndex(model.index(row + step, column))
        elif event.key() == Qt.Key.Key_Delete:
            model.remove(row)
        elif event.key() == Qt.Key.Key_Insert:
            self.add_requested.emit()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.state() is not QAbstractItemView.State.EditingState
        ):
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class StepsField(QWidget):
    """The table of steps with its buttons."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.model = StepsModel(self)
        self.table = _StepsTable(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Steps"))
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setItemDelegateForColumn(FACT, _FactDelegate(self.table))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(30))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(REQUIRED, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(FACT, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setMinimumHeight(px(30) * _ROWS)
        self.table.add_requested.connect(self._on_add)
        self.setFocusProxy(self.table)
        self.add = QPushButton(self.tr("Add step"), self)
        icons.bind(self.add, "plus", "text")
        self.add.clicked.connect(self._on_add)
        row = QHBoxLayout()
        row.addWidget(self.add)
        self.tools: dict[str, QToolButton] = {}
        for key, icon, words in (
            ("up", "arrow-up", self.tr("Step up (Alt+Up)")),
            ("down", "arrow-down", self.tr("Step down (Alt+Down)")),
            ("remove", "trash-2", self.tr("Remove step (Delete)")),
        ):
            tool = QToolButton(self)
            tool.setObjectName(key)
            tool.setAccessibleName(words)
            tool.setToolTip(words)
            icons.bind(tool, icon)
            tool.clicked.connect(self._on_tool)
            row.addWidget(tool)
            self.tools[key] = tool
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        layout.addLayout(row)
        self.model.changed.connect(self.committed)

    def value(self) -> list[dict[str, Any]]:
        """Return the steps."""
        return self.model.steps()

    def show_value(self, value: Any) -> None:
        """Show steps; the current cell stays where it was."""
        steps = list(value or ())
        if steps == self.model.steps():
            return
        at = self.table.currentIndex()
        row, column = at.row(), at.column()
        self.model.show_steps(steps)
        self.table.setCurrentIndex(
            self.model.index(min(max(row, 0), len(steps) - 1), max(column, 0))
        )

    def put(self, value: Any) -> None:
        """Show steps as if they were written by hand."""
        self.show_value(value)

    def offer(self, names: Sequence[str]) -> None:
        """Offer nothing: steps are written freely."""

    def _on_add(self) -> None:
        at = self.table.currentIndex().row() + 1 or self.model.rowCount()
        self.model.add(at)
        new = self.model.index(at, TEXT)
        self.table.setFocus()
        self.table.setCurrentIndex(new)
        self.table.edit(new)

    def _on_tool(self) -> None:
        key = self.sender().objectName()
        at = self.table.currentIndex()
        if key == "remove":
            self.model.remove(at.row())
            return
        step = -1 if key == "up" else 1
        if self.model.move(at.row(), step):
            self.table.setCurrentIndex(self.model.index(at.row() + step, at.column()))


def fact_words(fact: str) -> str:
    """Say which fact ticks a step: "Codes given"; nothing means by hand."""
    return str(fact).replace("_", " ").capitalize() if fact else "\u2013"
