"""Gathers a storm of alerts in one master incident, so that a failing network opens no hundreds.

A storm begins when alerts opened many incidents in a minute; these are linked to the master, and
each further source joins it with its own row and count. It ends when for a minute no new source
came, or when somebody finishes the master.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.incident import Channel, EntryKind, Status
from app.domain.incident_record import IncidentDraft
from app.services import incidents, logging_incidents
from app.storage import alert_rows
from app.storage.alert_rows import AlertRow
from app.system.clock import to_ms

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.desk import Desk
    from app.storage.alert_rows import Standing

WINDOW_MS = 60_000
_OPEN = frozenset(status.value for status in Status if status.is_open)
_NAMED = 25
"""So many sources are named one by one; from there on at round numbers only."""


def master(desk: Desk, at: datetime) -> Standing | None:
    """Return the master incident while there is a storm, opening it when one begins."""
    now = to_ms(at)
    row = alert_rows.find(desk.connection, alert_rows.STORM_KEY)
    if row is not None and now - row.last_at <= WINDOW_MS:
        known = alert_rows.standing(desk.connection, row.uid)
        if known is not None and known.status in _OPEN:
            return known
    most = int(desk.rules.setting("alerts.storm_count"))
    children = alert_rows.opened_since(desk.connection, now - WINDOW_MS)
    if len(children) < most:
        return None
    draft = IncidentDraft(
        title=f"Storm of alerts: more than {most} incidents in a minute",
        description="Alerts of further sources join this incident instead of opening their own.",
        impact=1,
        urgency=1,
        channel=Channel.MONITORING,
        related=tuple(_numbers(desk, children)),
    )
    with desk.write("Storm of alerts") as action:
        _, uid = logging_incidents.create_in(action, desk, draft, at)
    alert_rows.put(
        desk.connection,
        AlertRow(alert_rows.STORM_KEY, uid, draft.title, "storm", 0, now, now, 0, 0, 0),
    )
    return alert_rows.standing(desk.connection, uid)


def joined(desk: Desk, known: Standing, title: str, at: datetime) -> None:
    """Count one more source of the storm, and name it in the master."""
    row = alert_rows.find(desk.connection, alert_rows.STORM_KEY)
    if row is None:
        return
    count = row.times + 1
    alert_rows.put(desk.connection, row._replace(times=count, last_at=to_ms(at)))
    if count <= _NAMED or count % 100 == 0:
        with desk.write("Storm of alerts") as action:
            text = f"{count:,}. source of the storm: {title}"
            incidents.comment(action, known.uid, EntryKind.NOTE, text, at=to_ms(at))


def _numbers(desk: Desk, uids: list[bytes]) -> list[str]:
    found = (alert_rows.standing(desk.connection, uid) for uid in uids)
    return [one.number for one in found if one is not None]
