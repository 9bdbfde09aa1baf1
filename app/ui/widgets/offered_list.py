"""The list of what completes a field: one look everywhere, and wide enough for what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCompleter, QListView, QStyledItemDelegate

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

GAP = 3
"""Between the field and the list, in px at 100 %: the ring of a field with the focus is seen."""


def clear_of(field: QWidget) -> QRect:
    """Return the place below which the list of a field hangs."""
    return field.rect().adjusted(0, 0, 0, theme.current().px(GAP))


class OfferedList(QListView):
    """The popup of a completer."""

    def __init__(self, completer: QCompleter, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "offers")
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        completer.setPopup(self)
        # A completer brings a delegate of its own, which knows no theme.
        self.setItemDelegate(QStyledItemDelegate(self))

    def showEvent(self, event: QShowEvent) -> None:
        """Grow to the longest offer."""
        super().showEvent(event)
        self._widen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay as wide as the longest offer when others take their place."""
        super().resizeEvent(event)
        if self.isVisible():
            self._widen()

    def _widen(self) -> None:
        """Undo that a completer makes its list as narrow as the field; the screen is the limit."""
        wanted = self.sizeHintForColumn(0) + 2 * self.frameWidth()
        if self.verticalScrollBar().maximum() > 0:
            wanted += self.verticalScrollBar().sizeHint().width()
        wanted = min(wanted, self.screen().availableGeometry().right() - self.x())
        if self.width() < wanted:
            self.resize(wanted, self.height())
