"""Threads of one process write in the order in which they asked, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.storage import journal, remote
from app.storage.store import Store
from app.storage.turns import Turns, turns_of
from app.system.clock import SystemClock
from tests.storage.published import pieces

if TYPE_CHECKING:
    import pytest


def waiting(turns: Turns, count: int) -> None:
    for _ in range(2_000):
        if len(turns._waiting) == count:
            return
        time.sleep(0.001)
    raise AssertionError(f"{len(turns._waiting)} wait, not {count}")


def test_who_asked_first_is_served_first() -> None:
    turns, served = Turns(), []

    def writes(number: int) -> None:
        with turns.turn(20):
            served.append(number)

    threads = [threading.Thread(target=writes, args=(number,)) for number in range(5)]
    with turns.turn(1):
        for number, thread in enumerate(threads):
            thread.start()
            waiting(turns, number + 1)
        assert turns.is_wanted()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


def test_one_who_writes_again_and_again_lets_the_other_in_between() -> None:
    turns, order, stop = Turns(), [], threading.Event()

    def pulls() -> None:
        while not stop.is_set():
            with turns.turn(20):
                order.append("batch")
                time.sleep(0.002)

    puller = threading.Thread(target=pulls)
    puller.start()
    for _ in range(20):
        while not turns._taken:
            time.sleep(0.0001)
        before = len(order)
        with turns.turn(20):
            assert len(order) - before <= 2, "it waited for more than what ran and what was next"
    stop.set()
    puller.join()


def test_a_turn_inside_ones_own_is_no_wait() -> None:
    turns = Turns()
    with turns.turn(0.01), turns.turn(0.01):
        assert turns._taken
    assert not turns._taken


def test_patience_ends_and_the_line_goes_on() -> None:
    turns = Turns()
    entered = threading.Event()

    def impatient() -> None:
        with turns.turn(0.01):
            entered.set()

    with turns.turn(1):
        thread = threading.Thread(target=impatient)
        thread.start()
        assert entered.wait(20)
        thread.join()
        assert turns._taken, "who had no turn took nobody's"
    assert not turns._taken
    with turns.turn(0.01):
        assert turns._taken


def test_an_error_hands_the_turn_on() -> None:
    turns = Turns()
    try:
        with turns.turn(1):
            raise ValueError
    except ValueError:
        pass
    assert not turns._taken


def test_one_file_has_the_same_turns_for_all() -> None:
    one = turns_of(Path("/x/desk.sqlite"))
    assert turns_of(Path("/x/../x/desk.sqlite").absolute()) is not None
    assert turns_of(Path("/x/desk.sqlite")) is one
    assert turns_of(Path("/y/desk.sqlite")) is not one


def test_what_is_pulled_is_written_in_short_pieces_beside_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Store(tmp_path / "source.sqlite", SystemClock())
    for number in range(100):
        with journal.write(source, bytes(16), "log") as action:
            for part in range(2):
                value = {"number": f"X-{number}-{part}", "title": "printer", "priority": "P3"}
                action.create("incident", value)
    groups = pieces(source)
    whole = groups[0]._replace(changes=tuple(row for one in groups for row in one.changes))
    sizes: list[int] = []
    take = remote._take

    def taken(store: Store, piece: Any, fresh: list[Any]) -> None:
        sizes.append(len(fresh))
        take(store, piece, fresh)

    monkeypatch.setattr(remote, "_take", taken)

    def pulled(name: str, *, shared: bool, wanted: bool) -> list[int]:
        sizes.clear()
        target = Store(tmp_path / name, SystemClock())
        turns = target.database.turns
        monkeypatch.setattr(turns, "is_shared", lambda: shared)
        monkeypatch.setattr(turns, "is_wanted", lambda: wanted)
        remote.apply(target, whole)
        count: Any = target.connection.execute("SELECT count(*) FROM incident").get
        assert count == 200
        return list(sizes)

    assert max(pulled("alone", shared=False, wanted=False)) > remote.LIGHT_ROWS
    beside = pulled("beside", shared=True, wanted=False)
    assert remote.BRIEF_ROWS < max(beside) <= remote.LIGHT_ROWS
    brief = pulled("brief", shared=True, wanted=True)
    assert max(brief) <= remote.BRIEF_ROWS
    assert all(size % 2 == 0 for size in (*beside, *brief)), "a group is never split"


def test_an_edit_waits_for_one_transaction_of_a_pull_and_not_for_all(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    own = Store(path, SystemClock())
    order: list[str] = []
    begun, stop = threading.Event(), threading.Event()

    def pulls() -> None:
        other = Store(path, SystemClock())
        while not stop.is_set():
            with other.database.atomic("IMMEDIATE"):
                begun.set()
                other.set_local("x", len(order))
                order.append("batch")
                time.sleep(0.02)
        other.close_thread()

    puller = threading.Thread(target=pulls)
    puller.start()
    assert begun.wait(20)
    for _ in range(10):
        before = len(order)
        with journal.write(own, bytes(16), "log") as action:
            assert len(order) - before <= 2
            action.create("incident", {"number": "X", "title": "t", "priority": "P3"})
    stop.set()
    puller.join()
    own.close_thread()
