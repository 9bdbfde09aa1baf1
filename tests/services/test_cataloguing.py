"""The team's lists are kept by services: names lead where they led, and one undo takes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import CauseClass, EntityId, FixType, Outcome
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import browsing, cataloguing, configuration, logging_incidents, moves, undoing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import ChangeSet
    from app.domain.incident_record import Incident
    from app.services.cataloguing import Entry


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def entry(desk: Desk, kind: str, name: str) -> Entry:
    return next(one for one in cataloguing.entries(desk, kind) if one.name == name)


def change(desk: Desk, kind: str, name: str, /, **changes: Any) -> ChangeSet:
    return cataloguing.change(desk, kind, entry(desk, kind, name).id, changes)


def names(desk: Desk, kind: str) -> list[str]:
    return cataloguing.names(desk, kind)


def log(desk: Desk, title: str, **fields: Any) -> Incident:
    changes = logging_incidents.log(desk, IncidentDraft(title=title, **fields))
    return browsing.incident(desk, changes.number)


def test_a_renamed_team_is_renamed_wherever_it_is_named(desk: Desk) -> None:
    cataloguing.add(desk, "team", "Network", {})
    cataloguing.add(desk, "person", "Mia", {"team": "Network"})
    change(desk, "category", "network", team="Network")
    logged = log(desk, "no wifi", category="network/wifi")
    change(desk, "team", "Network", name="Connectivity")
    assert entry(desk, "person", "Mia").data["team"] == "Connectivity"
    assert entry(desk, "category", "network").data["team"] == "Connectivity"
    again = browsing.incident(desk, logged.number)
    assert again.team is not None
    assert again.team.name == "Connectivity"
    undoing.undo(desk)
    assert entry(desk, "person", "Mia").data["team"] == "Network"
    assert "Network" in names(desk, "team")


def test_renaming_the_first_team_keeps_it_first(desk: Desk) -> None:
    change(desk, "team", "Desk", name="Service desk")
    assert configuration.get_setting(desk, "team.default") == "Service desk"
    assert str(log(desk, "printer").team) == "Service desk"


def test_a_renamed_branch_takes_its_leaves_along(desk: Desk) -> None:
    cataloguing.add(desk, "custom_field", "Asset tag", {"category": "hardware/printer"})
    logged = log(desk, "paper jam", category="hardware/printer")
    change(desk, "category", "hardware", name="devices")
    assert "devices/printer" in names(desk, "category")
    assert not [name for name in names(desk, "category") if name.startswith("hardware")]
    assert entry(desk, "custom_field", "Asset tag").data["category"] == "devices/printer"
    assert str(browsing.incident(desk, logged.number).category) == "devices/printer"
    undoing.undo(desk)
    assert "hardware/printer" in names(desk, "category")


def test_a_name_that_is_taken_is_refused_and_nothing_is_written(desk: Desk) -> None:
    cataloguing.add(desk, "team", "Network", {})
    with pytest.raises(InvalidInputError, match="There is a team Desk already") as refusal:
        change(desk, "team", "Network", name="DESK")
    assert refusal.value.field == "name"
    with pytest.raises(InvalidInputError, match="already"):
        cataloguing.add(desk, "team", "network", {})
    assert sorted(names(desk, "team")) == ["Desk", "Network"]


def test_a_removed_team_leaves_the_categories_that_named_it(desk: Desk) -> None:
    cataloguing.add(desk, "team", "Network", {})
    change(desk, "category", "network", team="Network")
    cataloguing.remove(desk, "team", entry(desk, "team", "Network").id)
    assert entry(desk, "category", "network").data["team"] == ""
    assert str(log(desk, "no wifi", category="network/wifi").team) == "Desk"
    undoing.undo(desk, action=undone_action(desk, "Remove team Network"))
    assert entry(desk, "category", "network").data["team"] == "Network"


def undone_action(desk: Desk, title: str) -> EntityId:
    found: Any = desk.connection.execute("SELECT id FROM action WHERE title = ?", (title,)).get
    return EntityId(found)


def test_what_is_needed_is_not_removed(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match=r"24x7 is needed by target P1 .* another calendar"):
        cataloguing.remove(desk, "calendar", entry(desk, "calendar", "24x7").id)
    with pytest.raises(InvalidInputError, match="usual calendar"):
        cataloguing.remove(desk, "calendar", entry(desk, "calendar", "Office hours").id)
    with pytest.raises(InvalidInputError, match="nobody names a team"):
        cataloguing.remove(desk, "team", entry(desk, "team", "Desk").id)
    assert sorted(names(desk, "calendar")) == ["24x7", "Office hours"]


def test_a_person_added_again_is_the_same_person(desk: Desk) -> None:
    cataloguing.add(desk, "person", "Nina", {"phone": "1"})
    logged = log(desk, "no sound", requester="Nina")
    cataloguing.remove(desk, "person", entry(desk, "person", "Nina").id)
    assert str(browsing.incident(desk, logged.number).requester) == "Nina"
    cataloguing.add(desk, "person", "Nina", {"phone": "2"})
    back = entry(desk, "person", "Nina")
    assert back.incidents == 1
    assert back.data["phone"] == "2"


def test_uses_are_counted_by_incidents_and_by_items(desk: Desk) -> None:
    cataloguing.add(desk, "person", "Nina", {"location": "Annexe"})
    log(desk, "no sound", requester="Nina", assignee="Nina")
    log(desk, "no picture", requester="Nina")
    assert entry(desk, "person", "Nina").incidents == 2
    assert entry(desk, "location", "Annexe").named_by == ("person Nina",)
    assert "target P1 response" in entry(desk, "calendar", "24x7").named_by


def test_a_renamed_field_keeps_the_values_of_incidents(desk: Desk) -> None:
    cataloguing.add(desk, "custom_field", "Asset", {"type": "number"})
    logged = log(desk, "dead screen", custom={"Asset": 4711})
    assert entry(desk, "custom_field", "Asset").incidents == 1
    change(desk, "custom_field", "Asset", name="Asset tag")
    assert browsing.incident(desk, logged.number).custom == {"Asset tag": 4711}
    undoing.undo(desk)
    assert browsing.incident(desk, logged.number).custom == {"Asset": 4711}


def test_a_calendar_without_an_open_hour_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="has no open hour") as refusal:
        change(desk, "calendar", "Office hours", open={})
    assert refusal.value.field == "open"
    assert entry(desk, "calendar", "Office hours").data["open"]["mon"] == ["09:00-17:00"]


def test_a_new_calendar_moves_open_incidents_and_leaves_finished_ones(desk: Desk) -> None:
    urgent: dict[str, Any] = {"impact": 1, "urgency": 2}
    finished, lasting = log(desk, "fixed", **urgent), log(desk, "lasts", **urgent)
    moves.start(desk, [finished.id])
    moves.resolve(desk, [finished.id], given())
    before = [browsing.incident(desk, one.number) for one in (finished, lasting)]
    assert before[1].resolution_clock is not None
    assert before[1].resolution_clock.due_at == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
    change(desk, "calendar", "Office hours", open={"mon": ["09:00-12:00"], "tue": ["09:00-17:00"]})
    after = [browsing.incident(desk, one.number) for one in (finished, lasting)]
    assert after[0].resolution_clock == before[0].resolution_clock
    assert after[0].response == before[0].response
    assert after[1].resolution_clock is not None
    # 8 h: 3 h of Monday, 5 h of Tuesday.
    assert after[1].resolution_clock.due_at == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    due_ms = next(row.due_ms for row in browsing.rows(desk, [lasting.id]))
    assert due_ms == int(datetime(2026, 3, 10, 14, 0, tzinfo=UTC).timestamp() * 1000)


def given() -> Given:
    return Given(
        resolution="Done",
        outcome=Outcome.FIXED,
        fix_type=FixType.OTHER,
        cause_class=CauseClass.HARDWARE,
    )


def test_a_calendar_that_is_always_open_gets_windows_and_back(desk: Desk) -> None:
    change(desk, "calendar", "24x7", always=False, open={"sat": ["22:00-06:00"]})
    assert "always" not in entry(desk, "calendar", "24x7").data
    change(desk, "calendar", "24x7", always=True, holidays=["2026-12-25"])
    assert "open" not in entry(desk, "calendar", "24x7").data
    change(desk, "calendar", "24x7", holidays=[])
    assert "holidays" not in entry(desk, "calendar", "24x7").data


def test_the_checklists_that_closing_looks_for_keep_their_names(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="by its name"):
        change(desk, "checklist", "Closure", name="Our closure")
    change(desk, "checklist", "Closure", items=[{"text": "Cable tidied", "required": True}])
    assert [step.item for step in log(desk, "x").checklist] == ["Cable tidied"]


def test_a_copy_has_the_next_free_name_but_a_target_has_none(desk: Desk) -> None:
    uid = entry(desk, "calendar", "Office hours").id
    cataloguing.duplicate(desk, "calendar", uid)
    cataloguing.duplicate(desk, "calendar", uid)
    assert "Office hours 3" in names(desk, "calendar")
    with pytest.raises(InvalidInputError, match="one target for each"):
        cataloguing.duplicate(desk, "target", entry(desk, "target", "P1 response").id)


def test_a_target_changed_moves_due_times_and_cannot_take_the_place_of_another(desk: Desk) -> None:
    logged = log(desk, "slow", impact=1, urgency=2)
    change(desk, "target", "P2 resolution", target="2h")
    clock_now = browsing.incident(desk, logged.number).resolution_clock
    assert clock_now is not None
    assert clock_now.due_at == datetime(2026, 3, 9, 11, 0, tzinfo=UTC)
    with pytest.raises(InvalidInputError, match="already"):
        change(desk, "target", "P2 resolution", priority="P1")


def test_what_was_removed_meanwhile_is_told(desk: Desk) -> None:
    cataloguing.add(desk, "team", "Network", {})
    uid = entry(desk, "team", "Network").id
    cataloguing.remove(desk, "team", uid)
    with pytest.raises(NotFoundError, match="removed since"):
        cataloguing.change(desk, "team", uid, {"mail": "net@example.org"})


def test_an_unknown_name_is_refused_with_the_field(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="Nowhere") as refusal:
        change(desk, "category", "network", team="Nowhere")
    assert refusal.value.field == "team"
