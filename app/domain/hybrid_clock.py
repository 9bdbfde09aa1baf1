"""The hybrid logical clock: wall time that never runs back and never ties (sync.md).

A reading is 48 bits of milliseconds and 16 bits of counter in one integer, so that readings of all
stations can be compared as numbers. Pure: the wall clock is an argument.
"""

from __future__ import annotations

COUNTER_BITS = 16
MAX_AHEAD_MS = 5 * 60 * 1000
"""How far a colleague's clock may pull ours forward (sync.md, conflicts)."""


def tick(last: int, now_ms: int) -> int:
    """Return the next reading after `last` at wall time `now_ms`."""
    return max(last + 1, now_ms << COUNTER_BITS)


def observe(last: int, remote: int, now_ms: int) -> int:
    """Return `last` advanced by a remote reading, but at most five minutes past the wall clock."""
    return max(last, min(remote, (now_ms + MAX_AHEAD_MS) << COUNTER_BITS))


def wall_ms(reading: int) -> int:
    """Return the milliseconds of a reading: when the entry was recorded."""
    return reading >> COUNTER_BITS
