"""The lines of one log or two as a table; a line is read when it is painted."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services import reading_logs
from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from app.services.log_viewing import OpenLog

_TOOLTIP = 2_000
_ROOT = QModelIndex()
_TONES = {"error": "danger", "warning": "warn"}


class LogColumn(IntEnum):
    """What stands in which column."""

    LINE = 0
    TIME = 1
    TEXT = 2


class LogModel(QAbstractTableModel):
    """Rows are lines of the logs, each as its number (from 0) doubled, plus 1 for the second."""

    def __init__(self, log: OpenLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.logs = [log]
        self.later = timedelta()
        self._rows: Sequence[int] = range(0, log.lines.count * 2, 2)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return how many lines are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return line, time and text."""
        return 0 if parent.isValid() else len(LogColumn)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return what a cell shows, its colour, and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if column == LogColumn.TEXT:
                return self.text(index.row())
            return self._place(index.row()) if column == LogColumn.LINE else self._time(index.row())
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column != LogColumn.TEXT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole and column == LogColumn.LINE:
            return f"{self._place(index.row())}: {self.text(index.row())}"
        if role == Qt.ItemDataRole.ToolTipRole and column == LogColumn.TEXT:
            return self.text(index.row())[:_TOOLTIP]
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Name the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Line"), self.tr("Time"), self.tr("Text"))[section]

    def show_rows(self, rows: Sequence[int]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def show_all(self) -> None:
        """Show all lines of the first log that are there by now."""
        count = self.logs[0].lines.count
        before = len(self._rows)
        if isinstance(self._rows, range) and before <= count:
            if count > before:
                self.beginInsertRows(QModelIndex(), before, count - 1)
                self._rows = range(0, count * 2, 2)
                self.endInsertRows()
            return
        self.show_rows(range(0, count * 2, 2))

    @property
    def shows_all(self) -> bool:
        """Tell whether the lines of the first log stand in their order, none left out."""
        return isinstance(self._rows, range)

    def source(self, row: int) -> tuple[OpenLog, int]:
        """Return the log of a row and the number of its line there, from 0."""
        code = self._rows[row]
        return self.logs[code & 1], code >> 1

    def text(self, row: int) -> str:
        """Return the text of a row."""
        log, line = self.source(row)
        return log.lines.line(line)

    def row_of(self, line: int, which: int = 0) -> int:
        """Return the row of a line of a log, or the nearest after it; -1 for none."""
        code = line * 2 + which
        if isinstance(self._rows, range):
            return line if line < len(self._rows) else -1
        later = (n for n, one in enumerate(self._rows) if one >= code and (one ^ code) & 1 == 0)
        return next(later, -1)

    def _place(self, row: int) -> str:
        log, line = self.source(row)
        number = str(line + 1)
        return number if len(self.logs) == 1 else f"{log.file.name}:{number}"

    def _time(self, row: int) -> str:
        log, line = self.source(row)
        at = log.time_of(line)
        if at is None:
            return ""
        if self._rows[row] & 1:
            at += self.later
        return f"{at:%Y-%m-%d %H:%M:%S}"

    def _colour(self, row: int, column: int) -> Any:
        if column != LogColumn.TEXT:
            return theme.current().colour("text2")
        found = reading_logs.level_in(self.text(row))
        tone = _TONES.get(found[2]) if found is not None else None
        return None if tone is None else theme.current().colour(tone)
