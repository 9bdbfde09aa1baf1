"""An incident that is closed with a letter, for the tests of outgoing mail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.incident import CauseClass, EntityId, FixType, Outcome
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    configuration,
    outgoing,
)
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from app.storage.outbox import KeptLetter

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
GIVEN = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.BUG_FIX,
    cause_class=CauseClass.SOFTWARE,
    resolution="Driver replaced",
)
CONFIRMED = {"verified_by": "Nina", "verified_how": "phone", "verified_at": NOW}


def opened(folder: Path) -> Desk:
    return open_desk(Profile(folder), PinnedClock(NOW), person="Ana Ruiz")


def later(desk: Desk, seconds: float) -> None:
    desk.clock._ms += int(seconds * 1000)  # type: ignore[attr-defined]


def set_up(desk: Desk, port: int) -> None:
    for key, value in {
        "server": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "IT desk <desk@example.org>",
    }.items():
        configuration.set_setting(desk, f"outgoing.{key}", value)


def close_and_mail(desk: Desk, to: str = "Nina <nina@example.org>", **more: Any) -> EntityId:
    uid = browsing.find(desk, "1")
    outgoing.resolve_and_close(desk, uid, GIVEN, extra=dict(CONFIRMED), mail_to=to, **more)
    return uid


def only(desk: Desk) -> KeptLetter:
    (letter,) = outgoing.letters(desk)
    return letter
