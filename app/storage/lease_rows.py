"""Which station of a team does what only one may do: claims in the journal, `op` lease (sync.md).

Each kind of work has one entity with one field. A claim names the claims that its station had read;
two that were made in parallel are both heads until somebody claims knowing both.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.incident import EntityId
from app.domain.journal_entry import unpack_versions

if TYPE_CHECKING:
    import apsw

    from app.storage.journal import Action

KIND, FIELD = "station_lease", "lease"


class Claim(NamedTuple):
    """One claim: when it was written (clock reading), by whom, and until when it holds (ms)."""

    hlc: int
    station: bytes
    sseq: int
    until: int
    prevs: bytes


def entity_of(what: str) -> EntityId:
    """Return the entity of a kind of work: the same on every station."""
    return EntityId(hashlib.sha256(f"{KIND}:{what}".encode()).digest()[:16])


def claims(connection: apsw.Connection, what: str) -> list[Claim]:
    """Return the claims that no other one has replaced, the first made first."""
    rows: Any = connection.execute(
        "SELECT c.hlc, c.station, c.sseq, c.value, c.prevs FROM head h CROSS JOIN said c "
        "ON c.station = h.station AND c.sseq = h.sseq WHERE h.entity = ? AND h.field = ?",
        (entity_of(what), FIELD),
    ).fetchall()
    return sorted(_claim(row) for row in rows)


def before(connection: apsw.Connection, claim: Claim) -> Claim | None:
    """Return the claim of the same station that this one has replaced."""
    for station, sseq in unpack_versions(claim.prevs):
        if station == claim.station:
            row: Any = connection.execute(
                "SELECT hlc, station, sseq, value, prevs FROM said WHERE station = ? AND sseq = ?",
                (station, sseq),
            ).fetchone()
            if row is not None:
                return _claim(row)
    return None


def put(action: Action, what: str, until: int) -> None:
    """Claim something until then; a time that is past gives it up."""
    action.set(KIND, entity_of(what), FIELD, {"what": what, "until": until}, op="lease")


def _claim(row: Any) -> Claim:
    hlc, station, sseq, text, prevs = row
    try:
        until = int(json.loads(text)["until"])
    except (KeyError, TypeError, ValueError):  # what cannot be read holds nothing
        until = 0
    return Claim(hlc, station, sseq, until, prevs)
