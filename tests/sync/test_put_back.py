"""Clocks, profiles and shares that were put back in time: what schedules have found."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from app.domain.incident import EntityId
from app.storage import exchange_rows, journal
from app.sync import segment
from tests.simulation.invariants import (
    i3_rebuilding_gives_the_same,
    no_incident_is_hidden_by_a_colleague,
)
from tests.simulation.world import seeded

from .test_fault_table import Two, _code, told, two

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["two"]


def test_a_clock_that_is_put_back_delays_no_repair(two: Two) -> None:
    """Seed 5002 found it: the loss was noted by the clock of tomorrow."""
    two.log(two.a)
    two.rest()
    two.share.drop(two.file_with(two.a, 1))
    two.stations.remove(two.a)
    two.b.clock.skew_ms = 86_400_000
    two.b.exchange_whole()
    two.b.clock.skew_ms = 0
    two._rest()
    assert two.share.paths("repair")


def put_back_together(two: Two, work: Callable[[Two], object]) -> tuple[bytes, bytes]:
    """Put `a` and the share back by an incident, after `work`; return it and what `a` logs then."""
    two.rest()
    two.share.keep()
    image = two.a.image()
    before = two.log(two.a)
    two.a.exchange_whole()
    two.b.exchange_whole()
    work(two)
    two.a.load(image)
    two.a.acknowledged.clear()
    two.a.numbers.clear()
    copy = two.share.before[-1]
    two.share.folders = {folder: dict(files) for folder, files in copy.items()}
    two.share._counted = 0
    after = two.log(two.a)
    two.a.exchange_whole()
    return before, after


def both_hold(two: Two, *uids: bytes) -> bool:
    held = "SELECT count(*) FROM incident WHERE uid = ?"
    return all(
        station.store.connection.execute(held, (uid,)).get == 1
        for station in two.stations
        for uid in uids
    )


@pytest.mark.parametrize(("seed", "gives_way"), [(0, "b"), (1, "a"), (2, "a"), (3, "b"), (4, "b")])
def test_of_a_profile_and_a_share_put_back_together_both_stories_are_kept(
    seed: int, gives_way: str
) -> None:
    with seeded(random.Random(seed)):
        two = Two()
        name = f"a ({_code(two.a)})"
        before, after = put_back_together(two, lambda _: None)
        sequence, hash_ = exchange_rows.vector(two.a.store.connection)[two.a.store.station]
        known = exchange_rows.hash_at(two.b.store.connection, two.a.store.station, sequence)
        assert known is not None
        assert gives_way == ("a" if known < hash_ else "b"), "the smaller hash keeps the number"
        two.rest()
        assert both_hold(two, before, after)
        assert i3_rebuilding_gives_the_same(two.b.store) == ""
        assert not [path for path in two.share.paths("/seg") if _is_told_otherwise(two, path)]
        forked = [text for one in two.stations for text in told(one) if "back in time" in text]
        if gives_way == "a":
            assert forked == [
                "This profile was put back in time together with the shared folder. It goes on as "
                "a new station; entries under numbers that others know already are kept there (1)."
            ]
        else:
            assert forked == [
                f"{name} was put back in time together with the shared folder and wrote again "
                "under numbers that were used before. Both stories are kept: entries that gave "
                "way go on under this workstation (1)."
            ]


def _is_told_otherwise(two: Two, path: str) -> bool:
    folder, _, name = path.rpartition("/")
    station = bytes.fromhex(folder.split("/")[1])
    piece = segment.unpack(name, station, two.share.get(path))
    known = exchange_rows.hash_at(two.b.store.connection, station, piece.last)
    return known != piece.hash


def _takes_a_second_block(two: Two) -> None:
    for _ in range(20):
        two.log(two.a)
    two.a.exchange_whole()
    two.b.exchange_whole()


def test_numbers_of_a_story_that_gave_way_are_handed_out_by_nobody_else() -> None:
    blocks = "SELECT first FROM number_block WHERE station = ? ORDER BY first"
    for seed in range(8):
        with seeded(random.Random(seed)):
            two = Two()
            put_back_together(two, _takes_a_second_block)
            of_b = two.b.store.connection.execute(blocks, (two.b.store.station,)).fetchall()
            station = two.a.store.station
            two.rest()
            of_a = two.b.store.connection.execute(blocks, (station,)).fetchall()
            if two.a.store.station == station and len(of_a) > 1:
                now = two.b.store.connection.execute(blocks, (two.b.store.station,)).fetchall()
                assert now == of_b
                return
    raise AssertionError("in no seed does b give way")


@pytest.mark.parametrize("seed", range(4))
def test_what_was_redacted_stays_so_when_its_row_is_written_again(seed: int) -> None:
    with seeded(random.Random(seed)):
        two = Two()
        gone: list[bytes] = []

        def redacts(two: Two) -> None:
            connection = two.b.store.connection
            uid = connection.execute("SELECT uid FROM incident ORDER BY id DESC LIMIT 1").get
            with journal.write(two.b.store, bytes(16), "redact") as action:
                two.b._redact(action, [uid])
            gone.append(uid)

        before, after = put_back_together(two, redacts)
        two.rest()
        assert gone == [before]
        assert both_hold(two, before, after)
        for station in two.stations:
            title = "SELECT title FROM incident WHERE uid = ?"
            assert station.store.connection.execute(title, (before,)).get == "[redacted]"
            assert station.store.connection.execute(title, (after,)).get != "[redacted]"


def test_a_rebuild_knows_what_replaced_what_although_a_clock_was_off(two: Two) -> None:
    """The row that replaced another one has the earlier clock reading (seed 305 found it)."""
    uid = two.log(two.a)
    two.rest()
    two.a.clock.skew_ms = 86_400_000
    for station in (two.a, two.b):
        for field in ("description", "deleted"):  # the second makes the history a winding one
            value = None if field == "deleted" else station.name
            with journal.write(station.store, bytes(16), "set") as action:
                action.set("incident", uid, field, value)  # type: ignore[arg-type]
        two.rest()
    hlcs = [
        hlc
        for (hlc,) in two.a.store.connection.execute(
            "SELECT hlc FROM change WHERE field = 'description' ORDER BY length(prevs), value"
        )
    ]
    assert hlcs == sorted(hlcs, reverse=True)
    assert i3_rebuilding_gives_the_same(two.a.store) == ""


def test_a_circle_of_merges_is_settled_although_one_incident_comes_blanked(two: Two) -> None:
    """It stands there only once the row comes that says what is left of it (seed 3723 found it)."""
    first, second = two.log(two.a), two.log(two.a)
    two.rest()
    for station, uid, into in ((two.a, first, second), (two.b, second, first)):
        with journal.write(station.store, bytes(16), "merge") as action:
            action.set("incident", EntityId(uid), "merged_into", into.hex())
    two.rest()
    with journal.write(two.b.store, bytes(16), "redact") as action:
        two.b._redact(action, [min(first, second)])
    two.rest()
    late = two._open("late", two._fresh())
    late.begin(two.team)
    two.rest()
    assert no_incident_is_hidden_by_a_colleague(late.store.connection) == ""
