"""Asks for the reason that a change needs, where somebody sits at the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from app.cli import context
from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

_REASONS = frozenset({"reason", "priority_override_reason", "cancel_reason", "pending_reason"})


def with_reason(act: Callable[[str], Result], reason: str) -> Result:
    """Do `act` with a reason; ask for a missing one on a terminal, else say how to give it.

    Raises:
        InvalidInputError: a reason is needed and nobody is there to ask.
    """
    try:
        return act(reason)
    except InvalidInputError as error:
        if error.field not in _REASONS or reason.strip():
            raise
        given = _asked(error.message)
        if not given:
            raise InvalidInputError(
                f'{error.message} Add it with --reason "...".', field=error.field, code=error.code
            ) from error
    return act(given)


def _asked(sentence: str) -> str:
    """Return what a person answers, "" when nobody is there."""
    if context().as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    sys.stderr.write(f"{sentence}\nReason: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
