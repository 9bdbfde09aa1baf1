"""The fields of a rule about alerts, by table: real widgets with names, and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDateTimeEdit, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget

from app.domain.priority import LEVEL_NAMES, LEVELS
from app.services.alert_tables import MAINTENANCE, ROUTING, SEVERITY
from app.ui import reader_time, theme
from app.ui.settings.catalogue.field_editors import ChoiceField

if TYPE_CHECKING:
    from app.services.alert_tables import Listing

_MOST = 100_000


def _tr(text: str) -> str:
    return QCoreApplication.translate("RuleFields", text)


class RuleFields(QWidget):
    """One form; `changed` with each key that is typed."""

    changed = Signal()

    def __init__(self, table: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.by_name: dict[str, QWidget] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(theme.current().px(8))
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        if table == SEVERITY:
            self._add_text("name", _tr("&Word of the tool"), "critical")
            levels = [(LEVEL_NAMES[level], level) for level in LEVELS]
            self._add_choice("impact", _tr("&Impact"), ChoiceField(levels, self))
            self._add_choice("urgency", _tr("&Urgency"), ChoiceField(levels, self))
        elif table == ROUTING:
            self._add_text("name", _tr("&Pattern"), "host=db* disk")
            for name, label in (("team", _tr("&Team")), ("category", _tr("&Category"))):
                self._add_choice(name, label, ChoiceField.of_names(_tr("As usual"), self))
        elif table == MAINTENANCE:
            self._add_text("name", _tr("&Name"), _tr("Patch night"))
            self._add_moment("start_at", _tr("&From"))
            self._add_moment("end_at", _tr("&To"))
            self._add_text("pattern", _tr("&Pattern"), _tr("empty for every alert"))
        else:
            from app.intake.syslog import SEVERITIES

            self._add_text("name", _tr("&Name"), _tr("Disk errors"))
            levels = [(word, number) for number, word in enumerate(SEVERITIES)]
            self._add_choice("level", _tr("&Level or worse"), ChoiceField(levels, self))
            self._add_number("lines", _tr("&Messages"))
            self._add_number("span", _tr("&Within"))
            units = [
                (_tr("seconds"), "s"), (_tr("minutes"), "m"), (_tr("hours"), "h"),
                (_tr("days"), "d"),
            ]  # fmt: skip
            self._add_choice("unit", _tr("&Unit"), ChoiceField(units, self))
            self._add_text("pattern", _tr("&Pattern"), _tr("empty for every message"))
        self.show_fields({})

    def _add(self, name: str, label: str, field: QWidget) -> None:
        words = QLabel(label, self)
        words.setProperty("kind", "label")
        words.setBuddy(field)
        field.setAccessibleName(label.replace("&", ""))
        self._form.addRow(words, field)
        self.by_name[name] = field

    def _add_text(self, name: str, label: str, example: str) -> None:
        field = QLineEdit(self)
        field.setPlaceholderText(example)
        field.textChanged.connect(self.changed)
        self._add(name, label, field)

    def _add_choice(self, name: str, label: str, field: ChoiceField) -> None:
        field.view().setAccessibleName(label.replace("&", ""))
        field.currentIndexChanged.connect(self.changed)
        self._add(name, label, field)

    def _add_number(self, name: str, label: str) -> None:
        field = QSpinBox(self)
        field.setRange(1, _MOST)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.lineEdit().setTextMargins(8, 0, 0, 0)
        field.valueChanged.connect(self.changed)
        self._add(name, label, field)

    def _add_moment(self, name: str, label: str) -> None:
        field = QDateTimeEdit(self)
        field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        field.setTimeZone(reader_time.zone())
        field.setDisplayFormat("yyyy-MM-dd HH:mm")
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.lineEdit().setTextMargins(8, 0, 0, 0)
        field.dateTimeChanged.connect(self.changed)
        self._add(name, label, field)

    def offer(self, listing: Listing) -> None:
        """Offer the names of the catalogue."""
        for name, names in (("team", listing.teams), ("category", listing.categories)):
            field = self.by_name.get(name)
            if isinstance(field, ChoiceField):
                field.offer(names)

    def show_fields(self, fields: dict[str, Any]) -> None:
        """Show a rule, or the usual values of a new one, without telling anyone."""
        before = self.blockSignals(True)
        for name, field in self.by_name.items():
            value = fields.get(name, _usual(name))
            if isinstance(field, QLineEdit):
                field.setText(value)
            elif isinstance(field, ChoiceField):
                field.show_value(value)
            elif isinstance(field, QSpinBox):
                field.setValue(value)
            elif isinstance(field, QDateTimeEdit):
                field.setDateTime(reader_time.local(int(value.timestamp() * 1000)))
        self.blockSignals(before)

    def fields(self) -> dict[str, Any]:
        """Return what the form says."""
        return {name: _value(field) for name, field in self.by_name.items()}

    def first(self) -> QWidget:
        """Return the field to begin with."""
        return self.by_name["name"]


def _usual(name: str) -> Any:
    if name in ("start_at", "end_at"):
        now = reader_time.now().toMSecsSinceEpoch() // 3_600_000 * 3_600
        begun = datetime.fromtimestamp(now, UTC) + timedelta(hours=1)
        return begun if name == "start_at" else begun + timedelta(hours=2)
    return {"impact": 2, "urgency": 2, "level": 3, "lines": 5, "span": 10, "unit": "m"}.get(
        name, ""
    )


def _value(field: QWidget) -> Any:
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, ChoiceField):
        return field.value()
    if isinstance(field, QSpinBox):
        return field.value()
    assert isinstance(field, QDateTimeEdit)
    at = field.dateTime()
    offset = timedelta(seconds=at.offsetFromUtc())
    return datetime.fromtimestamp(at.toSecsSinceEpoch(), UTC).astimezone(
        UTC if not offset else _zone_at(at.toMSecsSinceEpoch(), offset)
    )


def _zone_at(instant_ms: int, offset: timedelta) -> Any:
    """Return the reader's offset at an instant as a zone with its short name."""
    return timezone(offset, reader_time.abbreviation(instant_ms))
