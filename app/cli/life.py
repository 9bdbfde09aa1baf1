"""Commands for the life of an incident: log, note, attach, move, merge, undo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from typer import Argument, Option

from app.cli import application, context
from app.domain import quick_log
from app.domain.catalogue import coded
from app.domain.errors import InvalidInputError
from app.domain.incident import (
    CancelReason,
    CauseClass,
    FixType,
    Outcome,
    PendingReason,
    Status,
)
from app.domain.instants import parse_instant
from app.domain.lifecycle import Given
from app.domain.priority import parse_level, parse_priority
from app.services import (
    browsing,
    evidence,
    incidents,
    logging_incidents,
    moves,
    raising,
    stakeholders,
    undoing,
)
from app.services.naming import CatalogueNames
from app.storage.fields import FIELDS

Number = Annotated[str, Argument(help="The incident's number, with or without INC-.")]
Reason = Annotated[str, Option(help="Why.")]


def code(kind: Any, text: str, field: str) -> Any:
    """Read a code in any case, or the words of domain.md; raises InvalidInputError."""
    try:
        return kind(coded(text))
    except ValueError:
        allowed = ", ".join(kind)
        raise InvalidInputError(
            f'There is no {field.replace("_", " ")} "{text}". Use one of: {allowed}.', field=field
        ) from None


def instant(text: str, field: str = "") -> datetime:
    """Read an instant with offset, or local in the zone of `--zone` or the workstation."""
    return parse_instant(text, ZoneInfo(context().desk.store.zone), field=field)


def _id(number: str) -> Any:
    return browsing.find(context().desk, number)


@application.command()
def log(text: Annotated[str, Argument(help="The quick-log line.")]) -> None:
    """Log an incident from a quick-log line and print its number."""
    desk = context().desk
    line = quick_log.parse(
        text,
        now=desk.now(),
        zone=ZoneInfo(desk.store.zone),
        names=CatalogueNames(desk),
        matrix=desk.rules.matrix,
        me=desk.person.name,
    )
    if not line.summary:
        raise InvalidInputError(line.problem, field="title")
    context().say_incident(logging_incidents.log(desk, line.to_draft()).number)


@application.command()
def note(number: Number, text: str) -> None:
    """Add a work note."""
    incidents.add_note(context().desk, [_id(number)], text)
    context().say_incident(number)


@application.command()
def attach(number: Number, files: list[Path]) -> None:
    """Attach files as evidence."""
    evidence.attach(context().desk, _id(number), files)
    context().say_incident(number)


@application.command(name="set")
def set_fields(number: Number, assignments: list[str], reason: Reason = "") -> None:
    """Edit fields: field=value; status= follows the transitions."""
    desk, uid = context().desk, _id(number)
    values: dict[str, Any] = {}
    status = ""
    for one in assignments:
        name, equals, value = one.partition("=")
        if not equals:
            raise InvalidInputError(f'"{one}" is not field=value. Write it like impact=2.')
        if name == "status":
            status = value
        elif name == "tags":
            tags = [tag for tag in value.split(",") if tag.strip()]
            have = browsing.incident(desk, uid).tags
            incidents.tag(desk, [uid], add=tags, remove=[t for t in have if t not in tags])
        else:
            values[name] = _value(name, value)
    if values:
        incidents.edit(desk, [uid], values, reason=reason)
    if status:
        _move(number, code(Status, status, "status"), reason)
    context().say_incident(number)


def _value(name: str, text: str) -> Any:
    kinds = {"outcome": Outcome, "fix_type": FixType, "cause_class": CauseClass}
    place = FIELDS.get(name)
    if name in kinds:
        return code(kinds[name], text, name) if text else None
    if name in {"impact", "urgency", "severity"}:
        return parse_level(text, name)
    if name == "priority":
        return parse_priority(text)
    if place is not None and place.kind == "instant":
        return instant(text, name) if text else None
    if place is not None and place.kind == "flag":
        return text.strip().lower() in {"yes", "true", "1", "on"}
    if place is not None and place.kind == "integer":
        if not text.strip().lstrip("-").isdigit():
            raise InvalidInputError(f'{name} must be a whole number, not "{text}".', field=name)
        return int(text)
    return text


def _move(number: str, target: Status, reason: str) -> None:
    desk, uid = context().desk, _id(number)
    found = browsing.incident(desk, uid)
    if target is Status.IN_PROGRESS and found.status in {Status.RESOLVED, Status.CLOSED}:
        moves.reopen(desk, [uid], reason)
    elif target is Status.IN_PROGRESS and found.status is Status.PENDING:
        moves.resume(desk, [uid])
    elif target is Status.IN_PROGRESS:
        moves.start(desk, [uid])
    elif target is Status.CLOSED:
        moves.close(desk, [uid])
    elif target is Status.RESOLVED:
        moves.resolve(desk, [uid], Given())
    else:
        moves.change_status(desk, [uid], target, Given(reason=reason))


@application.command()
def pending(number: Number, reason: Reason, until: str = "", text: str = "") -> None:
    """Wait for the caller, a vendor, a change, a problem or a date."""
    desk = context().desk
    if until:
        follow_up = instant(until, "until")
    else:
        calendar = desk.rules.calendar("")
        follow_up = calendar.add_open_time(desk.now(), calendar.working_day_s)
    why = code(PendingReason, reason, "reason")
    moves.pend(desk, [_id(number)], why, follow_up, text=text)
    context().say_incident(number)


@application.command()
def resume(number: Number) -> None:
    """Go on with a pending incident."""
    moves.resume(context().desk, [_id(number)])
    context().say_incident(number)


@application.command()
def resolve(
    number: Number,
    outcome: Annotated[str, Option()],
    fix_type: Annotated[str, Option()],
    cause_class: Annotated[str, Option()],
    notes: Annotated[str, Option()],
    workaround: Annotated[bool, Option("--workaround")] = False,
    verified_by: Annotated[str, Option(help="Who confirmed it.")] = "",
    verified_how: Annotated[str, Option(help="How: phone, mail, in person.")] = "phone",
) -> None:
    """Resolve with outcome, fix type, cause class and notes."""
    desk, uid = context().desk, _id(number)
    given = Given(
        outcome=code(Outcome, outcome, "outcome"),
        fix_type=code(FixType, fix_type, "fix_type"),
        cause_class=code(CauseClass, cause_class, "cause_class"),
        resolution=notes,
    )
    moves.resolve(desk, [uid], given, extra={"workaround": notes} if workaround else None)
    if verified_by:
        stakeholders.verify_with_requester(desk, uid, verified_by, verified_how)
    context().say_incident(number)


@application.command()
def close(number: Number) -> None:
    """Close a resolved incident whose required checks are done."""
    moves.close(context().desk, [_id(number)])
    context().say_incident(number)


@application.command()
def reopen(number: Number, reason: Reason) -> None:
    """Take a resolved or recently closed incident back to work."""
    moves.reopen(context().desk, [_id(number)], reason)
    context().say_incident(number)


@application.command()
def cancel(number: Number, reason: Reason, text: str = "") -> None:
    """Cancel: duplicate, unnecessary or not an incident."""
    moves.cancel(context().desk, [_id(number)], code(CancelReason, reason, "reason"), text=text)
    context().say_incident(number)


@application.command()
def merge(number: Number, into: Annotated[str, Option(help="The survivor's number.")]) -> None:
    """Merge a duplicate into another incident."""
    desk = context().desk
    found = browsing.incident(desk, number).number
    raising.merge(desk, [_id(number)], _id(into))
    context().say_incident(found)


@application.command()
def undo(
    number: Annotated[str, Argument(help="An incident; without one, your last action.")] = "",
) -> None:
    """Take back the last action, as a new fact."""
    desk = context().desk
    result = undoing.undo(desk, incident=_id(number) if number else None)
    if number or len(result.numbers) == 1:
        uid = _id(number) if number else result.ids["incident"][0]
        context().say_incident(browsing.incident(desk, uid))
    else:
        context().say({"undone": result.title, "numbers": list(result.numbers)}, result.title)


@application.command()
def confirm(
    number: Number,
    by: Annotated[str, Option(help="Who confirmed.")],
    how: Annotated[str, Option(help="How: phone, mail, in person.")] = "phone",
) -> None:
    """Record that the requester confirmed the resolution."""
    stakeholders.verify_with_requester(context().desk, _id(number), by, how)
    context().say_incident(number)
