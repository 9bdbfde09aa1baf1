"""Ticks the steps of the closure checklist that an incident really has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.closure import effective_checklist
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.services import browsing, incidents

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk


def tick_step(
    desk: Desk, uid: EntityId, text: str, *, done: bool = True, note: str = ""
) -> ChangeSet:
    """Tick the step that `text` names or begins, or take the tick away.

    Raises:
        InvalidInputError: no step is called so, several are, or the program sees this one itself.
    """
    found = browsing.incident(desk, uid)
    rules = desk.rules
    steps = effective_checklist(
        category=found.category.name if found.category else "",
        major=found.major,
        categories=rules.categories.values(),
        checklists=rules.checklists,
    ).items
    wanted = fold(text)
    chosen = [step for step in steps if fold(step.text) == wanted] or [
        step for step in steps if wanted and fold(step.text).startswith(wanted)
    ]
    if len(chosen) != 1:
        names = "; ".join(step.text for step in steps)
        what = "More than one step begins with" if chosen else "The checklist has no step"
        raise InvalidInputError(f'{what} "{text}". Steps: {names}.', field="checklist")
    step = chosen[0]
    if not step.by_hand:
        raise InvalidInputError(
            f'"{step.text}" is not ticked by hand: the program sees it in the incident itself. '
            "Resolve with codes and notes.",
            field="checklist",
        )
    return incidents.tick(desk, uid, step.text, done=done, note=note)
