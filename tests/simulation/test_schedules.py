"""Thousands of short histories on the real engine with a share that fails (sync.md, tests 2).

A failure names its seed; INCIDENT_DESK_SEED=n plays that one again, byte for byte. After a change
of the protocol `-m marathon` plays all 20,000; INCIDENT_DESK_SCHEDULES sets another number.
"""

from __future__ import annotations

import os

import pytest

from .world import World

SCHEDULES = 2_000
MANY = int(os.environ.get("INCIDENT_DESK_SCHEDULES", "20000"))
AT_ONCE, FAR = 50, 500
ONLY = os.environ.get("INCIDENT_DESK_SEED")


@pytest.mark.parametrize("start", [int(ONLY)] if ONLY else range(0, SCHEDULES, AT_ONCE))
def test_every_invariant_holds_after_any_history(start: int) -> None:
    for seed in range(start, start + (1 if ONLY else AT_ONCE)):
        World(seed).play()


@pytest.mark.marathon
@pytest.mark.timeout(0)
@pytest.mark.parametrize("start", range(SCHEDULES, MANY, FAR))
def test_every_invariant_holds_after_any_of_many_histories(start: int) -> None:
    for seed in range(start, start + FAR):
        World(seed).play()


def test_a_seed_replays_byte_for_byte() -> None:
    one, other = World(7), World(7)
    one.play()
    other.play()
    assert one.story == other.story
    assert one.share.folders == other.share.folders
