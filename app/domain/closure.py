"""Closing an incident: which checklist holds, and what still stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.category import parent_path
from app.domain.checklist import Checklist, ChecklistItem, Fact
from app.domain.errors import InvalidInputError
from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.category import Category
    from app.domain.incident_record import ChecklistState, Incident

DEFAULT_CHECKLIST = Checklist(
    name="Closure",
    items=(
        ChecklistItem("Resolution note", required=True, fact=Fact.RESOLUTION_WRITTEN),
        ChecklistItem("Outcome, fix type, cause class", required=True, fact=Fact.CODES_GIVEN),
        ChecklistItem("Requester confirmed", required=True, fact=Fact.REQUESTER_CONFIRMED),
        ChecklistItem("Time logged", fact=Fact.TIME_LOGGED),
        ChecklistItem("Similar incidents linked", fact=Fact.SIMILAR_LINKED),
        ChecklistItem("Save as knowledge article", fact=Fact.KNOWLEDGE_SAVED),
    ),
)
"""The steps of the close dialog's picture (ux.md 2.3)."""

MAJOR_CHECKLIST = Checklist(
    name="Major incident",
    items=(
        ChecklistItem("Service restored and tested", required=True, fact=Fact.SERVICE_RESTORED),
        ChecklistItem("Stakeholders told", required=True, fact=Fact.STAKEHOLDERS_TOLD),
        ChecklistItem("Root cause recorded", required=True, fact=Fact.ROOT_CAUSE_WRITTEN),
        ChecklistItem("Problem opened or ruled out", fact=Fact.PROBLEM_CONSIDERED),
        ChecklistItem("Post-incident review held", required=True),
    ),
)
"""What a major incident needs besides (domain.md, closure and documentation)."""


def checklist_name(category: str, categories: Mapping[str, Category], default: str) -> str:
    """Return the checklist of a category or of the nearest branch above it that names one.

    `category` is a path, "" for none; `categories` are by folded path.
    """
    path = category
    while path:
        known = categories.get(fold(path))
        if known is not None and known.checklist:
            return known.checklist
        path = parent_path(path)
    return default


def effective_checklist(
    *, category: str, major: bool, categories: Iterable[Category], checklists: Iterable[Checklist]
) -> Checklist:
    """Return the steps that an incident of this category needs, those of a major one included.

    A checklist that is named but gone counts as the team's "Closure" list, and without that as the
    one the program comes with: an incident is never closed without checks by accident.
    """
    by_name = {one.key: one for one in checklists}
    default = by_name.get(DEFAULT_CHECKLIST.key, DEFAULT_CHECKLIST)
    tree = {one.key: one for one in categories}
    chosen = by_name.get(fold(checklist_name(category, tree, default.name)), default)
    if not major:
        return chosen
    return chosen.with_items_of(by_name.get(MAJOR_CHECKLIST.key, MAJOR_CHECKLIST))


def closure_obstacles(states: Iterable[ChecklistState]) -> tuple[str, ...]:
    """Name the required steps that are not done, in their order."""
    return tuple(state.item for state in states if state.required and not state.done)


def require_closable(incident: Incident, states: Iterable[ChecklistState]) -> None:
    """Refuse with the steps that are left, when required ones are."""
    left = closure_obstacles(states)
    if not left:
        return
    steps = "step is" if len(left) == 1 else "steps are"
    raise InvalidInputError(
        f"{incident.number} cannot be closed yet: {len(left)} required {steps} left "
        f"({'; '.join(left)}). Do or tick them, then close it.",
        field="checklist",
        code="checklist_open",
    )
