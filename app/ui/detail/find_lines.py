"""Finds lines in a text that is shown: Enter goes to the next, Shift+Enter to the one before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class FindLines(QWidget):
    """A field and, beside it, how many lines hold what stands in it, whatever the case."""

    line_found = Signal(int)
    """The number of a line, from 0, to go to."""
    left = Signal()
    wanted_changed = Signal(str)
    """What is looked for, where somebody else finds it and says so with `show_found`."""

    def __init__(self, text: str | None, parent: QWidget | None = None) -> None:
        """Find in a text; with None, others find."""
        super().__init__(parent)
        self._lines = None if text is None else text.casefold().split("\n")
        self._found: list[int] = []
        self._at = -1
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find (Ctrl+F)"))
        self.field.setAccessibleName(self.tr("Find in the text"))
        self.field.setClearButtonEnabled(True)
        self.count = QLabel(self)
        self.count.setProperty("tone", "quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.count)
        self.field.textChanged.connect(self._on_text_changed)

    def start(self) -> None:
        """Put the cursor into the field, what stood there chosen."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def step(self, *, back: bool = False) -> None:
        """Go to the next line that was found, after the last one to the first."""
        if not self._found:
            return
        if back:
            place = bisect_left(self._found, self._at) - 1
        else:
            place = bisect_right(self._found, self._at) % len(self._found)
        self._go_to(place % len(self._found))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with Enter and Shift+Enter, go back to the text with Esc."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not control:
            self.step(back=shift)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def show_found(self, lines: list[int]) -> None:
        """Show which lines were found, and go to the first of them."""
        self._found = lines
        self._at = -1
        self.count.setText(self.tr("no line") if self.field.text() else "")
        if lines:
            self._go_to(0)

    def _on_text_changed(self, text: str) -> None:
        if self._lines is None:
            self.wanted_changed.emit(text)
            return
        wanted = text.casefold()
        self.show_found([n for n, one in enumerate(self._lines) if wanted in one] if wanted else [])

    def _go_to(self, place: int) -> None:
        self._at = self._found[place]
        self.count.setText(self.tr("{0} of {1} lines").format(place + 1, len(self._found)))
        self.line_found.emit(self._at)
