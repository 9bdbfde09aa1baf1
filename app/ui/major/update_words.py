"""How the clock of status updates stands, in words: due when, late for how long."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.services.major_incidents import late_s
from app.ui import reader_time
from app.ui.detail.timeline_words import clock

if TYPE_CHECKING:
    from app.domain.incident_record import Incident
    from app.domain.major_incident import OpenRoom


def now() -> datetime:
    """Return the present instant as the window knows it."""
    return datetime.fromtimestamp(reader_time.now().toMSecsSinceEpoch() / 1000, UTC)


def update_words(room: OpenRoom | Incident, at: datetime) -> str:
    """Say when the next status update is due, or for how long it is late."""
    late = late_s(room, at)
    if late is None or room.next_update_at is None:
        return _tr("no status update is due")
    if late >= 60:
        return _tr("status update {0} late").format(_span(late))
    if late >= 0:
        return _tr("status update due now")
    when = clock(room.next_update_at)
    return _tr("next status update in {0}, at {1}").format(_span(-late + 59), when)


def is_late(room: OpenRoom | Incident, at: datetime) -> bool:
    """Tell whether people should have heard by now."""
    late = late_s(room, at)
    return late is not None and late >= 0


def _span(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 48:
        return _tr("%n day(s)", "", hours // 24)
    return _tr("{0} h {1} min").format(hours, minutes) if hours else _tr("{0} min").format(minutes)


_tr = partial(QCoreApplication.translate, "MajorIncident")
