"""What a team agreed on is data: the defaults are domain.md's, and the next computation uses edits.

Each rule is edited the way the settings screens do it and by a configuration file (cli.md).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import (
    CauseClass,
    Channel,
    EntityId,
    FixType,
    Outcome,
    PendingReason,
    Status,
)
from app.domain.incident_record import ClockState, IncidentDraft
from app.services import (
    browsing,
    cataloguing,
    configuration,
    logging_incidents,
    measuring,
    moves,
    stakeholders,
)
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk
    from app.system.clock import PinnedClock


@pytest.fixture(params=["screen", "file"])
def edit(
    request: pytest.FixtureRequest, desk: Desk, tmp_path: Path
) -> Callable[[str, Callable[[], object]], None]:
    """Edit a rule: by what its screen calls, or by a file with this text."""

    def done(text: str, by_screen: Callable[[], object]) -> None:
        if request.param == "screen":
            by_screen()
            return
        path = tmp_path / "team.toml"
        path.write_text(text)
        configuration.import_file(desk, path)

    return done


def logged(desk: Desk, **fields: Any) -> EntityId:
    return logging_incidents.log(desk, IncidentDraft(title="Printer", **fields)).ids["incident"][0]


def changed(desk: Desk, kind: str, name: str, **changes: Any) -> None:
    found = next(one for one in cataloguing.entries(desk, kind) if one.name == name)
    cataloguing.change(desk, kind, found.id, changes)


def clock_of(desk: Desk, uid: EntityId) -> ClockState:
    state = browsing.incident(desk, uid).resolution_clock
    assert state is not None
    return state


def closed(desk: Desk) -> EntityId:
    uid = logged(desk)
    moves.start(desk, [uid])
    moves.resolve(desk, [uid], SOLVED)
    stakeholders.verify_with_requester(desk, uid, "Nina Berg", "phone")
    moves.close(desk, [uid])
    return uid


def test_a_new_store_has_the_defaults_of_the_domain_page(desk: Desk) -> None:
    rules = desk.rules
    assert rules.matrix.to_rows() == [["P1", "P2", "P3"], ["P2", "P3", "P4"], ["P3", "P4", "P4"]]
    assert rules.pausing == {"caller", "vendor", "scheduled"}
    assert rules.reopen_window == timedelta(days=7)
    assert rules.warn_percent == 75
    assert {priority for priority, _ in rules.targets} == {"P1", "P2", "P3", "P4"}
    assert {name for _, name in rules.targets} == {"response", "resolution"}
    assert {one.name: one.working_day_s // 3600 for one in rules.calendars.values()} == {
        "24x7": 24,
        "Office hours": 8,
    }


def test_the_codes_are_those_of_the_domain_page() -> None:
    assert set(PendingReason) == {"caller", "vendor", "change", "problem", "scheduled"}
    assert set(Outcome) == {
        "fixed", "workaround", "no_fault_found", "cannot_reproduce", "resolved_by_caller",
        "duplicate", "not_an_incident",
    }  # fmt: skip
    assert set(FixType) == {
        "assistance", "bug_fix", "hardware_repair", "software_patch", "system_update",
        "configuration_change", "training", "other",
    }  # fmt: skip
    assert set(CauseClass) == {
        "hardware", "software", "configuration", "capacity", "network", "power", "human",
        "third_party", "security", "undetermined",
    }  # fmt: skip
    named = {"phone", "email", "chat", "walk_in", "portal", "monitoring", "import"}
    assert named <= set(Channel)


def test_an_edited_matrix_gives_the_next_priority(desk: Desk, edit: Any) -> None:
    rows = [["P2", "P2", "P2"], ["P3", "P3", "P3"], ["P4", "P4", "P1"]]
    before = logged(desk, impact=3, urgency=3)
    edit(
        '[matrix]\nrows = [["P2","P2","P2"],["P3","P3","P3"],["P4","P4","P1"]]',
        lambda: configuration.set_setting(desk, "matrix.rows", rows),
    )
    assert browsing.incident(desk, logged(desk, impact=3, urgency=3)).priority == "P1"
    assert browsing.incident(desk, before).priority == "P4"


def test_the_reasons_that_pause_are_those_that_the_team_chose(
    desk: Desk, clock: PinnedClock, edit: Any
) -> None:
    edit(
        '[pending]\npausing = ["problem"]',
        lambda: configuration.set_setting(desk, "pending.pausing", ["problem"]),
    )
    for reason, paused_s in ((PendingReason.PROBLEM, 7200), (PendingReason.CALLER, 0)):
        uid = logged(desk)
        moves.start(desk, [uid])
        moves.pend(desk, [uid], reason, desk.now() + timedelta(days=1))
        clock.set(clock.now() + timedelta(hours=2))
        assert clock_of(desk, uid).paused is (paused_s > 0)
        moves.resume(desk, [uid])
        assert clock_of(desk, uid).paused_s == paused_s


def test_the_reopen_window_is_the_one_of_the_team(
    desk: Desk, clock: PinnedClock, edit: Any
) -> None:
    edit('[reopen]\nwindow = "2d"', lambda: configuration.set_setting(desk, "reopen.window", "2d"))
    within, late = closed(desk), closed(desk)
    clock.set(clock.now() + timedelta(days=2))
    moves.reopen(desk, [within], "Again")
    clock.set(clock.now() + timedelta(milliseconds=1))
    with pytest.raises(KnownError, match="more than 2 days ago"):
        moves.reopen(desk, [late], "Again")


def test_the_warning_comes_at_the_share_of_the_team(desk: Desk, edit: Any) -> None:
    uid = logged(desk, impact=2, urgency=1)
    assert clock_of(desk, uid).warn_at == MONDAY + timedelta(hours=6)
    edit(
        "[sla]\nwarn_percent = 50", lambda: configuration.set_setting(desk, "sla.warn_percent", 50)
    )
    assert clock_of(desk, uid).warn_at == MONDAY + timedelta(hours=4)


def test_an_edited_target_moves_open_incidents_and_leaves_finished_ones(
    desk: Desk, edit: Any
) -> None:
    uid, done = logged(desk, impact=2, urgency=1), closed(desk)
    kept = clock_of(desk, done)
    edit(
        '[[target]]\npriority = "P2"\nclock = "resolution"\ntarget = "2h"\n'
        'calendar = "24x7"\n'
        '[[target]]\npriority = "P4"\nclock = "resolution"\ntarget = "1h"\n'
        'calendar = "Office hours"\n',
        lambda: (
            changed(desk, "target", "P2 resolution", target="2h", calendar="24x7"),
            changed(desk, "target", "P4 resolution", target="1h"),
        ),
    )
    assert clock_of(desk, uid).due_at == MONDAY + timedelta(hours=2)
    assert clock_of(desk, done) == kept


def test_an_edited_calendar_never_rewrites_finished_incidents(desk: Desk, edit: Any) -> None:
    uid, done = logged(desk), closed(desk)
    kept, before = clock_of(desk, done), clock_of(desk, uid)
    version = stored_version(desk, done)
    open_ = {"mon": ["09:00-10:00"]}
    edit(
        '[[calendar]]\nname = "Office hours"\nzone = "Europe/London"\n'
        'open = {mon = ["09:00-10:00"]}\n',
        lambda: changed(desk, "calendar", "Office hours", open=open_),
    )
    assert clock_of(desk, done) == kept
    assert stored_version(desk, done) == version != desk.rules.calendar("Office hours").version
    after = clock_of(desk, uid)
    assert (after.target_s, before.target_s) == (5 * 3600, 40 * 3600)
    assert after.due_at == datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
    moves.start(desk, [uid])
    moves.resolve(desk, [uid], SOLVED)
    assert stored_version(desk, uid) == desk.rules.calendar("Office hours").version


def stored_version(desk: Desk, uid: EntityId) -> str:
    row: Any = desk.connection.execute(
        "SELECT json_extract(d.resolution_result, '$.calendar_version') FROM incident i "
        "JOIN incident_detail d ON d.id = i.id WHERE i.uid = ?",
        (uid,),
    ).get
    return str(row)


def test_a_calendar_without_an_open_hour_is_refused_when_it_is_saved(desk: Desk, edit: Any) -> None:
    before = desk.rules.calendar("Office hours").version
    with pytest.raises(InvalidInputError, match="has no open hour"):
        edit(
            '[[calendar]]\nname = "Office hours"\nzone = "Europe/London"\nopen = {mon = []}\n',
            lambda: changed(desk, "calendar", "Office hours", open={"mon": []}),
        )
    assert desk.rules.calendar("Office hours").version == before


def test_a_categorys_team_takes_the_next_incident(desk: Desk, edit: Any) -> None:
    cataloguing.add(desk, "team", "Print", {})
    edit(
        '[[category]]\npath = "hardware/printer"\nteam = "Print"\n',
        lambda: changed(desk, "category", "hardware/printer", team="Print"),
    )
    assert str(browsing.incident(desk, logged(desk, category="hardware/printer")).team) == "Print"


def test_an_edited_checklist_holds_the_next_closing_back(desk: Desk, edit: Any) -> None:
    edit(
        '[[checklist]]\nname = "Closure"\nitems = [{text = "Keys returned", required = true}]\n',
        lambda: changed(
            desk, "checklist", "Closure", items=[{"text": "Keys returned", "required": True}]
        ),
    )
    uid = logged(desk)
    moves.start(desk, [uid])
    moves.resolve(desk, [uid], SOLVED)
    with pytest.raises(InvalidInputError, match=r"1 required step is left \(Keys returned\)"):
        moves.close(desk, [uid])
    assert browsing.incident(desk, uid).status is Status.RESOLVED


def test_the_agreed_hours_of_a_service_are_those_of_its_calendar(desk: Desk, edit: Any) -> None:
    edit(
        '[[service]]\nname = "VPN"\ncalendar = "Office hours"\n',
        lambda: cataloguing.add(desk, "service", "VPN", {"calendar": "Office hours"}),
    )
    assert measuring.agreed_hours(desk)["VPN"] == desk.rules.calendar("Office hours")
