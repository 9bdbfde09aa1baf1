"""Paint the lines of the queue as the pictures show them: groups here, rows in `row_painter`.

The tree asks for whole lines; Qt itself asks for heights only. A screen reader reads the model, not
this. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPen
from PySide6.QtWidgets import QStyledItemDelegate

from app.ui import icons, theme
from app.ui.incidents.columns import GROUP_HEIGHT, ROW_HEIGHTS, Density
from app.ui.incidents.queue_model import system_now_ms
from app.ui.incidents.row_painter import RowPainter

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from app.domain.listing import Group
    from app.ui.incidents.queue_model import QueueModel

Index = QModelIndex | QPersistentModelIndex

_NO_SIZE = QSize(0, 0)
_GROUP_TONES = {"breached": "danger", "due_1h": "warn"}


class GroupLine(NamedTuple):
    """Where the line of a group is painted, and how it stands."""

    top: int
    width: int
    height: int
    ratio: float
    mirrored: bool
    expanded: bool
    focused: bool

    def left(self, inset: int, wide: int) -> int:
        """Return the left edge of a thing that stands `inset` after the leading edge."""
        return self.width - inset - wide if self.mirrored else inset


class QueueDelegate(QStyledItemDelegate):
    """Knows how high lines are, and paints them."""

    def __init__(
        self,
        model: QueueModel,
        now_ms: Callable[[], int] = system_now_ms,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self.density = Density.NORMAL
        self.roomy = True
        self.rows = RowPainter(now_ms)
        self._sizes: tuple[QSize, QSize] | None = None
        theme.current().changed.connect(self.forget)

    def forget(self) -> None:
        """Drop what was kept for the former look."""
        self._sizes = None
        self.rows.forget()

    def row_height(self) -> int:
        """Return the height of an incident's row in px, more for larger text."""
        now = theme.current()
        height = QFontMetrics(now.font("body")).height()
        return max(now.px(ROW_HEIGHTS[self.density]), height + 8)

    def group_height(self) -> int:
        """Return the height of a group's line in px."""
        now = theme.current()
        return max(now.px(GROUP_HEIGHT), QFontMetrics(now.font("small", 650)).height() + 8)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return one height for groups and one for incidents; Qt asks for every cell."""
        del option
        if index.column():
            return _NO_SIZE  # the first cell says it for the line
        if self._sizes is None:
            self._sizes = (QSize(10, self.row_height()), QSize(10, self.group_height()))
        return self._sizes[self._model.group(index) is not None]

    def paint_group(self, painter: QPainter, group: Group, line: GroupLine) -> None:
        """Paint the line of a group over the width of the list."""
        now = theme.current()
        width, top, height = line.width, line.top, line.height
        painter.fillRect(0, top, width, height, now.colour("sunken"))
        painter.fillRect(0, top + height - 1, width, 1, now.colour("line"))
        side = now.px(14)
        icon = "chevron-down" if line.expanded else "chevron-right"
        painter.drawPixmap(
            line.left(now.px(14), side),
            top + (height - 1) // 2 - side // 2,
            icons.pixmap(icon, now.tokens.text2, side, line.ratio),
        )
        font = now.font("small", 650)
        metrics = QFontMetrics(font)
        base = top + (height - metrics.height()) / 2 + metrics.ascent()
        inset, wide = now.px(34), metrics.horizontalAdvance(group.label)
        painter.setFont(font)
        painter.setPen(now.colour(_GROUP_TONES.get(group.key, "text")))
        painter.drawText(QPointF(line.left(inset, wide), base), group.label)
        font = now.font("small", 400, tabular=True)
        count = f"{group.count:,}" if self._model.counted else ""
        inset, wide = inset + wide + now.px(8), QFontMetrics(font).horizontalAdvance(count)
        painter.setFont(font)
        painter.setPen(now.colour("text2"))
        painter.drawText(QPointF(line.left(inset, wide), base), count)
        if line.focused:
            painter.setPen(QPen(now.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(1, top + 1, width - 3, height - 3)
