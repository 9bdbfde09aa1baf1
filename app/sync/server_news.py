"""Hears from a team's server that somebody has published: a wake-up only, never relied on.

It listens on a connection of its own. `interrupt` may be called from any thread.
"""

from __future__ import annotations

import contextlib
import select
import socket
from typing import TYPE_CHECKING, Any

from app.domain.errors import HubAwayError
from app.storage.team_server_schema import CHANNEL

if TYPE_CHECKING:
    from app.storage.team_server import TeamServer

POLL_S = 30.0
"""The longest that `wait` trusts in being woken."""


class ServerNews:
    """What wakes a hub's thread; a lost connection is made again at the next wait."""

    def __init__(self, server: TeamServer) -> None:
        self._server = server
        self._listener: Any = None
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)

    def wait(self, timeout_s: float) -> bool:
        """Wait until somebody else has published, `interrupt` is called or the time is up."""
        timeout_s = min(timeout_s, POLL_S)
        try:
            if self._listener is None or self._listener.closed:
                self._listener = self._server.listen(CHANNEL)
            ready, _, _ = select.select([self._listener, self._woken], [], [], timeout_s)
            if self._listener in ready:
                list(self._listener.notifies(timeout=0))
        except (OSError, ValueError, HubAwayError):
            self._listener = None
            ready, _, _ = select.select([self._woken], [], [], timeout_s)
        if self._woken in ready:
            with contextlib.suppress(BlockingIOError):
                self._woken.recv(4_096)
        return True

    def interrupt(self) -> None:
        """Make `wait` return at once."""
        with contextlib.suppress(OSError):
            self._waker.send(b"x")

    def close(self) -> None:
        """Let go of the connection."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._woken.close()
        self._waker.close()
