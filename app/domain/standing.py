"""How sharing with a team stands: what a window says in one line, and who is here."""

from __future__ import annotations

from typing import NamedTuple


class Standing(NamedTuple):
    """As it is known on this computer: `state` is that of cli.md, `waiting` counts own changes."""

    shared: bool
    state: str
    waiting: int
    conflicts: int
    sentence: str
    notes: int = 0
    """How many things happened that people are to know (sync.md, faults)."""


class Present(NamedTuple):
    """Somebody of the team who has a window open now, on another station (a hint, never a lock).

    `viewing` is the incident in front of them, b"" for none; `writing`: they write a reply to it.
    """

    station: bytes
    person: str
    viewing: bytes = b""
    writing: bool = False


class TeamMove(NamedTuple):
    """Where a team has moved to: the place as the mover calls it, its epoch, who, and when (ms)."""

    place: str
    epoch: bytes
    by: str
    at_ms: int
