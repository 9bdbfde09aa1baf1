"""The closure codes of a team: how an incident ended, what was done, what kind of cause it had.

Codes are data that an administrator edits (domain.md, closure codes). An incident keeps the code as
it was given, so one that is retired, removed or another team's stays readable on it for good.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name, coded, shortened
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import CauseClass, FixType, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import StrEnum

_SIGNS = re.compile(r"[\W_]+")
_LAST: Final = 1000
"""Where a code without a position stands: after those that have one, by the alphabet."""


@dataclass(frozen=True, slots=True)
class ClosureCode(CatalogueItem):
    """One code, named as incidents hold it ("no_fault_found").

    `words` is how people read it, "" for the words of the code itself; `note` is what a report says
    of it; a retired code is offered no more.
    """

    words: str = ""
    note: str = ""
    position: int | None = None
    retired: bool = False

    @property
    def shown(self) -> str:
        """Return the code as people read it."""
        return self.words or code_words(self.name)

    def to_data(self) -> dict[str, Any]:
        """Return words, note, position and whether it is retired."""
        return {
            "words": self.words,
            "note": self.note,
            "position": self.position,
            "retired": self.retired,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a code; a name in other letters becomes a code and, without words, its words."""
        given = checked_name(cls.label, name)
        code = as_code(given)
        if not code:
            raise InvalidInputError(
                f'{cls.label} "{shortened(given)}": the name has no letter or digit. '
                "Write it like no_fault_found.",
                field="name",
            )
        read = DataReader(cls.label, code, data)
        return cls(
            name=code,
            words=read.text("words") or ("" if fold(given) == code else given),
            note=read.text("note"),
            position=read.integer("position", 1, _LAST - 1),
            retired=read.flag("retired"),
        )


@dataclass(frozen=True, slots=True)
class OutcomeCode(ClosureCode):
    """How an incident ended: the first closure code."""

    kind: ClassVar[str] = "outcome"
    label: ClassVar[str] = "Outcome"


@dataclass(frozen=True, slots=True)
class FixTypeCode(ClosureCode):
    """What was done: the second closure code."""

    kind: ClassVar[str] = "fix_type"
    label: ClassVar[str] = "Fix type"


@dataclass(frozen=True, slots=True)
class CauseClassCode(ClosureCode):
    """What kind of thing was the cause: the third closure code."""

    kind: ClassVar[str] = "cause_class"
    label: ClassVar[str] = "Cause class"


CODE_TYPES: Final[Mapping[str, type[ClosureCode]]] = {
    one.kind: one for one in (OutcomeCode, FixTypeCode, CauseClassCode)
}
"""The class of each kind of code; the kinds are the names of the incident's fields."""

_NOTES: Final[Mapping[str, str]] = {
    Outcome.FIXED: "solved, permanent",
    Outcome.WORKAROUND: "solved by a workaround",
    Outcome.RESOLVED_BY_CALLER: "solved by the caller",
}
_DEFAULTS: Final[Mapping[str, type[StrEnum]]] = {
    "outcome": Outcome,
    "fix_type": FixType,
    "cause_class": CauseClass,
}


def as_code(text: str) -> str:
    """Return text as a code: folded, its words joined by underscores ("No fault found")."""
    return "_".join(filter(None, _SIGNS.split(coded(text))))


def code_words(code: str) -> str:
    """Return a code as words: `no_fault_found` is "No fault found"."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]


def default_codes() -> tuple[ClosureCode, ...]:
    """Return the codes of domain.md, in its order, as data that can be edited."""
    return tuple(
        CODE_TYPES[kind](str(code), note=_NOTES.get(code, ""), position=10 * place)
        for kind, codes in _DEFAULTS.items()
        for place, code in enumerate(codes, 1)
    )


class ClosureCodes:
    """The codes of a team at one moment; a kind that it has none of has those of domain.md."""

    def __init__(self, items: Iterable[ClosureCode] = ()) -> None:
        self._codes: dict[str, dict[str, ClosureCode]] = {kind: {} for kind in CODE_TYPES}
        for item in sorted(items, key=lambda one: (one.position or _LAST, one.name)):
            self._codes[item.kind][item.name] = item
        without = {kind for kind, codes in self._codes.items() if not codes}
        for item in default_codes() if without else ():
            if item.kind in without:
                self._codes[item.kind][item.name] = item

    def offered(self, kind: str) -> tuple[ClosureCode, ...]:
        """Return the codes of a kind that can be given now, in their order."""
        return tuple(one for one in self._codes[kind].values() if not one.retired)

    def offered_with(self, kind: str, held: str | None) -> tuple[ClosureCode, ...]:
        """Return what is offered, with the code that an incident holds where that is retired."""
        offered = self.offered(kind)
        if not held or any(one.name == held for one in offered):
            return offered
        return (*offered, replace(self._known(kind, held), retired=True))

    def usual(self, kind: str, preferred: str) -> str:
        """Return the code that a form begins with: the preferred one while it is offered."""
        offered = [one.name for one in self.offered(kind)]
        return preferred if preferred in offered or not offered else offered[0]

    def find(self, kind: str, text: str) -> str | None:
        """Return the code that a text means, retired ones too; None when the team has no such."""
        wanted = as_code(text)
        squeezed = wanted.replace("_", "")
        for one in self._codes[kind].values():
            if wanted in (one.name, as_code(one.words)) or one.name.replace("_", "") == squeezed:
                return one.name
        return None

    def read(self, kind: str, text: str) -> str:
        """Return the code that is meant and offered.

        Raises:
            InvalidInputError: there is no such code, or it is retired; the allowed ones are named.
        """
        found = self.find(kind, text)
        self.check(kind, found or text)
        return found or text

    def check(self, kind: str, code: str) -> None:
        """Refuse a code that cannot be given now, with the allowed ones."""
        offered = [one.name for one in self.offered(kind)]
        if code in offered:
            return
        word = kind.replace("_", " ")
        start = f'There is no {word} "{shortened(code)}".'
        if code in self._codes[kind]:
            start = f'The {word} "{code}" is retired.'
        raise InvalidInputError(f"{start} Use one of: {', '.join(offered)}.", field=kind)

    def words(self, kind: str, code: str) -> str:
        """Return any code as people read it, whether the team has it or not."""
        return self._known(kind, code).shown

    def plain(self, kind: str, code: str) -> str:
        """Return any code as it reads inside a sentence."""
        return self._known(kind, code).words or code.replace("_", " ")

    def note(self, kind: str, code: str) -> str:
        """Return what a report says of a code: its note, else its words."""
        return self._known(kind, code).note or self.plain(kind, code)

    def _known(self, kind: str, code: str) -> ClosureCode:
        return self._codes[kind].get(code) or CODE_TYPES[kind](code)


DEFAULT_CODES: Final = ClosureCodes()
"""The codes of domain.md, for who knows no team."""
