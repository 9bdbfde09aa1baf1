"""The choice of the language in which a report is printed. GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class LanguageBox(QComboBox):
    """Offers the languages of reports, first the one of the settings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem(self.tr("As in the settings"), "")
        self.addItem(self.tr("English"), "en")
        self.addItem(self.tr("German"), "de")
        self.setAccessibleName(self.tr("Language of the report"))

    def code(self) -> str:
        """Return the code of the language, "" for that of the settings."""
        return str(self.currentData())
