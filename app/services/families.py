"""Parent and child incidents: what several people report is worked on once, at the parent.

domain.md names no rule of its own, so the practice of ITIL 4 stands: a child has one parent, a
child has no children, and resolving the parent resolves its open children with the same codes, each
by the moves that domain.md allows. A child that is resolved, closed or cancelled stays as it is,
and a parent that is reopened leaves its children closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError
from app.services import incidents
from app.services.problem_moves import each_in, resolve_in
from app.storage import incident_reader, problem_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.domain.lifecycle import Given
    from app.domain.problem import Affected
    from app.services.desk import Desk
    from app.storage.journal import Action


def parent_of(desk: Desk, uid: EntityId) -> Affected | None:
    """Return the parent of an incident; of two that stations chose at once the older one."""
    return next(iter(problem_rows.parents_of(desk.connection, uid)), None)


def children_of(desk: Desk, uid: EntityId) -> list[Affected]:
    """Return the children of an incident, the newest first."""
    return problem_rows.children_of(desk.connection, uid)


def set_parent(desk: Desk, ids: Sequence[EntityId], parent: EntityId | None) -> ChangeSet:
    """Make incidents the children of one, or with None of none; those that cannot are listed.

    Raises:
        InvalidInputError: all were refused: the parent is itself, or a child, or ended.
    """
    title = "Take the parent away"
    if parent is not None:
        above = incident_reader.read(desk.connection, parent, story=False)
        title = f"Make child of {above.number}"
        grand = parent_of(desk, parent)
        if grand is not None:
            raise InvalidInputError(
                f"{above.number} is itself a child of {grand.number}. Choose {grand.number}."
            )
        if above.merged_into:
            raise InvalidInputError(
                f"{above.number} was merged into {above.merged_into}. Choose {above.merged_into}."
            )

    def act(action: Action, incident: Incident) -> None:
        if incident.id == parent:
            raise InvalidInputError(f"{incident.number} cannot be its own parent.")
        if parent is not None and children_of(desk, incident.id):
            raise InvalidInputError(
                f"{incident.number} has children of its own. Give those another parent first."
            )
        for former in problem_rows.parents_of(desk.connection, incident.id):
            if former.id != parent:
                told = former.id.hex()
                action.member(incident.id, f"parent:{told}", told, present=False)
        if parent is not None:
            action.member(incident.id, f"parent:{parent.hex()}", parent.hex(), present=True)

    return incidents.each(desk, ids, title, act)


def resolve_family(desk: Desk, uid: EntityId, given: Given) -> ChangeSet:
    """Resolve an incident and its open children with the same codes and words, in one action.

    A child that cannot be resolved is listed as refused.

    Raises:
        InvalidInputError: the parent cannot be resolved; nothing was written.
    """
    incident = incident_reader.read(desk.connection, uid, story=False)
    title = "Resolve"
    with desk.write(title) as action:
        resolve_in(action, desk, incident, given)
        wanted = [one.id for one in children_of(desk, uid) if one.is_open]
        done, refused = each_in(
            action, desk, wanted, lambda child: resolve_in(action, desk, child, given)
        )
    return ChangeSet(
        action.id, title, {"incident": (uid, *done)}, (incident.number,), tuple(refused)
    )
