"""Who is here: what a window says of itself on the hub, and what it hears of others (cosmetic).

Nothing of it is journalled or relied on. Whether somebody is still here is told by news of them,
not by their clock, which may be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.standing import Present
from app.sync.hub import Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.sync.site import Site

EVERY_MS = 30_000
"""So often a station says that it is here when nothing else is to be said."""
CARRIED_EVERY_MS = 5 * 60_000
"""The same where each file is carried about: by a cloud, on a stick."""
GONE_AFTER = 3
"""Not heard of for so many times as long, a station is gone."""


class Here:
    """What one window says of itself, and when it last had news of others.

    `say` is called from any thread; everything else belongs to the thread that synchronises.
    """

    def __init__(self) -> None:
        self.person = ""
        """Who sits at the window; "" on the command line, where nobody stays."""
        self.present: tuple[Present, ...] = ()
        self._doing: tuple[bytes, bool] = (b"", False)
        self._heard: dict[bytes, tuple[int, int]] = {}

    def say(self, viewing: bytes, *, writing: bool = False) -> None:
        """Tell what is in front, from the next exchange on."""
        self._doing = (viewing, writing)

    def own(self, now_ms: int, name: str) -> Presence:
        """Return what to say of this station."""
        viewing, writing = self._doing
        return Presence(now_ms, name, self.person, viewing, writing)

    def hear(self, told: Mapping[bytes, Presence], own: bytes, now_ms: int, gone_ms: int) -> None:
        """Note who is here: whoever has said something lately, by this station's clock."""
        found = []
        for station, presence in sorted(told.items()):
            said_at, heard_ms = self._heard.get(station, (None, 0))
            if said_at is None:
                heard_ms = presence.at_ms if presence.at_ms <= now_ms else now_ms
            elif said_at != presence.at_ms:
                heard_ms = now_ms
            self._heard[station] = (presence.at_ms, heard_ms)
            if station != own and presence.person and 0 <= now_ms - heard_ms < gone_ms:
                one = Present(station, presence.person, presence.viewing, presence.writing)
                found.append(one)
        self.present = tuple(found)


def meet(site: Site, name: str) -> None:
    """Say that this station is here when it is time, and hear who else is.

    Raises:
        HubError: the hub is away, full or refuses.
    """
    here, own, now = site.here, site.store.station, site.store.now_ms()
    every = CARRIED_EVERY_MS if site.member.kind in {"cloud", "usb"} else EVERY_MS
    told = site.hub.presence()
    here.hear(told, own, now, GONE_AFTER * every)
    mine, wanted = told.get(own), here.own(now, name)
    fresh = mine is not None and 0 <= now - mine.at_ms < every
    # A command that runs beside a window says nothing in its place.
    same = mine is not None and (mine._replace(at_ms=now) == wanted or not here.person)
    if not (fresh and same):
        site.hub.say_present(own, wanted)
