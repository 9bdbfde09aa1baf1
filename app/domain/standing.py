"""How sharing with a team stands: what a window says in one line."""

from __future__ import annotations

from typing import NamedTuple


class Standing(NamedTuple):
    """As it is known on this computer: `state` is that of cli.md, `waiting` counts own changes."""

    shared: bool
    state: str
    waiting: int
    conflicts: int
    sentence: str


class TeamMove(NamedTuple):
    """Where a team has moved to: the place as the mover calls it, its epoch, who, and when (ms)."""

    place: str
    epoch: bytes
    by: str
    at_ms: int
