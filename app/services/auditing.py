"""Checks a profile: the chains, the file, and that what is shown follows from the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.storage import audit
from app.storage import rebuild as storage_rebuild

if TYPE_CHECKING:
    from app.services.desk import Desk


def verify(desk: Desk) -> dict[str, Any]:
    """Check every hash chain; name the first bad entry."""
    found = audit.verify_chains(desk.connection)
    bad = None if found.first_bad is None else found.first_bad._asdict()
    return {"ok": bad is None, "entries": found.entries, "heads": found.heads, "first_bad": bad}


def check(desk: Desk) -> dict[str, Any]:
    """Check integrity, chains and the invariants that one workstation can check (sync.md)."""
    connection = desk.connection
    integrity = str(connection.execute("PRAGMA integrity_check").get)
    chains = verify(desk)
    checks = [
        {"name": "integrity", "ok": integrity == "ok", "detail": integrity},
        {"name": "chains", "ok": chains["ok"], "detail": chains["first_bad"]},
        {
            "name": "no change is silently lost",
            "ok": not audit.i4_no_change_is_silently_lost(connection),
            "detail": None,
        },
        {
            "name": "vectors are contiguous",
            "ok": audit.i5_vectors_are_contiguous(connection),
            "detail": None,
        },
        {
            "name": "groups are whole",
            "ok": not audit.i9_groups_are_whole(connection),
            "detail": None,
        },
    ]
    return {"ok": all(one["ok"] for one in checks), "checks": checks}


def rebuild(desk: Desk) -> int:
    """Build everything that is shown anew from the journal; return the entries read."""
    return storage_rebuild.rebuild(desk.store)
