"""The fields that the team added to its incidents, each edited where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.errors import InvalidInputError
from app.ui.detail.inline_field import InlineField

if TYPE_CHECKING:
    from app.domain.custom_field import CustomField
    from app.services.inspecting import Inspected
    from app.ui.workbench import Workbench


class OwnFields(QWidget):
    """One line edit a field, two beside each other; made anew when the team's fields change."""

    saved = Signal(str, str)
    """The field as `custom.<name>` and what was typed."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._shown: tuple[CustomField, ...] = ()
        self._labels: list[QLabel] = []
        self.fields: dict[str, InlineField] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.hide()

    def line_up(self, first: int, second: int) -> None:
        """Give the two columns of labels the least widths (px) that those above them have."""
        self._grid.setColumnMinimumWidth(0, first)
        self._grid.setColumnMinimumWidth(2, second)

    def show_read(self, read: Inspected) -> None:
        """Show the fields of an incident's category with its values."""
        if read.custom_fields != self._shown:
            self._build(read.custom_fields)
        for one in read.custom_fields:
            field = self.fields[one.name]
            blocker = QSignalBlocker(field)
            field.show_value(shown_value(one, read.incident.custom.get(one.name)))
            blocker.unblock()

    def _build(self, fields: tuple[CustomField, ...]) -> None:
        for old in (*self.fields.values(), *self._labels):
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown, self._labels, self.fields = fields, [], {}
        for place, one in enumerate(fields):
            words = one.choices if one.type == "choice" else ()
            if one.type == "yes_no":
                words = (self.tr("yes"), self.tr("no"))
            kind = "person" if one.type == "person" else ""
            name = f"custom.{one.name}"
            field = InlineField(self._bench, name, one.name, self, kind=kind, words=words)
            label = QLabel(self)
            label.setText(one.name.replace("&", "&&"))
            label.setToolTip(one.name)
            label.setProperty("tone", "quiet")
            label.setBuddy(field)
            row, column = place // 2, place % 2 * 2
            self._grid.addWidget(label, row, column)
            self._grid.addWidget(field, row, column + 1)
            field.saved.connect(self.saved)
            self.fields[one.name] = field
            self._labels.append(label)
        self.setVisible(bool(fields))


def shown_value(field: CustomField, value: object) -> str:
    """Return a stored value as text; one of a former type stands as it is."""
    try:
        return field.show(field.read(value))
    except InvalidInputError:
        return str(value)
