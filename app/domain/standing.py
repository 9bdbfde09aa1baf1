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
