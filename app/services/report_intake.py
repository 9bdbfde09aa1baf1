"""Makes incidents of users' own reports: each once, whoever takes it and however often it comes.

The report's id is kept as the key of the record (`import_keys`), which is in the journal: so every
station of a team knows that it was taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import Channel, EntityId
from app.domain.incident_record import IncidentDraft
from app.intake.report_file import EFFECTS, read_report
from app.services import evidence
from app.services.alert_intake import Taken, quarantine
from app.services.logging_incidents import create_in
from app.storage import import_keys, incident_reader

if TYPE_CHECKING:
    from app.intake.report_file import Report
    from app.services.desk import Desk

AUTHOR = "Report form"
MAPPING = "report-form"
SOURCE = "report"


def take_report(desk: Desk, body: bytes, *, origin: str = "") -> Taken:
    """Log the incident that a report file tells; one that cannot be read goes to quarantine.

    Args:
        desk: where.
        body: the file as it came.
        origin: its name, for the quarantine.

    Raises:
        StoreError: nothing could be written, so the file has to stay where it is.
    """
    try:
        report = read_report(body)
        return _take(desk, report)
    except InvalidInputError as error:
        return quarantine(desk, body, origin, error.message)
    except KnownError as error:
        if error.code == "store":
            raise
        return quarantine(desk, body, origin, error.message)


def _take(desk: Desk, report: Report) -> Taken:
    own = desk if desk.person.name == AUTHOR else desk.acting_as(AUTHOR)
    known = import_keys.find(own.connection, MAPPING, [report.id]).get(report.id)
    if known is not None:
        number = incident_reader.read(own.connection, EntityId(known.uid), story=False).number
        return Taken(SOURCE, "ignored", number, "This report was logged before.")
    pictures: list[evidence.NewFile] = []
    if report.picture:
        pictures.append((report.picture_name, report.picture))
    stored = evidence.store_files(own, pictures)
    now = own.now()
    # A clock that runs ahead must not put the report into the future.
    reported_at = min(report.written_at or now, now)
    draft = IncidentDraft(
        title=report.title,
        description=_described(report),
        requester=report.requester,
        location=report.location,
        channel=Channel.PORTAL,
        impact=EFFECTS[report.effect],
        reported_at=reported_at,
        make_unknown=True,
    )
    with own.write("Log report") as action:
        number, uid = create_in(action, own, draft, now)
        action.set("incident", uid, import_keys.FIELD, import_keys.value(MAPPING, report.id, ""))
        evidence.add_attachments(action, uid, stored)
    return Taken(SOURCE, "opened", number)


def _described(report: Report) -> str:
    parts = [report.description] if report.description else []
    if report.contact:
        parts.append(f"Contact: {report.contact}")
    if report.machine:
        facts = "\n".join(f"{name}: {value}" for name, value in report.machine.items())
        parts.append(f"The computer, as it said:\n{facts}")
    return "\n\n".join(parts)
