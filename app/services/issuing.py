"""Remembers which reports left the program, so that each copy can be verified (pdf.md, 3)."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING

from app.domain.errors import StoreError
from app.storage import issued_reports, journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from app.reports.closure_record import ClosureRecord
    from app.reports.period_parts import PeriodRecord
    from app.services.desk import Desk

_log = logging.getLogger(__name__)


def remember(desk: Desk, record: ClosureRecord, file: Path | bytes) -> None:
    """Remember a finished report of an incident as issued now, by the person of the desk.

    The same file is remembered once. A store that cannot be written keeps nobody from a report:
    it can still be verified by being made again, as long as its record stands.
    """
    chain = record.chain
    _remember(
        desk,
        file,
        number=record.number,
        incident=bytes.fromhex(json.loads(record.record_json)["id"]),
        record_sha256=record.record_sha256,
        chain=(chain.number, chain.head) if chain else (0, ""),
    )


def remember_period(desk: Desk, record: PeriodRecord, content: bytes) -> None:
    """Remember the report of a period as issued; it stands for no incident."""
    _remember(desk, content, number=record.covers, record_sha256=record.record_sha256)


def remember_bundle(desk: Desk, records: Sequence[tuple[str, str]], content: bytes) -> None:
    """Remember one PDF of several reports as issued.

    Args:
        desk: whose store.
        records: number and digest of each record, in the order of the reports.
        content: the file.
    """
    numbers = [number for number, _ in records]
    _remember(
        desk,
        content,
        number=bundle_name(numbers),
        record_sha256=bundle_digest(digest for _, digest in records),
    )


def bundle_name(numbers: Sequence[str]) -> str:
    """Name the incidents of a bundle in a few words."""
    if len(numbers) == 1:
        return numbers[0]
    return f"{numbers[0]} to {numbers[-1]} ({len(numbers):,})"


def bundle_digest(digests: Iterable[str]) -> str:
    """Return the digest that stands for several records: that of their digests, one a line."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _remember(
    desk: Desk,
    file: Path | bytes,
    *,
    number: str,
    record_sha256: str,
    incident: bytes = b"",
    chain: tuple[int, str] = (0, ""),
) -> None:
    from app.reports.verify import document_ids  # only who makes a report needs it

    try:
        content = file if isinstance(file, bytes) else file.read_bytes()
    except OSError as error:  # a share that went away behind the write
        _log.info("The report of %s could not be read back: %s", number, error)
        return
    digest = hashlib.sha256(content).hexdigest()
    if issued_reports.by_digest(desk.connection, digest) is not None:
        return
    names = document_ids(content)
    try:
        with journal.write(desk.store, b"", f"Issue report of {number}") as action:
            issued_reports.add(
                action,
                sha256=digest,
                size=len(content),
                number=number,
                incident=incident,
                record_sha256=record_sha256,
                document_id=names[0] if names else "",
                start_sha256=start_digest(content),
                chain=chain,
                by=desk.person.id,
            )
    except StoreError as error:
        _log.info("The report of %s is not remembered as issued: %s", number, error)


def start_digest(content: bytes) -> str:
    """Return the digest of the beginning of a file; "" for one that is too short to have one."""
    if len(content) < issued_reports.START_BYTES:
        return ""
    return hashlib.sha256(content[: issued_reports.START_BYTES]).hexdigest()
