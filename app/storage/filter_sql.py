"""Compile a filter to a condition over `incident i`; user text goes only into bound values.

Names are resolved by sub-selects over `catalogue_item` and `catalogue_alias`, so that the indexes
on the incident's columns serve. Bound values are named `:f0`, `:f1`, ... and never clash with those
of a list query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.domain import custom_field
from app.domain.closure_code import as_code
from app.domain.filter_syntax import Choice, Interval, Period, Word
from app.domain.folding import fold, prefix_range
from app.storage.fields import IS_FLAG
from app.storage.filter_times import (
    Clock,
    date_text_condition,
    instant_condition,
    number_condition,
)
from app.storage.numbers import number_text, number_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from app.domain.filter_syntax import Filter, Term, Value

FALSE: Final = "0"
EVERYTHING: Final = "1"
_NAME_KINDS: Final = {
    "assignee": "person",
    "requester": "person",
    "team": "team",
    "category": "category",
    "service": "service",
    "ci": "ci",
    "location": "location",
}
_FLAGS: Final = {
    "open": "i.is_open = 1",
    "finished": "i.is_open = 0",
    "unread": "i.unread = 1",
    "paused": "i.is_open = 1 AND i.paused = 1",
    "major": "i.major = 1",
    "conflict": "i.conflict = 1",
    "unassigned": "i.assignee IS NULL",
    # A draft is no incident yet; the caller may look for it with Filter.asks("is", "draft").
    "draft": FALSE,
}
_FILE: Final = "SELECT 1 FROM attachment x WHERE x.incident = i.id AND x.deleted = 0"
_LINK: Final = "SELECT 1 FROM incident_link x WHERE x.incident = i.id AND x.kind"
_HAS: Final = {
    "file": f"EXISTS ({_FILE})",
    "problem": "i.problem_id IS NOT NULL",
    "article": f"EXISTS ({_LINK} = 'article')",
    "similar": f"EXISTS ({_LINK} IN ('similar', 'related'))",
}
_TAG: Final = "SELECT incident FROM incident_tag WHERE"
_CUSTOM: Final = "EXISTS (SELECT 1 FROM custom_value c WHERE c.incident = i.id AND c.field = "


_MERGED: Final = (
    "SELECT m.id FROM incident s JOIN incident m ON m.merged_into = s.uid WHERE s.number = {0} "
    "UNION ALL "
    "SELECT s.id FROM incident m JOIN incident s ON s.uid = m.merged_into WHERE m.number = {0}"
)
"""A merged incident and its survivor are found by either number (cli.md)."""

_NARROW: Final = frozenset({"assignee", "requester", "team", "category", "is", "sla", "tag", ""})
"""Terms that leave fewer incidents than a priority: the index of priorities is kept out there."""


class TextClause(Protocol):
    """Makes the condition over `i` that holds where all words are found."""

    def __call__(self, words: list[str], /) -> tuple[str, Sequence[Any] | Mapping[str, Any]]:
        """Return the condition and its values, by `?` marks or by name.

        A word with a blank in it is a phrase. Where no word can be searched the condition is "1".
        """
        ...


def compile_filter(
    filter_: Filter,
    *,
    now_ms: int,
    zone: tzinfo,
    me_id: bytes | None,
    text_clause: TextClause,
    notes_clause: TextClause | None = None,
    figure_clause: TextClause | None = None,
    week_start: int = 0,
) -> tuple[str, dict[str, Any]]:
    """Return the condition and its named values; deleted incidents are always left out.

    Args:
        filter_: The line that was read; terms without values restrict nothing.
        now_ms: The present instant, milliseconds since 1970 in UTC.
        zone: The reader's zone, whose days "today" and dates are.
        me_id: The person that `me` and `is:mine` stand for; None is nobody.
        text_clause: Finds free words.
        notes_clause: Finds words in notes alone (`in:notes`); without it everything is searched.
        figure_clause: Finds the incidents behind a figure of the dashboard; without it none are.
        week_start: The first day of a week, 0 for Monday.
    """
    compiler = _Compiler(Clock(now_ms, zone, week_start), me_id, text_clause, notes_clause)
    compiler.figures = figure_clause
    conditions = ["i.deleted = 0", *compiler.terms(filter_.terms)]
    return " AND ".join(conditions), compiler.values


class _Compiler:
    """Collect the bound values while conditions are made."""

    def __init__(
        self,
        clock: Clock,
        me_id: bytes | None,
        text_clause: TextClause,
        notes_clause: TextClause | None,
    ) -> None:
        self._clock, self._me_id = clock, me_id
        self._text, self._notes = text_clause, notes_clause or text_clause
        self.values: dict[str, Any] = {}
        self._narrow = False
        self.figures: TextClause | None = None

    def bind(self, value: object) -> str:
        """Return the name of a new bound value; half a character becomes a mark, as SQLite asks."""
        if isinstance(value, str):
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def terms(self, terms: Iterable[Term]) -> list[str]:
        """Return the conditions of all terms, the plain words of the line as one search."""
        given = list(terms)
        self._narrow = any(t.key in _NARROW and t.values and not t.negated for t in given)
        scopes = {
            value.code
            for term in given
            if term.key == "in" and not term.negated
            for value in term.values
            if isinstance(value, Choice)
        }
        plain: list[str] = []
        conditions = []
        for term in given:
            if not term.values or term.key in ("in", "sort", "group"):
                continue
            only = term.values[0]
            if not term.key and not term.negated and len(term.values) == 1:
                if isinstance(only, Word):
                    plain.append(only.text)
                continue
            anyone = [self._condition(term, value, scopes) for value in term.values]
            if EVERYTHING in anyone:
                continue
            joined = " OR ".join(f"({one})" for one in dict.fromkeys(anyone))
            conditions.append(f"({joined}) IS NOT TRUE" if term.negated else f"({joined})")
        words = self._search(plain, scopes) if plain else EVERYTHING
        return conditions if words == EVERYTHING else [*conditions, f"({words})"]

    def _condition(self, term: Term, value: Value, scopes: set[str]) -> str:
        if not term.key:
            return self._search([value.text], scopes) if isinstance(value, Word) else EVERYTHING
        kind = _NAME_KINDS.get(term.key)
        if kind is not None:
            return self._name(f"i.{term.key}", kind, value)
        if term.key == "custom":
            return self._custom(term.field, value)
        match value:
            case Choice():
                return self._choice(term.key, value.code)
            case Interval():
                return self._interval(term.key, value)
        return self._word(term.key, value)

    def _choice(self, key: str, code: str) -> str:
        match key, code:
            case ("sla", "breached") | ("is", "breached"):
                now = self.bind(self._clock.now_ms)
                # Past due, not at it: domain.md says met if stop <= due.
                return (
                    "i.is_open = 1 AND (i.breached = 1 OR "
                    f"(i.paused = 0 AND i.due_at > 0 AND i.due_at < {now}))"
                )
            case "sla", "none":
                return "i.is_open = 1 AND i.paused = 0 AND i.due_at = 0"
            case "is", "mine":
                return self._me("i.assignee")
            case "status", "any":
                return EVERYTHING
            case "has", _:
                return _HAS[code]
            case "priority", _:
                return f"{'+' if self._narrow else ''}i.priority = {self.bind(code)}"
            case "channel", _:
                return f"i.channel = {self.bind(code)}"
            case "severity", _:
                return "i.severity IS NULL"
            case (("outcome" | "fix_type" | "cause_class"), _):
                return f"i.{key} IS {'NULL' if code == 'none' else 'NOT NULL'}"
            case "tag", _:
                some = f"i.id IN ({_TAG} 1)"
                return f"NOT {some}" if code == "none" else some
            case (("is" | "status" | "sla"), _):
                return _FLAGS.get(code) or f"i.status = {self.bind(code)}"
        return f"coalesce(i.{key}_at, 0) = 0"

    def _interval(self, key: str, interval: Interval) -> str:
        match key:
            case "impact" | "urgency" | "severity":
                return number_condition(f"i.{key}", interval, self.bind)
            case "age":
                return self._instant("i.registered_at", interval)
            case "sla":
                left = self._instant("i.due_at", interval, ahead=True)
                return f"i.is_open = 1 AND i.paused = 0 AND i.stopped = 0 AND {left}"
        return self._instant(f"i.{key}_at", interval, ahead=key == "due")

    def _instant(self, column: str, interval: Interval, *, ahead: bool = False) -> str:
        return instant_condition(column, interval, self._clock, self.bind, ahead=ahead)

    def _word(self, key: str, word: Word) -> str:
        match key:
            case "tag":
                return f"i.id IN ({_TAG} {self._folded(word)})" if fold(word.text) else EVERYTHING
            case "number":
                return self._number(word)
            case "figure":
                return FALSE if self.figures is None else self._adopted(self.figures, [word.text])
            case "id":
                digits = word.text.replace("-", "").casefold()[:32]
                low, high = bytes.fromhex(digits.ljust(32, "0")), digits.ljust(32, "f")
                return f"i.uid BETWEEN {self.bind(low)} AND {self.bind(bytes.fromhex(high))}"
            case "outcome" | "fix_type" | "cause_class":
                return self._code(key, word)
        return f"i.title LIKE {self._part(word.text)}"

    def _code(self, key: str, word: Word) -> str:
        """Find a closure code by its beginning, by the team's words for it, or exactly."""
        code = as_code(word.text)
        if not code:
            return EVERYTHING
        if word.exact:
            return f"i.{key} = {self.bind(code)}"
        low, high = (self.bind(limit) for limit in prefix_range(code))
        kind = self.bind(key)
        worded = f"SELECT uid FROM catalogue_alias WHERE kind = {kind} AND {self._folded(word)}"
        return (
            f"(i.{key} >= {low} AND i.{key} < {high}) OR i.{key} IN "
            f"(SELECT name FROM catalogue_item WHERE uid IN ({worded}))"
        )

    def _number(self, word: Word) -> str:
        number = number_value(word.text)
        text = word.text.strip().upper() if number is None else number_text(number)
        alias = f"i.id IN (SELECT incident FROM number_alias WHERE {self._folded(word)})"
        if number is not None or word.exact:
            named = self.bind(text)
            return f"i.number = {named} OR {alias} OR i.id IN ({_MERGED.format(named)})"
        low, high = (self.bind(limit) for limit in prefix_range(text))
        return f"(i.number >= {low} AND i.number < {high}) OR {alias}"

    def _name(self, column: str, kind: str, value: Value) -> str:
        match value:
            case Choice(code="none"):
                return f"{column} IS NULL"
            case Choice(code="any"):
                return f"{column} IS NOT NULL"
            case Choice(code="me"):
                return self._me(column)
        if not isinstance(value, Word) or not fold(value.text):
            return EVERYTHING
        table = "catalogue_item" if value.exact else "catalogue_alias"
        named = self._folded(value)
        if value.exact and kind == "category":
            low, high = (self.bind(limit) for limit in prefix_range(f"{fold(value.text)}/"))
            named = f"({named} OR (folded >= {low} AND folded < {high}))"
        return f"{column} IN (SELECT uid FROM {table} WHERE kind = {self.bind(kind)} AND {named})"

    def _me(self, column: str) -> str:
        return FALSE if self._me_id is None else f"{column} = {self.bind(self._me_id)}"

    def _folded(self, word: Word) -> str:
        """Return the condition on a folded column: the same text, or one that begins so."""
        folded = fold(word.text)
        if word.exact:
            return f"folded = {self.bind(folded)}"
        low, high = (self.bind(limit) for limit in prefix_range(folded))
        return f"folded >= {low} AND folded < {high}"

    def _custom(self, field: str, value: Value) -> str:
        name = f"{_CUSTOM}{self.bind(field)} COLLATE NOCASE"
        match value:
            case Choice(code=code):
                some = f"{name} AND c.value != '')"
                return f"NOT {some}" if code == "none" else some
            case Interval():
                dated = isinstance(value.low, Period) or isinstance(value.high, Period)
                if dated:
                    inside = date_text_condition("c.value", value, self.bind)
                else:
                    inside = number_condition("c.number", value, self.bind)
                return f"{name} AND {inside})"
        if value.exact:
            same = f"c.value = {self.bind(value.text)} COLLATE NOCASE"
        else:
            same = f"c.value LIKE {self._part(value.text, anywhere=False)}"
        word = fold(value.text)
        if word in custom_field.YES | custom_field.NO:
            flag = self.bind(str(word in custom_field.YES))
            same = f"({same} OR (c.value = {flag} AND {IS_FLAG.format('c')}))"
        return f"{name} AND {same})"

    def _part(self, text: str, *, anywhere: bool = True) -> str:
        escaped = re.sub(r"([\\%_])", r"\\\1", text)
        pattern = f"%{escaped}%" if anywhere else f"{escaped}%"
        return f"{self.bind(pattern)} ESCAPE '\\'"

    def _search(self, words: list[str], scopes: set[str]) -> str:
        """Return the condition that all words are found in one of the scopes, else anywhere."""
        words = [word.lstrip("-") or word for word in words]
        found = [self._files(words)] if "files" in scopes else []
        if "notes" in scopes:
            found.append(self._adopted(self._notes, words))
        if not found:
            found.append(self._adopted(self._text, words))
        return EVERYTHING if EVERYTHING in found else " OR ".join(f"({one})" for one in found)

    def _files(self, words: list[str]) -> str:
        file = "i.id IN (SELECT incident FROM attachment WHERE deleted = 0 AND name LIKE"
        return " AND ".join(f"{file} {self._part(word)})" for word in words)

    def _adopted(self, clause: TextClause, words: list[str]) -> str:
        """Take over a condition of somebody else's with new names for its values."""
        sql, given = clause(words)
        if not sql.strip() or sql.strip() == EVERYTHING:
            return EVERYTHING
        if hasattr(given, "keys"):
            named: Mapping[str, Any] = dict(given)
            names = {key: self.bind(value) for key, value in named.items()}
            return re.sub(r":(\w+)", lambda found: names.get(found[1], found[0]), sql)
        places = iter(given)
        return re.sub(r"\?", lambda found: self.bind(next(places)), sql)
