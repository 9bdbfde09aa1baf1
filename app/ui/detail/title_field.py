"""The summary of an incident: a heading of as many lines as it needs, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import bidirectional

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

_MOST_LINES = 4


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter with a direction runs to the left (UAX 9, P2 and P3)."""
    kinds = (bidirectional(sign) for sign in text)
    first = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L")
    return first != "L"


class TitleField(QPlainTextEdit):
    """Enter or leaving it saves, Esc brings the stored text back."""

    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setProperty("kind", "bare")
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # a file is dropped on the incident, not into its summary
        self.setAccessibleName(self.tr("Summary"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        theme.current().changed.connect(self._fit)
        self._fit()

    def show_title(self, text: str) -> None:
        """Show what is stored, unless somebody is typing here."""
        typing = self.hasFocus() and self.toPlainText() != self._shown
        self._shown = text
        if not typing:
            self._turn(text)
            self.setPlainText(text)
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Enter, restore with Esc."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._save()
        elif event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._shown:
            self.setPlainText(self._shown)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save when the focus goes to another field."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            self._save()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def _turn(self, text: str) -> None:
        """Begin at the right where the text does, whatever the direction of the window."""
        right = is_right_to_left(text)
        option = self.document().defaultTextOption()
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight
        )
        # As it looks: Qt would mirror a plain "left" where the direction is from the right.
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        self.document().setDefaultTextOption(option)

    def _save(self) -> None:
        text = " ".join(self.toPlainText().split())
        if text and text != self._shown:
            self._shown = text
            self.saved.emit(text)
        elif not text:
            self.setPlainText(self._shown)

    def _fit(self) -> None:
        font = theme.current().font("dialog", 600)
        if self.font() != font:
            self.setFont(font)
        lines = max(1, min(_MOST_LINES, int(self.document().size().height())))
        height = self.fontMetrics().lineSpacing() * lines + theme.current().px(4)
        if height != self.height():
            self.setFixedHeight(height)
