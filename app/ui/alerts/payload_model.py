"""A JSON value as a tree: names, values, and what each is taken as.

Rows are made when their parent is first looked into, so that a payload of a megabyte opens at once.
A value is only ever text: nothing in it is loaded, followed or run. GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.taught_format import EACH, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Index = QModelIndex | QPersistentModelIndex
NAME, VALUE, TAKEN_AS = range(3)
STEPS_ROLE = Qt.ItemDataRole.UserRole
"""The steps to a value (a tuple of texts), None for a row that only counts."""
_NOWHERE = QModelIndex()
_DISPLAY, _READ = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole
_MOST_ROWS = 500
_MOST_SHOWN = 300


@dataclass(slots=True)
class _Node:
    """One value; `children` are numbers of nodes, None before they were looked at."""

    name: str
    value: Any
    steps: tuple[str, ...] | None
    parent: int
    row: int
    children: list[int] | None = None


class PayloadModel(QAbstractItemModel):
    """One document; its topmost rows are the values within it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes = [_Node("", None, (), -1, 0)]
        self._taken: list[tuple[tuple[str, ...], str]] = []

    def show_document(self, document: Any) -> None:
        """Show another document; None shows nothing."""
        self.beginResetModel()
        self._nodes = [_Node("", document, (), -1, 0)]
        self.endResetModel()

    def show_taken(self, places: Mapping[str, str]) -> None:
        """Mark the values that are taken: place -> what as."""
        self._taken = [(steps_of(place), label) for place, label in places.items()]
        self._announce(_NOWHERE)

    def _announce(self, parent: QModelIndex) -> None:
        rows = len(self._children(parent, look=False))
        if rows:
            first, last = (self.index(row, TAKEN_AS, parent) for row in (0, rows - 1))
            self.dataChanged.emit(first, last)
        for row in range(rows):
            self._announce(self.index(row, NAME, parent))

    def index_of(self, steps: tuple[str, ...]) -> QModelIndex:
        """Return the row of a value, its first entry where a step means each; else an invalid."""
        found = QModelIndex()
        for step in steps:
            children = self._children(found)
            fitting = (
                row
                for row, node in enumerate(children)
                if self._nodes[node].name == step or (step == EACH and self._is_entry(node))
            )
            row = next(fitting, -1)
            if row < 0:
                return QModelIndex()
            found = self.index(row, NAME, found)
        return found

    # --- what Qt asks -----------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """Return the place of a cell."""
        children = self._children(parent)
        if not (0 <= row < len(children) and 0 <= column <= TAKEN_AS):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Return the row above."""
        if not index.isValid():
            return QModelIndex()
        above = self._nodes[index.internalId()].parent
        return self.createIndex(self._nodes[above].row, NAME, above) if above > 0 else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many values stand in one."""
        return 0 if parent.column() > NAME else len(self._children(parent))

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.column() > NAME else TAKEN_AS + 1

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return the text of a cell, or the steps to its value."""
        if not index.isValid():
            return None
        node = self._nodes[index.internalId()]
        if role == STEPS_ROLE:
            return node.steps
        column = index.column()
        if role == _READ and column == NAME:
            parts = (node.name, self._shown(node), self._taken_as(node))
            return ", ".join(part for part in parts if part)
        if role != _DISPLAY:
            return None
        return (node.name, self._shown(node), self._taken_as(node))[column]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return the name of a column."""
        if role != _DISPLAY or orientation is not Qt.Orientation.Horizontal:
            return None
        return (self.tr("Name"), self.tr("Value"), self.tr("Taken as"))[section]

    # --- rows ------------------------------------------------------------------------------------

    def _children(self, parent: Index, *, look: bool = True) -> list[int]:
        number = parent.internalId() if parent.isValid() else 0
        node = self._nodes[number]
        if node.children is None and look:
            node.children = self._made(number, node)
        return node.children or []

    def _made(self, number: int, node: _Node) -> list[int]:
        if node.steps is None:
            return []
        if isinstance(node.value, dict):
            parts = list(node.value.items())
        elif isinstance(node.value, list):
            parts = [(str(at), value) for at, value in enumerate(node.value[: _MOST_ROWS + 1])]
        else:
            return []
        first = len(self._nodes)
        for row, (name, value) in enumerate(parts[:_MOST_ROWS]):
            self._nodes.append(_Node(name, value, (*node.steps, name), number, row))
        if len(parts) > _MOST_ROWS:
            left = len(node.value) - _MOST_ROWS
            self._nodes.append(_Node(self.tr("%n more", "", left), None, None, number, _MOST_ROWS))
        return list(range(first, len(self._nodes)))

    def _is_entry(self, number: int) -> bool:
        """Tell whether a node is an entry of a list."""
        return isinstance(self._nodes[self._nodes[number].parent].value, list)

    def _shown(self, node: _Node) -> str:
        value = node.value
        if node.steps is None:
            return ""
        if isinstance(value, dict | list):
            return self.tr("%n value(s)", "", len(value))
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        text = str(value) if not isinstance(value, str) else value[: _MOST_SHOWN + 1]
        text = " ".join(text[:_MOST_SHOWN].split()) + ("\u2026" if len(text) > _MOST_SHOWN else "")
        return text.encode("utf-8", "replace").decode()  # half of a pair is no text of Qt

    def _taken_as(self, node: _Node) -> str:
        steps = node.steps or ()
        fitting = [
            label
            for place, label in self._taken
            if len(place) == len(steps)
            and all(one in (other, EACH) for one, other in zip(place, steps, strict=True))
        ]
        return ", ".join(fitting)
