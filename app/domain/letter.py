"""A letter to stakeholders on its way out: who gets it, in which state it is, when it is tried.

The states are written before and after each step (storage.outbox), so that a killed process never
sends a letter twice: from `HANDING_OVER` on only a person decides that it is sent once more.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

UNDO_S: Final = 15
"""What leaves the house can be held back so long (ux.md, undo)."""

PAUSES_S: Final = (30, 60, 120, 300, 900, 1_800, 3_600)
"""Pauses between tries while the server is away; the last one goes on."""


class LetterState(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENDING = "sending"
    """A process speaks with the server; the server cannot have the letter yet."""
    HANDING_OVER = "handing_over"
    """All but the end of the letter is with the server; from here on it may have been sent."""
    SENT = "sent"
    HELD = "held"
    """Something must be put right first: a password, a certificate, the name of the server."""
    REFUSED = "refused"
    UNSURE = "unsure"
    """The server had it and did not answer; it is not sent again by itself."""
    STOPPED = "stopped"
    DRAFTED = "drafted"
    """Handed to the mail program as a draft."""


OPEN: Final = frozenset(
    {LetterState.WAITING, LetterState.SENDING, LetterState.HANDING_OVER, LetterState.HELD}
)
"""States in which a letter is still to leave."""

TRY_AGAIN: Final = frozenset(
    {LetterState.WAITING, LetterState.HELD, LetterState.REFUSED, LetterState.UNSURE}
)
"""States from which a person may send it now."""

STOPPABLE: Final = frozenset(
    {LetterState.WAITING, LetterState.HELD, LetterState.REFUSED, LetterState.UNSURE}
)


class Recipient(NamedTuple):
    """Somebody who gets a letter; `refusal` is what the server said against the address."""

    name: str
    address: str
    refusal: str = ""

    @property
    def shown(self) -> str:
        """Return the name, or the address of somebody without one."""
        return self.name or self.address


def pause_after(tries: int) -> int:
    """Return the seconds until the next try after so many have failed."""
    return PAUSES_S[min(max(tries, 1), len(PAUSES_S)) - 1]
