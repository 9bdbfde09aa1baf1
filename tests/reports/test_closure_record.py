"""From an incident to what its report prints: facts, words, times; nothing empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import CancelReason, CauseClass, EntityId, EntryKind, PendingReason, Status
from app.domain.incident_record import ChecklistState, FieldChange, Incident, TimelineEntry
from app.reports.record_parts import StripFact

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reports.closure_record import ClosureRecord

BARE = Incident(
    id=EntityId(bytes(16)),
    number="INC-1",
    title="Screen flickers",
    status=Status.NEW,
    priority="P4",
    impact=3,
    urgency=3,
    registered_at=datetime(2026, 7, 1, 8, 0, tzinfo=UTC),
)


def facts(record: ClosureRecord) -> dict[str, StripFact]:
    return {fact.label: fact for fact in record.strip}


def details(record: ClosureRecord) -> dict[str, str]:
    return {one.label: one.value for one in (*record.details_left, *record.details_right)}


def test_the_lead_is_made_from_the_facts_when_none_is_given(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    assert record_of(incident).lead == (
        "Reported on 10 March 2026 at 07:42, restored at 10:11 after 2\u00a0h\u00a029\u00a0min. "
        "The SLA target was met: 5\u00a0h\u00a028\u00a0min\u00a0in\u00a0hand."
    )
    assert record_of(incident, lead="Labels were blank.").lead == "Labels were blank."


def test_the_strip_holds_the_five_facts(record: ClosureRecord) -> None:
    assert record.strip == (
        StripFact("Status", "Closed", "solved, permanent"),
        StripFact("Priority", "P2 High", "wide impact, medium urgency"),
        StripFact("Service restored in", "2 h 29 min", "target 8 h 00 min"),
        StripFact("SLA", "Met", "5 h 28 min in hand", met=True),
        StripFact("People affected", "27", "Gothenburg depot"),
    )


def test_details_name_the_zone_and_the_codes(record: ClosureRecord) -> None:
    shown = details(record)

    assert shown["Times in"] == "Europe/Stockholm, UTC+01:00"
    assert shown["Closure codes"] == "Fixed, configuration change, software"
    assert shown["Category"] == "Hardware \u203a Printer \u203a Label printer"
    assert shown["Confirmed by"] == "Björn Åkesson, 11 Mar 2026"
    assert shown["Related records"] == "PRB-2026-0007, CHG-2026-0052"
    assert abs(len(record.details_left) - len(record.details_right)) <= 1


def test_an_empty_fact_is_left_out(record_of: Callable[..., ClosureRecord]) -> None:
    record = record_of(BARE, chain=None)

    assert set(details(record)) == {"Channel", "Reported", "Times in"}
    assert [fact.label for fact in record.strip] == [
        "Status",
        "Priority",
        "Service restored in",
        "SLA",
    ]
    assert record.impact == record.root_cause == record.resolution == record.summary == ()
    assert record.bar is None
    assert "N/A" not in repr(record)
    assert "None" not in "".join(fact.value + fact.note for fact in record.strip)


def test_an_incident_that_is_not_closed_is_interim_and_dated_by_its_last_fact(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    pending = replace(
        incident,
        status=Status.PENDING,
        pending_reason=PendingReason.VENDOR,
        closed_at=None,
        resolved_at=None,
        restored_at=None,
        timeline=incident.timeline[:5],
    )
    record = record_of(pending)

    assert record.interim
    assert record.kind == "Interim incident report"
    assert record.dated_at == incident.timeline[4].at
    assert facts(record)["Status"].note == "waiting for the vendor"
    assert facts(record)["Service restored in"] == StripFact(
        "Service restored in", "Not yet", "open for 11 min"
    )
    assert record.lead.endswith("not restored yet, the incident is pending.")
    assert record_of(replace(incident, status=Status.RESOLVED, closed_at=None)).interim
    cancelled = replace(
        incident, status=Status.CANCELLED, closed_at=None, cancel_reason=CancelReason.DUPLICATE
    )
    assert facts(record_of(cancelled))["Status"].note == "duplicate"


def test_a_target_is_met_missed_running_or_not_there(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    clock = incident.resolution_clock
    assert clock is not None

    def sla(**changes: object) -> StripFact:
        changed = replace(clock, **changes)
        return facts(record_of(replace(incident, resolution_clock=changed)))["SLA"]

    assert sla(met=False, remaining_s=-720) == StripFact("SLA", "Missed", "12 min over", met=False)
    assert sla(met=None, breached=True, remaining_s=-60).met is False
    assert sla(met=None, remaining_s=3600) == StripFact("SLA", "Running", "60 min in hand")
    assert sla(met=None, paused=True).value == "Paused"
    assert sla(target_s=None) == StripFact("SLA", "No target")


def test_a_clock_that_ran_backwards_counts_as_zero_and_is_flagged(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    start = incident.registered_at
    skewed = replace(incident, restored_at=start - timedelta(minutes=5))

    fact = facts(record_of(skewed))["Service restored in"]

    assert fact == StripFact("Service restored in", "0 min", "clock skew")


def test_times_are_told_in_the_zone_that_is_asked_for(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    record = record_of(incident, zone="Asia/Kolkata")

    assert details(record)["Reported"] == "10 Mar 2026, 12:12"
    assert record.timeline[0].time == "12:12"
    assert "Asia/Kolkata, UTC+05:30" in record.timeline[0].day


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "a\x00b"])
def test_a_zone_that_does_not_exist_is_refused(
    zone: str, incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    with pytest.raises(InvalidInputError, match="There is no time zone"):
        record_of(incident, zone=zone)


def test_a_day_of_the_timeline_names_the_offset_that_holds_on_it(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    before = replace(incident.timeline[2], at=datetime(2026, 3, 28, 12, tzinfo=UTC))
    after = replace(incident.timeline[2], at=datetime(2026, 3, 29, 12, tzinfo=UTC))
    rows = record_of(replace(incident, timeline=(before, after))).timeline

    assert rows[-2].day.endswith("UTC+01:00")
    assert rows[-1].day.endswith("UTC+02:00")
    assert (rows[-2].time, rows[-1].time) == ("13:00", "14:00")


def test_the_timeline_tells_what_happened_in_words(record: ClosureRecord) -> None:
    events = [row.event for row in record.timeline]

    assert events[0].startswith("Reported: Shipping labels come out blank")
    assert "Declared a major incident" in events
    assert "Told: Warehouse leads (telephone)" in events
    assert "Team: Desk → Print services" in events
    assert "File added: spooler-0310.log" in events
    assert "Resolved: fixed" in events
    assert events[-1] == "Closed"
    assert [row.event for row in record.timeline if row.key] == [
        events[0],
        "Declared a major incident",
        "Resolved: fixed",
        "Closed",
    ]
    assert record.timeline[0].elapsed == "0 min"
    assert record.timeline[-1].elapsed == "+27 h 02 min"


def entry(kind: EntryKind, *changes: FieldChange, text: str = "", **more: object) -> TimelineEntry:
    at = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
    return replace(
        TimelineEntry(EntityId(bytes(16)), at, at, "Ines", "desk", kind, text, changes), **more
    )


@pytest.mark.parametrize(
    ("one", "event"),
    [
        (entry(EntryKind.NOTE, text="  looked "), "looked"),
        (entry(EntryKind.REPLY, text="on our way"), "Answered: on our way"),
        (entry(EntryKind.LINK, FieldChange("related", "", "INC-3")), "Linked: Related: INC-3"),
        (entry(EntryKind.CHANGE, FieldChange("priority", "P3", "P1")), "Priority: P3 → P1"),
        (entry(EntryKind.CHANGE, FieldChange("ci", "pc-1", "")), "Equipment removed: pc-1"),
        (entry(EntryKind.CHANGE, FieldChange("problem_id", "", "PRB-3")), "Problem: PRB-3"),
        (
            entry(EntryKind.CHANGE, FieldChange("category", "", "email/mailbox")),
            "Category: E-mail \u203a Mailbox",
        ),
        (
            entry(EntryKind.CHANGE, FieldChange("restored_at", "", "2026-03-10T09:11:00+00:00")),
            "Restored at: 10 Mar 2026, 10:11",
        ),
        (entry(EntryKind.CHANGE, FieldChange("restored_at", "", "soon")), "Restored at: soon"),
        (entry(EntryKind.CHANGE, FieldChange("root_cause", "", "x")), "Root cause recorded"),
        (entry(EntryKind.CHANGE, FieldChange("root_cause", "y", "x")), "Root cause changed"),
        (entry(EntryKind.CHANGE, FieldChange("custom.asset_tag", "", "7")), "Asset tag: 7"),
        (
            entry(EntryKind.STATUS, FieldChange("status", "resolved", "in_progress"), text="again"),
            "Reopened: again",
        ),
        (entry(EntryKind.STATUS, FieldChange("status", "new", "pending")), "Pending"),
        (entry(EntryKind.UNDO, FieldChange("title", "a", "b")), "Undone: Title: a → b"),
        (entry(EntryKind.MERGE, text="INC-4 Twin"), "Merged: INC-4 Twin"),
    ],
)
def test_each_kind_of_entry_has_its_words(
    one: TimelineEntry, event: str, incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    rows = record_of(replace(incident, timeline=(one,))).timeline

    assert event in [row.event for row in rows]


@pytest.mark.parametrize(
    "one",
    [
        entry(EntryKind.CHECK, text="ticked"),
        entry(EntryKind.TIME, text="30 min"),
        entry(EntryKind.REPORT, text="printed"),
        entry(EntryKind.NOTE, text="taken back", undone=True),
        entry(EntryKind.NOTE),
    ],
)
def test_what_is_no_part_of_the_story_is_not_told(
    one: TimelineEntry, incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    with_it = record_of(replace(incident, timeline=(one,))).timeline

    assert with_it == record_of(replace(incident, timeline=())).timeline


def test_a_recorded_instant_without_an_entry_is_told_too(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    start = incident.registered_at
    changed = replace(
        incident,
        occurred_at=start - timedelta(minutes=30),
        workaround_applied_at=start + timedelta(minutes=45),
        restored_at=start + timedelta(minutes=130),
    )
    rows = {row.event: row for row in record_of(changed).timeline}

    assert rows["Occurred"].elapsed == "−30 min"
    assert rows["Workaround applied"].elapsed == "+45 min"
    assert rows["Service restored"].key


def test_an_undetermined_cause_is_an_answer(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    changed = replace(
        incident, root_cause=" ", contributing_factors="", cause_class=CauseClass.UNDETERMINED
    )

    assert record_of(changed).root_cause == ("The cause is undetermined.",)


def test_stakeholders_follow_ups_files_and_checks_are_told(record: ClosureRecord) -> None:
    assert record.impact[-1] == (
        "Stakeholders told: Warehouse leads, 10 Mar 2026, 07:53, telephone; "
        "Late shift, 10 Mar 2026, 10:33, chat."
    )
    assert [(row.owner, row.due, row.state) for row in record.follow_ups] == [
        ("Tomasz Wrona", "24 Mar 2026", "Open"),
        ("Ines Okonkwo", "17 Mar 2026", "Done"),
        ("Print services", "", "Open"),
    ]
    assert [(file.kind, file.size) for file in record.files] == [
        ("Log", "218 KB"),
        ("Picture", "1.8 MB"),
    ]
    assert [check.done for check in record.checks] == [True] * 5 + [False]
    assert [(one.role, one.name) for one in record.sign_offs] == [
        ("Prepared by", "Ines Okonkwo"),
        ("Approved by", "Marguerite Dufour"),
        ("Confirmed by requester", "Björn Åkesson"),
    ]
    assert record.resolution[-1].startswith("Confirmed by Björn Åkesson, 11 Mar 2026, 10:32: by")


def test_a_number_named_twice_is_printed_once(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    changed = replace(incident, related=("PRB-2026-0007", "INC-9"), duplicates=("INC-9",))

    assert details(record_of(changed))["Related records"] == "PRB-2026-0007, INC-9"


def test_a_bar_over_several_days_names_the_days(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    clock = incident.resolution_clock
    assert clock is not None
    due = incident.registered_at + timedelta(days=3)
    changed = replace(incident, resolution_clock=replace(clock, due_at=due))

    bar = record_of(changed).bar

    assert bar is not None
    assert bar.reported == "Reported 07:42"
    assert bar.target == "SLA target 13 Mar 2026, 07:42"
    assert bar.description == (
        "Response bar. Reported 07:42; Acknowledged after 4 min; Restored 10:11; "
        "SLA target 13 Mar 2026, 07:42."
    )


def test_a_confirmation_is_one_fact_of_the_timeline_without_a_raw_instant(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    confirmed = (
        FieldChange("verified_by", "", "Rosa Lindh"),
        FieldChange("verified_how", "", "phone"),
        FieldChange("verified_at", "", "2026-03-10T10:50:53+00:00"),
    )
    entry = replace(incident.timeline[2], text="", kind=EntryKind.CHANGE, changes=confirmed)

    rows = record_of(replace(incident, timeline=(entry,))).timeline

    assert "Confirmed by Rosa Lindh (phone)" in [row.event for row in rows]


def test_resolving_and_closing_in_one_action_tells_both(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    moves = (
        FieldChange("status", "in_progress", "resolved"),
        FieldChange("verified_by", "", "Rosa Lindh"),
        FieldChange("verified_how", "", "phone"),
        FieldChange("status", "resolved", "closed"),
    )
    entry = replace(incident.timeline[-1], text="", changes=moves)

    row = record_of(replace(incident, timeline=(entry,))).timeline[-1]

    assert row.event == "Resolved; Confirmed by Rosa Lindh (phone); Closed"
    assert row.key


def test_work_begun_by_the_resolution_itself_is_no_reopening(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    moves = (
        FieldChange("status", "new", "in_progress"),
        FieldChange("assignee", "", "Ines"),
        FieldChange("status", "in_progress", "resolved"),
        FieldChange("status", "resolved", "closed"),
    )
    entry = replace(incident.timeline[-1], text=incident.resolution, changes=moves)

    row = record_of(replace(incident, timeline=(entry,))).timeline[-1]

    assert row.event == "Resolved: fixed; Assignee: Ines; Closed"
    assert row.key


def test_a_closed_record_never_says_that_it_is_open(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    record = record_of(replace(incident, restored_at=None, resolved_at=None))

    assert record.lead == "Reported on 10 March 2026 at 07:42, closed on 11 Mar 2026, 10:44."
    assert next(fact for fact in record.strip if "restored" in fact.label).value == "Not recorded"


def test_what_a_step_still_asks_for_is_not_printed(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    step = ChecklistState("Linked", required=False, done=False, automatic=False, note="Optional")

    record = record_of(replace(incident, checklist=(step,)))

    assert [check.text for check in record.checks] == ["Linked"]
