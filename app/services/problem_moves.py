"""Moves problems through their life, and does to their incidents what follows: each one action."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain import problem as rules
from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import EntityId, EntryKind, Status
from app.domain.lifecycle import Given
from app.domain.problem import KIND, ProblemStatus
from app.services import incidents
from app.services.moves import move_in
from app.services.problems import changes_of, checked, read_problem, without_workaround
from app.services.values import clean_text
from app.storage import incident_reader, problem_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.changes import ChangeSet
    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.storage.journal import Action


def move(
    desk: Desk,
    uid: EntityId,
    target: ProblemStatus,
    *,
    workaround: str = "",
    resolution: str = "",
    resolve_incidents: Given | None = None,
) -> ChangeSet:
    """Move a problem to a status; with `resolve_incidents` its open incidents are resolved too.

    All of it is one action. An incident that cannot be resolved is listed as refused.

    Raises:
        TransitionRefusedError: the move is not allowed or lacks a text.
    """
    problem = read_problem(desk, uid)
    rules.check_move(problem, target, workaround=workaround, resolution=resolution)
    title = f"Problem {problem.name}: {target.label}"
    texts = checked({"workaround": workaround, "resolution": resolution})
    done: list[EntityId] = []
    refused: list[tuple[str, str]] = []
    with desk.write(title) as action:
        action.set(KIND, uid, "status", str(target))
        for key, value in texts.items():
            if value and value != getattr(problem, key):
                action.set(KIND, uid, key, value)
        if resolve_incidents is not None:
            affected = problem_rows.incidents_of_problem(desk.connection, uid)
            given = replace(
                resolve_incidents,
                resolution=clean_text(
                    resolve_incidents.resolution or resolution or problem.resolution
                ),
            )
            wanted = [one.id for one in affected if one.is_open]
            done, refused = each_in(
                action, desk, wanted, lambda incident: resolve_in(action, desk, incident, given)
            )
    return replace(changes_of(action, title, uid, done), refused=tuple(refused))


def apply_workaround(desk: Desk, uid: EntityId) -> ChangeSet:
    """Give the workaround to every open incident of the problem that has it not, in one action.

    Raises:
        InvalidInputError: the problem has no workaround, or every open incident has it.
    """
    problem = read_problem(desk, uid)
    if not problem.workaround.strip():
        raise InvalidInputError(
            "This problem has no workaround yet. Write it first.", field="workaround"
        )
    affected = problem_rows.incidents_of_problem(desk.connection, uid)
    waiting = without_workaround(desk, problem, affected)
    if not waiting:
        raise InvalidInputError("Every open incident of this problem has its workaround already.")
    title = f"Apply the workaround of {problem.name}"
    article = problem.article

    def act(action: Action, incident: Incident) -> None:
        values: dict[str, Any] = {"workaround": problem.workaround}
        if incident.workaround_applied_at is None:
            values["workaround_applied_at"] = action.now_ms
        action.set_many(incident.id, values)
        if article:
            action.member(incident.id, f"article:{article}", article, present=True)
        text = f"Known error {problem.name}: {problem.workaround}"
        incidents.comment(action, incident.id, EntryKind.CHANGE, text)

    changes = incidents.each(desk, waiting, title, act)
    return replace(changes, ids={**changes.ids, KIND: (uid,)})


# --- inside an action -----------------------------------------------------------------------------


def each_in(
    action: Action, desk: Desk, ids: Iterable[EntityId], act: Callable[[Incident], None]
) -> tuple[list[EntityId], list[tuple[str, str]]]:
    """Do `act` to each incident; what is refused leaves nothing behind and is listed."""
    done: list[EntityId] = []
    refused: list[tuple[str, str]] = []
    for uid in ids:
        incident = incident_reader.read(desk.connection, uid, story=False)
        before = len(action.edits)
        try:
            act(incident)
        except KnownError as error:
            del action.edits[before:]
            refused.append((incident.number, error.message))
        else:
            done.append(uid)
    return done, refused


def resolve_in(action: Action, desk: Desk, incident: Incident, given: Given) -> None:
    """Resolve an incident; one that nobody has worked on is taken up first (domain.md)."""
    if incident.status is Status.NEW:
        extra = {} if incident.assignee else {"assignee": desk.person}
        who = incident.assignee or desk.person
        incident = move_in(
            action, desk, incident, Status.IN_PROGRESS, Given(assignee=who), extra=extra
        )
    move_in(action, desk, incident, Status.RESOLVED, given, text=given.resolution)
