"""What is kept of alerts goes after a stated time; what lasts stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.intake.alert import Alert, AlertState
from app.services import alert_intake
from app.storage import alert_rows

if TYPE_CHECKING:
    from app.services.desk import Desk


def test_old_payloads_and_ended_alerts_go_and_what_lasts_stays(desk: Desk) -> None:
    start = desk.now()
    lasts = Alert("tool", "lasts", AlertState.FIRING, "Lasts")
    ended = Alert("tool", "ended", AlertState.FIRING, "Ended")
    well = Alert("tool", "ended", AlertState.RESOLVED, "Ended")
    alert_intake.take(desk, [lasts, ended, well], at=start)
    alert_intake.quarantine(desk, b"{", "somewhere", "It is no JSON.")
    alert_intake.take(desk, (), at=start + timedelta(days=alert_intake.KEPT_DAYS - 1))
    assert alert_rows.find(desk.connection, ended.key) is not None
    assert len(alert_rows.quarantined(desk.connection)) == 1
    alert_intake.take(desk, (), at=start + timedelta(days=alert_intake.KEPT_DAYS, minutes=1))
    assert alert_rows.find(desk.connection, lasts.key) is not None
    assert alert_rows.find(desk.connection, ended.key) is None
    assert alert_rows.quarantined(desk.connection) == []
    again = alert_intake.take(desk, [lasts], at=start + timedelta(days=200))
    assert again[0].action == "joined"


def test_it_is_looked_at_once_a_day(desk: Desk) -> None:
    start = desk.now()
    late = start + timedelta(days=400)
    alert_intake.prune(desk, late)
    alert_intake.quarantine(desk, b"{", "somewhere", "It is no JSON.")
    assert alert_intake.prune(desk, late + timedelta(hours=23)) == (0, 0)
    assert alert_intake.prune(desk, late + timedelta(hours=25)) == (1, 0)
