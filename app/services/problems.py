"""What people do with problems: open, describe and link them (`problem_moves`: the rest).

Each function is one action with one undo. A problem is a catalogue item, so it is known to all
stations; an incident names its problem in a field of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain import problem as rules
from app.domain.catalogue import checked_name, did_you_mean
from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.folding import fold
from app.domain.incident import EntityId
from app.domain.problem import KIND, Problem, ProblemStatus
from app.services import incidents, patterns
from app.services.values import clean_text
from app.storage import catalogue, incident_reader, problem_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from app.domain.incident_record import Incident
    from app.domain.problem import Affected
    from app.services.desk import Desk
    from app.services.patterns import Recurring
    from app.storage.journal import Action


_CAUSES: Final = frozenset({"signature", "ci", "category", "service"})
"""What a pattern of these has in common may be what broke."""


class Listed(NamedTuple):
    """A problem with how many incidents it affects, and how many of them are open."""

    problem: Problem
    incidents: int
    still_open: int


class Details(NamedTuple):
    """A problem whole: with its incidents, and what it would do to them."""

    problem: Problem
    incidents: tuple[Affected, ...]
    to_apply: tuple[EntityId, ...]
    """Open incidents that do not have the workaround yet."""
    recurring: Recurring | None
    """Its pattern as it is now, where it still recurs."""


# --- looking --------------------------------------------------------------------------------------


def every(desk: Desk) -> list[Listed]:
    """Return all problems: the open ones first, each by how many open incidents it has."""
    counts = problem_rows.counts_by_problem(desk.connection)
    found = [
        Listed(_read(item), *counts.get(item.id, (0, 0)))
        for item in catalogue.every(desk.connection, KIND)
    ]
    return sorted(
        found,
        key=lambda one: (
            not one.problem.is_open,
            -one.still_open,
            -one.incidents,
            fold(one.problem.name),
        ),
    )


def find(desk: Desk, name: str) -> Problem:
    """Return the problem of this name, case and accents aside.

    Raises:
        NotFoundError: there is none; the sentence offers the nearest.
    """
    found = catalogue.find(desk.connection, KIND, name)
    if found is None:
        known = [item.name for item in catalogue.every(desk.connection, KIND)]
        raise NotFoundError(f'There is no problem "{name}".{did_you_mean(name, known)}')
    return _read(found)


def details(desk: Desk, uid: EntityId, *, with_pattern: bool = True) -> Details:
    """Return a problem with what it affects.

    Raises:
        NotFoundError: it was removed.
    """
    problem = read_problem(desk, uid)
    affected = problem_rows.incidents_of_problem(desk.connection, uid)
    recurs = None
    if problem.pattern and with_pattern:
        key = fold(problem.pattern)
        recurs = next(
            (one for one in patterns.recurring(desk) if fold(str(one.pattern.group)) == key), None
        )
    waiting = without_workaround(desk, problem, affected)
    return Details(problem, tuple(affected), tuple(waiting), recurs)


class Flagged(NamedTuple):
    """A pattern that is more than chance, and the problem that was opened from it, "" for none."""

    recurring: Recurring
    problem: str


def flagged(desk: Desk, at: datetime | None = None) -> list[Flagged]:
    """Return every pattern that is more than chance, the least likely first, dismissed ones too.

    Groups of when and who tell little of a cause, so those of what broke stand before them.
    """
    taken = {}
    for item in catalogue.every(desk.connection, KIND):
        problem = _read(item)
        taken[fold(problem.pattern)] = problem.name
    found = [
        Flagged(one, taken.get(fold(str(one.pattern.group)), ""))
        for one in patterns.recurring(desk, at)
        if one.pattern.is_flagged
    ]
    return sorted(found, key=lambda one: one.recurring.pattern.group.kind not in _CAUSES)


def likeliest(desk: Desk, at: datetime | None = None) -> Recurring | None:
    """Return the pattern that most likely has one cause: flagged, not dismissed, no problem yet."""
    new = (
        one.recurring
        for one in flagged(desk, at)
        if not one.recurring.is_dismissed and not one.problem
    )
    return next(new, None)


# --- opening and describing -----------------------------------------------------------------------


def open_problem(
    desk: Desk,
    name: str,
    values: Mapping[str, str] | None = None,
    *,
    incidents: Sequence[EntityId] = (),
    pattern: str = "",
) -> ChangeSet:
    """Open a problem by hand or from incidents, which it affects from now on.

    Args:
        desk: who opens it, where.
        name: what it is called; no other problem may have the name.
        values: any of `problem.FIELDS`; the owner is the person who acts when not given.
        incidents: those that it causes.
        pattern: the key of the group that it was opened from.

    Raises:
        InvalidInputError: the name is empty or taken, or a field is unknown.
    """
    name = checked_name("Problem", clean_text(name))
    given = checked(values or {})
    if catalogue.find(desk.connection, KIND, name) is not None:
        raise InvalidInputError(
            f'There is a problem "{name}" already. Link the incidents to it, or give this one '
            "another name.",
            field="name",
            code="name_taken",
        )
    status = ProblemStatus.KNOWN_ERROR if given.get("workaround") else ProblemStatus.LOGGED
    title = f"Open problem {name}"
    with desk.write(title) as action:
        data: dict[str, Any] = {
            "status": str(status),
            "opened_ms": action.now_ms,
            "owner": desk.person.name,
            **given,
        }
        if pattern:
            data["pattern"] = pattern
        uid = catalogue.create(action, KIND, name, data)
        for each in incidents:
            action.set("incident", each, "problem_id", uid.hex())
    return changes_of(action, title, uid, incidents)


def open_from_pattern(
    desk: Desk, group: str, at: datetime | None = None, name: str = ""
) -> ChangeSet:
    """Open a problem from a recurring group, with all its incidents.

    Raises:
        NotFoundError: no such group recurs.
        InvalidInputError: the name is taken.
    """
    found = patterns.find(desk, group, at)
    key = str(found.pattern.group)
    kind, _, what = key.partition(":")
    text = f"{found.pattern.arithmetic()}: {', '.join(found.numbers)}"
    values = {"text": text}
    if kind in ("category", "ci"):
        values[kind] = what
    ids = [EntityId(one.id) for one in found.pattern.incidents]
    return open_problem(desk, name or f"Recurring: {what}", values, incidents=ids, pattern=key)


def open_from_incident(desk: Desk, uid: EntityId, name: str = "") -> ChangeSet:
    """Open a problem from one incident: its summary, cause and workaround are taken over.

    Raises:
        InvalidInputError: the name is taken.
    """
    incident = incident_reader.read(desk.connection, uid, story=False)
    values = {
        "text": incident.description,
        "cause": incident.root_cause,
        "workaround": incident.workaround,
        "category": incident.category.name if incident.category else "",
        "ci": incident.ci.name if incident.ci else "",
    }
    given = {key: value for key, value in values.items() if value}
    return open_problem(desk, name or incident.title, given, incidents=[uid])


def change(desk: Desk, uid: EntityId, values: Mapping[str, str]) -> ChangeSet:
    """Change the name or the words of a problem.

    Raises:
        InvalidInputError: the name is empty or taken, or the status needs what was emptied.
        NotFoundError: it was removed.
    """
    problem = read_problem(desk, uid)
    wanted = dict(values)
    name = checked_name("Problem", clean_text(wanted.pop("name", problem.name)))
    given = checked(wanted)
    other = catalogue.find(desk.connection, KIND, name)
    if other is not None and other.id != uid:
        raise InvalidInputError(
            f'There is a problem "{name}" already. Give this one another name.',
            field="name",
            code="name_taken",
        )
    rules.check_edit(problem, given)
    title = f"Change problem {name}"
    with desk.write(title) as action:
        if name != problem.name:
            action.set(KIND, uid, "name", name)
        for key, value in given.items():
            if value != getattr(problem, key):
                action.set(KIND, uid, key, value)
    return changes_of(action, title, uid)


def link(desk: Desk, ids: Sequence[EntityId], uid: EntityId | None) -> ChangeSet:
    """Say that a problem causes these incidents, or with None that none does.

    Raises:
        NotFoundError: the problem was removed.
    """
    title = "Take the problem away"
    if uid is not None:
        title = f"Link to problem {read_problem(desk, uid).name}"

    def act(action: Action, incident: Incident) -> None:
        if problem_rows.problem_of(action.connection, incident.id) != uid:
            value = None if uid is None else uid.hex()
            action.set("incident", incident.id, "problem_id", value)

    changes = incidents.each(desk, ids, title, act)
    kinds = {} if uid is None else {KIND: (uid,)}
    return replace(changes, ids={**changes.ids, **kinds})


def remove(desk: Desk, uid: EntityId) -> ChangeSet:
    """Take a problem out of the list and away from its incidents."""
    problem = read_problem(desk, uid)
    affected = [one.id for one in problem_rows.incidents_of_problem(desk.connection, uid)]
    title = f"Remove problem {problem.name}"
    with desk.write(title) as action:
        action.set(KIND, uid, "deleted", True)
        for each in affected:
            action.set("incident", each, "problem_id", None)
    return changes_of(action, title, uid, affected)


# --- for the services of problems -----------------------------------------------------------------


def without_workaround(
    desk: Desk, problem: Problem, affected: Iterable[Affected]
) -> list[EntityId]:
    """Return the open incidents that have not the workaround of their problem."""
    if not problem.workaround.strip():
        return []
    wanted = frozenset({"workaround"})
    return [
        one.id
        for one in affected
        if one.is_open
        and incident_reader.read_fields(desk.connection, one.id, wanted).workaround
        != problem.workaround
    ]


def _read(item: catalogue.Item) -> Problem:
    return Problem.from_data(item.id, item.name, item.data)


def read_problem(desk: Desk, uid: EntityId) -> Problem:
    """Return a problem by its id; raises NotFoundError when it was removed."""
    for item in catalogue.every(desk.connection, KIND):
        if item.id == uid:
            return _read(item)
    raise NotFoundError("This problem has been removed since. Undo that, or choose another one.")


def checked(values: Mapping[str, str]) -> dict[str, str]:
    """Return texts as they are stored; refuse a field that a problem has not."""
    for key in values:
        if key not in rules.FIELDS:
            raise InvalidInputError(
                f'"{key}" is no field of a problem. Fields: name, {", ".join(rules.FIELDS)}.',
                field=key,
            )
    return {key: clean_text(value).strip() for key, value in values.items()}


def changes_of(
    action: Action, title: str, uid: EntityId, touched: Sequence[EntityId] = ()
) -> ChangeSet:
    """Return what an action did to a problem and to incidents."""
    ids: dict[str, tuple[EntityId, ...]] = {KIND: (uid,)}
    if touched:
        ids["incident"] = tuple(touched)
    return ChangeSet(action.id if action.edits else None, title, ids)
