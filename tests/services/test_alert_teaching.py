"""Formats are taught by a received payload, foreseen without a trace, and used from then on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.taught_format import TaughtFormat
from app.services import (
    alert_intake,
    alert_quarantine,
    alert_reading,
    alert_teaching,
    configuration,
    undoing,
)
from app.services.alert_teaching import Example
from app.services.desk import Desk, open_desk
from app.storage import alert_rows, audit, catalogue
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.intake.test_alert_formats import PAIRS

if TYPE_CHECKING:
    from pathlib import Path

BODY = json.dumps({"job": {"name": "Backup", "result": "broken", "key": 7}, "on": "db1"}).encode()
WELL = BODY.replace(b"broken", b"ok")
PLACES = {"title": "/job/name", "state": "/job/result", "id": "/job/key"}


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def taught(name: str = "Backup tool", **more: Any) -> TaughtFormat:
    return TaughtFormat(name, PLACES, **more)


def count(desk: Desk) -> tuple[int, ...]:
    tables = ("incident", "change", "alert", "alert_quarantine", "number_alias", "person")
    known = {str(row[0]) for row in desk.connection.execute("SELECT name FROM sqlite_schema")}
    return tuple(
        int(str(desk.connection.execute(f"SELECT count(*) FROM {one}").get))
        for one in tables
        if one in known
    )


def test_a_held_payload_is_taught_saved_and_taken_from_then_on(desk: Desk) -> None:
    assert alert_intake.take_payload(desk, BODY, origin="10.0.0.7")[0].action == "quarantined"
    (held,) = alert_teaching.examples(desk)
    assert (held.origin, alert_teaching.body_of(desk, held)) == ("10.0.0.7", BODY)
    alert_teaching.save(desk, taught())
    assert alert_quarantine.format_names(desk)[0] == "backup_tool"
    (taken,) = alert_quarantine.try_again(desk, held.payload_id)
    assert taken.action == "opened"
    assert [one.action for one in alert_intake.take_payload(desk, BODY)] == ["joined"]
    assert [one.action for one in alert_intake.take_payload(desk, WELL)] == ["closed"]
    with pytest.raises(NotFoundError, match="another example"):
        alert_teaching.body_of(desk, held)


def test_the_last_payload_of_each_tool_is_an_example_once_a_minute(
    desk: Desk, clock: PinnedClock
) -> None:
    for number in range(3):
        told = json.dumps({"title": "Door", "id": number}).encode()
        alert_intake.take_payload(desk, told, origin="10.0.0.8")
    (one,) = alert_teaching.examples(desk)
    assert (one.source, one.origin) == ("generic", "10.0.0.8")
    assert b'"id": 0' in alert_teaching.body_of(desk, one)
    clock.set(desk.now() + timedelta(minutes=1))
    alert_intake.take_payload(desk, b'{"title": "Gate"}', origin="10.0.0.8")
    (one,) = alert_teaching.examples(desk)
    assert alert_teaching.body_of(desk, one) == b'{"title": "Gate"}'
    huge = json.dumps({"title": "x" * alert_reading.MOST_KEPT_BYTES}).encode()
    alert_intake.take_payload(desk, huge, origin="10.0.0.9")
    assert len(alert_teaching.examples(desk)) == 1


def test_what_would_happen_is_said_and_leaves_no_trace(desk: Desk) -> None:
    before = count(desk)
    told = alert_teaching.foresee(desk, BODY, taught())
    assert told == [
        'Opens the incident "Backup": P4 Low; Desk.',
        "The same again joins its incident (Still there: seen 2 times).",
        "When it is well again it resolves its incident (Recovered).",
    ]
    assert count(desk) == before
    assert alert_teaching.foresee(desk, BODY, taught()) == told
    (opened,) = alert_intake.take(desk, alert_reading.read(desk, b'{"title": "Real"}'))
    assert opened.number == "INC-000001"
    assert audit.verify_chains(desk.connection).first_bad is None


def test_rules_that_were_read_while_looking_ahead_are_not_believed_afterwards(desk: Desk) -> None:
    configuration.set_setting(desk, "alerts.routing", {"*": "Desk | new/branch"})
    told = alert_teaching.foresee(desk, BODY, taught())
    assert told[0].endswith("Desk, new/branch.")
    assert catalogue.find(desk.connection, "category", "new/branch") is None
    with desk.write("Add") as action:  # takes the version that the look ahead had
        catalogue.put(action, "category", "hardware/printer", {"team": "Desk"})
    assert desk.rules.team_of_category("hardware/printer") == "Desk"


def test_an_open_incident_is_joined_and_a_recovery_resolves_it(desk: Desk) -> None:
    alert_teaching.save(desk, taught())
    alert_intake.take_payload(desk, BODY)
    told = alert_teaching.foresee(desk, BODY, taught())
    assert told[0] == '"Backup" joins its incident (Still there: seen 2 times).'
    told = alert_teaching.foresee(desk, WELL, taught())
    assert told[0] == '"Backup" says that all is well and resolves its incident (Recovered).'
    row = alert_rows.find(desk.connection, "backup_tool:7")
    assert row is not None
    assert row.times == 1


def test_missing_places_are_told_with_what_they_mean(desk: Desk) -> None:
    told = alert_teaching.foresee(desk, BODY, TaughtFormat("x", {"title": "/job/name"}))
    assert "resolved by hand" in told[2]
    assert "known by its title and host" in told[3]
    with pytest.raises(InvalidInputError, match="no title in it"):
        alert_teaching.foresee(desk, BODY, TaughtFormat("x", {"title": "/nothing"}))
    assert alert_teaching.foresee(
        desk, b"[%s]" % b",".join([b'{"t": "a"}'] * 8), TaughtFormat("x", {"title": "/*/t"})
    )[-1] == ("3 more alerts are taken in the same way.")


def test_a_format_is_renamed_removed_and_brought_back(desk: Desk) -> None:
    alert_teaching.save(desk, taught(" Backup   tool "))
    alert_teaching.save(desk, taught("Saver"), replaces="Backup tool")
    assert list(alert_teaching.formats(desk)) == ["Saver"]
    alert_teaching.remove(desk, "Saver")
    assert alert_teaching.formats(desk) == {}
    undoing.undo(desk)
    assert alert_teaching.formats(desk)["Saver"] == taught("Saver")


@pytest.mark.parametrize(
    ("name", "match"),
    [("", "another name"), ("Zabbix", "format of this program"), ("backup-TOOL", "already")],
)
def test_a_name_that_cannot_be_is_refused(desk: Desk, name: str, match: str) -> None:
    alert_teaching.save(desk, taught())
    with pytest.raises(InvalidInputError, match=match):
        alert_teaching.save(desk, taught(name))
    assert list(alert_teaching.formats(desk)) == ["Backup tool"]


def test_a_format_that_an_import_broke_is_told_and_stops_no_other(desk: Desk) -> None:
    configuration.set_setting(
        desk, alert_reading.FORMATS, {"Good": "title=/job/name", "Odd": "title"}
    )
    assert "is no place" in str(alert_teaching.formats(desk)["Odd"])
    assert alert_intake.take_payload(desk, BODY)[0].action == "opened"


def test_an_example_says_which_known_tool_takes_it(desk: Desk) -> None:
    whole = PAIRS["alertmanager"][0]
    opened = alert_teaching.opened(json.dumps(whole).encode())
    assert (opened.document, opened.known) == (whole, "alertmanager")
    assert alert_teaching.opened(b'{"title": "x"}').known == ""
    with pytest.raises(InvalidInputError, match="twice"):
        alert_teaching.opened(b'{"a": 1, "a": 2}')
    with pytest.raises(NotFoundError):
        alert_teaching.body_of(desk, Example(0, "nowhere", "generic"))
