"""Impact by urgency as nine real radio buttons, painted as the priorities that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QRadioButton, QSizePolicy, QWidget

from app.domain.priority import DEFAULT_MATRIX
from app.ui import theme
from app.ui.widgets.priority_chip import paint_shape

if TYPE_CHECKING:
    from app.domain.priority import PriorityMatrix

LEVELS: Final = (3, 2, 1)
"""From low to high, as they stand from top to bottom and along the line of reading."""

_TONES: Final = {"P1": "danger", "P2": "p2", "P3": "p3", "P4": "p4"}
_STEPS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}


class MatrixCell(QRadioButton):
    """One cell: a radio button to a screen reader, a priority to the eye."""

    stepped = Signal(int, int)
    """An arrow key: how many columns and rows to go."""

    def __init__(self, impact: int, urgency: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.impact, self.urgency, self.priority = impact, urgency, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Return the size of the picture: 68 by 32 and the ring around it."""
        px = theme.current().px
        return QSize(px(72), px(36))

    def minimumSizeHint(self) -> QSize:
        """Return the least size that still shows shape and text."""
        px = theme.current().px
        return QSize(px(56), px(34))

    def hitButton(self, pos: object) -> bool:
        """Take a click anywhere in the cell."""
        del pos
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move within the matrix with the arrow keys."""
        step = _STEPS.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.stepped.emit(-step[0] if right_to_left else step[0], step[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint tint, shape and text; an edge when it is chosen, a ring with the focus."""
        del event
        now = theme.current()
        tone = _TONES.get(self.priority, "p4")
        ink, tint = now.colour(tone), now.colour(f"{tone}.tint")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        radius = now.px(6)
        edge = QPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            edge = QPen(now.colour("focus"), 2)
        elif now.high_contrast or self.underMouse():
            edge = QPen(now.colour("control"), 1)
        painter.setPen(edge)
        painter.setBrush(tint)
        painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(now.colour("focus"), 1.4, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        side, gap = now.px(10), now.px(9)
        painter.setFont(now.font("small", 650 if self.isChecked() else 550, tabular=True))
        wide = painter.fontMetrics().horizontalAdvance(self.priority)
        left = box.center().x() - (side + gap + wide) / 2
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        shape_x = left + wide + gap + side / 2 if right_to_left else left + side / 2
        centre = QPointF(shape_x, box.center().y())
        paint_shape(painter, centre, side, self.priority, QBrush(ink), QBrush(tint))
        painter.setPen(ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        text_x = left if right_to_left else left + side + gap
        text = QRectF(text_x, box.top(), wide + 2, box.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self.priority)


class MatrixField(QWidget):
    """The nine cells with their names; one of them is always chosen, low by low at first."""

    changed = Signal(int, int)
    """Impact and urgency, 1 (high) to 3 (low)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix = DEFAULT_MATRIX
        self._cells: dict[tuple[int, int], MatrixCell] = {}
        self._rows: dict[int, QLabel] = {}
        self._columns: dict[int, QLabel] = {}
        words = {3: self.tr("Low"), 2: self.tr("Medium"), 1: self.tr("High")}
        self._words = words
        px = theme.current().px
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        for place, level in enumerate(LEVELS, 1):
            self._columns[level] = QLabel(words[level], self)
            grid.addWidget(self._columns[level], 0, place, Qt.AlignmentFlag.AlignCenter)
            self._rows[level] = QLabel(words[level], self)
            self._rows[level].setMinimumWidth(px(62))
            grid.addWidget(self._rows[level], place, 0)
            grid.setColumnStretch(place, 1)
        grid.setRowMinimumHeight(0, px(24))
        for row, impact in enumerate(LEVELS, 1):
            for column, urgency in enumerate(LEVELS, 1):
                cell = MatrixCell(impact, urgency, self)
                cell.toggled.connect(self._on_toggled)
                cell.stepped.connect(self._on_stepped)
                self._cells[impact, urgency] = cell
                grid.addWidget(cell, row, column)
        self.set_matrix(self._matrix)
        self._cells[3, 3].setChecked(True)
        theme.current().changed.connect(self._mark)

    def set_matrix(self, matrix: PriorityMatrix) -> None:
        """Show the priorities of the team's own matrix."""
        self._matrix = matrix
        for (impact, urgency), cell in self._cells.items():
            cell.priority = matrix.priority_of(impact, urgency)
            name = self.tr("Impact {0}, urgency {1}: {2}")
            cell.setAccessibleName(
                name.format(self._words[impact], self._words[urgency], cell.priority)
            )
            cell.update()

    def cell(self) -> tuple[int, int]:
        """Return impact and urgency as they are chosen."""
        return next((at for at, cell in self._cells.items() if cell.isChecked()), (3, 3))

    def button(self, impact: int, urgency: int) -> MatrixCell:
        """Return the radio button of a cell."""
        return self._cells[impact, urgency]

    def set_cell(self, impact: int, urgency: int) -> None:
        """Choose a cell; one that is not there chooses nothing."""
        found = self._cells.get((impact, urgency))
        if found is not None:
            found.setChecked(True)

    def priority(self) -> str:
        """Return the priority of the chosen cell."""
        return self._matrix.priority_of(*self.cell())

    def _on_stepped(self, columns: int, rows: int) -> None:
        impact, urgency = self.cell()
        row = min(max(LEVELS.index(impact) + rows, 0), len(LEVELS) - 1)
        column = min(max(LEVELS.index(urgency) + columns, 0), len(LEVELS) - 1)
        cell = self._cells[LEVELS[row], LEVELS[column]]
        cell.setChecked(True)
        cell.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_toggled(self, checked: bool) -> None:
        if checked:
            self._mark()
            self.changed.emit(*self.cell())

    def _mark(self) -> None:
        """Name the chosen row and column in bold, so that the cell can be read from its edges."""
        impact, urgency = self.cell()
        now = theme.current()
        for labels, chosen in ((self._rows, impact), (self._columns, urgency)):
            for level, label in labels.items():
                label.setFont(now.font("small", 650 if level == chosen else 400))
