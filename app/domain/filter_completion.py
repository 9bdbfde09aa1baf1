"""Offer keys, then values, at the cursor of a filter (ux.md section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.filter_syntax import raw_terms
from app.domain.filter_values import CHOICES, CODES, INSTANTS, KEYS, NAMES, NUMBERS, PEOPLE
from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PERIODS: Final = (
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "<1h",
    "<7d",
    ">2d",
)
_FIXED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(INSTANTS, _PERIODS),
    **dict.fromkeys(NUMBERS, ("1", "2", "3", "<=2")),
    **dict.fromkeys(NAMES, ("none",)),
    **dict.fromkeys(PEOPLE, ("me", "none")),
    "due": ("today", "tomorrow", "this-week", "<1h", "<4h", "none"),
    "sla": ("<1h", "0..4h", "breached", "paused", "none"),
    "age": (">1d", ">2d", ">7d", ">30d", "<1d"),
    "priority": ("p1", "p2", "p3", "p4", "<=p2"),
    "tag": ("none",),
    **dict.fromkeys(CODES, ("none",)),
    "group": ("sla", "status", "priority", "assignee", "team", "category", "none"),
}
_WANTED: Final = NAMES | CODES | {"tag"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A key or a value on offer, with what it means."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Completions:
    """What can stand at the cursor: `text[start:end]` is replaced.

    `wants` names the kind of name whose values (with counts) the caller adds: "assignee", "tag".
    """

    start: int
    end: int
    prefix: str
    key: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    wants: str = ""


def completions(text: str, cursor: int) -> Completions:
    """Return what can stand at the cursor: keys at the start of a word, values behind a key."""
    cursor = max(0, min(cursor, len(text)))
    for raw in raw_terms(text):
        if raw.start <= cursor <= raw.end:
            if not raw.key:
                if any(one.quoted for one in raw.values):
                    break
                start = raw.value_start
                if cursor < start or "," in text[start:cursor]:
                    break
                return _keys(text[start:cursor], start, raw.end)
            if cursor >= raw.value_start:
                return _values(text, raw.key, raw.value_start, cursor, raw.end)
            start = raw.value_start - len(raw.key) - 1
            if cursor < start:
                break
            return _keys(text[start:cursor], start, raw.value_start)
    if cursor == len(text) or text[cursor].isspace():
        before = text[cursor - 1 : cursor]
        if not before or before.isspace():
            return _keys("", cursor, cursor)
    return Completions(cursor, cursor, "")


def complete(text: str, at: Completions, choice: str) -> tuple[str, int]:
    """Return the filter with the choice in place, and where the cursor is then.

    Behind a key the values follow at once; behind a value comes a blank.
    """
    gap = "" if choice.endswith((":", ".")) or text[at.end : at.end + 1].isspace() else " "
    rest = text[at.end :]
    if choice.endswith(":") and rest[:1] == ":":
        rest = rest[1:]
    done = text[: at.start] + choice + gap
    return done + rest, len(done)


def _keys(prefix: str, start: int, end: int) -> Completions:
    folded = fold(prefix)
    found = [
        Suggestion("custom." if key == "custom" else f"{key}:", hint)
        for key, hint in KEYS.items()
        if key.startswith(folded)
    ]
    return Completions(start, end, prefix, "", tuple(found))


def _values(text: str, key: str, start: int, cursor: int, end: int) -> Completions:
    """Offer values for the part between commas in which the cursor stands."""
    begun = start
    while (comma := text.find(",", begun, cursor)) >= 0 and text.count('"', start, comma) % 2 == 0:
        begun = comma + 1
    typed = text[begun:cursor]
    prefix = typed.lstrip('<>=-"')
    known = fold(key)
    folded, plain = fold(typed), fold(prefix)
    stop = end if text.find(",", cursor, end) < 0 else text.find(",", cursor, end)
    offered: Iterable[str] = _FIXED.get(known) or dict.fromkeys(CHOICES.get(known, {}).values())
    found = [
        Suggestion(f"-{one}" if known == "sort" and typed.startswith("-") else one)
        for one in offered
        if one.startswith(folded) or (plain and one.startswith(plain))
    ]
    wants = known if known in _WANTED else ""
    return Completions(begun, stop, prefix if wants else typed, known, tuple(found), wants)
