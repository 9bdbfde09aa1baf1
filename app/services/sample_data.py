"""The sample data as steps that the services can carry out: 120 incidents, 3 problems, 12 articles.

The files in `resources/sample` say what happened how long ago; here that becomes instants before
a given "now", in the order in which they happened. Nothing is written here. Incidents are named by
handles, as their numbers are not known before they are logged.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from app.domain.incident import CancelReason, CauseClass, Channel, FixType, Outcome, PendingReason
from app.domain.incident_record import IncidentDraft
from app.domain.instants import zone_named
from app.domain.people import Person
from app.intake.configuration_file import read_configuration_text
from app.system.assets import asset_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from app.domain.configuration import Configuration

SAMPLE_PERSON: Final = "Ana Ruiz"
"""Who looks at the sample data: the queue of the pictures is hers."""

INCIDENT_FILES: Final = (
    "incidents_closed_earlier.toml",
    "incidents_closed_lately.toml",
    "incidents_other_teams.toml",
    "incidents_desk_queue.toml",
)

_SATURDAY: Final = 5


class SampleAction(StrEnum):
    """What a step does, with the keys of its `args`.

    Each is one call of a service. Instants in `args` are aware UTC datetimes, codes their enums.
    """

    LOG = "log"
    """draft: IncidentDraft"""
    ASSIGN = "assign"
    """assignee: name of a person"""
    STATUS = "status"
    """status: "in_progress" (work is taken up)"""
    NOTE = "note"
    """text"""
    REPLY = "reply"
    """text (to the requester)"""
    SET = "set"
    """fields: field of Incident -> value; reason: text or "" """
    MAJOR = "major"
    """manager: name of the incident manager"""
    PENDING = "pending"
    """reason: PendingReason; follow_up_at; text"""
    RESUME = "resume"
    """text"""
    ATTACH = "attach"
    """name: file name; text: its content"""
    TAG = "tag"
    """tags: tuple of texts"""
    CHECK = "check"
    """item: text of the checklist item that is ticked by hand"""
    TOLD = "told"
    """who; how"""
    TIME = "time"
    """seconds"""
    LINK = "link"
    """other: handle of an incident that was logged before"""
    MERGE = "merge"
    """into: handle of the survivor"""
    FOLLOW_UP = "follow_up"
    """action; owner; due_at"""
    VERIFY = "verify"
    """who; how (the requester confirms)"""
    RESOLVE = "resolve"
    """outcome: Outcome; fix_type: FixType; cause_class: CauseClass; resolution: text;
    fields: further fields of Incident -> value"""
    REOPEN = "reopen"
    """reason"""
    CANCEL = "cancel"
    """reason: CancelReason; text"""
    CLOSE = "close"
    """nothing"""


@dataclass(frozen=True, slots=True)
class SampleStep:
    """One thing that `author` (a person's name) did to one incident at an instant in UTC."""

    handle: str
    at: datetime
    author: str
    action: SampleAction
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleProblem:
    """A problem with the handles of its incidents; `article` is the handle of its article or ""."""

    handle: str
    title: str
    status: str
    owner: str
    opened_at: datetime
    text: str
    cause: str
    workaround: str
    category: str
    ci: str
    article: str
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """A knowledge article in Markdown; `worked` and `did_not` count those who tried it."""

    handle: str
    title: str
    category: str
    author: str
    written_at: datetime
    text: str
    worked: int
    did_not: int
    incidents: tuple[str, ...]


def sample_configuration() -> Configuration:
    """Return what the sample team has on top of the default configuration, to be merged into it."""
    return read_configuration_text(_text("configuration.toml"), "configuration.toml")


def sample_steps(now: datetime, zone: str = "UTC") -> Iterator[SampleStep]:
    """Yield every step in the order of time, the last of them at or before `now`.

    `zone` is the workstation's IANA zone: in it older incidents fall into office hours. Group sizes
    of the queue follow from round-the-clock targets, so they hold at any hour, but for what is due
    today: late in the evening that is due tomorrow.
    """
    now = now.astimezone(UTC)
    reader = _Reader(now, zone_named(zone), _authors())
    steps = [
        step
        for name in INCIDENT_FILES
        for entry in _tables(name)["incident"]
        for step in reader.steps(entry)
    ]
    yield from sorted(steps, key=lambda step: step.at)


def sample_problems(now: datetime) -> tuple[SampleProblem, ...]:
    """Return the three problems."""
    return tuple(
        SampleProblem(
            opened_at=_before(now, entry.pop("ago")),
            incidents=tuple(entry.pop("incidents")),
            **entry,
        )
        for entry in _tables("problems.toml")["problem"]
    )


def sample_articles(now: datetime) -> tuple[SampleArticle, ...]:
    """Return the twelve knowledge articles."""
    return tuple(
        SampleArticle(
            written_at=_before(now, entry.pop("ago")),
            incidents=tuple(entry.pop("incidents")),
            text=entry.pop("text").strip() + "\n",
            **entry,
        )
        for entry in _tables("articles.toml")["article"]
    )


def _text(name: str) -> str:
    return asset_path("sample", name).read_text(encoding="utf-8")


def _tables(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(name))


def _before(now: datetime, minutes: int) -> datetime:
    return now.astimezone(UTC) - timedelta(minutes=minutes)


def _authors() -> dict[str, str]:
    """Return the names of those who work on incidents by their initials."""
    people = sample_configuration().of(Person)
    return {person.initials: person.name for person in people if person.department == "IT"}


class _Reader:
    """Turn the entries of the sample files into steps before one "now"."""

    def __init__(self, now: datetime, zone: ZoneInfo, authors: Mapping[str, str]) -> None:
        self._now = now
        self._zone = zone
        self._authors = authors

    def steps(self, entry: dict[str, Any]) -> Iterator[SampleStep]:
        """Yield the steps of one incident in their order."""
        handle = entry["handle"]
        start = self._registered_at(entry)
        author = self._authors[entry["by"]]
        draft = _draft(entry, start)
        yield SampleStep(handle, start, author, SampleAction.LOG, {"draft": draft})
        told = [*entry.get("steps", ()), *_ending(entry), *entry.get("review", ())]
        if "people" in entry:
            told.append([1, entry["by"], "set", {"people_affected": entry["people"]}])
        for after, who, action, *rest in sorted(told, key=lambda step: step[0]):
            at = start + timedelta(minutes=after)
            name = self._authors[who]
            for kind, args in _arguments(action, rest[0] if rest else name, start):
                yield SampleStep(handle, at, name, kind, args)

    def _registered_at(self, entry: Mapping[str, Any]) -> datetime:
        if "ago" in entry:
            return self._now - timedelta(minutes=entry["ago"])
        day = self._now.astimezone(self._zone).date() - timedelta(days=entry["day"])
        # People are not at their desks then; what is critical or comes from a probe may well be.
        if entry["p"] != "11" and entry["via"] != "monitoring":
            day -= timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
        hour, minute = map(int, entry["at"].split(":"))
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone)
        return local.astimezone(UTC)


