"""Clocks, profiles and shares that were put back in time: what schedules have found."""

from __future__ import annotations

from tests.simulation.invariants import i3_rebuilding_gives_the_same

from .test_fault_table import Two, _code, told, two

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


def test_a_profile_and_a_share_put_back_together_are_told_of(two: Two) -> None:
    two.rest()
    two.share.keep()
    image = two.a.image()
    before = two.log(two.a)
    two.a.exchange_whole()
    two.b.exchange_whole()
    two.a.load(image)
    two.a.acknowledged.clear()
    two.a.numbers.clear()
    copy = two.share.before[-1]
    two.share.folders = {folder: dict(files) for folder, files in copy.items()}
    two.share._counted = 0
    after = two.log(two.a)
    for _ in range(3):
        two.a.exchange_whole()
        two.b.exchange_whole()
    name = f"a ({_code(two.a)})"
    assert [text for text in told(two.b) if text.startswith(name)] == [
        f"{name} was put back in time together with the shared folder. What it had sent before is "
        "kept here; what it has written since is kept there. Export it there and import it here."
    ]
    held = "SELECT count(*) FROM incident WHERE uid = ?"
    assert two.b.store.connection.execute(held, (before,)).get == 1
    assert two.a.store.connection.execute(held, (after,)).get == 1


def test_a_rebuild_knows_what_replaced_what_although_a_clock_was_off(two: Two) -> None:
    """The row that replaced another one has the earlier clock reading (seed 305 found it)."""
    from app.storage import journal

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
