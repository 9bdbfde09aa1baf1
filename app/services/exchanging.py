"""What the synchronising thread works with: exchanges of one profile, one after the other.

The hub is kept open between exchanges, so that a server can wake the thread. A profile that shares
with nobody is asked again now and then, for it may begin to at any time.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import KnownError
from app.services import sharing

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.sync.hub import Hub
    from app.sync.site import Site

OFFLINE = "offline"


class Standing(NamedTuple):
    """How sharing stands after an exchange: what `sharing.status` tells, in one line and whole."""

    shared: bool
    state: str
    waiting: int
    conflicts: int
    pulled: int
    sentence: str
    health: tuple[str, ...]


class Exchanges:
    """A session of `sync.worker`; made and used on its thread, but for `interrupt`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hub: Hub | None = None
        self._site: Site | None = None
        self._place = ""
        self._news = threading.Event()

    def exchange(self) -> Standing:
        """Do one exchange when this profile shares, and return how it stands.

        Raises:
            HubError: a person has to look.
        """
        place = sharing.place(self._desk)
        if place != self._place:
            self._drop()
        self._place = place
        if not place:
            return Standing(False, "not_shared", 0, 0, 0, "", ())
        if self._hub is None or self._site is None:
            self._hub = sharing.open_hub(place)
            self._site = sharing.at(self._desk, self._hub)
        try:
            told = sharing.exchange(self._desk, self._site)
        except KnownError:
            self._drop()
            raise
        return _standing(told)

    def is_away(self, outcome: Any) -> bool:
        """Tell whether the hub could not be reached."""
        return bool(outcome.state == OFFLINE)

    def wait(self, timeout_s: float) -> None:
        """Wait for news of the hub, or until the time is up."""
        if self._hub is None:
            self._news.wait(timeout_s)
            self._news.clear()
        else:
            self._hub.wait(timeout_s)

    def interrupt(self) -> None:
        """Make `wait` return at once."""
        self._news.set()
        hub = self._hub
        if hub is not None:
            hub.interrupt()

    def close(self) -> None:
        """Let go of the hub and of this thread's connection."""
        self._drop()
        self._desk.close()

    def _drop(self) -> None:
        if self._hub is not None:
            with contextlib.suppress(KnownError):
                self._hub.close()
        self._hub = self._site = None


def _standing(told: dict[str, Any]) -> Standing:
    return Standing(
        True,
        told["state"],
        told["waiting"],
        told["conflicts"],
        told["pulled"],
        sharing.sentence(told),
        tuple(note["text"] for note in told["health"]),
    )
