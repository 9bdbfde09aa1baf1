"""Which incidents a dashboard reads: those of its window, by indexes, whatever became of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.domain.incident import CancelReason
from app.domain.incident_record import IncidentDraft
from app.services import checking, incidents, logging_incidents, moves
from app.storage import dashboard_rows
from app.system.clock import to_ms
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

DAY = timedelta(days=1)
_PLAIN = (
    "i.is_open = 1 OR i.registered_at >= :window OR i.updated_at >= :window "
    "OR i.closed_at >= :window OR (i.status = 'resolved' AND i.resolved_at >= :window) "
    "OR (i.status = 'cancelled' AND i.cancelled_at >= :window)"
)


def found(desk: Desk, where: str, window: int) -> list[str]:
    rows: Any = desk.connection.execute(
        f"SELECT i.title FROM incident i WHERE i.deleted = 0 AND ({where}) ORDER BY 1",
        {"window": window},
    )
    return [title for (title,) in rows]


def test_the_window_holds_what_a_plain_condition_holds(desk: Desk, clock: PinnedClock) -> None:
    for number in range(20):
        clock.set(MONDAY + number * DAY)
        (uid,) = logging_incidents.log(desk, IncidentDraft(title=f"Case {number:02}")).ids[
            "incident"
        ]
        if number % 5 == 1:
            moves.cancel(desk, [uid], CancelReason.UNNECESSARY)
        elif number % 5 > 1:
            moves.start(desk, [uid])
            moves.resolve(desk, [uid], SOLVED)
        if number % 5 == 3:
            checking.tick_step(desk, uid, "Requester confirmed")
            moves.close(desk, [uid])
        if number in (4, 7):
            clock.set(MONDAY + 18 * DAY)
            incidents.add_note(desk, [uid], "Looked again")
    sizes = set()
    for days in (0, 6, 12, 18, 30):
        window = to_ms(MONDAY + days * DAY)
        held = found(desk, dashboard_rows.WINDOW, window)
        assert held == found(desk, _PLAIN, window)
        sizes.add(len(held))
    assert len(sizes) >= 4


def test_the_store_is_not_walked_for_it(desk: Desk) -> None:
    wheres = (
        f"i.deleted = 0 AND {dashboard_rows.WINDOW} AND NOT {dashboard_rows.OLD}",
        dashboard_rows.outage_where("i.deleted = 0"),
    )
    for where in wheres:
        steps: Any = desk.connection.execute(
            f"EXPLAIN QUERY PLAN SELECT i.title FROM incident i WHERE {where}", {"window": 1}
        )
        told = [step for *_, step in steps]
        assert not [one for one in told if one.startswith("SCAN i") and "COVERING" not in one]
        assert "SEARCH i USING INTEGER PRIMARY KEY (rowid=?)" in told
