"""SLA targets as the administrator writes them: how long a priority may take, on which calendar.

The text of the duration is kept as it was typed ("2d"), because a day is as long as the working day
of the calendar (domain.md); the clocks turn it into seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name
from app.domain.errors import InvalidInputError
from app.domain.instants import parse_duration
from app.domain.priority import PRIORITIES, parse_priority

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOCKS = ("response", "resolution")


def target_name(priority: str, clock: str) -> str:
    """Return the name by which a target is kept: "P2 resolution"."""
    return f"{priority} {clock}"


@dataclass(frozen=True, slots=True)
class Target(CatalogueItem):
    """How long one clock may run for one priority: `target` as typed, `calendar` by name."""

    kind: ClassVar[str] = "target"
    label: ClassVar[str] = "Target"

    priority: str
    clock: str
    target: str
    calendar: str

    def to_data(self) -> dict[str, Any]:
        """Return priority, clock, target and calendar."""
        return {
            "priority": self.priority,
            "clock": self.clock,
            "target": self.target,
            "calendar": self.calendar,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a target; its name follows from priority and clock, whatever is given."""
        read = DataReader(cls.label, name, data)
        priority = _checked_priority(read, read.required_text("priority"))
        clock = read.word("clock", CLOCKS)
        read = DataReader(cls.label, target_name(priority, clock), data)
        target = read.required_text("target")
        check_duration(read, "target", target)
        return cls(
            name=target_name(priority, clock),
            priority=priority,
            clock=clock,
            target=target,
            calendar=checked_name(
                f"{cls.label} {priority} {clock}: calendar", read.required_text("calendar")
            ),
        )

    @classmethod
    def known_fields(cls) -> tuple[str, ...]:
        """Name the fields of an entry; a target has no name of its own there."""
        return ("priority", "clock", "target", "calendar")


def _checked_priority(read: DataReader, given: str) -> str:
    try:
        return parse_priority(given)
    except InvalidInputError:
        hint = ", ".join(PRIORITIES)
        raise read.refuse("priority", f'cannot be "{given}". Give one of: {hint}.') from None


def check_duration(read: DataReader, field: str, text: str) -> None:
    """Refuse a text that is no duration; days are not yet counted, so any length of day does."""
    try:
        parse_duration(text, day_s=86_400)
    except InvalidInputError:
        raise read.refuse(
            field, f'cannot be "{text}". Write a duration like 90m, 8h, 1h30m or 2d.'
        ) from None
