"""What an action changed: the one message that services send to screens and to the sync worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.incident import EntityId


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The entities that an action touched, by kind ("incident", "person", "category").

    `action` is the id by which the whole action can be undone; `title` names it for the undo toast.
    `refused` lists what a bulk action could not do, as (number, reason).
    """

    action: EntityId | None = None
    title: str = ""
    ids: dict[str, tuple[EntityId, ...]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Tell which kinds of entity were touched."""
        return frozenset(self.ids)

    @property
    def number(self) -> str:
        """Return the number of the one incident that the action was about, or ""."""
        return self.numbers[0] if self.numbers else ""


def together(sets: Iterable[ChangeSet]) -> ChangeSet:
    """Return as one what several actions touched, each thing once, in the order of the actions.

    It is none of these actions, so it cannot be undone as a whole.
    """
    ids: dict[str, dict[EntityId, None]] = {}
    for changes in sets:
        for kind, touched in changes.ids.items():
            ids.setdefault(kind, {}).update(dict.fromkeys(touched))
    return ChangeSet(ids={kind: tuple(touched) for kind, touched in ids.items()})
