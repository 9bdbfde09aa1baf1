"""Find which person, place or category a few typed letters mean, and say so when it is not clear.

The caller knows the names (KnownNames); the rule of choice is here, so that the window and the
command line choose alike: a name typed in full wins over a whole word of it, that over a beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.domain.incident import EntityId


class NameKind(StrEnum):
    """A kind of thing that has names; the values are those of the catalogue."""

    PERSON = "person"
    CATEGORY = "category"
    TAG = "tag"
    LOCATION = "location"
    TEAM = "team"
    CI = "ci"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One name on offer; `detail` tells people of one name apart (place, phone, team).

    `aliases` are what it is found by beside its name: login, mail, phone.
    """

    name: str
    detail: str = ""
    id: EntityId | None = None
    aliases: tuple[str, ...] = ()


class KnownNames(Protocol):
    """The names that the store holds."""

    def find(self, kind: NameKind, folded_prefix: str, limit: int) -> Sequence[Candidate]:
        """Return names of which a word, the whole or an alias begins so, likeliest first.

        The prefix is folded (app.domain.folding); "" asks for the likeliest of all. A category
        `hardware/printer` has the words "hardware" and "printer".
        """
        ...


class NoNames:
    """Know nobody: for lines that are read before there is a store."""

    def find(self, kind: NameKind, folded_prefix: str, limit: int) -> Sequence[Candidate]:
        """Return nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class NameReading:
    """What a name turned out to be: the chosen name, or a problem with the names on offer."""

    name: str = ""
    is_new: bool = False
    problem: str = ""
    candidates: tuple[Candidate, ...] = ()


FREELY_NAMED: Final = frozenset({NameKind.PERSON, NameKind.TAG, NameKind.LOCATION, NameKind.CI})
"""Kinds of which a new name may be typed at any time (ux.md 5: "Nina (new)" is allowed).

The others are set up by an administrator, so an unknown one is a slip, unless there are none yet.
"""

LABELS: Final = {
    NameKind.PERSON: ("person", "people"),
    NameKind.CATEGORY: ("category", "categories"),
    NameKind.TAG: ("tag", "tags"),
    NameKind.LOCATION: ("place", "places"),
    NameKind.TEAM: ("team", "teams"),
    NameKind.CI: ("device", "devices"),
    NameKind.SERVICE: ("service", "services"),
}
CANDIDATES: Final = 8
_WORD_BREAK = re.compile(r"[\s/.,_@-]+")


def read_name(
    kind: NameKind,
    typed: str,
    names: KnownNames,
    *,
    exactly: bool = False,
    freely: Collection[NameKind] = FREELY_NAMED,
) -> NameReading:
    """Say which name was meant; `exactly` (it stood in quotes) takes no beginnings for names."""
    text = " ".join(typed.split())
    folded = fold(text)
    if not folded:
        return NameReading(problem=f"Type the name of a {LABELS[kind][0]} here.")
    if kind is NameKind.TAG:
        return _read_tag(text, folded, names)
    found = tuple(names.find(kind, folded, CANDIDATES))
    if not found and not exactly and (spaced := re.sub("[._]", " ", folded).strip()) != folded:
        found = tuple(names.find(kind, spaced, CANDIDATES))
        folded = spaced if found else folded
    whole = [one for one in found if folded in _keys(one)]
    if len(whole) == 1:
        return NameReading(whole[0].name, candidates=found)
    if len(whole) > 1:
        return NameReading(problem=_ambiguous(kind, text, whole), candidates=tuple(whole))
    if found and not exactly:
        worded = [one for one in found if _has_words(fold(one.name), folded)]
        near = worded or list(found)
        if len(near) == 1:
            return NameReading(near[0].name, candidates=found)
        rest = [one for one in found if one not in near]
        return NameReading(problem=_ambiguous(kind, text, near), candidates=(*near, *rest))
    if kind in freely or not names.find(kind, "", 1):
        return NameReading(text, is_new=True, candidates=found)
    return NameReading(
        problem=f'There is no {LABELS[kind][0]} "{text}"; choose one from the list.',
        candidates=tuple(names.find(kind, folded[:1], CANDIDATES)),
    )


def _read_tag(text: str, folded: str, names: KnownNames) -> NameReading:
    """Take a tag as typed, in the spelling it already has: a beginning of another is no slip."""
    found = tuple(names.find(NameKind.TAG, folded, CANDIDATES))
    same = next((one.name for one in found if fold(one.name) == folded), None)
    return NameReading(same or text, is_new=same is None, candidates=found)


def _keys(one: Candidate) -> set[str]:
    return {fold(one.name), *map(fold, one.aliases)}


def _has_words(name: str, wanted: str) -> bool:
    """Tell whether the wanted words stand in the name, one after the other and whole."""
    return f" {' '.join(_WORD_BREAK.split(wanted))} " in f" {' '.join(_WORD_BREAK.split(name))} "


def _ambiguous(kind: NameKind, text: str, near: Sequence[Candidate]) -> str:
    shown = ", ".join(f"{one.name} ({one.detail})" if one.detail else one.name for one in near[:3])
    more = ", ..." if len(near) > 3 else ""
    return f'"{text}" can be several {LABELS[kind][1]}: {shown}{more}; choose one.'
