"""Each fault of the table in sync.md: what happens, and exactly what people are told (I12)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import HubError, HubNewerError, WrongHubError
from app.storage import exchange_rows, numbers, sharing
from app.sync import folder_notes
from app.sync.folder_hub import FolderHub
from app.sync.hub import Team
from tests.simulation.invariants import (
    i1_acknowledged_changes_are_kept,
    i2_all_stations_are_equal,
    i5_vectors_are_contiguous_and_chains_verify,
    i7_numbers_never_change,
)
from tests.simulation.world import World, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.share import Share
    from tests.simulation.station import Station

MINUTE = 60_000


class Two(World):
    """Two stations on one share, played by hand."""

    def __init__(self, kind: str = "folder") -> None:
        super().__init__(1)
        self.now = [1_773_046_800_000]
        self.team = Team(bytes([1]) * 16, bytes([2]) * 16, kind, b"")
        self.a, self.b = (self._open(name, self._fresh()) for name in ("a", "b"))
        self.team = self.team._replace(founder=self.a.store.station)
        FolderHub(self.a.view, "the share", "founder").found(self.team)
        for station in self.stations:
            station.begin(self.team)
        self.rest()

    def rest(self) -> None:
        """Let all exchange until nothing moves."""
        self._rest()
        assert i2_all_stations_are_equal([s.store.connection for s in self.stations]) == ""
        for station in self.stations:
            here = station.store.connection
            assert i1_acknowledged_changes_are_kept(here, station.acknowledged) == ""
            assert i5_vectors_are_contiguous_and_chains_verify(here) == ""

    def log(self, station: Station) -> bytes:
        """Log an incident; return its id."""
        from app.storage import journal

        before = set(station.numbers)
        with journal.write(station.store, bytes(16), "log") as action:
            station._create(action, [])
        station.acknowledged[bytes(action.id)] = "log"
        return next(iter(set(station.numbers) - before))

    def segments(self, station: Station) -> list[str]:
        return self.share.paths(f"{station.store.station.hex()}/seg")

    def file_with(self, station: Station, sseq: int) -> str:
        return next(
            path
            for path in self.segments(station)
            if int(path.split("/")[-1].split("-")[0]) <= sseq <= int(path.split("-")[-2])
        )

    def kill_everywhere(self, station: Station) -> int:
        """Kill the exchange at its first, second, ... call until one gets through."""
        for fuse in range(1, 300):
            station.view.fuse = fuse
            if station.exchange() is not None:
                return fuse
        raise AssertionError


@pytest.fixture
def two() -> Iterator[Two]:
    with seeded(random.Random(5)):
        yield Two()


def told(station: Station) -> list[str]:
    return [note.text for note in exchange_rows.notes(station.store.connection)]


def test_killed_at_any_call_of_a_push_or_pull_nothing_is_lost_and_nothing_told(two: Two) -> None:
    for station in (two.a, two.b):
        two.log(station)
    assert two.kill_everywhere(two.a) > 10
    assert two.kill_everywhere(two.b) > 10
    two.rest()
    assert told(two.a) == told(two.b) == []


def test_a_share_that_is_away_is_a_state_and_what_waits_is_counted(two: Two) -> None:
    two.a.view.away = True
    for _ in range(3):
        two.log(two.a)
    assert two.a.exchange_whole().state == "offline"
    pushed = int(two.a.store.local(sharing.PUSHED))
    assert exchange_rows.own_since(two.a.store.connection, two.a.store.station, pushed) == 3
    two.a.view.away = False
    two.rest()
    assert told(two.a) == []


def test_a_computer_that_sleeps_at_any_call_of_a_push_holds_nobody_up(two: Two) -> None:
    """It holds no lock: the other pushes and pulls meanwhile, and the push goes on hours later."""
    call, slept = two.a.view._call, 0
    for at in range(1, 300):
        two.log(two.a)
        of_b = two.log(two.b)
        calls = 0

        def sleep(at: int = at) -> bool:
            nonlocal calls, slept
            calls += 1
            if calls == at:
                slept += 1
                done = two.b.exchange_whole()
                assert (done.state, done.pushed > 0) == ("in_sync", True)
                two.now[0] += 8 * 60 * MINUTE
            return call()

        two.a.view._call = sleep  # type: ignore[method-assign]
        two.a.exchange_whole()
        two.a.view._call = call  # type: ignore[method-assign]
        if calls < at:
            break
        two.rest()
        assert of_b in two.b.numbers
    assert slept > 10
    two.rest()
    assert told(two.a) == told(two.b) == []


@pytest.mark.parametrize("content", [b"", b"garbage", b"SQLite format 3\0" + bytes(2000)])
def test_a_damaged_file_is_told_of_after_ten_minutes_and_mended_by_its_owner(
    two: Two, content: bytes
) -> None:
    two.log(two.a)
    two.a.exchange_whole()
    path = two.segments(two.a)[-1]
    good = two.share.get(path)
    two.share.put(path, content)

    two.b.exchange_whole()
    assert told(two.b) == []
    assert len(exchange_rows.quarantined(two.b.store.connection)) == 1
    two.now[0] += 10 * MINUTE
    two.b.exchange_whole()
    assert len(told(two.b)) == 1
    assert told(two.b)[0].startswith(f"{path} in the shared folder cannot be used (")
    assert told(two.b)[0].endswith(
        "). It is skipped; the work of a "
        f"({_code(two.a)}) is complete again as soon as a station that has it is here."
    )

    two.rest()
    assert two.share.get(path) == good
    assert exchange_rows.quarantined(two.b.store.connection) == []
    assert told(two.b) == []


def _code(station: Station) -> str:
    from app.storage.station_rows import code_of

    return code_of(station.store.station)


def test_a_lost_file_of_an_owner_who_is_gone_is_published_again_by_a_holder(two: Two) -> None:
    two.log(two.a)
    two.rest()
    two.share.drop(two.file_with(two.a, 1))
    two.stations.remove(two.a)
    late = two._open("late", two._fresh())
    late.begin(two.team)
    two.rest()
    assert late.store.connection.execute("SELECT count(*) FROM incident").get == 1
    assert two.share.paths("repair")


def test_an_emptied_share_is_filled_again_and_told_of(two: Two) -> None:
    two.log(two.a)
    two.log(two.b)
    two.rest()
    for path in two.share.paths("st/", "num", "presence"):
        two.share.drop(path)
    count = len(
        two.a.store.connection.execute(
            "SELECT DISTINCT tx_first FROM change WHERE station = ?", (two.a.store.station,)
        ).fetchall()
    )
    two.rest()
    assert told(two.a) == [f"The shared folder was restored; published {count} again"]
    assert len(told(two.b)) == 1
    first = numbers.highest(two.a.store.connection)
    for _ in range(30):
        two.log(two.a)
        two.a.exchange_whole()
    taken = [first for first, _ in numbers.own_blocks(two.a.store)]
    assert max(taken) > first + 25 * 30  # a margin to what others may have claimed
    two.rest()


def test_a_wiped_share_asks_and_sends_nothing(two: Two) -> None:
    two.share.folders = {"": {}}
    two.log(two.a)
    with pytest.raises(HubError) as caught:
        two.a.exchange()
    assert caught.value.code == "hub_wiped"
    assert caught.value.message == (
        "the share is empty: it was wiped, or it is not connected. Your work is kept here. "
        "If it was wiped, share rebuild publishes everything again."
    )
    assert two.share.folders == {"": {}}


def test_a_share_begun_again_by_a_colleague_gets_everything(two: Two) -> None:
    two.log(two.a)
    two.rest()
    two.share.folders = {"": {}}
    again = two.team._replace(epoch=bytes([3]) * 16)
    FolderHub(two.a.view, "the share", "again").found(again)
    two.rest()
    assert told(two.a) == ["the share was begun again; everything is published again."]


def test_the_wrong_share_is_refused_and_nothing_sent(two: Two) -> None:
    other = two.team._replace(id=bytes([7]) * 16)
    two.share.put("/team.json", folder_notes.write_team(other))
    before = two.share.copy()
    two.log(two.a)
    with pytest.raises(WrongHubError) as caught:
        two.a.exchange()
    assert caught.value.message == (
        "the share belongs to another team. Nothing was sent; "
        "choose the folder that your team shares."
    )
    assert two.share.folders == before


def test_a_share_of_a_newer_program_asks_for_an_update(two: Two) -> None:
    newer = two.team._replace(format=99)
    two.share.put("/team.json", folder_notes.write_team(newer))
    with pytest.raises(HubNewerError) as caught:
        two.a.exchange()
    assert caught.value.message == (
        "the share was made by a newer Incident Desk. Update to sync; "
        "your work is kept here until then."
    )


def test_a_copied_profile_goes_on_as_a_new_station(two: Two) -> None:
    two.log(two.a)
    two.rest()
    copy = two._open("copy", two.a.image())
    old = copy.store.station
    two.log(two.a)
    two.log(copy)
    two.a.exchange_whole()
    two.rest()
    assert copy.store.station != old == two.a.store.station
    assert told(two.a) == [] or all("handed out twice" in text for text in told(two.a))
    assert (
        "This profile was restored or copied. It goes on as a new station, and 1 entries that had "
        "not been sent are kept under it."
    ) in told(copy)


def test_a_number_that_two_copies_gave_out_stays_with_one_and_finds_both(two: Two) -> None:
    two.log(two.a)
    two.rest()
    copy = two._open("copy", two.a.image())
    two.log(two.a)
    two.log(copy)
    two.rest()
    for station in two.stations:
        assert i7_numbers_never_change(station.store.connection, station.numbers) == ""
    texts = [text for text in told(two.b) if "handed out twice" in text]
    assert len(texts) == 1
    number = texts[0].split(" ")[0]
    renamed = two.b.store.connection.execute(
        "SELECT number FROM incident WHERE number LIKE ?", (f"{number}-%",)
    ).get
    assert texts[0] == (
        f"{number} was handed out twice, by a copied profile. Both incidents are kept: one of them "
        f"is {renamed} from now on, and {number} finds both."
    )


def test_a_full_share_stops_the_push_and_not_the_pull(two: Two) -> None:
    two.log(two.b)
    two.b.exchange_whole()
    two.log(two.a)
    two.a.view.full = True
    done = two.a.exchange_whole()
    assert (done.state, done.pushed) == ("hub_full", 0)
    assert done.pulled == 1
    two.a.view.full = False
    two.rest()


@pytest.mark.parametrize("minutes", [6, 24 * 60])
def test_a_clock_that_is_ahead_is_told_of_and_conflicts_stay_causal(two: Two, minutes: int) -> None:
    two.a.clock.skew_ms = minutes * MINUTE
    two.log(two.a)
    two.a.exchange_whole()
    two.b.exchange_whole()
    assert told(two.b) == [f"The clock of station a ({_code(two.a)}) is {minutes} min off"]
    own = int(two.b.store.local("hlc")) >> 16
    assert own <= two.now[0] + 5 * MINUTE
    two.rest()


def test_out_of_numbers_offline_a_number_carries_the_station_and_stays(two: Two) -> None:
    two.a.view.away = True
    uids = [two.log(two.a) for _ in range(60)]
    given = [two.a.numbers[uid] for uid in uids]
    assert given[-1] == f"INC-{_code(two.a)}-{60 - given.index(f'INC-{_code(two.a)}-0001'):04d}"
    assert len(set(given)) == 60
    two.a.view.away = False
    two.rest()
    assert i7_numbers_never_change(two.b.store.connection, two.a.numbers) == ""


def test_the_share_is_not_asked_for_numbers_before_few_are_left(two: Two) -> None:
    assert numbers.left(two.a.store) == 25
    for _ in range(13):
        two.log(two.a)
    two.a.exchange_whole()
    assert numbers.left(two.a.store) == 12
    two.log(two.a)
    two.a.exchange_whole()
    assert numbers.left(two.a.store) == 11 + 25


def test_a_drop_of_another_program_changes_nothing(two: Two) -> None:
    share: Share = two.share
    own = two.a.store.station.hex()
    for folder in ("", "num", "presence", f"st/{own}/seg", f"st/{own}"):
        share.folders.setdefault(folder, {})
        share.folders[folder] |= {"._x": b"1", "desktop.ini": b"2", "1-1-zz.sqlite": b"3"}
    two.log(two.a)
    two.rest()
    assert told(two.a) == told(two.b) == []
    assert exchange_rows.quarantined(two.b.store.connection) == []


def test_in_a_cloud_folder_the_founder_gives_numbers_by_its_journal() -> None:
    with seeded(random.Random(6)):
        two = Two("cloud")
        assert two.share.paths("num") == []
        for station in two.stations:
            for _ in range(14):
                two.log(station)
        two.rest()
        given = {*two.a.numbers.values(), *two.b.numbers.values()}
        assert len(given) == 28
        assert all(number.count("-") == 1 for number in given)
        assert numbers.left(two.b.store) == 11 + 25
        assert two.share.paths("num") == []
        for station in two.stations:
            assert i7_numbers_never_change(station.store.connection, station.numbers) == ""
