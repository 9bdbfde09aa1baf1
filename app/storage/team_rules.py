"""What a team has agreed on, read from the catalogue into the domain's own types.

Cached by the store and read again when a row of the catalogue has changed (`catalogue_version`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.domain.calendar import Calendar
from app.domain.category import Category, parent_path
from app.domain.checklist import Checklist, checklist_state
from app.domain.closure import effective_checklist
from app.domain.closure_code import CODE_TYPES, ClosureCode, ClosureCodes
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import PendingReason
from app.domain.instants import parse_duration
from app.domain.priority import PriorityMatrix
from app.domain.settings import SETTINGS, value_of
from app.domain.sla import target_seconds, target_sentence
from app.domain.target import Target
from app.storage import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

    from app.domain.incident import Named
    from app.domain.incident_record import ChecklistState, Incident

DAY_S = 86_400
ALWAYS = Calendar.around_the_clock()


@dataclass(frozen=True, slots=True)
class ClockTarget:
    """A target worked out: seconds of open time on a calendar, and how people read it."""

    seconds: int | None
    calendar: Calendar
    text: str


NO_TARGET = ClockTarget(None, ALWAYS, "")


@dataclass(frozen=True, slots=True)
class TeamRules:
    """The team's matrix, calendars, targets, lists and settings at one moment."""

    settings: Mapping[str, Any]
    matrix: PriorityMatrix
    calendars: Mapping[str, Calendar]
    targets: Mapping[tuple[str, str], ClockTarget]
    categories: Mapping[str, Category]
    checklists: tuple[Checklist, ...]
    codes: ClosureCodes
    pausing: frozenset[PendingReason]
    reopen_window: timedelta
    warn_percent: int
    default_team: str

    def time_alike(self, other: TeamRules) -> bool:
        """Tell whether every clock comes to the same by these rules and by others."""
        return (self.targets, self.pausing, self.warn_percent) == (
            other.targets, other.pausing, other.warn_percent
        )  # fmt: skip

    def setting(self, key: str) -> Any:
        """Return a team setting, or its default."""
        return value_of(self.settings, key)

    def target(self, priority: str, clock: str) -> ClockTarget:
        """Return the target of a priority; without one its seconds are None."""
        return self.targets.get((priority, clock)) or NO_TARGET

    def calendar(self, name: str) -> Calendar:
        """Return a calendar by name; the usual one when nobody has the name."""
        usual = str(self.setting("sla.default_calendar"))
        return self.calendars.get(fold(name)) or self.calendars.get(fold(usual)) or ALWAYS

    def team_of_category(self, path: str) -> str:
        """Return the team that a category, or the nearest branch above it, names; "" for none."""
        while path:
            known = self.categories.get(fold(path))
            if known is not None and known.team:
                return known.team
            path = parent_path(path)
        return ""

    def team_of_person(self, connection: apsw.Connection, person: Named) -> str:
        """Return the team that a person works in, "" for none."""
        item = catalogue.by_id(connection, person.id)
        return str(item.data.get("team") or "") if item is not None else ""

    def checklist_of(
        self, incident: Incident, ticks: Mapping[str, tuple[bool, str]]
    ) -> tuple[ChecklistState, ...]:
        """Return the closure checklist of an incident with what is done."""
        checklist = effective_checklist(
            category=incident.category.name if incident.category else "",
            major=incident.major,
            categories=self.categories.values(),
            checklists=self.checklists,
        )
        ticked = {item: note or "Ticked by hand" for item, (done, note) in ticks.items() if done}
        return checklist_state(incident, checklist, ticked, codes=self.codes)


def load(connection: apsw.Connection) -> TeamRules:
    """Read the rules; an item that cannot be read is left out rather than stopping the program."""
    settings = catalogue.team_settings(connection)
    calendars = {
        fold(item.name): calendar
        for item in catalogue.every(connection, "calendar")
        if (calendar := _calendar(item)) is not None
    }
    usual = str(value_of(settings, "sla.default_calendar"))
    return TeamRules(
        settings=settings,
        matrix=PriorityMatrix.from_rows(value_of(settings, "matrix.rows")),
        calendars=calendars,
        targets=_targets(connection, calendars, usual),
        categories={
            fold(item.name): Category.from_data(item.name, item.data)
            for item in catalogue.every(connection, "category")
        },
        checklists=tuple(
            Checklist.from_data(item.name, item.data)
            for item in catalogue.every(connection, "checklist")
        ),
        codes=ClosureCodes(_codes(connection)),
        pausing=frozenset(PendingReason(r) for r in value_of(settings, "pending.pausing")),
        reopen_window=timedelta(seconds=parse_duration(value_of(settings, "reopen.window"), DAY_S)),
        warn_percent=int(value_of(settings, "sla.warn_percent")),
        default_team=str(value_of(settings, "team.default"))
        if "team.default" in SETTINGS
        else "Desk",
    )


def _codes(connection: apsw.Connection) -> list[ClosureCode]:
    codes = []
    for kind, code in CODE_TYPES.items():
        for item in catalogue.every(connection, kind):
            with suppress(InvalidInputError):
                codes.append(code.from_data(item.name, item.data))
    return codes


def _calendar(item: catalogue.Item) -> Calendar | None:
    try:
        return Calendar.from_json({**item.data, "name": item.name})
    except InvalidInputError:
        return None


def _targets(
    connection: apsw.Connection, calendars: Mapping[str, Calendar], usual: str
) -> dict[tuple[str, str], ClockTarget]:
    targets = {}
    for item in catalogue.every(connection, "target"):
        try:
            target = Target.from_data(item.name, item.data)
            calendar = calendars.get(fold(target.calendar)) or calendars[fold(usual)]
            seconds = target_seconds(target.target, calendar)
        except (InvalidInputError, KeyError):
            continue
        text = target_sentence(target.target, calendar)
        targets[target.priority, target.clock] = ClockTarget(seconds, calendar, text)
    return targets
