"""What a team says about alerts: how bad a severity is, who takes what, when nothing is opened.

A pattern is words with `*` and `?`: each must fit. `name=word` looks at a label (or source,
severity, title), a word alone at the title. Standard library only; pure.
"""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CRITICAL, _HIGH, _MEDIUM, _LOW = (2, 1), (2, 2), (3, 2), (3, 3)
_WORDS: Final = {
    _CRITICAL: "critical crit disaster emergency emerg fatal page alert p1 sev0 1 down blocker",
    _HIGH: "error err high major danger p2 sev1 2 severe",
    _MEDIUM: "warning warn average moderate medium degraded p3 sev2 3 unknown",
    _LOW: "info information informational minor low notice debug p4 p5 sev3 sev4 4 5",
}
SEVERITIES: Final = {word: pair for pair, words in _WORDS.items() for word in words.split()}
"""Impact and urgency (1 high to 3 low) of the severities that tools usually tell."""


ORDER: Final = "_order"
"""Stands behind the key of a table of rules in the key of the setting that orders it."""
ORDERED: Final = ("alerts.routing", "alerts.maintenance", "alerts.syslog")
"""Tables whose rules are tried one after the other."""


class Route(NamedTuple):
    """Who takes an alert, and what it is about; "" for nobody in particular."""

    team: str = ""
    category: str = ""


class Maintenance(NamedTuple):
    """A stretch of time in which alerts that fit a pattern open nothing."""

    name: str
    start_at: datetime
    end_at: datetime
    pattern: str


def in_order(rules: Mapping[str, str], order: Sequence[str]) -> dict[str, str]:
    """Return rules as they are tried: those of `order`, then the others by the alphabet."""
    known = [name for name in order if name in rules]
    return {name: rules[name] for name in [*known, *sorted(rules.keys() - set(known))]}


def severity_pair(severity: str, rules: Mapping[str, str]) -> tuple[int, int]:
    """Return impact and urgency of a severity; what nobody knows is in the middle.

    Raises:
        InvalidInputError: the team's rule for it is not like "1/2".
    """
    word = severity.strip().lower()
    if word in rules:
        impact, _, urgency = rules[word].partition("/")
        if impact.strip() in ("1", "2", "3") and urgency.strip() in ("1", "2", "3"):
            return int(impact), int(urgency)
        raise InvalidInputError(
            f'The rule "{word}" of alerts.severity says "{rules[word]}". Write impact/urgency, '
            "each from 1 (high) to 3 (low), such as 1/2."
        )
    return SEVERITIES.get(word, _MEDIUM)


def fits(pattern: str, facts: Mapping[str, str]) -> bool:
    """Tell whether an alert fits a pattern; an empty one fits nothing."""
    try:
        terms = shlex.split(pattern)
    except ValueError:
        terms = pattern.split()
    return bool(terms) and all(_term_fits(term.lower(), facts) for term in terms)


def _term_fits(term: str, facts: Mapping[str, str]) -> bool:
    name, equals, word = term.partition("=")
    if not equals:
        name, word = "title", f"*{term}*"
    return any(
        fnmatchcase(value.lower(), word) for key, value in facts.items() if key.lower() == name
    )


def pattern_in_words(pattern: str) -> str:
    """Say which alerts fit a pattern: `host=db* disk` as "whose host is like ..."."""
    try:
        terms = shlex.split(pattern)
    except ValueError:
        terms = pattern.split()
    said = []
    for term in terms:
        name, equals, word = term.partition("=")
        if not equals:
            said.append(f'whose title contains "{term}"')
        else:
            like = "is like" if any(sign in word for sign in "*?[") else "is"
            said.append(f'whose {name.lower()} {like} "{word}"')
    return " and ".join(said)


def route(facts: Mapping[str, str], rules: Mapping[str, str]) -> Route:
    """Return who takes an alert by the first rule that fits: pattern -> "Team | Category"."""
    for pattern, said in rules.items():
        if fits(pattern, facts):
            team, _, category = said.partition("|")
            return Route(team.strip(), category.strip())
    return Route()


def read_maintenance(name: str, said: str) -> Maintenance:
    """Read `FROM/TO PATTERN`, instants in ISO 8601; without a pattern everything is meant.

    Raises:
        InvalidInputError: an instant cannot be read, or the end is not after the start.
    """
    span, _, pattern = said.strip().partition(" ")
    start, _, end = span.partition("/")
    try:
        start_at, end_at = _instant(start), _instant(end)
    except ValueError as error:
        raise InvalidInputError(
            f'The maintenance window "{name}" says "{said}". Write FROM/TO and a pattern, such as '
            "2026-03-09T22:00Z/2026-03-10T02:00Z host=db*."
        ) from error
    if end_at <= start_at:
        raise InvalidInputError(f'The maintenance window "{name}" ends before it starts.')
    return Maintenance(name, start_at, end_at, pattern.strip() or "source=*")


def _instant(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def maintenance_of(
    facts: Mapping[str, str], at: datetime, rules: Mapping[str, str]
) -> Maintenance | None:
    """Return the maintenance window that an alert falls into, if any; both ends are known."""
    for name, said in rules.items():
        window = read_maintenance(name, said)
        if window.start_at <= at < window.end_at and fits(window.pattern, facts):
            return window
    return None
