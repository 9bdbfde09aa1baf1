"""How the file is to be read: mapping, separator, encoding, order of dates; each guessed first."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.importing.import_plan import known_mappings

_FROM_FILE = "*"
_ENCODINGS = ("utf-8", "cp1252", "iso8859-15", "utf-16", "cp437", "cp850", "cp1251", "shift_jis")


class ReadingFields(QWidget):
    """Four combo boxes in a row."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tr = self.tr
        guess = (tr("Guess"), "")
        signs = ((",", tr("Comma")), (";", tr("Semicolon")), ("\t", tr("Tab")), ("|", tr("Bar")))
        orders = ((tr("Day first"), "dmy"), (tr("Month first"), "mdy"))
        self.mapping = QComboBox(self)
        self.mapping.addItem(*guess)
        for name, title in known_mappings():
            self.mapping.addItem(title, name)
        self.mapping.addItem(tr("From a mapping file..."), _FROM_FILE)
        self.delimiter = self._combo([guess, *((said, sign) for sign, said in signs)])
        self.encoding = self._combo([guess, *((code.upper(), code) for code in _ENCODINGS)])
        self.dates = self._combo([guess, *orders])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().px(10))
        for label, box, wide in (
            (tr("&Read as"), self.mapping, 3),
            (tr("&Separator"), self.delimiter, 1),
            (tr("&Encoding"), self.encoding, 1),
            (tr("&Dates"), self.dates, 1),
        ):
            caption = QLabel(label, self)
            caption.setProperty("kind", "label")
            caption.setBuddy(box)
            box.setAccessibleName(label.replace("&", ""))
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            column = QVBoxLayout()
            column.setSpacing(theme.current().px(4))
            column.addWidget(caption)
            column.addWidget(box)
            row.addLayout(column, wide)
        self.mapping.activated.connect(self._on_mapping)
        for box in (self.delimiter, self.encoding, self.dates):
            box.activated.connect(self._on_other)

    def forget(self) -> None:
        """Guess everything again: another file."""
        for box in (self.mapping, self.delimiter, self.encoding, self.dates):
            box.setCurrentIndex(0)

    def name_guess(self, title: str) -> None:
        """Say which mapping was guessed."""
        words = self.tr("Guess: {0}").format(title) if title else self.tr("Guess")
        self.mapping.setItemText(0, words)

    def offer_saved(self, saved: list[tuple[str, str]]) -> None:
        """Offer the mappings that were saved: their names and files."""
        for name, file in saved:
            if self.mapping.findData(file) < 0:
                self.mapping.insertItem(self.mapping.count() - 1, name, file)

    def set_mapping(self, name: str) -> None:
        """Choose a mapping by its name or file."""
        place = self.mapping.findData(name)
        if place < 0:
            place = self.mapping.count() - 1
            self.mapping.insertItem(place, PurePath(name).stem, name)
        self.mapping.setCurrentIndex(place)

    def _combo(self, items: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox(self)
        for words, value in items:
            box.addItem(words, value)
        return box

    def _on_mapping(self) -> None:
        if self.mapping.currentData() == _FROM_FILE:
            self.mapping.setCurrentIndex(0)
            path, _ = QFileDialog.getOpenFileName(
                self, self.tr("Mapping file"), "", self.tr("Mapping files (*.toml *.json)")
            )
            if not path:
                return
            self.set_mapping(path)
        self.changed.emit()

    def _on_other(self) -> None:
        self.changed.emit()
