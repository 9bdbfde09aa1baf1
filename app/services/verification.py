"""Verifies a report: whether the file is as it was issued and its record still says the same.

Four answers (cli.md): genuine; the record has changed since; the file was altered; not ours. The
file is compared with the digest that was remembered when it was issued, its record with the store,
and the entry that it prints with the audit chain. Call it from a worker: a long chain takes a
while to check.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.domain.errors import KnownError
from app.domain.incident import EntityId
from app.domain.record_difference import Difference, compare
from app.services import browsing, issuing, reporting, signing
from app.storage import audit, catalogue, issued_reports
from app.system.clock import from_ms

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.domain.incident_record import Incident
    from app.reports.signature import SignatureFacts
    from app.reports.verify import ReadReport
    from app.services.desk import Desk
    from app.storage.issued_reports import IssuedReport


class Verdict(StrEnum):
    """The four answers."""

    GENUINE = "genuine"
    RECORD_CHANGED = "record_changed_since"
    FILE_ALTERED = "file_altered"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, and what it rests on.

    `changes` are fields that say something else now; `since` is what was added to the record by
    handing the report out. `issued_at` and `issued_by` are there when the store remembers the file.
    """

    verdict: Verdict
    reason: str
    number: str | None = None
    record_sha256: str | None = None
    changes: tuple[Difference, ...] = ()
    since: tuple[str, ...] = ()
    issued_at: datetime | None = None
    issued_by: str = ""
    signature: SignatureFacts | None = None
    """What the digital signature proves, where there is one."""

    @property
    def genuine(self) -> bool:
        """Tell whether the answer is yes."""
        return self.verdict is Verdict.GENUINE

    def to_json(self) -> dict[str, Any]:
        """Return the answer with the names of cli.md."""
        return {
            "verdict": self.verdict.value,
            "number": self.number,
            "record_sha256": self.record_sha256,
            "reason": self.reason,
            "changes": [change._asdict() for change in self.changes],
            "since": list(self.since),
            "issued": None
            if self.issued_at is None
            else {"at": self.issued_at.isoformat(timespec="seconds"), "by": self.issued_by},
            "signature": None
            if self.signature is None
            else {
                "state": self.signature.state.value,
                "signer": self.signature.signer,
                "at": None
                if self.signature.signed_at is None
                else self.signature.signed_at.isoformat(timespec="seconds"),
            },
        }


def verify_file(desk: Desk, path: Path) -> Verification:
    """Verify a file against the store of this profile.

    Raises:
        NotFoundError: there is no such file.
        KnownError: the file or the store cannot be read.
    """
    from app.reports.verify import read_report  # readers of PDF load slowly

    with desk.store.known_errors():
        return _whole_answer(desk, read_report(path))


def verify_content(desk: Desk, content: bytes) -> Verification:
    """Verify the bytes of a report."""
    from app.reports.verify import read_content

    with desk.store.known_errors():
        return _whole_answer(desk, read_content(content))


def _whole_answer(desk: Desk, read: ReadReport) -> Verification:
    from app.reports.signature import look_at_signature

    found = _verdict(desk, read)
    return replace(found, signature=look_at_signature(read.content, signing.trusted(desk)))


def _verdict(desk: Desk, read: ReadReport) -> Verification:
    issued = issued_reports.by_digest(desk.connection, read.sha256)
    if issued is not None:
        return _of_issued(desk, read, issued)
    start = issuing.start_digest(read.content) or "-"
    meant = issued_reports.meant_by(desk.connection, read.document_ids, start)
    if meant is not None and meant.size == read.size:
        return _altered(desk, read, meant)
    incident = _known_incident(desk, read)
    if incident is not None and _made_again(desk, read, incident):
        return Verification(
            Verdict.GENUINE,
            "The report was made again from the record, and every byte is the same.",
            incident.number,
            read.record_sha256,
        )
    if meant is None and incident is not None:
        meant = issued_reports.of_incident(desk.connection, incident.id)
    if meant is not None:
        return _altered(desk, read, meant)
    if incident is not None:
        return Verification(
            Verdict.FILE_ALTERED,
            f"It carries a record of {incident.number}, but no such file was issued here.",
            incident.number,
            read.record_sha256 or None,
        )
    return _foreign(read)


def _foreign(read: ReadReport) -> Verification:
    number = _number_in(read)
    if read.ours and read.reports > 1:
        reason = (
            f"It holds the reports of {read.reports:,} incidents in one file, and such a file is "
            "not verified. Verify the report of one incident, in a file of its own."
        )
    elif read.ours:
        about = f" about {number}" if number else ""
        reason = (
            f"It is a report of Incident Desk{about}, but of another team or profile: "
            "this one did not issue it."
        )
    else:
        problem = read.problem or "it carries no record of an incident"
        reason = f"This is no report of ours: {problem}."
    return Verification(Verdict.NOT_OURS, reason, number, read.record_sha256 or None)


