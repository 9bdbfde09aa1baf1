"""Makes an incident's closure report: the record, its place in the audit chain, and the PDF."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.domain.incident_json import incident_to_json
from app.domain.instants import zone_named
from app.intake.safe_write import whole_file
from app.reports import wording
from app.reports.language import language_of
from app.services import browsing, configuration, issuing, knowledge, signing
from app.services.evidence_pictures import evidence_pictures
from app.storage import audit
from app.system.paper import usual_paper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.reports.closure_record import ClosureRecord
    from app.reports.sign import SigningKey
    from app.services.desk import Desk

DEFAULT_ORGANISATION = "IT service desk"


def record(
    desk: Desk,
    number: str | EntityId,
    *,
    paper: str = "",
    zone: str = "",
    language: str = "",
    typed: Mapping[str, Any] | None = None,
    review: bool = False,
) -> ClosureRecord:
    """Return what the report of an incident prints; `typed` are fields that are not stored yet.

    With `review` it is the post-incident review of a major incident. Paper, zone and language are
    those of the settings where none are given.

    Raises:
        NotFoundError: nothing has that number.
        InvalidInputError: there is no such language, or a review is asked for and the incident is
            no major one.
    """
    from app.reports.closure_record import ChainEntry, closure_record  # reportlab loads slowly
    from app.reports.review_record import review_record

    incident = replace(browsing.incident(desk, number), **(typed or {}))
    if review and not incident.major:
        raise InvalidInputError(
            f"{incident.number} is no major incident, and only those have a post-incident review; "
            "declare it major first, or make its closure report.",
            field="review",
        )
    words = language_of(language or usual_report_language(desk))
    entry = audit.own_last_entry(desk.connection, incident.id)
    content = record_json(desk, incident)
    make = review_record if review else closure_record
    return make(
        incident,
        organisation=str(configuration.get_setting(desk, "organisation.name"))
        or DEFAULT_ORGANISATION,
        record_json=content,
        zone=zone or desk.store.zone,
        paper=paper or usual_report_paper(desk),
        chain=None if entry is None else ChainEntry(entry.sseq, entry.hash.hex()),
        classification=str(configuration.get_setting(desk, "report.classification")),
        codes=desk.rules.codes,
        language=words.code,
        pictures=evidence_pictures(desk, incident, words),
        articles=tuple(knowledge.used_in(desk, incident.id)),
    )


def usual_report_paper(desk: Desk) -> str:
    """Return the paper of the settings, or that of this computer's country."""
    chosen = str(configuration.get_setting(desk, "report.paper"))
    return usual_paper() if chosen in {"", "auto"} else chosen


def usual_report_language(desk: Desk) -> str:
    """Return the code of the language that the team's reports are printed in."""
    return str(configuration.get_setting(desk, "report.language"))


def record_json(desk: Desk, incident: Incident) -> bytes:
    """Return the canonical JSON of an incident, attached to its report."""
    document = incident_to_json(incident, conflicts=browsing.conflicts(desk, incident.id))
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()


def write_report(
    desk: Desk,
    number: str,
    path: Path,
    *,
    paper: str = "",
    zone: str = "",
    language: str = "",
    typed: Mapping[str, Any] | None = None,
    key: SigningKey | None = None,
    review: bool = False,
) -> dict[str, Any]:
    """Write the closure report of an incident as a PDF, with what is typed and not stored yet.

    With `review` it is the post-incident review of a major incident.

    The store remembers the file as issued, so that a copy can be verified. It is signed with `key`,
    or with the person's own certificate when that is wanted in the settings.

    Raises:
        NotFoundError: nothing has that number.
        KnownError: the file cannot be written or signed; one that was there is left as it was.
    """
    from app.reports.closure_report import write_closure_report  # reportlab loads slowly

    made = record(
        desk, number, paper=paper, zone=zone, language=language, typed=typed, review=review
    )
    key = key or signing.own_key(desk)
    if key is None:
        facts = write_closure_report(made, path)
        issuing.remember(desk, made, path)
        return {"path": str(path), **asdict(facts)}
    content, pages = _signed(desk, made, key)
    with whole_file(path) as file:
        file.write(content)
    issuing.remember(desk, made, content)
    digest = hashlib.sha256(content).hexdigest()
    told = {"pages": pages, "sha256": digest, "record_sha256": made.record_sha256}
    return {"path": str(path), **told, "signed_by": key.name}


def _signed(desk: Desk, made: ClosureRecord, key: SigningKey) -> tuple[bytes, int]:
    """Build a report that says who signed it when, and sign it; return it and its pages."""
    from app.reports import sign
    from app.reports.closure_report import closure_report_bytes

    content, pages = closure_report_bytes(to_be_signed(desk, made, key))
    return sign.sign_report(content, key), pages


def to_be_signed(desk: Desk, made: ClosureRecord, key: SigningKey) -> ClosureRecord:
    """Return a record that says who signs it now, with the field for the signature."""
    from app.reports import sign

    return replace(made, signed=signed_words(desk, key, made.language), signature_field=sign.FIELD)


def signed_words(desk: Desk, key: SigningKey, language: str) -> str:
    """Say who signs now, as the page prints it."""
    words = language_of(language)
    return f"{key.name}, {wording.moment(words, desk.now(), zone_named('UTC'))} UTC"


def report_bytes(
    desk: Desk,
    number: str | EntityId,
    *,
    paper: str = "",
    language: str = "",
    typed: Mapping[str, Any] | None = None,
    review: bool = False,
) -> bytes:
    """Return the closure report, or the review, as it would be printed now, for a preview."""
    from app.reports.closure_report import closure_report_bytes  # reportlab loads slowly

    made = record(desk, number, paper=paper, language=language, typed=typed, review=review)
    return closure_report_bytes(made)[0]


def issued_bytes(desk: Desk, number: str, *, paper: str = "") -> bytes:
    """Return the closure report as it leaves the program now; the store remembers it as issued."""
    from app.reports.closure_report import closure_report_bytes  # reportlab loads slowly

    made = record(desk, number, paper=paper)
    key = signing.own_key(desk)
    content = closure_report_bytes(made)[0] if key is None else _signed(desk, made, key)[0]
    issuing.remember(desk, made, content)
    return content
