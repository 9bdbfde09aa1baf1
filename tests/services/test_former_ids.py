"""A team that admits each workstation trusts one that goes on under a new id as it did before."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.services import browsing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import backup, journal, station_rows
from app.storage import sharing as kept
from app.sync import admission, signing
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(name: str) -> Desk:
        clock = PinnedClock(datetime(2026, 3, 9, 9, len(made), tzinfo=UTC))
        made.append(open_desk(Profile(tmp_path / name), clock, person=name))
        return made[-1]

    yield make
    for one in made:
        one.close()


def titles(desk: Desk) -> set[str]:
    return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}


def all_sync(*desks: Desk) -> None:
    for one in (*desks, *desks):
        sharing.sync(one)


def put_back(desk: Desk, opened: Callable[[str], Desk]) -> Desk:
    """Put a copy of a profile in its place: it goes on as a new station."""
    name, place = desk.person.name, desk.profile.directory
    desk.close()
    shutil.copytree(place, place.with_name("copy"))
    shutil.rmtree(place)
    place.with_name("copy").rename(place)
    return opened(name)


def admit(founder: Desk, hub: Path, new: Desk) -> None:
    sharing.approve(founder, sharing.join(new, str(hub))["code"])


def test_a_restored_profile_needs_no_second_admission(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, jon, hub = opened("Ana"), opened("Jon"), tmp_path / "hub"
    sharing.create(ana, str(hub), approve=True)
    admit(ana, hub, jon)
    all_sync(ana, jon)
    before = jon.store.station
    jon = put_back(jon, opened)
    quick_logging.log_lines(jon, ["after the restore"])
    all_sync(jon, ana)
    assert jon.store.station != before
    assert titles(ana) == {"after the restore"}
    told = sharing.status(ana)
    assert all(one["approved"] for one in told["stations"])
    assert sharing.sync(jon)[0]["state"] == "in_sync"


def test_whoever_began_the_team_admits_others_after_a_restore_as_well(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, jon, kim, hub = opened("Ana"), opened("Jon"), opened("Kim"), tmp_path / "hub"
    sharing.create(ana, str(hub), approve=True)
    admit(ana, hub, jon)
    all_sync(ana, jon)
    ana = put_back(ana, opened)
    quick_logging.log_lines(ana, ["after the restore"])
    all_sync(ana, jon)
    assert titles(jon) == {"after the restore"}
    quick_logging.log_lines(kim, ["from Kim"])
    admit(ana, hub, kim)
    all_sync(kim, ana, jon)
    assert titles(jon) == titles(kim) == {"after the restore", "from Kim"}
    with pytest.raises(InvalidInputError, match="Only the station that founded the team"):
        sharing.approve(jon, "AAAA-AAAA")


def test_work_from_before_a_restore_comes_with_the_id_that_is_admitted(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    """What was written before the profile shared stands under an id that never had a key."""
    ana, jon, hub = opened("Ana"), opened("Jon"), tmp_path / "hub"
    sharing.create(ana, str(hub), approve=True)
    quick_logging.log_lines(jon, ["before the restore"])
    jon.close()
    backup.become_new_station(jon.profile.database)
    jon = opened("Jon")
    quick_logging.log_lines(jon, ["after the restore"])
    admit(ana, hub, jon)
    all_sync(jon, ana)
    assert titles(ana) == {"before the restore", "after the restore"}


def test_an_admitted_station_cannot_speak_for_the_founder(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, jon, hub = opened("Ana"), opened("Jon"), tmp_path / "hub"
    sharing.create(ana, str(hub), approve=True)
    admit(ana, hub, jon)
    all_sync(ana, jon)
    founder, own = ana.store.station, jon.store.station
    secret = kept.secret_of(jon.store, own)
    key = station_rows.enrolled_key(jon.connection, founder)
    assert secret is not None
    assert key is not None
    signer = signing.Signer(secret)
    proof = signer.vouches(founder, own, signer.public).hex()
    for claimed in (key, signer.public):
        with journal.write(jon.store, b"", "forge") as action:
            value = {"key": claimed.hex(), "proof": proof}
            action.set("station", own, f"former:{founder.hex()}", value)  # type: ignore[arg-type]
        all_sync(jon, ana)
        assert admission.administrators(ana.store, founder) == {founder}
        assert admission.admitted_key(ana.store, founder, founder) == key
    assert all(one["approved"] for one in sharing.status(ana)["stations"])
