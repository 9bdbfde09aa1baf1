"""One field of one or many incidents: which, and its new value; what differs is shown as mixed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.catalogue import coded
from app.domain.errors import InvalidInputError
from app.domain.incident import Channel
from app.domain.priority import parse_level
from app.services import browsing, incidents
from app.ui.asking.question import Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_LEVELS = ("impact", "urgency", "severity")
FIELDS = (
    *("requester", "category", "location", "service", "ci", "channel", *_LEVELS),
    *("people_affected", "title", "description", "root_cause", "workaround"),
)
"""What can be set for many at once; team, assignee, status, tags and notes have their own ways."""


class FieldQuestion(Question):
    """Asks which field and what for; one write and one undo for all (ux.md 6, bulk)."""

    def __init__(
        self, workbench: Workbench, ids: list[EntityId], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            workbench, _tr("Set a field"), _tr("Set"), lambda desk, given: _set(desk, ids, given),
            parent,
        )  # fmt: skip
        self._now: dict[str, list[str]] = {}
        words = [(_title(name), name) for name in FIELDS]
        self._which: QComboBox = self.add_choice("name", _tr("&Field"), words)
        self._value: QLineEdit = self.add_line("value", _tr("&Value"))
        self._which.currentIndexChanged.connect(self._show_now)
        workbench.read(lambda desk: _values_of(desk, ids), self._on_read, key="field-question")

    def _on_read(self, found: dict[str, list[str]]) -> None:
        self._now = found
        self._show_now()

    def _show_now(self, *_index: object) -> None:
        """Show the common value to be changed, or that there are several."""
        values = self._now.get(self._which.currentData(), [])
        mixed = _tr("Mixed (%n value(s))", "", len(values))
        self._value.setText(values[0] if len(values) == 1 else "")
        self._value.setPlaceholderText(mixed if len(values) > 1 else _tr("nothing yet"))


def _set(desk: Desk, ids: list[EntityId], given: dict[str, Any]) -> Any:
    name = str(given["name"])
    return incidents.edit(desk, ids, {name: _read(name, str(given["value"]).strip())})


def _read(name: str, text: str) -> Any:
    """Return what was typed as the field holds it; raise InvalidInputError with what it takes."""
    if name in _LEVELS:
        return parse_level(text, name)
    if name == "channel":
        try:
            return Channel(coded(text))
        except ValueError:
            known = ", ".join(Channel)
            sentence = _tr('There is no channel "{0}". Use one of: {1}.').format(text, known)
            raise InvalidInputError(sentence, field="value") from None
    if name == "people_affected":
        if not text.isdigit():
            sentence = _tr('"{0}" is not a number of people.').format(text)
            raise InvalidInputError(sentence, field="value")
        return int(text)
    return text


def _values_of(desk: Desk, ids: list[EntityId]) -> dict[str, list[str]]:
    """Return the different values of each field, in words; runs in the reader lane."""
    found: dict[str, dict[str, None]] = {name: {} for name in FIELDS}
    for uid in ids:
        incident: Incident = browsing.incident(desk, uid)
        for name in FIELDS:
            value = getattr(incident, name)
            found[name][("" if value is None else str(getattr(value, "name", value)))] = None
    return {name: list(values) for name, values in found.items()}


def _title(name: str) -> str:
    if name == "ci":
        return _tr("Device")
    return _tr(name.replace("_", " ").capitalize())


_tr = partial(QCoreApplication.translate, "FieldQuestion")
