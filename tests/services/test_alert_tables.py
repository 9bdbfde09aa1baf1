"""Rules about alerts as fields and sentences: written, read, changed and undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import Named
from app.domain.priority import DEFAULT_MATRIX
from app.intake.configuration_file import read_configuration_text
from app.services import alert_intake, alert_tables, browsing, configuration, undoing
from app.services.alert_tables import MAINTENANCE, ROUTING, SEVERITY, SYSLOG
from app.storage import catalogue

if TYPE_CHECKING:
    from app.services.desk import Desk

NIGHT = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)
RULES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        SEVERITY,
        {"name": "panic", "impact": 1, "urgency": 2},
        "1/2",
        'An alert that says "panic" opens an incident of high impact and medium urgency: P2 High.',
    ),
    (
        ROUTING,
        {"name": 'host=db* "disk full"', "team": "Desk", "category": ""},
        "Desk",
        'Alerts whose host is like "db*" and whose title contains "disk full" are taken by Desk.',
    ),
    (
        MAINTENANCE,
        {
            "name": "Patch night",
            "start_at": NIGHT,
            "end_at": NIGHT + timedelta(hours=4),
            "pattern": "host=db1",
        },
        "2026-03-09T22:00Z/2026-03-10T02:00Z host=db1",
        'From 2026-03-09 22:00 to 2026-03-10 02:00 UTC alerts whose host is "db1" open nothing.',
    ),
    (
        SYSLOG,
        {"name": "Disks", "level": 3, "lines": 5, "span": 10, "unit": "m", "pattern": "tag=smart*"},
        "err 5/10m tag=smart*",
        "5 messages within 10 minutes of level err or worse from one host whose tag is like "
        '"smart*" open an incident; further ones join it.',
    ),
]


@pytest.mark.parametrize(("table", "fields", "said", "sentence"), RULES)
def test_a_rule_is_written_read_and_told(
    table: str, fields: dict[str, Any], said: str, sentence: str
) -> None:
    assert alert_tables.write(table, fields) == (fields["name"], said)
    assert alert_tables.read(table, fields["name"], said) == fields
    assert alert_tables.sentence(table, fields, DEFAULT_MATRIX) == sentence


def test_a_rule_is_added_changed_removed_and_each_step_undone(desk: Desk) -> None:
    first = {"name": "panic", "impact": 1, "urgency": 2}
    alert_tables.put(desk, SEVERITY, first)
    alert_tables.put(desk, SEVERITY, {**first, "name": "Oops"}, replaces="panic")
    assert configuration.get_setting(desk, SEVERITY) == {"oops": "1/2"}
    alert_tables.remove(desk, SEVERITY, "oops")
    assert alert_tables.listing(desk, SEVERITY).rules == []
    undoing.undo(desk)
    assert [one.name for one in alert_tables.listing(desk, SEVERITY).rules] == ["oops"]
    undoing.undo(desk)
    assert configuration.get_setting(desk, SEVERITY) == {"panic": "1/2"}


@pytest.mark.parametrize(
    ("table", "fields", "words"),
    [
        (SEVERITY, {"name": " ", "impact": 1, "urgency": 2}, "needs the tool's word"),
        (ROUTING, {"name": "host=a", "team": "", "category": ""}, "Choose a team"),
        (ROUTING, {"name": "host=a", "team": "Nobody", "category": ""}, 'no team "Nobody"'),
        (
            MAINTENANCE,
            {"name": "x", "start_at": NIGHT, "end_at": NIGHT, "pattern": ""},
            "ends before it starts",
        ),
        (SYSLOG, {**RULES[3][1], "lines": 0}, "LEVEL COUNT/TIME PATTERN"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    desk: Desk, table: str, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        alert_tables.put(desk, table, fields)


def test_a_name_is_given_once(desk: Desk) -> None:
    alert_tables.put(desk, SEVERITY, {"name": "panic", "impact": 1, "urgency": 2})
    with pytest.raises(InvalidInputError, match="already"):
        alert_tables.put(desk, SEVERITY, {"name": "PANIC", "impact": 3, "urgency": 3})


def test_a_rule_that_cannot_be_read_is_shown_with_what_is_wrong(desk: Desk) -> None:
    configuration.set_setting(desk, MAINTENANCE, {"Old": "some day"})
    (rule,) = alert_tables.listing(desk, MAINTENANCE).rules
    assert rule.name == "Old"
    assert "Write FROM/TO" in rule.sentence


def routed(desk: Desk, *names: str) -> None:
    for name in names:
        alert_tables.put(desk, ROUTING, {"name": name, "team": "Desk", "category": ""})


def order(desk: Desk) -> list[str]:
    return [one.name for one in alert_tables.listing(desk, ROUTING).rules]


def test_rules_are_tried_in_the_order_that_they_were_given(desk: Desk) -> None:
    configuration.put_item(desk, "team", "Night", {})
    routed(desk, "zone=*", "disk")
    assert order(desk) == ["zone=*", "disk"]
    alert_tables.put(
        desk, ROUTING, {"name": "host=*", "team": "Night", "category": ""}, replaces="zone=*"
    )
    assert order(desk) == ["host=*", "disk"]
    body = b'{"title": "disk full", "host": "db1"}'
    taken = alert_intake.take_payload(desk, body)
    assert browsing.incident(desk, taken[0].number).team == team(desk, "Night")
    alert_tables.move(desk, ROUTING, "host=*", +1)
    taken = alert_intake.take_payload(desk, body.replace(b"full", b"broken"))
    assert browsing.incident(desk, taken[0].number).team == team(desk, "Desk")


def test_a_move_is_one_undo_and_ends_at_the_ends(desk: Desk) -> None:
    routed(desk, "c", "a", "b")
    alert_tables.move(desk, ROUTING, "b", -1)
    assert order(desk) == ["c", "b", "a"]
    alert_tables.move(desk, ROUTING, "a", -9)
    alert_tables.move(desk, ROUTING, "c", +9)
    assert order(desk) == ["a", "b", "c"]
    undoing.undo(desk)
    assert order(desk) == ["a", "c", "b"]
    alert_tables.remove(desk, ROUTING, "c")
    assert order(desk) == ["a", "b"]
    with pytest.raises(NotFoundError):
        alert_tables.move(desk, ROUTING, "c", 1)


def test_rules_of_before_there_was_an_order_are_tried_by_the_alphabet(desk: Desk) -> None:
    configuration.set_setting(desk, ROUTING, {"b": "Desk", "a": "Desk"})
    assert order(desk) == ["a", "b"]
    routed(desk, "0")
    assert order(desk) == ["a", "b", "0"]


def test_a_file_orders_rules_as_they_stand_in_it_or_as_it_says(desk: Desk) -> None:
    text = '[alerts.routing]\n"z" = "Desk"\n"a" = "Desk"\n'
    configuration.apply(desk, read_configuration_text(text, "team.toml"))
    assert order(desk) == ["z", "a"]
    told = '[alerts]\nrouting_order = ["a", "z", "gone"]\n'
    configuration.apply(desk, read_configuration_text(told + text, "team.toml"))
    assert order(desk) == ["a", "z"]
    with pytest.raises(InvalidInputError, match="list of texts"):
        read_configuration_text("[alerts]\nrouting_order = 7\n", "team.toml")


def team(desk: Desk, name: str) -> Named:
    item = catalogue.find(desk.connection, "team", name)
    assert item is not None
    return Named(item.id, item.name)
