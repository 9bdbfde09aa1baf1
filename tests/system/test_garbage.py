"""Garbage is looked for in bites; what outlived one is found when all is looked through."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from app.system import garbage

if TYPE_CHECKING:
    from collections.abc import Iterator


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.enable()


def grow() -> list[list[int]]:
    """Make so much that the middle generation is looked through often enough for a bite."""
    kept: list[list[int]] = []
    while gc.get_count()[2] < garbage.BITE:
        kept.append([])
    return kept


def test_python_never_looks_through_all_of_it_by_itself() -> None:
    garbage.begin_in_bites()
    young, middle, oldest = gc.get_threshold()
    assert (young, middle) == (700, 10)
    assert oldest > 1_000_000
    before = gc.get_stats()[2]["collections"]
    kept = [[n] for n in range(200_000)]
    assert gc.get_stats()[2]["collections"] == before
    assert len(kept) == 200_000


def test_a_bite_takes_what_was_made_and_let_go_since_the_last() -> None:
    garbage.begin_in_bites()
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    kept = grow()
    assert garbage.collect_bite()
    assert gone() is None
    assert gc.is_tracked(kept)


def test_a_bite_without_anything_to_chew_costs_nothing() -> None:
    garbage.begin_in_bites()
    gc.collect()
    before = gc.get_stats()[2]["collections"]
    assert not garbage.collect_bite()
    assert gc.get_stats()[2]["collections"] == before


def test_what_outlived_a_bite_is_found_when_all_is_looked_through() -> None:
    garbage.begin_in_bites()
    knot = Knot()
    gone = weakref.ref(knot)
    kept = [grow()]
    assert garbage.collect_bite()
    del knot
    kept.append(grow())
    assert garbage.collect_bite()
    assert gone() is not None
    garbage.collect_all()
    assert gone() is None


def test_a_thing_that_only_grows_is_not_looked_through_and_all_is_as_before_afterwards() -> None:
    before = gc.get_threshold()
    during = []

    def grow_and_stop() -> None:
        with garbage.nothing_let_go():
            during.append(gc.get_threshold()[2])
            raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        grow_and_stop()
    assert during[0] > 1_000_000
    assert gc.get_threshold() == before
