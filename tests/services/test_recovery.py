"""A damaged database of a shared profile: started again from the hub, own work recovered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import apsw
import pytest

from app.domain.errors import HubAwayError, InvalidInputError
from app.domain.incident_record import IncidentDraft
from app.services import auditing, browsing, logging_incidents, recovery, sharing
from app.services.desk import Desk, open_desk, set_own_person
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.state import difference, state_of

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@pytest.fixture
def team(tmp_path: Path) -> tuple[Desk, Desk]:
    """Give two profiles that share; the second one has three incidents that were not sent."""
    ana, jon = (open_desk(Profile(tmp_path / name), CLOCK, person=name) for name in ("Ana", "Jon"))
    sharing.create(ana, str(tmp_path / "hub"))
    logging_incidents.log(ana, IncidentDraft(title="Known to all"))
    sharing.sync(ana)
    sharing.join(jon, str(tmp_path / "hub"))
    set_own_person(jon, "Jon")
    for number in range(3):
        logging_incidents.log(jon, IncidentDraft(title=f"Unsent {number}"))
    return ana, jon


def damage(desk: Desk, table: str) -> None:
    """Overwrite the first page of a table."""
    root, size = desk.connection.execute(
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema "
        "WHERE name = ?",
        (table,),
    ).get
    desk.connection.pragma("wal_checkpoint", "TRUNCATE")
    desk.close()
    with desk.profile.database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def test_own_unsent_changes_come_back(team: tuple[Desk, Desk]) -> None:
    ana, jon = team
    damage(jon, "incident")

    told = recovery.recover(jon.profile, CLOCK)

    assert told["text"] == "Repaired, 3 recovered, 0 lost"
    again = open_desk(jon.profile, CLOCK)
    assert auditing.check(again)["ok"]
    assert browsing.find_text(again, "unsent").total == 3
    assert [n["text"] for n in sharing.status(again)["health"]] == [told["text"]]
    assert again.person.name == "Jon"
    sharing.sync(ana)
    sharing.sync(again)
    assert browsing.find_text(ana, "unsent").total == 3
    assert difference(state_of(ana.connection), state_of(again.connection)) == ""
    assert apsw.Connection(told["kept"]).execute("SELECT count(*) FROM local").get


def test_what_cannot_be_read_is_counted(team: tuple[Desk, Desk]) -> None:
    ana, jon = team
    sent = jon.connection.execute("SELECT sseq FROM vv WHERE station = ?", (jon.store.station,)).get
    damage(jon, "change")
    told = recovery.recover(jon.profile, CLOCK)
    assert told["recovered"] == 0
    assert told["text"] == f"Repaired, 0 recovered, {told['lost']} lost"
    assert 0 < told["lost"] < sent
    again = open_desk(jon.profile, CLOCK)
    assert browsing.find_text(again, "known").total == 1
    assert auditing.check(again)["ok"]
    assert ana.connection is not None


def test_a_sound_or_unshared_or_unreachable_profile_is_left_alone(
    team: tuple[Desk, Desk], tmp_path: Path
) -> None:
    ana, jon = team
    with pytest.raises(InvalidInputError, match="is sound"):
        recovery.recover(ana.profile, CLOCK)
    alone = open_desk(Profile(tmp_path / "Alone"), CLOCK, person="Alone")
    damage(alone, "incident")
    with pytest.raises(InvalidInputError, match="Restore a backup"):
        recovery.recover(alone.profile, CLOCK)
    damage(jon, "incident")
    (tmp_path / "hub").rename(tmp_path / "away")
    before = jon.profile.database.read_bytes()
    with pytest.raises(HubAwayError):
        recovery.recover(jon.profile, CLOCK)
    assert jon.profile.database.read_bytes() == before
