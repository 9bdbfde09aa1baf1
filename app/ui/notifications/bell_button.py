"""The bell at the foot of the sidebar: opens the list, and shows how many are new."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from app.ui import icons, theme

_MOST = 99


class BellButton(QToolButton):
    """A tool button with a count on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._new = 0
        icons.bind(self, "bell", size=18)
        self.show_new(0)

    def show_new(self, count: int) -> None:
        """Show how many notices nobody has looked at."""
        self._new = count
        name = self.tr("Notifications, %n new", "", count) if count else self.tr("Notifications")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then the count over its corner."""
        super().paintEvent(event)
        if not self._new:
            return
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = now.font("caption", 650)
        text = str(self._new) if self._new <= _MOST else f"{_MOST}+"
        painter.setFont(font)
        metrics = painter.fontMetrics()
        height = now.px(14)
        width = max(height, metrics.horizontalAdvance(text) + now.px(6))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = 0 if mirrored else self.width() - width
        spot = QRectF(left, 0, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("p1.tint"))
        painter.drawRoundedRect(spot, height / 2, height / 2)
        painter.setPen(now.colour("p1"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)
