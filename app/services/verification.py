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

from app.domain.incident import EntityId
from app.domain.record_difference import Difference, compare
from app.services import issuing, reporting, signing, standing_records
from app.services.standing_records import PERIOD_KIND, Standing
from app.storage import audit, catalogue, issued_reports
from app.system.clock import from_ms

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.reports.signature import SignatureFacts
    from app.reports.verify import ReadReport
    from app.services.desk import Desk
    from app.storage.issued_reports import IssuedReport


_NAMED = 12
"""So many changed fields are named in the answer; the others stand in the list."""


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
    if read.reports > 1 or (read.record or {}).get("kind") == PERIOD_KIND:
        return _of_no_single_incident(desk, read, meant)
    incident = standing_records.incident_of(desk, read.record)
    if incident is not None and standing_records.is_incident_made_again(desk, read, incident):
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


def _of_no_single_incident(
    desk: Desk, read: ReadReport, meant: IssuedReport | None
) -> Verification:
    """Answer about a bundle or the report of a period that was not issued as it is."""
    several = read.reports > 1
    made_again = (
        standing_records.is_bundle_made_again if several else standing_records.is_period_made_again
    )
    if made_again(desk, read):
        what = "records" if several else "figures"
        return Verification(
            Verdict.GENUINE,
            f"The file was made again from the {what}, and every byte is the same.",
            record_sha256=read.record_sha256 or None,
        )
    if meant is not None:
        return _altered(desk, read, meant)
    known = [
        record
        for record in (json.loads(content) for content in read.records)
        if standing_records.incident_of(desk, record) is not None
    ]
    if not known:
        return _foreign(read)
    return Verification(
        Verdict.FILE_ALTERED,
        f"It holds {len(read.records):,} records, {len(known):,} of them of incidents that are "
        "here, but no such file was issued here.",
    )


def _foreign(read: ReadReport) -> Verification:
    number = _number_in(read)
    if read.ours:
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
        meant.number if meant.incident else None,
        read.record_sha256 or None,
        issued_at=from_ms(meant.at),
        issued_by=_name(desk, meant.by),
    )


def _of_issued(desk: Desk, read: ReadReport, issued: IssuedReport) -> Verification:
    """Compare the record of a file that is as it was issued with the store and the chain."""
    verdict, reason = Verdict.GENUINE, ""
    changes: tuple[Difference, ...] = ()
    since: tuple[str, ...] = ()
    standing = _standing(desk, read, issued)
    broken = _broken_chain(desk, issued)
    facts = _issue_words(desk, issued)
    if standing.missing:
        verdict = Verdict.RECORD_CHANGED
        gone = ", ".join(standing.missing)
        verb = "is" if len(standing.missing) == 1 else "are"
        reason = f"The file is as it was issued {facts}, but {gone} {verb} not here any more."
    elif broken:
        verdict = Verdict.RECORD_CHANGED
        reason = f"The file is as it was issued {facts}, but the audit chain is broken: {broken}."
    else:
        changes, since = standing.changes, standing.since
        is_period = not issued.incident and (read.record or {}).get("kind") == PERIOD_KIND
        what = "figures" if is_period else "records" if read.reports > 1 else "record"
        if changes:
            verdict = Verdict.RECORD_CHANGED
            names = _some(list(dict.fromkeys(change.field for change in changes)))
            reason = (
                f"The file is as it was issued {facts}. Since then the {what} changed: {names}."
            )
        else:
            verb = "says" if what == "record" else "say"
            reason = f"The file is as it was issued {facts}, and the {what} {verb} the same."
    return Verification(
        verdict,
        reason,
        issued.number if issued.incident else None,
        issued.record_sha256,
        changes,
        since,
        from_ms(issued.at),
        _name(desk, issued.by),
    )


def _standing(desk: Desk, read: ReadReport, issued: IssuedReport) -> Standing:
    if not issued.incident:
        if read.records:
            return standing_records.of_incidents(desk, read.records)
        if (read.record or {}).get("kind") == PERIOD_KIND:
            return standing_records.of_period(desk, read.record or {}, issued.at)
        # A bundle of a single report.
        return standing_records.of_incidents(desk, [json.dumps(read.record).encode()])
    incident = standing_records.incident(desk, EntityId(issued.incident))
    if incident is None:
        return Standing(missing=(issued.number,))
    now = reporting.record_json(desk, incident)
    if hashlib.sha256(now).hexdigest() == issued.record_sha256 or read.record is None:
        return Standing()
    return Standing(*compare(read.record, json.loads(now)))


def _some(names: list[str]) -> str:
    """Join names; of very many only the first."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more"


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
