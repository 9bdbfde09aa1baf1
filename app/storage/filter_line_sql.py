"""Turns a filter into a condition over the incident table (alias `i`), with named values.

Nothing that a person typed ever becomes part of the statement. A value that cannot be understood
makes its term a search for text, so that a list is never emptied silently.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import KnownError
from app.domain.folding import fold
from app.domain.instants import parse_duration, to_ms
from app.domain.priority import parse_level, parse_priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from app.domain.filter_line import Filter, Term


class TextClause(Protocol):
    """Makes the condition for free words."""

    def __call__(self, words: Sequence[str]) -> tuple[str, list[Any]]:
        """Return a condition with `?` marks and its values."""


_DAY_S = 86_400
_REFERENCES = {
    "assignee": "person",
    "requester": "person",
    "team": "team",
    "category": "category",
    "service": "service",
    "ci": "ci",
    "location": "location",
}
_COLUMNS = {
    "registered": "i.registered_at",
    "updated": "i.updated_at",
    "due": "i.due_at",
    "resolved": "i.resolved_at",
    "closed": "i.closed_at",
    "occurred": "i.occurred_at",
}
_FLAGS = {
    "open": "i.is_open = 1",
    "closed": "i.status = 'closed'",
    "resolved": "i.status = 'resolved'",
    "pending": "i.status = 'pending'",
    "unread": "i.unread = 1",
    "breached": "(i.is_open = 1 AND (i.breached = 1 OR "
    "(i.paused = 0 AND i.due_at > 0 AND i.due_at < :now)))",
    "paused": "(i.is_open = 1 AND i.paused = 1)",
    "major": "i.major = 1",
    "mine": "i.assignee = :me",
    "unassigned": "(i.assignee IS NULL AND i.is_open = 1)",
    "conflict": "i.conflict = 1",
    "draft": "0",
    "file": "EXISTS (SELECT 1 FROM attachment f WHERE f.incident = i.id AND f.deleted = 0)",
    "problem": "i.problem_id IS NOT NULL",
    "article": "0",
    "similar": "EXISTS (SELECT 1 FROM incident_link k WHERE k.incident = i.id)",
}
_EQUAL = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


def compile_filter(
    given: Filter, *, now_ms: int, me_id: bytes, zone: ZoneInfo, text_clause: TextClause
) -> tuple[str, dict[str, Any]]:
    """Return the condition and its named values (`now` and `me` among them).

    Args:
        given: the filter, read.
        now_ms: the present instant.
        me_id: who `assignee:me` is.
        zone: in which dates are meant.
        text_clause: makes the condition for free words.
    """
    compiler = _Compiler(now_ms, zone, text_clause)
    clauses = ["i.deleted = 0", *(compiler.term(term) for term in given.terms)]
    compiler.values |= {"me": me_id, "now": now_ms}
    return " AND ".join(clauses), compiler.values


class _Compiler:
    def __init__(self, now_ms: int, zone: ZoneInfo, text_clause: TextClause) -> None:
        self._now_ms, self._zone, self._text = now_ms, zone, text_clause
        self.values: dict[str, Any] = {}

    def _bind(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def term(self, term: Term) -> str:
        try:
            clause = self._clause(term)
        except (ValueError, OverflowError):
            clause = self._words([f"{term.key}:{','.join(term.values)}"])
        return f"NOT coalesce(({clause}), 0)" if term.negated else f"({clause})"

    def _clause(self, term: Term) -> str:
        key = term.key
        if not key:
            return self._words(list(term.values))
        if key in {"is", "has"}:
            return " OR ".join(_FLAGS[value] for value in term.values)
        if key == "in":
            return "1"
        if key in _REFERENCES:
            return " OR ".join(self._reference(key, value) for value in term.values)
        if key in _COLUMNS:
            return self._time(term)
        if key in {"sla", "age"}:
            return self._length(term)
        if key.startswith("custom."):
            name = self._bind(key.removeprefix("custom."))
            wanted = ", ".join(self._bind(value) for value in term.values)
            return (
                "EXISTS (SELECT 1 FROM custom_value c WHERE c.incident = i.id "
                f"AND c.field = {name} AND c.value COLLATE NOCASE IN ({wanted}))"
            )
        return " OR ".join(self._word(key, value) for value in term.values)

    def _words(self, words: list[str]) -> str:
        clause, values = self._text(words)
        for value in values:
            clause = clause.replace("?", self._bind(value), 1)
        return clause

    def _word(self, key: str, value: str) -> str:
        if key == "status":
            if value.lower() == "open":
                return _FLAGS["open"]
            return f"i.status = {self._bind(fold(value).replace(' ', '_').replace('-', '_'))}"
        if key == "priority":
            return f"i.priority = {self._bind(_checked(parse_priority, value))}"
        if key in {"impact", "urgency", "severity"}:
            return f"i.{key} = {self._bind(_checked(parse_level, value))}"
        if key == "channel":
            return f"i.channel = {self._bind(fold(value).replace('-', '_').replace(' ', '_'))}"
        if key == "tag":
            return (
                "EXISTS (SELECT 1 FROM incident_tag t WHERE t.incident = i.id "
                f"AND t.folded = {self._bind(fold(value))})"
            )
        if key in {"number", "id"}:
            digits = re.sub(r"\D", "", value)
            number = self._bind(f"INC-{int(digits):06d}" if digits else value)
            alias = self._bind(fold(value))
            return (
                f"i.number = {number} OR i.id IN "
                f"(SELECT incident FROM number_alias WHERE folded = {alias})"
            )
        return f"instr(lower(i.title), {self._bind(value.lower())}) > 0"

    def _reference(self, key: str, value: str) -> str:
        word = fold(value)
        if word == "me" and _REFERENCES[key] == "person":
            return f"i.{key} = :me"
        if word in {"none", "nobody", "-"}:
            return f"i.{key} IS NULL"
        kind, low, high = (
            self._bind(_REFERENCES[key]),
            self._bind(word),
            self._bind(word + "\U0010ffff"),
        )
        return (
            f"i.{key} IN (SELECT uid FROM catalogue_alias WHERE kind = {kind} "
            f"AND folded >= {low} AND folded < {high})"
        )

    def _time(self, term: Term) -> str:
        column = _COLUMNS[term.key]
        if term.operator == "..":
            low, high = term.values
            parts = [f"{column} > 0"]
            if low:
                parts.append(f"{column} >= {self._bind(self._span(low)[0])}")
            if high:
                parts.append(f"{column} < {self._bind(self._span(high)[1])}")
            return " AND ".join(parts)
        value = term.values[0]
        if re.fullmatch(r"[\d.]+\s*(d|h|m|min|w)", value):
            length = _length_ms(value)
            if term.key == "due":
                limit = self._bind(self._now_ms + length)
                return f"{column} > 0 AND {column} {_EQUAL.get(term.operator, '<=')} {limit}"
            limit = self._bind(self._now_ms - length)
            newer = term.operator in {"<", "<=", "="}
            return f"{column} > 0 AND {column} {'>=' if newer else '<'} {limit}"
        start, end = self._span(value)
        if term.operator == "=":
            return f"{column} >= {self._bind(start)} AND {column} < {self._bind(end)}"
        edge = end if term.operator in {"<=", ">"} else start
        sign = "<" if term.operator in {"<", "<="} else ">="
        return f"{column} > 0 AND {column} {sign} {self._bind(edge)}"

    def _span(self, text: str) -> tuple[int, int]:
        """Return the first and the last instant of a day, or of a moment."""
        today = datetime.fromtimestamp(self._now_ms / 1000, self._zone).date()
        words = {"today": today, "yesterday": today - timedelta(days=1)}
        if text.lower() in words:
            day = words[text.lower()]
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = datetime.fromisoformat(text).date()
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self._zone)
            return to_ms(moment), to_ms(moment) + 1
        start = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return to_ms(start), to_ms(start + timedelta(days=1))

    def _length(self, term: Term) -> str:
        expression = "(i.due_at - :now)" if term.key == "sla" else "(:now - i.registered_at)"
        guard = "i.is_open = 1 AND i.due_at > 0 AND i.paused = 0 AND " if term.key == "sla" else ""
        if term.operator == "..":
            low, high = (self._bind(_length_ms(value or "0m")) for value in term.values)
            return f"{guard}{expression} BETWEEN {low} AND {high}"
        sign = _EQUAL.get(term.operator, "<=")
        return f"{guard}{expression} {sign} {self._bind(_length_ms(term.values[0]))}"


def _length_ms(text: str) -> int:
    weeks = re.fullmatch(r"(\d+)w", text)
    text = f"{int(weeks[1]) * 7}d" if weeks else text
    return int(_checked(lambda value: parse_duration(value, _DAY_S), text)) * 1000


def _checked(read: Any, text: str) -> Any:
    """Read a value; a known error becomes ValueError, which makes the term text."""
    try:
        return read(text)
    except KnownError as error:
        raise ValueError(error.message) from error
