"""A line of text that is cut at its end where there is no room for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class CutLabel(QLabel):
    """Shows as much as there is room for, the whole in its tooltip and to a screen reader."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = self._short = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, short: str = "") -> None:
        """Show a text, or its short form where only that has room; "" hides the label."""
        self._whole, self._short = text, short
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._cut()

    def whole(self) -> str:
        """Return all of the text."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """Need no width: what has no room is cut."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics, room = self.fontMetrics(), max(self.width(), 0)
        fits = not self._short or metrics.horizontalAdvance(self._whole) <= room
        text = self._whole if fits else self._short
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
