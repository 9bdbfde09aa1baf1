"""The one place that reads the computer's clock and zone; everything else is handed the time.

`INCIDENT_DESK_NOW` pins the clock of one run for rehearsals and tests (cli.md, formats).
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW_VARIABLE = "INCIDENT_DESK_NOW"
TOLD_ZONE = Path("/etc/timezone")
"""Where Debian also writes its zone; a link that says otherwise is not believed alone."""


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC, to the millisecond."""
        ...

    def now_ms(self) -> int:
        """Return the present instant as milliseconds since 1970 in UTC."""
        ...

    def next_ms(self) -> int:
        """Return milliseconds that are later than every earlier answer, for ordering only."""
        ...


class SystemClock:
    """The computer's clock; safe to ask from every thread."""

    def __init__(self) -> None:
        self._last_ms = 0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC, to the millisecond."""
        return from_ms(self.now_ms())

    def now_ms(self) -> int:
        """Return the present instant as milliseconds since 1970 in UTC."""
        return time.time_ns() // 1_000_000

    def next_ms(self) -> int:
        """Return milliseconds that are later than every earlier answer, for ordering only."""
        with self._lock:
            self._last_ms = max(self._last_ms + 1, self.now_ms())
            return self._last_ms


class PinnedClock:
    """A clock that stands still, so that a run gives the same record every time.

    Only `next_ms` moves, one millisecond an answer, so that what is ordered by it stays ordered.
    """

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("a pinned clock needs an aware instant")
        self._ms = to_ms(instant)
        self._last_ms = self._ms - 1
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the pinned instant in UTC."""
        return from_ms(self._ms)

    def now_ms(self) -> int:
        """Return the pinned instant as milliseconds since 1970 in UTC."""
        return self._ms

    def next_ms(self) -> int:
        """Return the pinned milliseconds, then one more at each call."""
        with self._lock:
            self._last_ms += 1
            return self._last_ms

    def set(self, instant: datetime) -> None:
        """Pin the clock to another instant (rehearsals); `next_ms` never runs back."""
        with self._lock:
            self._ms = to_ms(instant)
            self._last_ms = max(self._last_ms, self._ms - 1)


def to_ms(instant: datetime) -> int:
    """Return an aware instant as whole milliseconds since 1970 in UTC."""
    since = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def from_ms(milliseconds: int) -> datetime:
    """Return milliseconds since 1970 as an aware instant in UTC, without floating point."""
    whole, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=rest * 1000)


def clock_of_environment(environ: Mapping[str, str]) -> Clock:
    """Return the clock that INCIDENT_DESK_NOW pins, else the computer's.

    Raises:
        MachineError: if INCIDENT_DESK_NOW is no instant with an offset.
    """
    text = environ.get(NOW_VARIABLE, "").strip()
    if not text:
        return SystemClock()
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return PinnedClock(instant.astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise MachineError(
        f"{NOW_VARIABLE} is {text!r}: write an instant with its offset, such as "
        "2026-03-09T09:00:00Z.",
        code="clock",
    )


def system_zone_name() -> str:
    """Return the IANA name of this computer's time zone ("Europe/London"), "UTC" if unknown."""
    try:
        name = _linked_zone_name()
        if not name:
            import tzlocal  # asks everywhere else, and takes a while to import

            name = str(tzlocal.get_localzone_name() or "")
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        return "UTC"
    return "UTC" if name in {"", "local"} else name


def _linked_zone_name() -> str:
    """Return the zone that /etc/localtime links to; "" when something else may say better."""
    if os.environ.get("TZ"):
        return ""
    try:
        target = os.path.realpath("/etc/localtime")
        _, found, name = target.partition("/zoneinfo/")
        told = TOLD_ZONE.read_text(encoding="ascii").strip() if TOLD_ZONE.exists() else name
        if told != name:
            return ""
    except (OSError, ValueError):
        return ""
    return "" if not found or name.startswith(("posix/", "right/")) else name


def system_zone() -> ZoneInfo:
    """Return this computer's time zone; UTC if it cannot be told."""
    return ZoneInfo(system_zone_name())
