"""The steps before closing: a bar with one segment a step, and the steps in two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident_record import ChecklistState

_COLUMNS, _BAR_HEIGHT, _GAP = 2, 6, 4


class StepsBar(QProgressBar):
    """n of m as segments; to a screen reader a progress bar with its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Steps done"))

    def sizeHint(self) -> QSize:
        """Return the height of the bar."""
        return QSize(theme.current().px(120), theme.current().px(_BAR_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the same height at any width."""
        return QSize(theme.current().px(40), theme.current().px(_BAR_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the segments, those of done steps in the colour of what is well."""
        del event
        now = theme.current()
        count, gap = max(self.maximum(), 1), now.px(_GAP)
        wide = (self.width() - gap * (count - 1)) / count
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(count):
            painter.setBrush(now.colour("ok" if place < self.value() else "track"))
            left = place * (wide + gap)
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                left = self.width() - left - wide
            radius = self.height() / 2
            painter.drawRoundedRect(QRectF(left, 0, wide, self.height()), radius, radius)


class StepsGrid(QWidget):
    """A box and a line for each step; Space ticks what may be ticked by hand."""

    ticked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._notes: dict[str, QLabel] = {}
        self._shown: dict[str, ChecklistState] = {}
        self._grid = QGridLayout(self)
        px = theme.current().px
        self._grid.setContentsMargins(px(8), 0, 0, 0)
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(0)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)

    def show_steps(self, steps: Sequence[ChecklistState]) -> None:
        """Show the steps and which are done; boxes that are there keep the focus."""
        if list(self.boxes) != [step.item for step in steps]:
            self._build(steps)
            self._shown = {}
        for step in steps:
            # Style sheets are slow: a key must not pay for steps that stay as they are.
            if self._shown.get(step.item) != step or self.boxes[step.item].isChecked() != step.done:
                self._shown[step.item] = step
                self._show(step)

    def _show(self, step: ChecklistState) -> None:
        box, note = self.boxes[step.item], self._notes[step.item]
        left = step.required and not step.done
        box.setChecked(step.done)
        box.setProperty("required", left)
        box.setProperty("open", not step.done)
        box.setAccessibleDescription(step.note)
        seen = self.tr("The program ticks this when it sees the fact.")
        box.setToolTip(seen if step.automatic else step.note)
        note.setText(step.note)
        note.setProperty("tone", "danger" if left else "quiet")
        for part in (box, note):
            part.style().unpolish(part)
            part.style().polish(part)

    def _build(self, steps: Sequence[ChecklistState]) -> None:
        for old in (*self.boxes.values(), *self._notes.values()):
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.boxes.clear()
        self._notes.clear()
        half = (len(steps) + 1) // _COLUMNS
        px = theme.current().px
        for place, step in enumerate(steps):
            box, note = QCheckBox(step.item.replace("&", "&&"), self), QLabel(self)
            box.setProperty("kind", "check")
            box.setAccessibleName(step.item)
            box.setMinimumHeight(px(24))
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.clicked.connect(self._on_clicked)
            box.setProperty("step", step.item)
            note.setFont(theme.current().font("small"))
            note.setTextFormat(Qt.TextFormat.PlainText)
            if self.isRightToLeft():  # a name stands at its box, in whatever script it is written
                note.setContentsMargins(0, 0, px(26), px(4))
                note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
            else:
                note.setContentsMargins(px(26), 0, 0, px(4))
            note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            row, column = (place % half) * 2, place // half
            self._grid.addWidget(box, row, column)
            self._grid.addWidget(note, row + 1, column)
            self.boxes[step.item], self._notes[step.item] = box, note

    def _on_clicked(self, checked: bool) -> None:
        box = self.sender()
        if box is not None:
            self.ticked.emit(str(box.property("step")), checked)
