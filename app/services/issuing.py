"""Remembers which reports left the program, so that each copy can be verified (pdf.md, 3)."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING

from app.domain.errors import StoreError
from app.storage import issued_reports, journal

if TYPE_CHECKING:
    from pathlib import Path

    from app.reports.closure_record import ClosureRecord
    from app.services.desk import Desk

_log = logging.getLogger(__name__)


def remember(desk: Desk, record: ClosureRecord, file: Path | bytes) -> None:
    """Remember a finished report as issued now, by the person of the desk.

    The same file is remembered once. A store that cannot be written keeps nobody from a report:
    it can still be verified by being made again, as long as its record stands.
    """
    from app.reports.verify import document_ids  # only who makes a report needs it

    try:
        content = file if isinstance(file, bytes) else file.read_bytes()
    except OSError as error:  # a share that went away behind the write
        _log.info("The report of %s could not be read back: %s", record.number, error)
        return
    digest = hashlib.sha256(content).hexdigest()
    if issued_reports.by_digest(desk.connection, digest) is not None:
        return
    names = document_ids(content)
    chain = record.chain
    try:
        with journal.write(desk.store, b"", f"Issue report of {record.number}") as action:
            issued_reports.add(
                action,
                sha256=digest,
                size=len(content),
                number=record.number,
                incident=bytes.fromhex(json.loads(record.record_json)["id"]),
                record_sha256=record.record_sha256,
                document_id=names[0] if names else "",
                start_sha256=start_digest(content),
                chain=(chain.number, chain.head) if chain else (0, ""),
                by=desk.person.id,
            )
    except StoreError as error:
        _log.info("The report of %s is not remembered as issued: %s", record.number, error)


def start_digest(content: bytes) -> str:
    """Return the digest of the beginning of a file; "" for one that is too short to have one."""
    if len(content) < issued_reports.START_BYTES:
        return ""
    return hashlib.sha256(content[: issued_reports.START_BYTES]).hexdigest()
