"""Reads what stands after `field=` and in options: codes, levels, instants, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.cli import context
from app.domain.catalogue import coded
from app.domain.errors import InvalidInputError
from app.domain.incident import CancelReason, Channel, PendingReason, Status
from app.domain.instants import parse_instant
from app.domain.lifecycle import CODE_FIELDS, Given
from app.domain.priority import parse_level, parse_priority
from app.services import problems, setting_fields
from app.services.setting_fields import Wanted
from app.storage.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.domain.incident import EntityId

_YES, _NO = frozenset({"yes", "true", "1", "on"}), frozenset({"no", "false", "0", "off", ""})
_MOST = {"satisfaction": (1, 5), "people_affected": (0, 10**9)}


def code(kind: Any, text: str, field: str) -> Any:
    """Read a code in any case, or the words of domain.md; raises InvalidInputError."""
    wanted = coded(text.strip())
    for one in kind:  # "E-mail" is email: people write such words with and without a hyphen
        if one == wanted or one.replace("_", "") == wanted.replace("_", ""):
            return one
    allowed = ", ".join(kind)
    raise InvalidInputError(
        f'There is no {field.replace("_", " ")} "{text}". Use one of: {allowed}.', field=field
    )


def closure_code(kind: str, text: str) -> str:
    """Read an outcome, fix type or cause class of the team; raises InvalidInputError."""
    return context().desk.rules.codes.read(kind, text)


def instant(text: str, field: str = "") -> datetime:
    """Read an instant with offset, or local in the zone of `--zone` or the workstation."""
    return parse_instant(text, ZoneInfo(context().desk.store.zone), field=field)


def follow_up(text: str) -> datetime:
    """Read a follow-up date; without one, a working day from now in the usual calendar."""
    if text:
        return instant(text, "until")
    desk = context().desk
    calendar = desk.rules.calendar("")
    return calendar.add_open_time(desk.now(), calendar.working_day_s)


def wanted(uid: EntityId, assignments: Iterable[str], reason: str) -> Wanted:
    """Read `field=value` words; raises InvalidInputError, naming the word that cannot be read."""
    texts: dict[str, str] = {}
    for one in assignments:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise InvalidInputError(f'"{one}" is not field=value. Write it like impact=2.')
        if name in texts:
            raise InvalidInputError(f'"{name}" is given twice. Give it one value.', field=name)
        texts[name] = value
    found = Wanted()
    if "tags" in texts:
        found.tags = [tag for tag in texts.pop("tags").split(",") if tag.strip()]
    if "status" in texts:
        found.status = code(Status, texts.pop("status"), "status")
        found.given = _given(found.status, texts, reason)
    for name, text in texts.items():
        key, value = _value(uid, name, text)
        found.values[key] = value
    return found


def _given(status: Status, texts: dict[str, str], reason: str) -> Given:
    """Take out of the line what a move needs and no edit sets; `--reason` may be its code."""
    if status is Status.PENDING:
        why = texts.pop("pending_reason", reason)
        until = follow_up(texts.pop("follow_up_at", ""))
        return Given(
            pending_reason=code(PendingReason, why, "pending reason") if why else None,
            follow_up_at=until,
        )
    if status is Status.CANCELLED and reason:
        return Given(cancel_reason=code(CancelReason, reason, "cancel reason"))
    return Given()


def _value(uid: EntityId, name: str, text: str) -> tuple[str, Any]:
    desk = context().desk
    place = FIELDS.get(name)
    if name.startswith("custom."):
        return setting_fields.custom_value(desk, uid, name.removeprefix("custom."), text)
    if place is None and setting_fields.custom_field(desk, name) is not None:
        return setting_fields.custom_value(desk, uid, name, text)
    if name == "problem":
        return "problem_id", problems.find(desk, text).id.hex() if text.strip() else None
    if name == "problem_id":
        raise InvalidInputError('"problem_id" is not a field that can be set.', field=name)
    if name in CODE_FIELDS:
        return name, closure_code(name, text) if text.strip() else None
    if name == "channel":
        return name, code(Channel, text, name)
    if name in {"impact", "urgency", "severity"}:
        empty = not text.strip() and name == "severity"
        return name, None if empty else parse_level(text, name)
    if name == "priority":
        return name, parse_priority(text) if text.strip() else ""
    kind = place.kind if place is not None else ""
    if kind == "instant":
        return name, instant(text, name) if text.strip() else None
    if kind == "flag":
        return name, _flag(name, text)
    if kind == "integer":
        return name, _number(name, text) if text.strip() else None
    return name, text


def _flag(name: str, text: str) -> bool:
    word = coded(text.strip())
    if word not in _YES | _NO:
        raise InvalidInputError(f'{name} is yes or no, not "{text}".', field=name)
    return word in _YES


def _number(name: str, text: str) -> int:
    low, high = _MOST.get(name, (0, 2**53))
    word = text.strip()
    if not (word.isascii() and word.isdigit() and low <= int(word) <= high):
        raise InvalidInputError(
            f'{name} must be a whole number from {low} to {high:,}, not "{text}".', field=name
        )
    return int(word)
