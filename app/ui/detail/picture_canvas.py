"""The picture that is marked: by dragging, by two clicks, or with arrow keys and Space.

Marks are kept in the coordinates of the picture; what is seen is a small copy, made to fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.detail.picture_marks import (
    Arrow,
    Mark,
    arrow_between,
    blur_between,
    draw,
    paint_arrow,
)
from app.ui.tokens import LIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

BLUR, ARROW = "blur", "arrow"

_STEP, _WIDE = 8, 64
"""How far an arrow key goes on the screen; with Ctrl the second, with Shift one pixel."""
_WAYS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}


class PictureCanvas(QLabel):
    """A picture to a screen reader; the crosshair stands where the next corner will be."""

    changed = Signal()
    moved = Signal()
    begun = Signal()
    refused = Signal()

    def __init__(self, size: QSize, small: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool = BLUR
        self.at = QPoint(size.width() // 2, size.height() // 2)
        self.first: QPoint | None = None
        self._size = size
        self._small = small
        self._seen = self._small.copy()
        self._history: list[tuple[Mark, ...]] = [()]
        self._pressed: QPoint | None = None
        self._own = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(theme.current().px(160), theme.current().px(120))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)

    # --- marks -----------------------------------------------------------------------------------

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return the marks in the order in which they were made."""
        return self._history[-1]

    @property
    def can_undo(self) -> bool:
        """Say whether there is something to take back."""
        return len(self._history) > 1

    def undo(self) -> None:
        """Take the last step back: a mark, or that all were cleared."""
        if self.can_undo:
            self._history.pop()
            self._draw_anew()

    def clear_marks(self) -> None:
        """Take all marks off; undo brings them back."""
        if self.marks:
            self._history.append(())
            self._draw_anew()

    def give_up(self) -> bool:
        """Forget the first corner; say whether there was one."""
        had = self.first is not None
        self.first = self._pressed = None
        self.update()
        return had

    def put_corner(self) -> None:
        """Set the first corner where the crosshair is, or the second, which makes the mark."""
        if self.first is None:
            self.first = QPoint(self.at)
            self.begun.emit()
        else:
            mark = self._pending()
            self.first = None
            if mark is None:
                self.refused.emit()
            else:
                self._history.append((*self.marks, mark))
                draw(self._seen, (mark,), long_side=self._long_side())
                self._fit()
                self.changed.emit()
        self.update()

    def _pending(self) -> Mark | None:
        if self.first is None:
            return None
        if self.tool == ARROW:
            return arrow_between(self.first, self.at)
        return blur_between(self.first, self.at, self._size)

    def _draw_anew(self) -> None:
        self._seen = self._small.copy()
        draw(self._seen, self.marks, long_side=self._long_side())
        self.first = None
        self._fit()
        self.changed.emit()

    def _long_side(self) -> int:
        return max(self._size.width(), self._size.height())

    # --- where it is seen ------------------------------------------------------------------------

    def scale(self) -> float:
        """Return how many points of the screen one pixel of the picture takes."""
        room = self.contentsRect()
        wide, high = max(1, self._size.width()), max(1, self._size.height())
        return max(1e-6, min(1.0, room.width() / wide, room.height() / high))

    def seen_area(self) -> QRect:
        """Return where the picture stands in the widget."""
        size = (self._size.toSizeF() * self.scale()).toSize().expandedTo(QSize(1, 1))
        area = QRect(QPoint(), size)
        area.moveCenter(self.contentsRect().center())
        return area

    def to_picture(self, position: QPointF) -> QPoint:
        """Return the pixel of the picture that is seen at a place of the widget."""
        place = (position - QPointF(self.seen_area().topLeft())) / self.scale()
        return self._inside(place.toPoint())

    def to_widget(self, pixel: QPoint) -> QPointF:
        """Return where a pixel of the picture is seen."""
        return QPointF(self.seen_area().topLeft()) + QPointF(pixel) * self.scale()

    def _inside(self, pixel: QPoint) -> QPoint:
        return QPoint(
            min(max(pixel.x(), 0), self._size.width() - 1),
            min(max(pixel.y(), 0), self._size.height() - 1),
        )

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        fitted = self._seen.scaled(
            self.seen_area().size() * ratio,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(QPixmap.fromImage(fitted))

    # --- events ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the crosshair with the arrow keys, set a corner with Space."""
        way = _WAYS.get(event.key())
        if way is not None:
            keys = event.modifiers()
            step = max(1, round(_STEP / self.scale()))
            if keys & Qt.KeyboardModifier.ControlModifier:
                step = max(1, round(_WIDE / self.scale()))
            elif keys & Qt.KeyboardModifier.ShiftModifier:
                step = 1
            self._move_to(self._inside(self.at + QPoint(*way) * step))
        elif event.key() == Qt.Key.Key_Space:
            self.put_corner()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a mark, unless a click has begun it before."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._move_to(self.to_picture(event.position()))
        self._pressed = event.position().toPoint()
        self._own = self.first is None
        if self._own:
            self.put_corner()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the mark as it would be."""
        if self.first is not None:
            self._move_to(self.to_picture(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the mark after a drag; a mere click leaves the second corner to the next one."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        dragged = (event.position().toPoint() - pressed).manhattanLength()
        if not self._own or dragged >= QApplication.startDragDistance():
            self._move_to(self.to_picture(event.position()))
            if self.first is not None:
                self.put_corner()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture anew."""
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the crosshair."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the crosshair."""
        super().focusOutEvent(event)
        self.update()

    def _move_to(self, pixel: QPoint) -> None:
        self.at = pixel
        self.moved.emit()
        self.update()

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and over it the crosshair and the mark that is being made."""
        super().paintEvent(event)
        painter = QPainter(self)
        seen = QRectF(self.seen_area())
        if self.hasFocus():
            self._paint_crosshair(painter, seen)
        if self.first is not None:
            self._paint_pending(painter)
        if self.hasFocus():
            ring = QPen(theme.current().colour("focus"), 2)
            painter.setPen(ring)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_crosshair(self, painter: QPainter, seen: QRectF) -> None:
        at = self.to_widget(self.at)
        for pen in _two_pens():
            painter.setPen(pen)
            painter.drawLine(QPointF(seen.left(), at.y()), QPointF(seen.right(), at.y()))
            painter.drawLine(QPointF(at.x(), seen.top()), QPointF(at.x(), seen.bottom()))

    def _paint_pending(self, painter: QPainter) -> None:
        mark = self._pending()
        if isinstance(mark, Arrow):
            painter.save()
            painter.translate(QPointF(self.seen_area().topLeft()))
            paint_arrow(painter, mark, self.scale(), self._long_side())
            painter.restore()
            return
        corners = QRectF(self.to_widget(self.first or self.at), self.to_widget(self.at))
        for pen in _two_pens():
            painter.setPen(pen)
            painter.drawRect(corners.normalized())


def _two_pens() -> tuple[QPen, QPen]:
    """Return a light ground and dark dashes: one of both is seen on every picture."""
    dashes = QPen(QColor(LIGHT.accent), 1, Qt.PenStyle.DashLine)
    return QPen(QColor(LIGHT.surface), 3), dashes
