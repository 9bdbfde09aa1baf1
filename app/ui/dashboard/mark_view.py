"""One card's marks as a real list that paints itself: keys walk it, a screen reader reads it.

A chart is a list of marks (ux.md 8: build on the real widget). The drawing says where each mark
lies and paints all of them; the list keeps the current one, its focus ring and what Enter opens.
GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QWidget

from app.ui import theme
from app.ui.dashboard import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.dashboard_values import Mark

Index = QModelIndex | QPersistentModelIndex


class Drawing(Protocol):
    """Where the marks of a card lie, and how they look."""

    def height(self, marks: Sequence[Mark]) -> int:
        """Return how high the card's inside is (px)."""
        ...

    def places(self, marks: Sequence[Mark], room: QRect, *, mirrored: bool) -> list[QRect]:
        """Return the rectangle of each mark."""
        ...

    def paint(
        self, painter: QPainter, marks: Sequence[Mark], room: QRect, *, mirrored: bool
    ) -> None:
        """Paint all marks."""
        ...

    def step(self, marks: Sequence[Mark], row: int, across: int, down: int) -> int:
        """Return the row of the mark beside or below another."""
        ...


class MarksModel(QAbstractListModel):
    """The marks of one card; `days` is set where changes are said in words."""

    def __init__(self, days_told: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: tuple[Mark, ...] = ()
        self._days_told, self._days = days_told, 0

    def show_marks(self, marks: Sequence[Mark], days: int) -> None:
        """Show these marks; when only figures moved, the current mark stays."""
        shown = tuple(marks)
        self._days = days if self._days_told else 0
        if [mark.key for mark in shown] == [mark.key for mark in self.marks]:
            self.marks = shown
            if shown:
                self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
        else:
            self.beginResetModel()
            self.marks = shown
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the marks."""
        return 0 if parent is not None and parent.isValid() else len(self.marks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name with its figure, and the sentence for a screen reader."""
        if not index.isValid():
            return None
        mark = self.marks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{words.label(mark)}: {words.value(mark)}"
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return words.sentence(mark, self._days)
        return None


class MarkView(QListView):
    """The marks of one card."""

    opened = Signal(object)
    """The mark whose incidents are wanted."""

    def __init__(self, drawing: Drawing, *, days_told: bool = False, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._places: list[QRect] = []
        self.marks_model = MarksModel(days_told, self)
        self.setModel(self.marks_model)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(off)
        self.setHorizontalScrollBarPolicy(off)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QListView { background: transparent; }")
        self.clicked.connect(self._on_clicked)

    def show_marks(self, marks: Sequence[Mark], days: int) -> None:
        """Show these marks."""
        self.marks_model.show_marks(marks, days)
        self.lay()

    def lay(self) -> None:
        """Lay the marks out anew: other marks, another size or another theme."""
        marks = self.marks_model.marks
        self.setFixedHeight(self._drawing.height(marks))
        self._places = self._drawing.places(marks, self._room(), mirrored=self._mirrored())
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return a size that leaves the width to the card."""
        return QSize(theme.current().px(200), self._drawing.height(self.marks_model.marks))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return self.sizeHint()

    def visualRect(self, index: Index) -> QRect:
        """Return where a mark lies."""
        row = index.row()
        return self._places[row] if 0 <= row < len(self._places) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the mark under a point."""
        for row in range(len(self._places) - 1, -1, -1):
            if self._places[row].contains(point):
                return self.model().index(row, 0)
        return QModelIndex()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Stay: all marks are in sight."""

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Walk the marks by arrows, Home and End."""
        del modifiers
        marks, row = self.marks_model.marks, self.currentIndex().row()
        if not marks:
            return QModelIndex()
        act = QAbstractItemView.CursorAction
        if row < 0 or action == act.MoveHome:
            row = 0
        elif action == act.MoveEnd:
            row = len(marks) - 1
        else:
            turn = -1 if self._mirrored() else 1
            steps = {
                act.MoveLeft: (-turn, 0),
                act.MoveRight: (turn, 0),
                act.MovePrevious: (-1, 0),
                act.MoveNext: (1, 0),
                act.MoveUp: (0, -1),
                act.MoveDown: (0, 1),
            }
            across, down = steps.get(action, (0, 0))
            row = self._drawing.step(marks, row, across, down)
        return self.model().index(min(max(row, 0), len(marks) - 1), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the incidents behind a mark on Enter; leave letters and Esc to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_clicked(self.currentIndex())
            return
        if (event.text() and event.text().isprintable()) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first mark."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.marks_model.marks:
            self.setCurrentIndex(self.model().index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the marks out for the new width."""
        super().resizeEvent(event)
        self.lay()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marks, and the ring around the current one."""
        del event
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marks = self.marks_model.marks
        if not marks:
            now = theme.current()
            painter.setFont(now.font("body"))
            painter.setPen(now.colour("text2"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), flags, words.tr(words.NO_DATA))
            return
        self._drawing.paint(painter, marks, self._room(), mirrored=self._mirrored())
        place = self.visualRect(self.currentIndex())
        if self.hasFocus() and not place.isNull():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().colour("focus"), 2))
            painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 4, 4)

    def _room(self) -> QRect:
        return self.viewport().rect()

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.marks_model.marks[index.row()])
