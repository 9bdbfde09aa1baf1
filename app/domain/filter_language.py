"""The filter language: `status:open priority:p1,p2 assignee:me sla:<1h text` (ux.md section 6).

The list follows each key, so any text is a filter: an unknown key is searched as text, and a value
that cannot be read restricts nothing; both are told as problems with their places.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from app.domain.filter_syntax import (
    Choice,
    Filter,
    Problem,
    RawTerm,
    SortKey,
    Term,
    Value,
    Word,
    raw_terms,
)
from app.domain.filter_values import KEYS, NAMES, PEOPLE, UnreadableValueError, read_value
from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALIASES: Final = {
    "prio": "priority",
    "cat": "category",
    "loc": "location",
    "svc": "service",
    "who": "requester",
    "to": "assignee",
    "via": "channel",
    "state": "status",
    "summary": "title",
}
_NOT_A_SLIP = re.compile(r"[/\\]|\d*\Z")
MOST_VALUES: Final = 300
"""How many values one filter uses, so that any text compiles to SQL of a bounded depth."""

_NO_WORDS: Final[Mapping[str, str]] = {}


def parse(text: str, words: Mapping[str, str] = _NO_WORDS) -> Filter:
    """Read a line; it is never refused. `words` are folded words of the user's language."""
    return _parse(text) if not words else _read(text, words)


@lru_cache(maxsize=128)
def _parse(text: str) -> Filter:
    return _read(text, _NO_WORDS)


def quote(value: str) -> str:
    """Return a value as it can stand in a filter and mean exactly itself."""
    return '"' + value.replace('"', '""') + '"'


def term(key: str, *values: str, negated: bool = False) -> str:
    """Return a condition as text; names are quoted, so that they match exactly."""
    exact = key in NAMES or key in ("tag", "number") or key.startswith("custom.")
    reserved = ("none", "any") + (("me",) if key in PEOPLE else ())
    parts = [quote(one) if exact and one not in reserved else one for one in values]
    if key.startswith("custom."):
        key = f"custom.{quote(key.removeprefix('custom.'))}"
    return f"{'-' if negated else ''}{key}:{','.join(parts)}"


def with_term(text: str, added: str) -> str:
    """Return a filter that also asks for a term; a term of the same key gives way to it."""
    key = added.lstrip("-").split(":", 1)[0].casefold()
    kept, place = "", 0
    for one in raw_terms(text):
        if one.key.casefold() == key:
            kept += text[place : one.start].rstrip()
            place = one.end
    return f"{(kept + text[place:]).strip()} {added}".strip()


def _english(words: Mapping[str, str], text: str) -> str:
    folded = fold(text)
    return words.get(folded, folded)


def _read(text: str, words: Mapping[str, str]) -> Filter:
    terms: list[Term] = []
    problems: list[Problem] = []
    sort: list[SortKey] = []
    group: str | None = None
    used = 0
    for raw in raw_terms(text):
        if used >= MOST_VALUES:
            sentence = f"Only the first {MOST_VALUES} values of a filter are used."
            problems.append(Problem(raw.start, len(text), sentence))
            break
        one = _term(text, raw, words, problems)
        one = one._replace(values=one.values[: MOST_VALUES - used])
        used += max(1, len(one.values))
        terms.append(one)
        if one.key == "sort":
            sort += _sort_keys(raw, words)
        elif one.key == "group":
            for value in one.values:
                group = value.code if isinstance(value, Choice) else group
    return Filter(text, tuple(terms), tuple(sort), group, tuple(problems))


def _term(text: str, raw: RawTerm, words: Mapping[str, str], problems: list[Problem]) -> Term:
    if not raw.key:
        found = tuple(Word(one.text, one.quoted) for one in raw.values if one.text)
        return Term(raw.start, raw.end, "", found, raw.negated)
    key, field = _known_key(raw.key, words)
    if not key:
        return _as_text(text, raw, problems)
    values: list[Value] = []
    for typed in raw.values:
        one = typed
        if key == "sort":
            one = one._replace(text=one.text.removeprefix("-"))
        if not one.text:
            continue
        try:
            values += read_value(key, one, partial(_english, words))
        except UnreadableValueError as error:
            problems.append(Problem(one.start, one.end, str(error)))
    kept = tuple(dict.fromkeys(values))
    return Term(raw.start, raw.end, key, kept, raw.negated, field, raw.value_start)


def _sort_keys(raw: RawTerm, words: Mapping[str, str]) -> list[SortKey]:
    """Read `priority,-age`; a minus before the key turns each of them round."""
    found = []
    for one in raw.values:
        column = one.text.removeprefix("-")
        descending = (column != one.text) != raw.negated
        try:
            choices = read_value("sort", one._replace(text=column), partial(_english, words))
        except UnreadableValueError:
            continue
        found += [SortKey(each.code, descending) for each in choices if isinstance(each, Choice)]
    return found


def _known_key(typed: str, words: Mapping[str, str]) -> tuple[str, str]:
    """Return the key and, for a field of the team, the field's name."""
    if typed[:7].casefold() == "custom.":
        field = typed[7:]
        if field.startswith('"'):
            field = field[1:-1].replace('""', '"')
        return ("custom", field) if field else ("", "")
    key = _english(words, typed)
    key = _ALIASES.get(key, key)
    return (key, "") if key in KEYS and key != "custom" else ("", "")


def _as_text(text: str, raw: RawTerm, problems: list[Problem]) -> Term:
    """Search an unknown key as it stands; `http://x` and `C:` are no slips."""
    key_start = raw.value_start - len(raw.key) - 1
    whole = text[key_start : raw.end]
    if raw.values and len(raw.key) > 1 and not _NOT_A_SLIP.match(text[raw.value_start : raw.end]):
        problems.append(
            Problem(
                key_start,
                raw.value_start,
                f'There is no key "{raw.key}"; "{whole}" is searched as text.',
            )
        )
    return Term(raw.start, raw.end, "", (Word(whole, any(map(str.isspace, whole))),), raw.negated)
