"""One realistic incident, made up for these tests, and its report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pytest

from app.domain.incident import (
    CauseClass,
    Channel,
    EntityId,
    EntryKind,
    FixType,
    Named,
    Outcome,
    Status,
)
from app.domain.incident_record import (
    Attachment,
    ChecklistState,
    ClockState,
    FieldChange,
    FollowUp,
    Incident,
    TimelineEntry,
    Told,
)
from app.reports.closure_record import ChainEntry, ClosureRecord, LogExcerpt, closure_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2026, 3, 10, 6, 42, tzinfo=UTC)
CHAIN = ChainEntry(4_711, "5be0cd19137e21791f83d9abfb41bd6b9b05688c2b3e6c1f510e527fade682d1")
LOG = """\
2026-03-10T06:31:02.117Z wms-print-01 spool[811]: driver 8.4.0 loaded for 14 queues
2026-03-10T06:33:40.902Z wms-print-01 spool[811]: queue dock-3: job 99120 sent, 0 bytes rendered
  renderer=zpl2 media=4x6 darkness=15
2026-03-10T06:34:11.650Z wms-print-01 spool[811]: queue dock-5: job 99121 sent, 0 bytes rendered
2026-03-10T06:41:57.004Z wms-print-01 monitor[77]: 38 empty labels in 600 s, threshold 5
2026-03-10T09:02:18.330Z wms-print-01 spool[1204]: driver 8.3.2 loaded for 14 queues
2026-03-10T09:03:01.118Z wms-print-01 spool[1204]: queue dock-3: job 99388 sent, 2214 bytes rendered
"""


def named(name: str) -> Named:
    return Named(EntityId(name.encode()[:16].ljust(16)), name)


def entry(
    minutes: float,
    text: str,
    author: str = "Ines Okonkwo",
    kind: EntryKind = EntryKind.NOTE,
    changes: tuple[FieldChange, ...] = (),
) -> TimelineEntry:
    at = START + timedelta(minutes=minutes)
    return TimelineEntry(EntityId(bytes(16)), at, at, author, "desk-2", kind, text, changes)


def status(old: str, new: str) -> tuple[FieldChange, ...]:
    return (FieldChange("status", old, new),)


TIMELINE = (
    entry(0, "Telephone", "Rosa Lindh", EntryKind.CREATED),
    entry(4, "", kind=EntryKind.STATUS, changes=status("New", "In progress")),
    entry(6, "A test label from dock 3 is blank too; the printer's own test page is fine."),
    entry(9, "", kind=EntryKind.CHANGE, changes=(FieldChange("major", "no", "yes"),)),
    entry(11, "Warehouse leads (telephone)", kind=EntryKind.TOLD),
    entry(14, "Second caller: dock 5, same fault, no error on the screen.", "Rosa Lindh"),
    entry(21, "Workaround given: labels from the carrier's web page, dock 1 and dock 2 first."),
    entry(26, "", kind=EntryKind.CHANGE, changes=(FieldChange("team", "Desk", "Print services"),)),
    entry(33, "Spooler log attached.", "Tomasz Wrona"),
    entry(33.5, "spooler-0310.log", "Tomasz Wrona", EntryKind.FILE),
    entry(48, "The log shows jobs of 0 bytes since driver 8.4.0 was loaded at 06:31 UTC."),
    entry(55, "CHG-2026-0052", "Tomasz Wrona", EntryKind.LINK),
    entry(71, "Driver 8.4.0 drops the dither table of printers with old firmware.", "Tomasz Wrona"),
    entry(88, "Vendor confirms the fault by e-mail, no fix before Friday.", "Tomasz Wrona"),
    entry(102, "Go back to driver 8.3.2, agreed with the warehouse manager."),
    entry(140, "Driver 8.3.2 installed on wms-print-01; dock 3 prints.", "Tomasz Wrona"),
    entry(149, "All 14 queues print; backlog of 212 labels is being worked off."),
    entry(
        152,
        "Went back to driver 8.3.2 and blocked the update on the print server.",
        kind=EntryKind.STATUS,
        changes=status("In progress", "Resolved"),
    ),
    entry(171, "Late shift (chat)", kind=EntryKind.TOLD),
    entry(1610, "Requester confirms: two shifts without a blank label.", "Rosa Lindh"),
    entry(1622, "", kind=EntryKind.STATUS, changes=status("Resolved", "Closed")),
)


@pytest.fixture(scope="session")
def incident() -> Incident:
    """Give a closed major incident with every field that a report prints."""
    resolved = START + timedelta(minutes=152)
    return Incident(
        id=EntityId(bytes(range(16))),
        number="INC-2026-00088",
        title="Shipping labels come out blank at every dock since the driver update",
        status=Status.CLOSED,
        priority="P2",
        impact=1,
        urgency=2,
        registered_at=START,
        reported_at=START,
        description=(
            "Since the start of the early shift the label printers at all docks feed blank labels. "
            "The warehouse screen shows each job as printed, so nobody noticed until the first "
            "pallets stood unlabelled.\n\nThirty-eight labels were affected before the first call; "
            "lorries for two carriers were waiting."
        ),
        category=named("Hardware/Printer/Label printer"),
        service=named("Warehouse management"),
        ci=named("wms-print-01"),
        location=named("Gothenburg depot"),
        channel=Channel.PHONE,
        requester=named("Björn Åkesson"),
        assignee=named("Ines Okonkwo"),
        team=named("Print services"),
        incident_manager=named("Marguerite Dufour"),
        major=True,
        major_declared_at=START + timedelta(minutes=9),
        acknowledged_at=START + timedelta(minutes=4),
        restored_at=START + timedelta(minutes=149),
        resolved_at=resolved,
        closed_at=START + timedelta(minutes=1622),
        outcome=Outcome.FIXED,
        fix_type=FixType.CONFIGURATION_CHANGE,
        cause_class=CauseClass.SOFTWARE,
        detection="By the warehouse; the monitor counted empty labels but alerted nobody.",
        root_cause=(
            "Driver 8.4.0 renders an empty page for printers with firmware older than 6.2, and "
            "reports success. Twelve of fourteen dock printers have such firmware."
        ),
        contributing_factors="the update was rolled out to all queues at once, without a pilot.",
        business_effect=(
            "Two outbound lorries left 50 minutes late; 212 labels were printed a second time. "
            "No parcel was lost and no customer was charged."
        ),
        people_affected=27,
        workaround="labels from the carrier's web page.",
        resolution="Went back to driver 8.3.2 and blocked the update on the print server.",
        verified_by="Björn Åkesson",
        verified_at=START + timedelta(minutes=1610),
        verified_how="by telephone, after two shifts without a blank label.",
        time_spent_s=5 * 3600,
        zone="Europe/Stockholm",
        resolution_clock=ClockState(
            target_s=8 * 3600,
            due_at=START + timedelta(hours=8),
            warn_at=START + timedelta(hours=6),
            counted_s=152 * 60,
            paused_s=0,
            paused=False,
            stopped_at=resolved,
            met=True,
            breached=False,
            remaining_s=8 * 3600 - 152 * 60,
        ),
        timeline=TIMELINE,
        attachments=(
            _file("spooler-0310.log", 218_400, "text/plain"),
            _file("blank-label.jpg", 1_840_000, "image/jpeg"),
        ),
        checklist=(
            ChecklistState("Service restored and tested", True, True, automatic=True),
            ChecklistState("Root cause recorded", True, True, automatic=True),
            ChecklistState("Requester confirmed", True, True, automatic=True),
            ChecklistState("Stakeholders told", True, True, automatic=True),
            ChecklistState("Problem opened or ruled out", False, True, automatic=False),
            ChecklistState("Save as knowledge article", False, False, automatic=False),
        ),
        told=(
            Told("Warehouse leads", START + timedelta(minutes=11), "telephone"),
            Told("Late shift", START + timedelta(minutes=171), "chat"),
        ),
        follow_ups=(
            _follow_up("Bring the firmware of twelve dock printers to 6.2", "Tomasz Wrona", 14),
            _follow_up(
                "Let the monitor open an incident for empty labels", "Ines Okonkwo", 7, True
            ),
            _follow_up("Roll print drivers out to one pilot queue first", "Print services", None),
        ),
        problem="PRB-2026-0007",
        related=("CHG-2026-0052",),
    )


def _file(name: str, size: int, media_type: str) -> Attachment:
    digest = f"{size:064x}"
    return Attachment(EntityId(bytes(16)), name, size, digest, START, "Tomasz Wrona", media_type)


def _follow_up(action: str, owner: str, days: int | None, done: bool = False) -> FollowUp:
    due = None if days is None else START + timedelta(days=days)
    return FollowUp(EntityId(bytes(16)), action, owner, due, done)


def make_record(incident: Incident, **options: Any) -> ClosureRecord:
    """Make the record of an incident the way a service does."""
    canonical = json.dumps({"number": incident.number, "title": incident.title}, sort_keys=True)
    given: dict[str, Any] = {
        "organisation": "Kestrel Freight IT",
        "record_json": canonical.encode("utf-8", "surrogatepass"),
        "chain": CHAIN,
    }
    return closure_record(incident, **(given | options))


@pytest.fixture(scope="session")
def record(incident: Incident) -> ClosureRecord:
    """Give the record of the incident, with a log excerpt."""
    excerpt = LogExcerpt(
        tuple(LOG.splitlines()),
        "Excerpt of the spooler log of 10 March 2026. Its times are in UTC.",
    )
    return make_record(incident, excerpt=excerpt)


@pytest.fixture(scope="session")
def record_of() -> Callable[..., ClosureRecord]:
    """Give the function that makes a record of an incident."""
    return make_record


@pytest.fixture(scope="session")
def changed() -> Callable[..., Any]:
    """Give `dataclasses.replace`, for variants of the incident and the record."""
    return replace


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page as PDFium reads it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for index in range(len(document)):
            page = document[index].get_textpage()
            texts.append(page.get_text_range().replace("\r\n", "\n"))
            page.close()
        return texts
    finally:
        document.close()


@pytest.fixture(scope="session")
def texts_of() -> Callable[[bytes], list[str]]:
    """Give the function that reads the text of each page."""
    return page_texts


def elements(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Walk the reading structure of a document in its order."""

    def walk(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
        yield element
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    yield from walk(document.Root.StructTreeRoot.K)


@pytest.fixture(scope="session")
def elements_of() -> Callable[[pikepdf.Pdf], Iterator[pikepdf.Object]]:
    """Give the function that walks the reading structure of an open document."""
    return elements
