"""What alerts are read by: formats of the program and of the team, rules in their order.

Also keeps the last payload of each tool. Runs on the thread that writes.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from app.domain.alert_rules import ORDER, in_order
from app.domain.errors import InvalidInputError
from app.domain.taught_format import read_format
from app.intake.alert_formats import read_payload
from app.storage import received_rows
from app.storage.received_rows import Received

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.taught_format import TaughtFormat
    from app.intake.alert import Alert
    from app.services.desk import Desk

FORMATS = "alerts.formats"
MOST_KEPT_BYTES = 65_536
"""A longer payload is no handy example."""
_PAUSE_MS = 60_000
"""So often the last payload of a tool is kept anew: a storm writes no row for each."""


def taught(desk: Desk) -> list[TaughtFormat]:
    """Return the formats that the team has taught; one that cannot be read is left out."""
    return _readable(desk.rules.setting(FORMATS))


def _readable(told: Mapping[str, str]) -> list[TaughtFormat]:
    found = []
    for name, said in told.items():
        with suppress(InvalidInputError):  # its sentence stands where it is taught
            found.append(read_format(name, said))
    return found


def rules(desk: Desk, table: str) -> dict[str, str]:
    """Return the rules of a table in the order in which they are tried."""
    known = desk.rules
    return in_order(known.setting(table), known.setting(table + ORDER))


def read(desk: Desk, body: bytes, name: str = "") -> list[Alert]:
    """Return the alerts of a payload, read as one format or as the one that recognises it.

    Raises:
        InvalidInputError: it cannot be read; `field` is "format" when nobody knows that name.
    """
    known = desk.rules
    mapping, own = known.setting("alerts.mapping"), _readable(known.setting(FORMATS))
    return read_payload(body, name=name, mapping=mapping, taught=own)


def is_example(desk: Desk, body: bytes, source: str, origin: str) -> bool:
    """Tell whether a payload is to be kept as the example of its tool now."""
    is_json = body[:200].lstrip()[:1] in (b"{", b"[")
    if not is_json or len(body) > MOST_KEPT_BYTES:
        return False
    last = received_rows.last_at(desk.connection, source, origin)
    return desk.store.now_ms() - last >= _PAUSE_MS


def keep(desk: Desk, body: bytes, source: str, origin: str) -> None:
    """Keep a payload as the example of its tool; call it within the transaction that takes it."""
    received_rows.put(desk.connection, Received(source, origin, desk.store.now_ms(), body))
