"""How those who are here are named: in the status bar, beside the status of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.standing import Present

CONTEXT = "Presence"
_NAMED = 2
"""So many are named, the others counted."""


def count(present: Sequence[Present]) -> str:
    """Say how many others are here: "Jon is here", "3 others are here"; "" for nobody."""
    people = names(present)
    if not people:
        return ""
    if len(people) == 1:
        return _tr("{0} is here").format(_short(people)[0])
    return _tr("{0} others are here").format(len(people))


def names(present: Iterable[Present]) -> list[str]:
    """Return the people, each once, however many windows they have open."""
    return list(dict.fromkeys(one.person for one in present))


def beside_status(present: Iterable[Present], uid: bytes) -> tuple[str, str]:
    """Say who has an incident in front of them, in whole and in short; "" for nobody.

    Who writes a reply is said alone. First names do where they are clear.
    """
    there = [one for one in present if one.viewing == uid]
    writing = names(one for one in there if one.writing)
    people = _short(writing or names(there))
    if not people:
        return "", ""
    more = len(people) - 1
    lead = people[0] if not more else _tr("{0} +{1}").format(people[0], more)
    short = _tr("{0} writing") if writing else _tr("{0} viewing")
    if more == 0:
        words = _tr("{0} is writing a reply") if writing else _tr("{0} is viewing")
    else:
        words = _tr("{0} are writing a reply") if writing else _tr("{0} are viewing")
    return words.format(_listed(people)), short.format(lead)


def _short(people: list[str]) -> list[str]:
    first = [name.split()[0] if name.split() else name for name in people]
    return first if len(set(first)) == len(first) else people


def _listed(people: list[str]) -> str:
    if len(people) == 1:
        return people[0]
    if len(people) == _NAMED:
        return _tr("{0} and {1}").format(*people)
    return _tr("{0} and {1} others").format(people[0], len(people) - 1)


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
