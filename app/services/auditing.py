"""Checks a profile: the chains, the file, and that what is shown follows from the journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.intake.safe_write import whole_file
from app.storage import audit, invariants
from app.storage import rebuild as storage_rebuild

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk

AUDIT_FORMAT = "incident-desk-audit"


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
            "name": "numbers are unique",
            "ok": not (numbers := invariants.i7_numbers_are_unique_and_for_ever(connection)),
            "detail": ", ".join(numbers) or None,
        },
        {
            "name": "groups are whole",
            "ok": not audit.i9_groups_are_whole(connection),
            "detail": None,
        },
    ]
    return {"ok": all(one["ok"] for one in checks), "checks": checks}


def export(desk: Desk, path: Path | str) -> dict[str, Any]:
    """Write the journal as one JSON document per line, with all that the chains are made of.

    The first line says what the file is and where each chain ends; the hash of a row is
    SHA-256(hash before | header | digest) with the header of `domain.journal_entry.header`.

    Raises:
        WriteError: the file cannot be written; nothing is left of it.
    """
    with desk.store.known_errors(), desk.store.database.atomic():
        chains = verify(desk)
        head = {"format": AUDIT_FORMAT, "version": 1, "heads": chains["heads"]}
        with whole_file(path) as file:
            file.write(_line(head))
            written = 0
            for entry in audit.entries(desk.connection):
                file.write(_line(entry))
                written += 1
    return {
        "ok": chains["ok"],
        "written": written,
        "path": str(path),
        "heads": chains["heads"],
        "first_bad": chains["first_bad"],
    }


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def rebuild(desk: Desk, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Build everything that is shown anew from the journal; return the entries read.

    `progress` is told (done, all) in entries.
    """
    if progress is None:
        return storage_rebuild.rebuild(desk.store)
    total = int(desk.connection.execute("SELECT count(*) FROM change").get or 0)
    progress(0, total)
    return storage_rebuild.rebuild(desk.store, progress=lambda done: progress(done, total))
