"""Notes when a hub is asked and when it answers, so that a window can say that it does not.

A share that hangs blocks the thread that asks, and nothing else; that thread can tell nobody.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.sync.hub import Hub
    from app.sync.presence import Here

_NO_QUESTION = frozenset({"wait", "interrupt", "close"})


class _Attended:
    def __init__(self, hub: Hub, here: Here) -> None:
        self._hub, self._here = hub, here

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._hub, name)
        if name in _NO_QUESTION or not callable(found):
            return found
        return functools.partial(self._ask, found)

    def _ask(self, question: Callable[..., Any], *words: Any, **named: Any) -> Any:
        self._here.asked()
        try:
            return question(*words, **named)
        finally:
            self._here.answered()


def attend(hub: Hub, here: Here) -> Hub:
    """Return the same hub, which tells `here` of each question and answer."""
    return cast("Hub", _Attended(hub, here))
