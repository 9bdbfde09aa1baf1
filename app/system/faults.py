"""What the machine refuses: folders, clocks and key stores that cannot be used.

Same shape as `app.domain.errors.KnownError`, which this layer may not import (house.md, layers):
the command line and the error dialog show both alike.
"""

from __future__ import annotations


class MachineError(Exception):
    """The computer, not the program, is in the way; the message is shown as it stands."""

    def __init__(self, message: str, *, code: str = "machine") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
