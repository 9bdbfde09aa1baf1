"""Closure codes as data of a store: older profiles, use counts, the words of a report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    cataloguing,
    configuration,
    incidents,
    logging_incidents,
    moves,
    reporting,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
GIVEN = Given(outcome="vendor_swap", fix_type="other", cause_class="human", resolution="Swapped")


def opened(tmp_path: Path) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz", zone="UTC")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path)


def resolved(desk: Desk) -> str:
    configuration.put_item(desk, "outcome", "vendor_swap", {"words": "Part from the VENDOR"})
    logged = logging_incidents.log(desk, IncidentDraft(title="Printer"))
    moves.start(desk, logged.ids["incident"])
    moves.resolve(desk, logged.ids["incident"], GIVEN)
    return logged.number


def test_a_profile_from_before_the_codes_were_data_gets_the_defaults(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with first.store.writing():
        for table in ("catalogue_item", "catalogue_alias"):
            kinds = "('outcome', 'fix_type', 'cause_class')"
            first.connection.execute(f"DELETE FROM {table} WHERE kind IN {kinds}")
        first.store.set_local("seeded", 1)
        first.store.set_local("catalogue_version", 99)
    assert len(first.rules.codes.offered("outcome")) == 7, "without any, the defaults hold"
    first.close()
    second = opened(tmp_path)
    assert len(cataloguing.entries(second, "outcome")) == 7
    assert len(cataloguing.entries(second, "cause_class")) == 10
    rows = second.connection.execute("SELECT count(*) FROM change").get
    second.close()
    assert opened(tmp_path).connection.execute("SELECT count(*) FROM change").get == rows


def test_the_report_uses_the_words_of_the_team(desk: Desk) -> None:
    number = resolved(desk)
    record = reporting.record(desk, number)
    assert record.strip[0].note == "Part from the VENDOR"
    details = {one.label: one.value for one in (*record.details_left, *record.details_right)}
    assert details["Closure codes"] == "Part from the VENDOR, other, human"
    configuration.put_item(desk, "outcome", "vendor_swap", {"note": "solved by the vendor"})
    assert reporting.record(desk, number).strip[0].note == "solved by the vendor"


def test_the_checklist_and_the_timeline_have_the_words_of_the_team(desk: Desk) -> None:
    number = resolved(desk)
    uid = browsing.find(desk, number)
    configuration.put_item(desk, "fix_type", "other", {"words": "Something ELSE"})
    step, words = "Outcome, fix type, cause class", "Part from the VENDOR · Something ELSE · human"
    notes = {one.item: one.note for one in browsing.incident(desk, number).checklist}
    assert notes[step] == words
    assert f"{step}: {words}" in [one.text for one in reporting.record(desk, number).checks]
    incidents.edit(desk, [uid], {"outcome": "fixed"})
    events = [one.event for one in reporting.record(desk, number).timeline]
    assert "Outcome: Part from the VENDOR → fixed" in events


def test_the_list_counts_use_and_a_removed_code_stays_on_its_incidents(desk: Desk) -> None:
    number = resolved(desk)
    entry = next(one for one in cataloguing.entries(desk, "outcome") if one.name == "vendor_swap")
    assert entry.incidents == 1
    cataloguing.remove(desk, "outcome", entry.id)
    assert browsing.incident(desk, number).outcome == "vendor_swap"
    assert "Closure codes" in {one.label for one in reporting.record(desk, number).details_left}
    with pytest.raises(InvalidInputError, match="Use one of"):
        desk.rules.codes.check("outcome", "vendor_swap")
    uid = browsing.find(desk, number)
    incidents.edit(desk, [uid], {"outcome": "vendor_swap", "resolution": "Swapped again"})
    undoing.undo(desk)
    undoing.undo(desk)
    desk.rules.codes.check("outcome", "vendor_swap")


def test_what_is_no_code_of_the_team_is_written_nowhere(desk: Desk) -> None:
    number = resolved(desk)
    uid = browsing.find(desk, number)
    with pytest.raises(InvalidInputError, match="no fix type"):
        incidents.edit(desk, [uid], {"fix_type": "magic"})
    moves.reopen(desk, [uid], "Back again")
    with pytest.raises(InvalidInputError, match="no cause class"):
        moves.resolve(desk, [uid], Given(cause_class="gremlins"))
    assert browsing.incident(desk, number).cause_class == "human"
