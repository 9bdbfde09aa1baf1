"""What a log says, as values: places in it, templates, pauses, bursts, and all of it together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.instants import iso_or_none

if TYPE_CHECKING:
    from datetime import datetime, timedelta

ERRORS: Final = 20
"""First errors that are kept, and rarest that are told."""


class Place(NamedTuple):
    """One line of a log: its number from 1, when it was written, and its text."""

    line: int
    at: datetime | None
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {"line": self.line, "at": iso_or_none(self.at), "text": self.text}


class Pause(NamedTuple):
    """A time in which nothing was written, and the number of the line that ended it."""

    length: timedelta
    begins: datetime
    ends: datetime
    line: int

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "from": iso_or_none(self.begins),
            "to": iso_or_none(self.ends),
            "seconds": int(self.length.total_seconds()),
            "line": self.line,
        }


@dataclass(slots=True)
class Template:
    """Lines of one form: how many, how many of them errors, the first of them."""

    text: str
    first: Place
    count: int = 0
    errors: int = 0
    number: int = 0
    """By which the facts of lines name it."""

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "template": self.text,
            "count": self.count,
            "errors": self.errors,
            "first_line": self.first.line,
            "example": self.first.text,
        }


class Burst(NamedTuple):
    """A span in which far more was written than is usual in this log."""

    begins: datetime
    seconds: int
    lines: int

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {"from": iso_or_none(self.begins), "seconds": self.seconds, "lines": self.lines}


@dataclass(slots=True)
class Summary:
    """What one pass over a log has found."""

    name: str
    encoding: str
    time_format: str
    lines: int = 0
    timed: int = 0
    begins: datetime | None = None
    ends: datetime | None = None
    levels: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    """Lines with "error" and with "fail" in them, in whatever case."""
    error_lines: int = 0
    errors: list[Place] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)
    gaps: list[Pause] = field(default_factory=list)
    bursts: list[Burst] = field(default_factory=list)

    @property
    def rarest_errors(self) -> list[Template]:
        """Return the templates of errors, the rarest first."""
        bad = [one for one in self.templates if one.errors]
        return sorted(bad, key=lambda one: (one.count, one.first.line))

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "file": self.name,
            "encoding": self.encoding,
            "time_format": self.time_format,
            "lines": self.lines,
            "from": iso_or_none(self.begins),
            "to": iso_or_none(self.ends),
            "levels": dict(self.levels.most_common()),
            "error_lines": self.error_lines,
            "errors": [one.to_json() for one in self.errors],
            "rarest_errors": [one.to_json() for one in self.rarest_errors[:ERRORS]],
            "templates": [one.to_json() for one in self.templates],
            "gaps": [one.to_json() for one in self.gaps],
            "bursts": [one.to_json() for one in self.bursts],
        }
