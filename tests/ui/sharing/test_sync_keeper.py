"""Real threads: what one window writes shows in the other, and each says how sharing stands."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import WrongHubError
from app.services import browsing, incidents, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.sync.folder_hub import FolderHub
from app.system.clock import SystemClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.sharing import sync_keeper
from app.ui.sharing.sync_keeper import SyncKeeper
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


class Seat:
    """One person's profile with its keeper."""

    def __init__(self, folder: Path, name: str, theme: Theme) -> None:
        self._profile, self._name = Profile(folder / name), name
        self.desk = self.opened()
        self.bench = Workbench(InlineJobs(self.desk), ChangeBus(), theme)
        self.keeper = SyncKeeper(self.opened, self.bench)

    def opened(self) -> Desk:
        return open_desk(self._profile, SystemClock(), person=self._name)

    def titles(self) -> set[str]:
        ids = browsing.ids_in(self.desk, "")
        return {row.title for row in browsing.rows(self.desk, ids)}


@pytest.fixture
def seat(theme: Theme, tmp_path: Path) -> Iterator[Callable[[str], Seat]]:
    made: list[Seat] = []

    def make(name: str) -> Seat:
        made.append(Seat(tmp_path, name, theme))
        return made[-1]

    yield make
    for one in made:
        one.keeper.stop()
        one.desk.close()


def test_what_one_writes_shows_at_the_other(
    qtbot: QtBot, seat: Callable[[str], Seat], tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    ana, jon = seat("Ana"), seat("Jon")
    sharing.create(ana.desk, str(tmp_path / "share"))
    sharing.join(jon.desk, str(tmp_path / "share"))
    for one in (ana, jon):
        with qtbot.waitSignal(one.keeper.told, timeout=20_000):
            one.keeper.start()
    changes = quick_logging.log_lines(ana.desk, ["printer jams"])
    with qtbot.waitSignal(ana.keeper.told, timeout=20_000):
        ana.bench.bus.publish(changes)
    with qtbot.waitSignal(jon.keeper.came, timeout=20_000):
        jon.keeper.sync_now()
    assert jon.titles() == {"printer jams"}
    assert jon.keeper.last is not None
    assert (jon.keeper.last.state, jon.keeper.last.waiting) == ("in_sync", 0)

    uid = browsing.ids_in(jon.desk, "")[0]
    incidents.edit(jon.desk, [uid], {"title": "printer on fire"})
    with qtbot.waitSignal(jon.keeper.told, timeout=20_000):
        jon.keeper.sync_now()
    with qtbot.waitSignal(ana.keeper.came, timeout=20_000):
        ana.keeper.sync_now()
    assert ana.titles() == {"printer on fire"}


def test_a_share_that_went_away_is_said_with_what_waits(
    qtbot: QtBot, seat: Callable[[str], Seat], tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    ana = seat("Ana")
    sharing.create(ana.desk, str(share))
    share.rename(tmp_path / "unplugged")
    quick_logging.log_lines(ana.desk, ["one"])
    with qtbot.waitSignal(ana.keeper.told, timeout=20_000):
        ana.keeper.start()
    assert ana.keeper.last is not None
    assert ana.keeper.last.state == "offline"
    assert ana.keeper.last.sentence == "Offline, 1 change waiting"
    (tmp_path / "unplugged").rename(share)
    with qtbot.waitSignal(ana.keeper.told, timeout=20_000):
        ana.keeper.sync_now()
    assert (ana.keeper.last.state, ana.keeper.last.waiting) == ("in_sync", 0)


def test_an_error_for_a_person_is_told(
    qtbot: QtBot, seat: Callable[[str], Seat], tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    ana, jon = seat("Ana"), seat("Jon")
    sharing.create(ana.desk, str(share))
    share.rename(tmp_path / "old")
    share.mkdir()
    sharing.create(jon.desk, str(share))
    with qtbot.waitSignal(ana.keeper.told, timeout=20_000) as told:
        ana.keeper.start()
    assert isinstance(told.args[0], WrongHubError)
    assert "belongs to another team" in told.args[0].message


def test_a_profile_that_shares_with_nobody_begins_when_it_does(
    qtbot: QtBot, seat: Callable[[str], Seat], tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    ana = seat("Ana")
    ana.keeper.start()
    with qtbot.waitSignal(ana.keeper.told, timeout=20_000):
        ana.keeper.look()
    assert ana.keeper.last is not None
    assert not ana.keeper.last.shared
    sharing.create(ana.desk, str(tmp_path / "share"))
    with qtbot.waitSignal(ana.keeper.told, timeout=20_000):
        ana.keeper.sync_now()
    assert ana.keeper.last.shared


def test_a_place_that_does_not_answer_is_said_while_it_hangs(
    qtbot: QtBot,
    seat: Callable[[str], Seat],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "share").mkdir()
    ana = seat("Ana")
    sharing.create(ana.desk, str(tmp_path / "share"))
    goes_on, hung = threading.Event(), threading.Event()

    def hangs(self: FolderHub) -> object:
        hung.set()
        assert goes_on.wait(60)
        return {}

    monkeypatch.setattr(FolderHub, "holdings", hangs)
    monkeypatch.setattr(sync_keeper, "SILENT_S", 0.2)
    monkeypatch.setattr(sync_keeper, "ATTEND_EVERY_MS", 20)
    ana.keeper._attention.setInterval(20)
    ana.keeper.start()
    assert hung.wait(20)
    quick_logging.log_lines(ana.desk, ["while it hangs"])
    qtbot.waitUntil(
        lambda: ana.keeper.last is not None and ana.keeper.last.state == "silent", timeout=20_000
    )
    assert ana.keeper.last is not None
    assert ana.keeper.last.sentence == "The shared place does not answer, 1 change waiting"
    assert ana.keeper.error is not None
    monkeypatch.undo()
    goes_on.set()
    qtbot.waitUntil(lambda: ana.keeper.last.state != "silent", timeout=20_000)
    assert ana.keeper.error is None


def test_nothing_is_exchanged_where_nothing_can_be_written(
    qtbot: QtBot, seat: Callable[[str], Seat], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    ana = seat("Ana")
    sharing.create(ana.desk, str(tmp_path / "share"))
    quick_logging.log_lines(ana.desk, ["one"])
    before = sorted(tmp_path.rglob("share/**/*"))
    monkeypatch.setattr(type(ana.desk.store), "read_only", True, raising=False)
    monkeypatch.setattr(ana.desk.store, "read_only", True, raising=False)
    with qtbot.assertNotEmitted(ana.keeper.told, wait=1_500):
        ana.keeper.start()
        ana.keeper.sync_now()
    assert not any(thread.name == "sync" for thread in threading.enumerate())
    assert sorted(tmp_path.rglob("share/**/*")) == before
