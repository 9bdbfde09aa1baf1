"""The clock readings of the journal go on from its newest row, whoever wrote that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.storage import journal
from app.storage.store import Store
from app.system.clock import PinnedClock
from tests.storage.test_journal import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident import EntityId

LATER = timedelta(minutes=3)


def logged(store: Store, number: str) -> EntityId:
    with journal.write(store, bytes(16), "log") as action:
        return action.create("incident", {"number": number, "title": number, "priority": "P3"})


def logged_and_taken_back(store: Store, number: str) -> None:
    with store.writing():
        logged(store, number)
        raise RuntimeError


def newest(store: Store) -> tuple[int, int]:
    """Return the clock reading and the sequence of the newest row."""
    reading, sseq = store.connection.execute(
        "SELECT hlc, sseq FROM change ORDER BY sseq DESC LIMIT 1"
    ).get
    return reading, sseq


def test_a_reading_goes_on_from_what_another_process_wrote(tmp_path: Path) -> None:
    path = tmp_path / "shared.sqlite"
    clock, ahead = PinnedClock(MONDAY), PinnedClock(MONDAY + LATER)
    ours, theirs = Store(path, clock), Store(path, ahead)
    logged(ours, "A-1")
    logged(theirs, "A-2")
    before, _ = newest(ours)

    logged(ours, "A-3")

    reading, sseq = newest(ours)
    assert (reading, sseq) == (before + 1, 3)


def test_a_row_that_was_taken_back_leaves_no_reading(tmp_path: Path) -> None:
    store = Store(tmp_path / "own.sqlite", PinnedClock(MONDAY))
    logged(store, "A-1")
    before, _ = newest(store)
    store.clock = PinnedClock(MONDAY + LATER)
    with pytest.raises(RuntimeError):
        logged_and_taken_back(store, "A-2")
    store.clock = PinnedClock(MONDAY)

    logged(store, "A-3")

    assert newest(store) == (before + 1, 2)
