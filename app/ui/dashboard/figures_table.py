"""Every figure of the dashboard as a table: what a screen reader walks, and what is exported."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui import theme
from app.ui.dashboard import words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.domain.dashboard_values import Board, Card, Mark

_WIDTHS = (180, 220, 80, 70, 170, 80)
Index = QModelIndex | QPersistentModelIndex


class FigureColumn(IntEnum):
    """The columns of the table."""

    CARD = 0
    NAME = 1
    VALUE = 2
    N = 3
    BESIDE = 4
    BEFORE = 5
    FORMULA = 6


class FiguresModel(QAbstractTableModel):
    """One row for each mark of each card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Card, Mark]] = []
        self._days = 0

    def show_board(self, board: Board) -> None:
        """Show the figures of a dashboard."""
        self.beginResetModel()
        self._days = board.span.days
        self._rows = [(card, mark) for card in board.cards for mark in card.marks]
        self.endResetModel()

    def mark(self, row: int) -> Mark | None:
        """Return the mark of a row."""
        return self._rows[row][1] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the figures."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(FigureColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the names of the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (
            self.tr("Card"),
            self.tr("Figure"),
            self.tr("Value"),
            self.tr("n"),
            self.tr("Beside"),
            self.tr("Before"),
            self.tr("Formula"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; column 0 reads the whole row to a screen reader."""
        if not index.isValid():
            return None
        card, mark = self._rows[index.row()]
        column = FigureColumn(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and column == FigureColumn.CARD:
            return f"{words.tr(words.TITLES[card.key])}: {words.sentence(mark)}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = column in {FigureColumn.VALUE, FigureColumn.N, FigureColumn.BEFORE}
            side = Qt.AlignmentFlag.AlignTrailing if right else Qt.AlignmentFlag.AlignLeading
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._text(card, mark, column)
        if role == Qt.ItemDataRole.ToolTipRole and column == FigureColumn.FORMULA:
            return mark.definition or card.definition
        return None

    def _text(self, card: Card, mark: Mark, column: FigureColumn) -> str:
        match column:
            case FigureColumn.CARD:
                return words.tr(words.TITLES[card.key])
            case FigureColumn.NAME:
                return words.name(mark)
            case FigureColumn.VALUE:
                return words.value(mark)
            case FigureColumn.N:
                return words.amount(mark.n, "count")
            case FigureColumn.BESIDE:
                if mark.target is not None:
                    target = words.tr("target {0}").format(words.amount(mark.target, "share"))
                    return ", ".join(part for part in (words.beside(mark), target) if part)
                return words.beside(mark)
            case FigureColumn.BEFORE:
                return "" if mark.before is None else words.amount(mark.before, mark.unit)
        return mark.definition or card.definition


class FiguresTable(QTableView):
    """The table view of the dashboard."""

    opened = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.figures = FiguresModel(self)
        self.setModel(self.figures)
        self.setAccessibleName(self.tr("Figures of the dashboard"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        # Not by contents: measuring every cell took longer than all the charts.
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, theme.current().px(width))
        self.doubleClicked.connect(self._on_double_clicked)

    def show_board(self, board: Board) -> None:
        """Show the figures of a dashboard; the current row stays where it was."""
        row = self.currentIndex().row()
        self.figures.show_board(board)
        if self.figures.rowCount():
            self.setCurrentIndex(
                self.figures.index(min(max(row, 0), self.figures.rowCount() - 1), 0)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the incidents behind a figure on Enter; leave letters and Esc to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_double_clicked(self.currentIndex())
            return
        if (event.text() and event.text().isprintable()) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        mark = self.figures.mark(index.row())
        if mark is not None:
            self.opened.emit(mark)
