"""The ground of a row in a list that paints itself: chosen, under the pointer, with the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyle

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

_RADIUS = 6


def paint_ground(painter: QPainter, box: QRectF, state: QStyle.StateFlag, *, chosen: bool) -> None:
    """Fill the box for a chosen row or the one under the pointer, and frame it with the focus."""
    now = theme.current()
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("select" if chosen else "hover"))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
    if state & QStyle.StateFlag.State_HasFocus:
        pen = painter.pen()
        pen.setColor(now.colour("focus"))
        pen.setWidth(2)
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
