"""Payloads of alerts that nobody could read: looked at, tried again, discarded or put back.

They are rows of this computer only (`storage.alert_rows`). Runs on the store thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import NotFoundError
from app.intake.alert_formats import FORMATS
from app.services import alert_intake, alert_reading
from app.storage import alert_rows
from app.storage.alert_rows import Payload

if TYPE_CHECKING:
    from app.services.alert_intake import Taken
    from app.services.desk import Desk

__all__ = [
    "Payload",
    "count",
    "discard",
    "format_names",
    "payloads",
    "put_back",
    "shown",
    "try_again",
]

_MOST_SHOWN = 100_000
_MOST_LISTED = 1_000


def payloads(desk: Desk) -> list[Payload]:
    """Return what is in quarantine without the bodies, the newest first, a thousand at most."""
    return alert_rows.payloads(desk.connection, _MOST_LISTED)


def count(desk: Desk) -> int:
    """Return how many payloads are in quarantine."""
    return alert_rows.count_payloads(desk.connection)


def format_names(desk: Desk) -> list[str]:
    """Return the names of the formats that a payload can be read as, the taught ones first."""
    taught = [one.code for one in alert_reading.taught(desk)]
    return [*taught, *(one.name for one in FORMATS)]


def shown(desk: Desk, payload_id: int) -> str:
    """Return a payload as plain text; what is too long is cut, what is no UTF-8 is marked.

    Raises:
        NotFoundError: it is not in quarantine any more.
    """
    body = _found(desk, payload_id).body
    text = body[:_MOST_SHOWN].decode("utf-8", "replace").replace("\0", "\ufffd")
    return text if len(body) <= _MOST_SHOWN else f"{text}\n[...]"


def try_again(desk: Desk, payload_id: int, name: str = "") -> list[Taken]:
    """Take a payload as one format, or as the one that recognises it now; it leaves quarantine.

    Raises:
        InvalidInputError: it cannot be read as that; it stays in quarantine.
        NotFoundError: it is not in quarantine any more.
    """
    found = _found(desk, payload_id)
    alerts = alert_reading.read(desk, found.body, name)
    with desk.store.writing():
        taken = alert_intake.take(desk, alerts)
        alert_rows.drop_payload(desk.connection, payload_id)
    return taken


def discard(desk: Desk, payload_id: int) -> Payload:
    """Remove a payload; return it, so that it can be put back.

    Raises:
        NotFoundError: it is not in quarantine any more.
    """
    with desk.store.writing():
        found = _found(desk, payload_id)
        alert_rows.drop_payload(desk.connection, payload_id)
    return found


def put_back(desk: Desk, payload: Payload) -> None:
    """Undo a discard."""
    with desk.store.writing():
        alert_rows.put_payload(desk.connection, payload)


def _found(desk: Desk, payload_id: int) -> Payload:
    found = alert_rows.payload(desk.connection, payload_id)
    if found is None:
        raise NotFoundError("This payload is not in quarantine any more. Open the list again.")
    return found
