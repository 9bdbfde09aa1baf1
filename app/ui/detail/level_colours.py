"""Colours the level of each line of a log, like ERROR or WARNING; the word itself says it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat

from app.services import reading_logs
from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument


class LevelColours(QSyntaxHighlighter):
    """Errors in the colour of danger, warnings in that of warnings, the rest quiet."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        now = theme.current()
        self._formats = {}
        for weight, colour in (("error", "danger"), ("warning", "warn"), ("other", "text2")):
            look = QTextCharFormat()
            look.setForeground(now.colour(colour))
            if weight != "other":
                look.setFontWeight(QFont.Weight.Bold)
            self._formats[weight] = look

    def highlightBlock(self, text: str) -> None:
        """Colour the level of one line."""
        found = reading_logs.level_in(text)
        if found is not None:
            start, length, weight = found
            self.setFormat(start, length, self._formats[weight])