def _number_in(read: ReadReport) -> str | None:
    number = (read.record or {}).get("number")
    return number if isinstance(number, str) and len(number) <= 80 else None


def _known_incident(desk: Desk, read: ReadReport) -> Incident | None:
    """Return the incident that the attached record names, if this store has it."""
    named = (read.record or {}).get("id")
    try:
        uid = EntityId(bytes.fromhex(named)) if isinstance(named, str) else None
    except ValueError:
        uid = None
    return None if uid is None else _incident(desk, uid)


def _incident(desk: Desk, uid: EntityId) -> Incident | None:
    try:
        return browsing.incident(desk, uid)
    except KnownError:
        return None


def _made_again(desk: Desk, read: ReadReport, incident: Incident) -> bool:
    """Tell whether the report of the record as it is now has exactly these bytes."""
    now = hashlib.sha256(reporting.record_json(desk, incident)).hexdigest()
    if now != read.record_sha256:
        return False
    try:
        return reporting.report_bytes(desk, incident.number, paper=read.paper) == read.content
    except KnownError:
        return False


def _altered(desk: Desk, read: ReadReport, meant: IssuedReport) -> Verification:
    """Say how a file differs from the report that it pretends to be."""
    facts = _issue_words(desk, meant)
    start = read.content[: meant.size]
    if read.size > meant.size and hashlib.sha256(start).hexdigest() == meant.sha256:
        reason = (
            f"The report of {meant.number} was issued {facts}; "
            f"something was added to the end of the file after that ({read.size - meant.size:,} B)."
        )
    elif read.problem and read.record is None:
        reason = f"It was the report of {meant.number} that was issued {facts}, but {read.problem}."
    elif read.record_sha256 and read.printed_sha256 not in {"", read.record_sha256}:
        reason = (
            f"The record inside the file is not the one whose checksum its page prints; the "
            f"report of {meant.number} that was issued {facts} had other bytes."
        )
    elif read.record_sha256 and read.record_sha256 != meant.record_sha256:
        reason = (
            f"The record inside the file is not the one of the report of {meant.number} that "
            f"was issued {facts}."
        )
    else:
        reason = f"Its bytes are not those of the report of {meant.number} that was issued {facts}."
    return Verification(
        Verdict.FILE_ALTERED,
        reason,
        meant.number,
        read.record_sha256 or None,
        issued_at=from_ms(meant.at),
        issued_by=_name(desk, meant.by),
    )


def _of_issued(desk: Desk, read: ReadReport, issued: IssuedReport) -> Verification:
    """Compare the record of a file that is as it was issued with the store and the chain."""
    verdict, reason = Verdict.GENUINE, ""
    changes: tuple[Difference, ...] = ()
    since: tuple[str, ...] = ()
    incident = _incident(desk, EntityId(issued.incident))
    broken = _broken_chain(desk, issued)
    facts = _issue_words(desk, issued)
    if incident is None:
        verdict = Verdict.RECORD_CHANGED
        reason = f"The file is as it was issued {facts}, but {issued.number} is not here any more."
    elif broken:
        verdict = Verdict.RECORD_CHANGED
        reason = f"The file is as it was issued {facts}, but the audit chain is broken: {broken}."
    else:
        now = reporting.record_json(desk, incident)
        if hashlib.sha256(now).hexdigest() != issued.record_sha256 and read.record is not None:
            changes, since = compare(read.record, json.loads(now))
        if changes:
            verdict = Verdict.RECORD_CHANGED
            names = ", ".join(dict.fromkeys(change.field for change in changes))
            reason = (
                f"The file is as it was issued {facts}. Since then the record changed: {names}."
            )
        else:
            reason = f"The file is as it was issued {facts}, and the record says the same."
    return Verification(
        verdict,
        reason,
        issued.number,
        issued.record_sha256,
        changes,
        since,
        from_ms(issued.at),
        _name(desk, issued.by),
    )


def _broken_chain(desk: Desk, issued: IssuedReport) -> str:
    """Say what is wrong with the chains that the issue and the printed entry stand in."""
    connection = desk.connection
    stations = {issued.station}
    if issued.head:
        row: Any = connection.execute(
            "SELECT station FROM change WHERE root = ? AND sseq = ? AND hash = ?",
            (issued.incident, issued.block, bytes.fromhex(issued.head)),
        ).get
        if row is None:
            return f"block {issued.block:,}, which the report prints, is not in it"
        stations.add(row)
    bad = audit.verify_chains(connection, stations).first_bad
    return "" if bad is None else f"entry {bad.sseq:,}, {bad.reason}"


def _issue_words(desk: Desk, issued: IssuedReport) -> str:
    at = f"{from_ms(issued.at):%Y-%m-%d %H:%M} UTC"
    name = _name(desk, issued.by)
    return f"on {at} by {name}" if name else f"on {at}"


def _name(desk: Desk, person: bytes) -> str:
    named = catalogue.named(desk.connection, person)
    return "" if named is None else named.name
