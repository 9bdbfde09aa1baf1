"""What a team has taught about the payloads of a tool: which place holds the title, the state, etc.

A format is a setting of its name and one text: words like `title=/job/name`, each a field and a
place. A place is a JSON pointer (RFC 6901); the step `*` at a list means each of its entries, so
that one payload holds several alerts. Standard library only; pure.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = ("title", "state", "id", "severity", "host", "text", "url", "started", "ended")
"""What can be pointed at; only the title has to be."""
DECIDING: Final = ("title", "state", "id")
"""A payload fits a format when it has these, of the places that the format names."""
EACH: Final = "*"
_WELL, _BEFORE = "well", "before"
_NAME = re.compile(r"[^\W_](?:[\w .-]{0,38}[^\W_])?")
_MOST_STEPS = 45
_MOST_TEXT = 8_000


@dataclass(frozen=True, slots=True)
class TaughtFormat:
    """One format. `well` are further words that mean well again.

    `before` is the name of a known format that recognises these payloads too and gives way.
    """

    name: str
    places: Mapping[str, str]
    well: tuple[str, ...] = ()
    before: str = ""

    @property
    def code(self) -> str:
        """Return the name as tools and commands write it: "Backup tool" as backup_tool."""
        return code_of(self.name)

    @property
    def around(self) -> tuple[str, ...] | None:
        """Return the steps to the list of which each entry is an alert; None when there is none."""
        every = (steps_of(place) for place in self.places.values())
        return next((steps[: steps.index(EACH)] for steps in every if EACH in steps), None)


def code_of(name: str) -> str:
    """Return a name as it is compared: small letters, with _ for blanks and hyphens."""
    return re.sub(r"[ -]+", "_", name.strip().lower())


def pointer(steps: tuple[str, ...]) -> str:
    """Write the steps to a value as one place."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def steps_of(place: str) -> tuple[str, ...]:
    """Read a place; raises InvalidInputError for what is no pointer."""
    if not place.startswith("/"):
        raise InvalidInputError(f'"{place[:60]}" is no place. Write it like /alert/title.')
    steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in place[1:].split("/"))
    if len(steps) > _MOST_STEPS:
        raise InvalidInputError(
            f'"{place[:60]}" is no place: it has more than {_MOST_STEPS} steps.'
        )
    return steps


@dataclass(slots=True)
class _Words:
    """The words of a format as they are read."""

    places: dict[str, str] = field(default_factory=dict)
    well: tuple[str, ...] = ()
    before: str = ""


@lru_cache(maxsize=500)
def read_format(name: str, said: str) -> TaughtFormat:
    """Read a format out of the setting.

    Raises:
        InvalidInputError: name or text cannot be; the sentence names the format.
    """

    def wrong(problem: str) -> InvalidInputError:
        return InvalidInputError(f'The alert format "{name[:60]}" {problem}', field="format")

    if not _NAME.fullmatch(name):
        raise wrong("needs another name: letters, digits, blanks, dots and hyphens.")
    try:
        words = shlex.split(said) if len(said) <= _MOST_TEXT else None
    except ValueError:
        words = None
    if words is None:
        raise wrong("cannot be read. Write it like title=/job/name state=/job/result.")
    found = _Words()
    for word in words:
        key, _, value = word.partition("=")
        if key == _WELL:
            found.well = tuple(one.strip() for one in value.split(",") if one.strip())
        elif key == _BEFORE:
            found.before = value
        elif key in FIELDS:
            steps_of(value)
            found.places[key] = value
        else:
            raise wrong(f'has the unknown field "{key[:60]}". Known are {", ".join(FIELDS)}.')
    if "title" not in found.places:
        raise wrong("has no title. Point at the value that says what is wrong.")
    return TaughtFormat(name, found.places, found.well, found.before)


def write_format(taught: TaughtFormat) -> str:
    """Return the text of a format as the setting holds it, read once to be sure.

    Raises:
        InvalidInputError: it has no title, or its name cannot be.
    """
    words = [f"{name}={taught.places[name]}" for name in FIELDS if name in taught.places]
    words += [f"{_WELL}={','.join(taught.well)}"] if taught.well else []
    words += [f"{_BEFORE}={taught.before}"] if taught.before else []
    said = shlex.join(words)
    read_format(taught.name, said)
    return said
