"""The hub doctor says when the shared place is older than what a workstation has seen of it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import HubError
from app.services import diagnosis, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage.station_rows import code_of
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


def history(desk: Desk) -> Any:
    told = diagnosis.examine(desk, unique="x")
    return next((one for one in told["checks"] if one["name"] == "history"), None)


def test_a_place_that_was_put_back_is_told_with_what_is_missing_and_what_to_do(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, jon, hub = opened("Ana"), opened("Jon"), tmp_path / "hub"
    sharing.create(ana, str(hub))
    sharing.join(jon, str(hub))
    for one in (ana, jon):
        sharing.sync(one)
    shutil.copytree(hub, tmp_path / "old")
    quick_logging.log_lines(ana, ["printer jams", "no mail"])
    quick_logging.log_lines(jon, ["disk full"])
    for one in (ana, jon, ana):
        sharing.sync(one)
    good = "It holds all that this workstation has sent and taken."
    assert history(ana) == {"name": "history", "ok": True, "detail": good}

    shutil.rmtree(hub)
    (tmp_path / "old").rename(hub)
    before = sorted(path for path in hub.rglob("*") if path.is_file())
    told = history(jon)
    assert not told["ok"]
    names = [f"{one['name']} ({one['number_code']})" for one in sharing.status(jon)["stations"]]
    start = "It is older than what this workstation has seen of it: entries of "
    assert told["detail"].startswith(
        (start + " and ".join(names), start + " and ".join(names[::-1]))
    )
    assert told["detail"].endswith(
        " are missing there (3). It was restored from a backup or has lost files. Synchronise here "
        "and open Incident Desk on the other workstations: each publishes again what it holds. "
        "Restore nothing by hand until then."
    )
    assert before == sorted(path for path in hub.rglob("*") if path.is_file()), "only looked at"

    for one in (ana, jon, ana, jon):
        sharing.sync(one)
    assert history(ana)["ok"]
    assert history(jon)["ok"]


def test_what_waits_to_be_sent_is_no_loss(opened: Callable[[str], Desk], tmp_path: Path) -> None:
    ana = opened("Ana")
    sharing.create(ana, str(tmp_path / "hub"))
    quick_logging.log_lines(ana, ["not sent yet"])
    assert history(ana)["ok"]


def test_a_place_of_nobody_or_of_others_has_no_history_here(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, jon = opened("Ana"), opened("Jon")
    hub = tmp_path / "hub"
    sharing.create(ana, str(hub))
    assert history(jon) is None
    hub.rename(tmp_path / "away")
    sharing.create(jon, str(hub))
    told = history(ana)
    assert told is None


def test_an_empty_place_is_told_of_by_its_own_words(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, hub = opened("Ana"), tmp_path / "hub"
    sharing.create(ana, str(hub))
    (hub / "team.json").unlink()
    told = history(ana)
    with pytest.raises(HubError) as caught:
        sharing.sync(ana)
    assert told == {"name": "history", "ok": False, "detail": caught.value.message}


def test_two_stories_under_one_number_are_told_of(
    opened: Callable[[str], Desk], tmp_path: Path
) -> None:
    ana, jon, hub = opened("Ana"), opened("Jon"), tmp_path / "hub"
    sharing.create(ana, str(hub))
    sharing.join(jon, str(hub))
    for one in (ana, jon, ana):
        sharing.sync(one)
    shutil.copytree(hub, tmp_path / "old")
    ana.close()
    before = ana.profile.database.read_bytes()
    ana = opened("Ana")
    quick_logging.log_lines(ana, ["printer jams"])
    for one in (ana, jon):
        sharing.sync(one)
    ana.close()
    ana.profile.database.write_bytes(before)  # in its place: no trace that a copy would leave
    shutil.rmtree(hub)
    (tmp_path / "old").rename(hub)
    ana = opened("Ana")
    quick_logging.log_lines(ana, ["another thing"])
    sharing.sync(ana)
    told = history(jon)
    code = code_of(ana.store.station)
    assert not told["ok"]
    assert told["detail"].startswith("Two stories of Ana on ")
    assert (
        f"({code}) stand there under the same numbers: a profile and this place" in told["detail"]
    )
    for one in (jon, ana, jon, ana, jon):
        sharing.sync(one)
    good = "It holds all that this workstation has sent and taken."
    assert [history(one)["detail"] for one in (jon, ana)] == [good, good]
