"""The fields that the team added to its incidents, as the dialog for a new one asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from app.ui import theme
from app.ui.new_incident.field_box import FieldBox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.custom_field import CustomField


class OwnFields(QWidget):
    """A line or a list of words for each field that incidents of the category have."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[CustomField, ...] = ()
        self._typed: dict[str, str] = {}
        self.boxes: dict[str, FieldBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.current().px(20))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def take_fields(self, fields: tuple[CustomField, ...]) -> None:
        """Make a field for each; called once, when they were read."""
        self._fields = fields
        for place, one in enumerate(fields):
            field = self._editor(one)
            field.installEventFilter(self.window())
            field.setAccessibleName(one.name)
            self.boxes[one.name] = FieldBox(one.name.replace("&", "&&"), field, self)
            self._grid.addWidget(self.boxes[one.name], place // 2, place % 2)
        self.put(self._typed)

    def show_for(self, category: str) -> None:
        """Show the fields that incidents of a category (a path) have."""
        for one in self._fields:
            self.boxes[one.name].setVisible(one.applies_to(category))
        self.setVisible(any(one.applies_to(category) for one in self._fields))

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, hidden ones included, for a draft."""
        if not self._fields:
            return dict(self._typed)
        texts = {name: _text(box.field) for name, box in self.boxes.items()}
        return {name: text for name, text in texts.items() if text.strip()}

    def values(self, category: str) -> dict[str, str]:
        """Return what was typed into the fields that the category has."""
        shown = {one.name for one in self._fields if one.applies_to(category)}
        return {name: text for name, text in self.typed().items() if name in shown}

    def put(self, typed: Mapping[str, str]) -> None:
        """Show what a draft holds."""
        self._typed = {name: str(text) for name, text in typed.items()}
        for name, box in self.boxes.items():
            text = self._typed.get(name, "")
            if isinstance(box.field, QComboBox):
                box.field.setCurrentIndex(max(box.field.findText(text), 0))
            elif isinstance(box.field, QLineEdit):
                box.field.setText(text)

    def _editor(self, one: CustomField) -> QLineEdit | QComboBox:
        words = (self.tr("yes"), self.tr("no")) if one.type == "yes_no" else one.choices
        if words:
            box = QComboBox(self)
            box.addItems(["", *words])
            box.currentIndexChanged.connect(self._on_changed)
            return box
        line = QLineEdit(self)
        if one.type == "date":
            line.setPlaceholderText(self.tr("such as 2026-03-09"))
        line.textChanged.connect(self._on_changed)
        return line

    def _on_changed(self) -> None:
        sender = self.sender()
        for box in self.boxes.values():
            if box.field is sender:
                box.show_problem("")
        self.changed.emit()


def _text(field: QWidget) -> str:
    if isinstance(field, QComboBox):
        return field.currentText()
    return field.text() if isinstance(field, QLineEdit) else ""
