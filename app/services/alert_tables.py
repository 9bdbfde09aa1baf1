"""The team's tables of rules about alerts: read as fields, checked, told in a sentence, changed.

A table is a setting of names and texts (`domain.alert_rules` reads them); a change of one rule
writes the whole table as one action, which can be undone. Runs on the store thread.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.alert_rules import (
    ORDER,
    ORDERED,
    pattern_in_words,
    read_maintenance,
    severity_pair,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.priority import LEVEL_NAMES, PriorityMatrix, priority_label
from app.domain.settings import SETTINGS
from app.services import alert_reading, configuration
from app.services.syslog_intake import read_rule, rule_units
from app.storage import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk

SEVERITY, ROUTING = "alerts.severity", "alerts.routing"
MAINTENANCE, SYSLOG = "alerts.maintenance", "alerts.syslog"
TABLES: Final = (SEVERITY, ROUTING, MAINTENANCE, SYSLOG)
_MOST_RULES = 500
Fields = dict[str, Any]


class Rule(NamedTuple):
    """One rule: its name in the table, its parts, and what it does as one sentence."""

    name: str
    fields: Fields
    sentence: str


class Listing(NamedTuple):
    """A table as a screen shows it, with the names that its fields offer."""

    rules: list[Rule]
    teams: list[str]
    categories: list[str]
    matrix: PriorityMatrix


def listing(desk: Desk, table: str) -> Listing:
    """Return the rules of a table in the order in which they are tried."""
    matrix = PriorityMatrix.from_rows(configuration.get_setting(desk, "matrix.rows"))
    rules = [_rule(table, name, said, matrix) for name, said in _rules(desk, table).items()]
    names = [
        [item.name for item in catalogue.every(desk.connection, kind)]
        for kind in ("team", "category")
    ]
    return Listing(rules, names[0], names[1], matrix)


def _rules(desk: Desk, table: str) -> dict[str, str]:
    """Return the rules as they are tried; of a table without an order by the alphabet."""
    if table in ORDERED:
        return alert_reading.rules(desk, table)
    return dict(configuration.get_setting(desk, table))


def _rule(table: str, name: str, said: str, matrix: PriorityMatrix) -> Rule:
    try:
        fields = read(table, name, said)
        return Rule(name, fields, sentence(table, fields, matrix))
    except InvalidInputError as error:  # an import or an older program wrote it
        return Rule(name, {"name": name}, error.message)


def read(table: str, name: str, said: str) -> Fields:
    """Return the parts of a rule; raises InvalidInputError when the text cannot be read."""
    if table == SEVERITY:
        impact, urgency = severity_pair(name, {name.strip().lower(): said})
        return {"name": name, "impact": impact, "urgency": urgency}
    if table == ROUTING:
        team, _, category = said.partition("|")
        return {"name": name, "team": team.strip(), "category": category.strip()}
    if table == MAINTENANCE:
        window = read_maintenance(name, said)
        whole = window.pattern == "source=*"
        return {
            "name": name, "start_at": window.start_at, "end_at": window.end_at,
            "pattern": "" if whole else window.pattern,
        }  # fmt: skip
    rule = read_rule(name, said)
    count, unit = rule_units(rule.within)
    pattern = "" if rule.pattern == "*" else rule.pattern
    return {
        "name": name, "level": rule.level, "lines": rule.lines, "span": count, "unit": unit,
        "pattern": pattern,
    }  # fmt: skip


def write(table: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """Return name and text of a rule as the setting holds them, read once to be sure.

    Raises:
        InvalidInputError: a part is missing or cannot be.
    """
    name = " ".join(str(fields.get("name", "")).split())
    if not name:
        word = {SEVERITY: "the tool's word", ROUTING: "a pattern"}.get(table, "a name")
        raise InvalidInputError(f"A rule needs {word}.", field="name")
    if table == SEVERITY:
        name, said = name.lower(), f"{fields['impact']}/{fields['urgency']}"
    elif table == ROUTING:
        if not (fields["team"] or fields["category"]):
            raise InvalidInputError("Choose a team, a category, or both.", field="team")
        said = f"{fields['team']} | {fields['category']}".rstrip(" |")
    elif table == MAINTENANCE:
        span = "/".join(_written(fields[one]) for one in ("start_at", "end_at"))
        said = f"{span} {fields['pattern'].strip()}".strip()
    else:
        said = (
            f"{_level(fields['level'])} {fields['lines']}/{fields['span']}{fields['unit']} "
            f"{fields['pattern'].strip() or '*'}"
        )
    read(table, name, said)
    return name, said


def _level(level: int) -> str:
    from app.intake.syslog import SEVERITIES

    return SEVERITIES[level]


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def sentence(table: str, fields: Mapping[str, Any], matrix: PriorityMatrix) -> str:
    """Say in one plain sentence what a rule does; raises InvalidInputError for one that cannot."""
    write(table, fields)
    name = " ".join(str(fields["name"]).split())
    if table == SEVERITY:
        impact, urgency = fields["impact"], fields["urgency"]
        priority = priority_label(matrix.priority_of(impact, urgency))
        return (
            f'An alert that says "{name.lower()}" opens an incident of '
            f"{LEVEL_NAMES[impact].lower()} impact and {LEVEL_NAMES[urgency].lower()} urgency: "
            f"{priority}."
        )
    if table == ROUTING:
        parts = [f"are taken by {fields['team']}"] if fields["team"] else []
        parts += [f"get the category {fields['category']}"] if fields["category"] else []
        return f"Alerts {pattern_in_words(name)} {' and '.join(parts)}."
    if table == MAINTENANCE:
        whose = pattern_in_words(fields["pattern"]) if fields["pattern"].strip() else "of any kind"
        start, end = (f"{fields[one]:%Y-%m-%d %H:%M}" for one in ("start_at", "end_at"))
        return f"From {start} to {end} {_zone(fields['start_at'])} alerts {whose} open nothing."
    whose = f" {pattern_in_words(fields['pattern'])}" if fields["pattern"].strip() else ""
    unit = {"s": "second", "m": "minute", "h": "hour", "d": "day"}[fields["unit"]]
    lines, span = fields["lines"], fields["span"]
    messages = "One message" if lines == 1 else f"{lines:,} messages within {_many(span, unit)}"
    return (
        f"{messages} of level {_level(fields['level'])} or worse from one host{whose} "
        f"{'opens' if lines == 1 else 'open'} an incident; further ones join it."
    )


def _zone(at: datetime) -> str:
    return at.tzname() or "UTC"


def _many(count: int, unit: str) -> str:
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"


def put(desk: Desk, table: str, fields: Mapping[str, Any], *, replaces: str = "") -> ChangeSet:
    """Add a rule, or put it in the place of the one called `replaces`.

    Raises:
        InvalidInputError: the rule cannot be, names nobody known, or its name is taken.
    """
    name, said = write(table, fields)
    rules = _rules(desk, table)
    order = [name if one == replaces else one for one in rules]
    rules.pop(replaces, None)
    if name in rules:
        raise InvalidInputError(f'There is a rule "{name}" already. Change that one.', field="name")
    if table == ROUTING:
        for kind in ("team", "category"):
            if fields[kind] and catalogue.find(desk.connection, kind, fields[kind]) is None:
                raise InvalidInputError(f'There is no {kind} "{fields[kind]}".', field=kind)
    if len(rules) >= _MOST_RULES:
        raise InvalidInputError(f"A table holds {_MOST_RULES} rules. Remove one that is not used.")
    order += [] if name in order else [name]
    return _write(desk, table, {**rules, name: said}, order)


def move(desk: Desk, table: str, name: str, steps: int) -> ChangeSet:
    """Let a rule be tried earlier (negative) or later by some places; at the end it stays there.

    Raises:
        NotFoundError: the rule is gone.
    """
    rules = _rules(desk, table)
    order = list(rules)
    if name not in rules:
        raise NotFoundError(f'There is no rule "{name}" any more.')
    place = min(max(order.index(name) + steps, 0), len(order) - 1)
    order.remove(name)
    order.insert(place, name)
    return _write(desk, table, rules, order)


def remove(desk: Desk, table: str, name: str) -> ChangeSet:
    """Take a rule out of its table; one that is gone already is no error."""
    rules = _rules(desk, table)
    rules.pop(name, None)
    return _write(desk, table, rules, list(rules))


def _write(desk: Desk, table: str, rules: Mapping[str, str], order: Sequence[str]) -> ChangeSet:
    values: dict[str, Any] = {table: rules}
    if table in ORDERED:
        values[table + ORDER] = order
    return configuration.set_settings(desk, f"Set {SETTINGS[table].label}", values)
