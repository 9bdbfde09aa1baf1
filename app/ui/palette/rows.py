"""What the palette shows: rows that do something, and steps that ask for a value in its box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident import EntityId
    from app.services.desk import Desk


class Choice(NamedTuple):
    """A value that a step offers."""

    title: str
    value: Any
    aside: str = ""


class Step(NamedTuple):
    """A question in the palette's own box, such as "Assign to": values by text, then an act."""

    prompt: str
    offer: Callable[[Desk, str], list[Choice]]
    """Asked in the reader lane with what was typed."""
    take: Callable[[Any], object]
    """Called on the GUI thread with the value of the choice."""


class Row(NamedTuple):
    """One line: what it is called, where it stands, and what Enter and Tab do."""

    key: str
    """What it is, for keeping it chosen while more lines arrive; a command's is its id."""
    group: str
    title: str
    icon: str
    run: Callable[[], object] | None = None
    step: Step | None = None
    aside: str = ""
    keys: str = ""
    reason: str = ""
    spots: tuple[int, ...] = ()
    incident: EntityId | None = None

    def spoken(self) -> str:
        """Return the line for a screen reader: name, what it is, its key, why it cannot run."""
        return ", ".join(part for part in (self.title, self.aside, self.keys, self.reason) if part)
