"""Which reports were issued: the digest of each file, when, by whom, and the head it prints.

A report is a fact of the journal with a root of its own: issuing one changes no incident, and is
nobody's last action that an undo could take back. So a copy of the file can be told from an altered
one on every workstation, years later (pdf.md, 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    import apsw

    from app.domain.journal_entry import Change
    from app.storage.journal import Action

KIND = "issued_report"
START_BYTES = 2_048
"""So much of the beginning has a digest of its own: it tells what a cut-off file once was."""


class IssuedReport(NamedTuple):
    """One report that left the program; `block` and `head` are the chain entry that it prints.

    `incident` is empty for what is not the report of one incident: a period, a bundle.
    """

    uid: bytes
    sha256: str
    size: int
    number: str
    incident: bytes
    record_sha256: str
    document_id: str
    start_sha256: str
    block: int
    head: str
    by: bytes
    at: int
    station: bytes
    sseq: int


def add(
    action: Action,
    *,
    sha256: str,
    size: int,
    number: str,
    incident: bytes,
    record_sha256: str,
    document_id: str,
    start_sha256: str,
    chain: tuple[int, str],
    by: bytes,
) -> None:
    """Add to an action that a report was issued."""
    action.create(
        KIND,
        {
            "sha256": sha256,
            "size": size,
            "number": number,
            "incident": incident.hex(),
            "record_sha256": record_sha256,
            "document_id": document_id,
            "start_sha256": start_sha256,
            "block": chain[0],
            "head": chain[1],
            "by": by.hex(),
        },
    )


def apply(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    """Write the rows of reports that were issued; what is no such report is left alone."""
    for change, value in batch:
        if change.op != "create":
            continue
        try:
            row = IssuedReport(
                change.entity,
                str(value["sha256"]),
                _count(value["size"]),
                str(value["number"]),
                bytes.fromhex(value["incident"]),
                str(value["record_sha256"]),
                str(value["document_id"]),
                str(value["start_sha256"]),
                _count(value["block"]),
                bytes.fromhex(value["head"]).hex(),
                bytes.fromhex(value["by"]),
                change.at,
                change.station,
                change.sseq,
            )
        except (KeyError, TypeError, ValueError):
            continue
        connection.execute(
            "INSERT OR IGNORE INTO issued_report VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row
        )


def _count(value: Any) -> int:
    """Return a number that the table can hold."""
    number = int(value)
    if not 0 <= number < 1 << 63:
        raise ValueError(number)
    return number


def by_digest(connection: apsw.Connection, sha256: str) -> IssuedReport | None:
    """Return the first issue of the file with this digest."""
    return _first(connection, "sha256 = ?", (sha256,))


def meant_by(
    connection: apsw.Connection, document_ids: Collection[str], start_sha256: str
) -> IssuedReport | None:
    """Return the latest issued report with one of these identifiers, or with the same beginning."""
    marks = ", ".join("?" * len(document_ids))
    where = f"document_id != '' AND document_id IN ({marks}) OR start_sha256 = ?"
    return _first(connection, where, (*document_ids, start_sha256), newest=True)


def of_incident(connection: apsw.Connection, incident: bytes) -> IssuedReport | None:
    """Return the latest issued report of an incident."""
    return _first(connection, "incident = ?", (incident,), newest=True)


def _first(
    connection: apsw.Connection, where: str, values: tuple[Any, ...], *, newest: bool = False
) -> IssuedReport | None:
    order = "DESC" if newest else ""
    row: Any = connection.execute(
        f"SELECT * FROM issued_report WHERE {where} ORDER BY at {order}, uid LIMIT 1", values
    ).get
    return None if row is None else IssuedReport._make(row)