def _draft(entry: Mapping[str, Any], start: datetime) -> IncidentDraft:
    impact, urgency = map(int, entry["p"])
    return IncidentDraft(
        title=entry["title"],
        description=entry.get("text", ""),
        requester=entry.get("who", ""),
        team=entry.get("team", ""),
        category=entry["cat"],
        service=entry.get("svc", ""),
        ci=entry.get("ci", ""),
        location=entry.get("loc", ""),
        channel=Channel(entry["via"]),
        impact=impact,
        urgency=urgency,
        severity=entry.get("severity"),
        tags=tuple(entry.get("tags", ())),
        occurred_at=_offset(start, entry.get("occurred")),
        detected_at=_offset(start, entry.get("detected")),
        reported_at=start,
        make_unknown=False,
    )


def _offset(start: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else start + timedelta(minutes=minutes)


def _ending(entry: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Spell out `end`: taken up by one person, resolved with codes, confirmed and closed."""
    end = entry.get("end")
    if end is None:
        return
    by = end["by"]
    if "start" in end:
        yield [end["start"], by, "assign"]
        yield [end["start"] + 1, by, "status", "in_progress"]
    yield [end["resolve"], by, "time", end.get("time", 0)]
    fields = {
        "root_cause": end.get("root", ""),
        "contributing_factors": end.get("contributing", ""),
        "detection": end.get("detection", ""),
        "workaround": end.get("workaround", ""),
    }
    codes = {
        "outcome": end["outcome"],
        "fix_type": end["fix"],
        "cause_class": end["cause"],
        "resolution": end["note"],
    }
    filled = {name: value for name, value in fields.items() if value}
    yield [end["resolve"], by, "resolve", codes | filled]
    if "close" in end:
        confirmed = {"who": end.get("verified") or entry["who"], "how": end.get("how", "phone")}
        yield [max(end["resolve"], end["close"] - 2), by, "verify", confirmed]
        yield [end["close"], by, "close"]


def _arguments(
    name: str, given: Any, start: datetime
) -> Iterator[tuple[SampleAction, dict[str, Any]]]:
    """Yield the action and its arguments; minutes after registering become instants."""
    action = SampleAction(name)
    if isinstance(given, dict):
        given = {
            key: _offset(start, value) if key.endswith("_at") else value
            for key, value in given.items()
        }
    match action:
        case SampleAction.NOTE | SampleAction.REPLY | SampleAction.RESUME:
            yield action, {"text": given}
        case SampleAction.TIME:
            if given:
                yield action, {"seconds": given * 60}
        case SampleAction.TAG:
            yield action, {"tags": tuple(given)}
        case SampleAction.PENDING:
            yield action, given | {"reason": PendingReason(given["reason"])}
        case SampleAction.CANCEL:
            yield action, given | {"reason": CancelReason(given["reason"])}
        case SampleAction.ATTACH:
            yield action, {"name": given["name"], "text": "\n".join(given["lines"]) + "\n"}
        case SampleAction.RESOLVE:
            yield action, _resolution(given)
        case SampleAction.SET:
            yield from _changes(given)
        case SampleAction.CLOSE:
            yield action, {}
        case _ if action in _SINGLE_ARGUMENTS:
            yield action, {_SINGLE_ARGUMENTS[action]: given}
        case _:
            yield action, given


_SINGLE_ARGUMENTS: Final = {
    SampleAction.ASSIGN: "assignee",
    SampleAction.STATUS: "status",
    SampleAction.CHECK: "item",
    SampleAction.LINK: "other",
    SampleAction.MERGE: "into",
    SampleAction.REOPEN: "reason",
}


def _resolution(given: dict[str, Any]) -> dict[str, Any]:
    codes = {
        "outcome": Outcome(given.pop("outcome")),
        "fix_type": FixType(given.pop("fix_type")),
        "cause_class": CauseClass(given.pop("cause_class")),
        "resolution": given.pop("resolution"),
    }
    return codes | {"fields": given}


def _changes(given: dict[str, Any]) -> Iterator[tuple[SampleAction, dict[str, Any]]]:
    """Yield a change of fields; declaring a major incident is an action of its own."""
    reason = given.pop("reason", "")
    if given.pop("major", False):
        yield SampleAction.MAJOR, {"manager": given.pop("incident_manager", SAMPLE_PERSON)}
    if given:
        yield SampleAction.SET, {"fields": given, "reason": reason}
