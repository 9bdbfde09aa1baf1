"""What a field of an incident shows, and what is meant by what a person types into it.

Instants are read and shown in the reader's own zone and format; also "14:30", "-15m" and
"yesterday 16:30" are understood, as in the quick log.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.domain.category import SHOWN_SEPARATOR, path_label
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import Channel
from app.domain.instants import resolve_local, to_ms
from app.domain.quick_log_times import TimeContext, read_due, read_occurred
from app.ui import reader_time
from app.ui.incidents.cells import channel_word, level_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident_record import Incident
    from app.services.inspecting import Inspected

LEVELS = ("impact", "urgency", "severity")
_AHEAD = frozenset({"follow_up_at", "review_due_at"})
_PEOPLE = " \u00b7 "


def shown(read: Inspected, name: str) -> str:
    """Return what the field of an incident says."""
    incident = read.incident
    if name == "phone":
        return read.phone
    if name.startswith("custom."):
        value = incident.custom.get(name.removeprefix("custom."))
        kept = next((f for f in read.custom_fields if f"custom.{f.name}" == name), None)
        return kept.show(value) if kept is not None else str(value or "")
    if name == "impact":
        return _PEOPLE.join(filter(None, (level_word(incident.impact), _people(incident))))
    if name in LEVELS:
        return level_word(getattr(incident, name) or 0)
    if name == "tags":
        return ", ".join(incident.tags)
    if name == "category":
        return path_label(incident.category.name) if incident.category is not None else ""
    if name == "channel":
        return channel_word(str(incident.channel))
    value = getattr(incident, name)
    if isinstance(value, datetime):
        return instant_text(value)
    return "" if value is None else str(value)


def meant(read: Inspected, name: str, text: str) -> dict[str, Any]:
    """Return the fields and values that are meant by what was typed.

    Raises:
        InvalidInputError: it means nothing for this field; the sentence says what would do.
    """
    if name.startswith("custom."):
        kept = next((f for f in read.custom_fields if f"custom.{f.name}" == name), None)
        return {name: kept.read(text) if kept is not None else text or None}
    if name in LEVELS:
        return _levels(name, text)
    if name == "channel":
        return {name: _channel(text)}
    if name == "people_affected":
        return {name: _count(text)}
    if name.endswith("_at"):
        return {name: _instant(text, ahead=name in _AHEAD)}
    if name == "category":
        return {name: text.replace(SHOWN_SEPARATOR, "/").replace("\u203a", "/") or None}
    return {name: text or None}


def instant_text(at: datetime) -> str:
    """Return an instant in the reader's zone, with all digits of the year."""
    return QLocale().toString(reader_time.local(to_ms(at)), _format())


def _format() -> str:
    form = QLocale().dateTimeFormat(QLocale.FormatType.ShortFormat).replace(" t", "")
    return re.sub(r"(?<!y)yy(?!y)", "yyyy", form)


def _instant(text: str, *, ahead: bool) -> datetime | None:
    if not text:
        return None
    zone_id = bytes(reader_time.zone().id().data()).decode()
    zone = ZoneInfo(zone_id or "UTC")
    typed = QLocale().toDateTime(text, _format())
    if typed.isValid():
        day, time = typed.date(), typed.time()
        local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())
        return resolve_local(local, zone)
    read: Callable[[str, TimeContext], Any] = read_due if ahead else read_occurred
    now_ms = QDateTime.currentMSecsSinceEpoch()
    now = datetime.fromtimestamp(now_ms // 1000, UTC)
    found = read(text, TimeContext(now, zone, day_first=_day_first()))
    if found.at is None:
        raise InvalidInputError(found.problem)
    at: datetime = found.at
    return at


def _day_first() -> bool:
    form = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return form.find("d") < form.find("M")


def _people(incident: Incident) -> str:
    if not incident.people_affected:
        return ""
    said = QCoreApplication.translate("FieldValues", "%n people", "", incident.people_affected)
    # Without a catalogue for English one person would be "1 people".
    return "1 person" if said == "1 people" else said


def _levels(name: str, text: str) -> dict[str, Any]:
    word, _, people = text.partition(_PEOPLE.strip())
    folded = fold(word.strip())
    for level in (1, 2, 3):
        if folded in {fold(level_word(level)), str(level)}:
            values: dict[str, Any] = {name: level}
            digits = re.sub(r"\D", "", people)
            if name == "impact" and digits:
                values["people_affected"] = int(digits)
            return values
    if name == "severity" and not folded:
        return {name: None}
    raise InvalidInputError(
        _tr("{0}: write High, Medium or Low.").format(name.capitalize()), field=name
    )


def _channel(text: str) -> Channel:
    for channel in Channel:
        if fold(text) in {str(channel), fold(channel_word(str(channel)))}:
            return channel
    words = ", ".join(channel_word(str(channel)) for channel in Channel)
    raise InvalidInputError(_tr("Channel: write one of {0}.").format(words), field="channel")


def _count(text: str) -> int | None:
    if not text:
        return None
    digits = re.sub(r"[\s.,']", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise InvalidInputError(
            _tr("People affected: write a whole number, like 6."), field="people_affected"
        )
    return int(digits)


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldValues", text)
