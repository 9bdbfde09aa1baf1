"""Alerts open one incident, join it, resolve it, and leave alone what people work on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import Channel, Status
from app.intake.alert import Alert, AlertState
from app.services import alert_intake, browsing, configuration, incidents, moves
from app.storage import alert_rows
from app.storage.journal import write

if TYPE_CHECKING:
    from app.domain.incident_record import Incident
    from app.services.alert_intake import Taken
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

MAILS = Path("/") / "work" / "shared" / "data" / "monitoring_mails"
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
FIRING, RESOLVED = AlertState.FIRING, AlertState.RESOLVED


def alert(name: str = "disk", state: AlertState = FIRING, **more: object) -> Alert:
    given = {"severity": "critical", "labels": {"host": name}, **more}
    return Alert("zabbix", name, state, f"{name} is full", **given)  # type: ignore[arg-type]


def take(desk: Desk, *alerts: Alert, after_s: int = 0) -> list[Taken]:
    return alert_intake.take(desk, alerts, at=MONDAY + timedelta(seconds=after_s))


def only(desk: Desk, *alerts: Alert, after_s: int = 0) -> Taken:
    (taken,) = take(desk, *alerts, after_s=after_s)
    return taken


def count(desk: Desk) -> int:
    found: int = desk.connection.execute("SELECT count(*) FROM incident").get
    return found


def journal(desk: Desk) -> int:
    found: int = desk.connection.execute("SELECT count(*) FROM change").get
    return found


def seen(desk: Desk, taken: Taken) -> Incident:
    return browsing.incident(desk, taken.number)


def test_down_join_recover(desk: Desk, clock: PinnedClock) -> None:
    opened = only(desk, alert(text="no space", url="https://example.org/1"))
    assert (opened.action, count(desk)) == ("opened", 1)
    incident = seen(desk, opened)
    assert incident.status is Status.NEW
    assert (incident.impact, incident.urgency) == (2, 1)
    assert incident.channel is Channel.MONITORING
    assert incident.external_id == "zabbix:disk"
    assert "no space" in incident.description
    assert "https://example.org/1" in incident.description
    assert only(desk, alert(), after_s=60).action == "joined"
    clock.set(MONDAY + timedelta(seconds=120))
    closed = only(desk, alert(state=RESOLVED), after_s=120)
    assert (closed.action, closed.number) == ("closed", opened.number)
    incident = seen(desk, opened)
    assert incident.status is Status.RESOLVED
    assert incident.resolution.endswith(
        "Seen 2 times from 2026-03-09 09:00:00 UTC to 2026-03-09 09:02:00 UTC."
    )
    assert incident.assignee is None
    assert count(desk) == 1


def test_the_same_payload_twice_changes_nothing_but_the_count(desk: Desk) -> None:
    only(desk, alert())
    rows = journal(desk)
    for _ in range(5):
        assert only(desk, alert()).action == "joined"
    assert journal(desk) == rows
    known = alert_rows.find(desk.connection, "zabbix:disk")
    assert known is not None
    assert known.times == 6
    assert only(desk, alert(state=RESOLVED)).action == "closed"
    rows = journal(desk)
    assert only(desk, alert(state=RESOLVED)).action == "ignored"
    assert journal(desk) == rows


def test_repeats_are_told_at_round_numbers_only(desk: Desk) -> None:
    first = only(desk, alert())
    take(desk, *[alert()] * 149)
    notes = [one.text for one in seen(desk, first).timeline if one.text.startswith("Seen")]
    assert [note.split(" times")[0] for note in notes] == ["Seen 10", "Seen 100"]


def test_what_somebody_works_on_is_told_and_not_resolved(desk: Desk) -> None:
    taken = only(desk, alert())
    incidents.add_note(desk, [seen(desk, taken).id], "I am at the server.")
    recovered = only(desk, alert(state=RESOLVED))
    assert (recovered.action, "works on it" in recovered.reason) == ("joined", True)
    incident = seen(desk, taken)
    assert incident.status is Status.NEW
    assert any(one.text.startswith("The alert has recovered") for one in incident.timeline)
    assert only(desk, alert(state=RESOLVED)).action == "ignored"


def test_what_somebody_holds_is_not_resolved(desk: Desk) -> None:
    taken = only(desk, alert())
    moves.assign(desk, [seen(desk, taken).id], "Ana Ruiz")
    assert only(desk, alert(state=RESOLVED)).action == "joined"
    assert seen(desk, taken).status is Status.ASSIGNED


def test_a_recovery_of_nothing_opens_nothing(desk: Desk) -> None:
    assert only(desk, alert(state=RESOLVED)).action == "ignored"
    assert count(desk) == 0


def test_an_alert_that_returns_soon_reopens_and_later_opens_another(desk: Desk) -> None:
    first = only(desk, alert())
    only(desk, alert(state=RESOLVED), after_s=60)
    back = only(desk, alert(), after_s=120)
    assert (back.action, back.number) == ("joined", first.number)
    assert seen(desk, first).reopen_count == 1
    assert only(desk, alert(state=RESOLVED), after_s=180).action == "closed"
    later = only(desk, alert(), after_s=86_400)
    assert (later.action, count(desk)) == ("opened", 2)
    assert later.number != first.number


def test_an_alert_that_comes_and_goes_is_resolved_after_a_calm(desk: Desk) -> None:
    first = only(desk, alert())
    for minute in range(1, 12, 2):
        last = only(desk, alert(state=RESOLVED), after_s=minute * 60)
        only(desk, alert(), after_s=minute * 60 + 60)
    assert last.reason == "It comes and goes: resolved after a calm."
    only(desk, alert(state=RESOLVED), after_s=800)
    assert seen(desk, first).status.is_open
    assert count(desk) == 1
    take(desk, after_s=800 + 16 * 60)
    assert seen(desk, first).status is Status.RESOLVED
    assert seen(desk, first).reopen_count == 3


def test_a_storm_opens_one_master_that_counts_and_links(desk: Desk) -> None:
    configuration.set_setting(desk, "alerts.storm_count", 5)
    taken = take(desk, *(alert(f"host{number}") for number in range(50)))
    assert [one.action for one in taken].count("opened") == 5
    assert count(desk) == 6
    master = seen(desk, taken[-1])
    assert len(master.related) == 5
    assert master.priority == "P1"
    assert alert_rows.firing_of(desk.connection, master.id) == 45
    assert alert_rows.total(desk.connection) == 50
    ended = take(desk, *(alert(f"host{number}", RESOLVED) for number in range(50)))
    assert [one.action for one in ended].count("closed") == 6
    assert seen(desk, taken[-1]).status is Status.RESOLVED
    assert only(desk, alert("later"), after_s=200).action == "opened"


def test_nothing_is_opened_in_a_maintenance_window(desk: Desk) -> None:
    window = {"Patching": "2026-03-09T08:00Z/2026-03-09T10:00Z host=db*"}
    configuration.set_setting(desk, "alerts.maintenance", window)
    ignored = only(desk, alert("db1"))
    assert (ignored.action, "Patching" in ignored.reason) == ("ignored", True)
    assert only(desk, alert("web1")).action == "opened"
    assert only(desk, alert("db1"), after_s=3_600).action == "opened"


def test_the_team_s_rules_say_how_bad_it_is_and_who_takes_it(desk: Desk) -> None:
    configuration.set_setting(desk, "alerts.severity", {"critical": "1/1"})
    configuration.set_setting(desk, "alerts.routing", {"host=db* *full*": "Databases | Storage"})
    incident = seen(desk, only(desk, alert("db1")))
    assert (incident.impact, incident.urgency, incident.priority) == (1, 1, "P1")
    assert str(incident.team) == "Databases"
    assert str(incident.category) == "Storage"
    other = seen(desk, only(desk, alert("web1")))
    assert str(other.team) != "Databases"


def test_another_station_s_incident_is_found_by_the_journal(desk: Desk) -> None:
    first = only(desk, alert())
    desk.connection.execute("DELETE FROM alert")  # what another station does not have
    assert only(desk, alert()).number == first.number
    assert count(desk) == 1


def test_two_that_two_stations_opened_become_one(desk: Desk) -> None:
    first = only(desk, alert())
    desk.connection.execute("DELETE FROM alert")
    second = only(desk, alert("other"), after_s=5)
    uid = seen(desk, second).id
    with write(desk.store, alert_intake.monitoring(desk).person.id, "Meet") as action:
        action.set("incident", uid, "external_id", "zabbix:disk")
    desk.connection.execute("DELETE FROM alert")
    assert only(desk, alert(), after_s=10).number == first.number
    assert seen(desk, second).merged_into == first.number


def test_a_cancelled_or_deleted_incident_is_not_joined(desk: Desk) -> None:
    first = only(desk, alert())
    with desk.write("Delete") as action:
        action.set("incident", seen(desk, first).id, "deleted", True)
    assert only(desk, alert()).action == "opened"


def test_what_cannot_be_read_is_kept_with_the_reason(desk: Desk) -> None:
    body = b'{"state": NaN}'
    (taken,) = alert_intake.take_payload(desk, body, origin="a file")
    assert (taken.action, taken.source, "NaN" in taken.reason) == ("quarantined", "a file", True)
    (kept,) = alert_rows.quarantined(desk.connection)
    assert (kept.body, kept.source, kept.reason) == (body, "a file", taken.reason)
    assert count(desk) == 0


def test_a_format_that_nobody_knows_is_a_sentence(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="known are"):
        alert_intake.take_payload(desk, b"{}", name="nonsense")


@pytest.mark.skipif(not MAILS.is_dir(), reason="the published mails are not here")
def test_the_published_mails_of_icinga_leave_one_of_three_open(desk: Desk) -> None:
    taken = [
        one
        for file in sorted(MAILS.glob("*.eml"))
        for one in alert_intake.take_payload(desk, file.read_bytes(), origin=file.name)
    ]
    assert [one.action for one in taken] == [
        "opened", "joined", "closed", "opened", "opened", "joined", "closed",
    ]  # fmt: skip
    assert count(desk) == 3
    assert [seen(desk, one).status.is_open for one in taken[2:5]] == [False, False, True]


def test_looking_for_calm_alerts_reads_no_others(desk: Desk) -> None:
    plan = " ".join(
        row[3] for row in desk.connection.execute(
            "EXPLAIN QUERY PLAN SELECT a.* FROM alert a JOIN incident i ON i.uid = a.uid "
            "WHERE a.state = ? AND a.flaps > 0 AND a.flapped_at < ?", ("resolved", 0)
        )
    )  # fmt: skip
    assert "alert_flapping" in plan
