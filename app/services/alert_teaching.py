"""Teaches a format by an example: what was received, what a format makes of it, and keeps it.

What an alert would do is found out by taking it in a transaction that is taken back, so it never
differs from what happens. Runs on the store thread.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import InvalidInputError, KnownError, NotFoundError
from app.domain.priority import priority_label
from app.domain.taught_format import (
    EACH,
    TaughtFormat,
    code_of,
    read_format,
    steps_of,
    write_format,
)
from app.intake.alert import AlertState
from app.intake.alert_formats import FORMATS, read_payload, tool_of
from app.intake.alert_formats.payload import text, within
from app.intake.strict_json import read_strictly
from app.services import alert_intake, alert_reading, configuration
from app.storage import alert_rows, incident_reader, received_rows

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.changes import ChangeSet
    from app.intake.alert import Alert
    from app.services.alert_intake import Taken
    from app.services.desk import Desk

_MOST_FORMATS = 200
_MOST_HELD = 200
_MOST_TOLD = 5


class Example(NamedTuple):
    """A payload that was received: held (`payload_id`), or the last one of a tool (`source`)."""

    at: int
    origin: str
    source: str = ""
    payload_id: int = 0


class Opened(NamedTuple):
    """An example as a value, and the format of a known tool that takes it; "" for none."""

    document: Any
    known: str = ""
    known_label: str = ""


def examples(desk: Desk) -> list[Example]:
    """Return what a format can be taught with: held payloads, then the last one of each tool."""
    held = [
        Example(one.at, one.source, payload_id=one.id)
        for one in alert_rows.payloads(desk.connection, _MOST_HELD)
    ]
    seen = [Example(one.at, one.origin, one.source) for one in received_rows.every(desk.connection)]
    return held + seen


def body_of(desk: Desk, example: Example) -> bytes:
    """Return the bytes of an example; raises NotFoundError when it is gone."""
    if example.payload_id:
        found = alert_rows.payload(desk.connection, example.payload_id)
        if found is not None:
            return found.body
    for one in received_rows.every(desk.connection):
        if (one.source, one.origin) == (example.source, example.origin):
            return one.body
    raise NotFoundError("This payload is not kept any more. Choose another example.")


def opened(body: bytes) -> Opened:
    """Return a payload as a value; raises InvalidInputError for what is no JSON to be believed."""
    document = read_strictly(body)
    known = tool_of(document)
    return Opened(document) if known is None else Opened(document, known.name, known.label)


def formats(desk: Desk) -> dict[str, TaughtFormat | str]:
    """Return each format by name, or the sentence why it cannot be read."""
    found: dict[str, TaughtFormat | str] = {}
    for name, said in configuration.get_setting(desk, alert_reading.FORMATS).items():
        try:
            found[name] = read_format(name, said)
        except InvalidInputError as error:
            found[name] = error.message
    return found


def save(desk: Desk, taught: TaughtFormat, *, replaces: str = "") -> ChangeSet:
    """Keep a format under its name, in the place of the one called `replaces`.

    Raises:
        InvalidInputError: it has no title, or its name cannot be or is taken.
    """
    taught = replace(taught, name=" ".join(taught.name.split()))
    said = write_format(taught)
    if taught.code in {one.name for one in FORMATS}:
        raise InvalidInputError(
            f"{taught.name} is a format of this program. Choose another name.", field="name"
        )
    kept = dict(configuration.get_setting(desk, alert_reading.FORMATS))
    kept.pop(replaces, None)
    if taught.code in {code_of(name) for name in kept}:
        raise InvalidInputError(
            f'There is a format "{taught.name}" already. Choose another name, or change that one.',
            field="name",
        )
    if len(kept) >= _MOST_FORMATS:
        raise InvalidInputError(
            f"A team keeps {_MOST_FORMATS} formats. Remove one that is not used."
        )
    kept[taught.name] = said
    return configuration.set_setting(desk, alert_reading.FORMATS, kept)


def remove(desk: Desk, name: str) -> ChangeSet:
    """Forget a format; one that is gone already is no error."""
    kept = dict(configuration.get_setting(desk, alert_reading.FORMATS))
    kept.pop(name, None)
    return configuration.set_setting(desk, alert_reading.FORMATS, kept)


def foresee(desk: Desk, body: bytes, taught: TaughtFormat) -> list[str]:
    """Say what the alerts of a payload would do if it came now; nothing of it is kept.

    Raises:
        InvalidInputError: the format makes no alert of it.
        StoreError: this profile cannot be written now.
    """
    alerts = read_payload(body, name=taught.code, taught=[taught])
    told: list[str] = []
    with desk.store.trying():
        for alert in alerts[:_MOST_TOLD]:
            told += _told(desk, alert, taught)
    if len(alerts) > _MOST_TOLD:
        told.append(f"{len(alerts) - _MOST_TOLD:,} more alerts are taken in the same way.")
    return told


def _told(desk: Desk, alert: Alert, taught: TaughtFormat) -> list[str]:
    at = desk.now()
    lines = [_now(desk, alert, at)]
    firing = replace(alert, state=AlertState.FIRING)
    again = _take(desk, firing, at + timedelta(seconds=1))
    if alert.state is AlertState.FIRING:
        lines.append(f"The same again {_does(again)}.")
    if "state" not in taught.places:
        lines.append("Nothing says when all is well, so its incident is resolved by hand. Point "
                     "at the state to have that done.")  # fmt: skip
    else:
        well = _take(desk, replace(alert, state=AlertState.RESOLVED), at + timedelta(seconds=2))
        lines.append(f"When it is well again it {_does(well)}.")
    if "id" not in taught.places:
        lines.append("It is known by its title and host. Point at a fingerprint when the title "
                     "changes as it recovers.")  # fmt: skip
    return lines


def _now(desk: Desk, alert: Alert, at: datetime) -> str:
    taken = _take(desk, alert, at)
    if taken.action != "opened":
        said = "says that all is well and " if alert.state is AlertState.RESOLVED else ""
        return f'"{alert.title}" {said}{_does(taken)}.'
    row = alert_rows.find(desk.connection, alert.key)
    assert row is not None
    assert row.uid is not None
    incident = incident_reader.read(desk.connection, row.uid, story=False)
    where = [one.name for one in (incident.team, incident.category) if one is not None]
    return (
        f'Opens the incident "{incident.title}": {priority_label(incident.priority)}'
        f"{'; ' + ', '.join(where) if where else ''}."
    )


def _take(desk: Desk, alert: Alert, at: datetime) -> Taken:
    try:
        return alert_intake.take(desk, [alert], at=at)[0]
    except KnownError as error:
        raise InvalidInputError(error.message) from error


def _does(taken: Taken) -> str:
    """Say what became of an alert, as the end of a sentence."""
    reason = taken.reason.rstrip(".")
    said = {
        "opened": "opens an incident",
        "joined": "joins its incident",
        "closed": "resolves its incident",
        "quarantined": "is held",
    }.get(taken.action, "opens nothing")
    return f"{said} ({reason})" if reason else said


def entries_around(document: Any, steps: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the steps to the outermost list of objects that a value lies in; None for none."""
    for depth, step in enumerate(steps):
        holder = within(document, *steps[:depth])
        if isinstance(holder, list) and step.isdecimal():
            entry = within(document, *steps[: depth + 1])
            if isinstance(entry, dict):
                return steps[:depth]
    return None


def value_at(document: Any, place: str) -> str:
    """Return the text at a place, that of the first entry where a step means each."""
    steps = steps_of(place)
    for depth, step in enumerate(steps):
        holder = within(document, *steps[:depth])
        if step == EACH and isinstance(holder, list):
            steps = (*steps[:depth], "0", *steps[depth + 1 :])
    return " ".join(text(within(document, *steps)).split())
