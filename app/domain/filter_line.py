"""Reads the filter language of lists, such as `status:open sla:<1h printer` (ux.md, section 6).

A space means and, a comma or, `-` or `not:` negates, quotes hold phrases, `< > <= >= a..b` compare.
What is not understood is text to search for and marked with its place; nothing is ever refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

WORDS = frozenset(
    {
        "status",
        "priority",
        "assignee",
        "requester",
        "team",
        "category",
        "service",
        "ci",
        "location",
        "channel",
        "tag",
        "number",
        "title",
        "id",
        "impact",
        "urgency",
        "severity",
    }
)
"""Keys whose values are words, names or codes."""

TIMES = frozenset({"registered", "updated", "due", "resolved", "closed", "occurred"})
"""Keys whose values are instants or lengths of time before now."""

LENGTHS = frozenset({"sla", "age"})
"""Keys whose values are lengths of time."""

FLAGS: dict[str, frozenset[str]] = {
    "is": frozenset(
        {
            "open",
            "closed",
            "resolved",
            "pending",
            "unread",
            "breached",
            "paused",
            "major",
            "mine",
            "unassigned",
            "conflict",
            "draft",
        }
    ),
    "has": frozenset({"file", "problem", "article", "similar"}),
    "in": frozenset({"notes", "files"}),
}
ALIASES = {"prio": "priority", "who": "requester", "to": "assignee", "cat": "category"}
ALIASES |= {"loc": "location", "svc": "service", "via": "channel", "state": "status"}
KEYS = (*sorted(WORDS | TIMES | LENGTHS), *FLAGS, "sort", "group")

_TOKEN = re.compile(r'(?P<minus>-?)(?:(?P<key>[A-Za-z_]+(?:\.[^\s:"]+)?):)?(?P<value>\S*)')
_OPERATOR = re.compile(r"^(<=|>=|<|>)(.+)$")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: `values` are alternatives; `operator` is "=", "<", "<=", ">", ">=" or "..".

    Free words have the key "". `start` and `end` are the place in the line.
    """

    key: str
    values: tuple[str, ...]
    operator: str = "="
    negated: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A stretch of the line that was taken as text, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A line of the filter language, read. `sort` and `group` are "" when the line names none."""

    terms: tuple[Term, ...] = ()
    sort: str = ""
    group: str = ""
    problems: tuple[Problem, ...] = field(default=())


def parse(text: str) -> Filter:
    """Read a line; whatever it says, something sensible comes out."""
    terms: list[Term] = []
    problems: list[Problem] = []
    sort = group = ""
    for start, end, raw in _pieces(text):
        key, value, negated = _split(raw)
        if key == "sort" and value:
            sort = value
        elif key == "group" and value:
            group = value
        elif key and value:
            term, reason = _term(key, value, negated, start, end)
            terms.append(term)
            if reason:
                problems.append(Problem(start, end, reason))
        elif value:
            terms.append(Term("", (value,), negated=negated, start=start, end=end))
    return Filter(tuple(terms), sort, group, tuple(problems))


def quote(value: str) -> str:
    """Write a value so that `parse` reads it as one."""
    return f'"{value}"' if re.search(r"[\s,:]", value) else value


def _pieces(text: str) -> list[tuple[int, int, str]]:
    """Cut a line at spaces that are not inside quotes."""
    pieces: list[tuple[int, int, str]] = []
    start, inside = None, False
    for index, character in enumerate(text):
        if character == '"':
            inside = not inside
        if character.isspace() and not inside:
            if start is not None:
                pieces.append((start, index, text[start:index]))
            start = None
        elif start is None:
            start = index
    if start is not None:
        pieces.append((start, len(text), text[start:]))
    return pieces


def _split(raw: str) -> tuple[str, str, bool]:
    negated = False
    if raw.lower().startswith("not:"):
        negated, raw = True, raw[4:]
    elif raw.startswith("-") and len(raw) > 1:
        negated, raw = True, raw[1:]
    name, colon, value = raw.partition(":")
    key = ALIASES.get(name.lower(), name.lower())
    known = key in KEYS or (key.startswith("custom.") and len(key) > 7)
    if colon and known:
        return (name if key.startswith("custom.") else key), value, negated
    return "", raw.replace('"', "").strip(), negated


def _term(key: str, value: str, negated: bool, start: int, end: int) -> tuple[Term, str]:
    if key in FLAGS:
        words = tuple(word.lower() for word in value.split(",") if word)
        unknown = [word for word in words if word not in FLAGS[key]]
        if unknown or not words:
            allowed = ", ".join(sorted(FLAGS[key]))
            return (
                Term("", (f"{key}:{value}",), negated=negated, start=start, end=end),
                f"{key}: knows {allowed}",
            )
        return Term(key, words, negated=negated, start=start, end=end), ""
    if ".." in value and key not in WORDS:
        low, _, high = value.partition("..")
        return Term(key, (low, high), "..", negated, start, end), ""
    found = _OPERATOR.match(value)
    if found and key not in WORDS:
        return Term(key, (found[2],), found[1], negated, start, end), ""
    return Term(key, tuple(_values(value)), "=", negated, start, end), ""


def _values(value: str) -> list[str]:
    parts = re.findall(r'"[^"]*"?|[^,"]+', value)
    return [part.strip('"') for part in parts if part.strip('"')] or [value]
