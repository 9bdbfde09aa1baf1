"""Closing checks: what the program sees, what a person ticks, what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.category import Category
from app.domain.checklist import Checklist, ChecklistItem, Fact, checklist_state
from app.domain.closure import (
    DEFAULT_CHECKLIST,
    MAJOR_CHECKLIST,
    closure_obstacles,
    effective_checklist,
    require_closable,
)
from app.domain.errors import InvalidInputError
from app.domain.incident import CauseClass, EntityId, EntryKind, FixType, Named, Outcome, Status
from app.domain.incident_record import Attachment, Incident, TimelineEntry, Told

AT = datetime(2026, 3, 9, 9, tzinfo=UTC)
ID = EntityId(bytes(16))
BARE = Incident(ID, "INC-7", "Printer", Status.RESOLVED, "P3", 2, 2, AT)
CODED = replace(
    BARE,
    outcome=Outcome.FIXED,
    fix_type=FixType.CONFIGURATION_CHANGE,
    cause_class=CauseClass.SOFTWARE,
    resolution="IPv6 switched off.",
    requester=Named(ID, "Nina Berg"),
)


def test_the_close_dialog_of_the_picture_has_four_of_six_done_and_one_required_left() -> None:
    incident = replace(CODED, time_spent_s=5100, related=("INC-1987",))
    states = checklist_state(incident, DEFAULT_CHECKLIST, {})
    assert [state.done for state in states] == [True, True, False, True, True, False]
    assert [state.note for state in states] == [
        "Written",
        "Fixed · configuration change · software",
        "Required: ask Nina Berg",
        "1 h 25 min",
        "INC-1987",
        "Optional",
    ]
    assert closure_obstacles(states) == ("Requester confirmed",)


def test_an_empty_incident_has_every_required_step_left() -> None:
    states = checklist_state(BARE, DEFAULT_CHECKLIST, {})
    assert closure_obstacles(states) == (
        "Resolution note",
        "Outcome, fix type, cause class",
        "Requester confirmed",
    )
    with pytest.raises(InvalidInputError) as refusal:
        require_closable(BARE, states)
    assert refusal.value.code == "checklist_open"
    assert "INC-7" in refusal.value.message
    assert "Requester confirmed" in refusal.value.message


def test_two_of_three_codes_do_not_count() -> None:
    partly = replace(CODED, cause_class=None)
    states = {state.item: state for state in checklist_state(partly, DEFAULT_CHECKLIST, {})}
    assert not states["Outcome, fix type, cause class"].done


def test_a_person_may_tick_what_the_program_cannot_see() -> None:
    states = checklist_state(CODED, DEFAULT_CHECKLIST, {"Requester confirmed": "Ana Ruiz, 10:41"})
    confirmed = states[2]
    assert confirmed.done
    assert not confirmed.automatic
    assert confirmed.note == "Ana Ruiz, 10:41"
    require_closable(CODED, states)


def test_note_and_codes_are_never_ticked_by_hand() -> None:
    ticked = {item.text: "Ana Ruiz" for item in DEFAULT_CHECKLIST.items}
    states = checklist_state(BARE, DEFAULT_CHECKLIST, ticked)
    assert closure_obstacles(states) == ("Resolution note", "Outcome, fix type, cause class")


@pytest.mark.parametrize(
    ("fact", "change", "note"),
    [
        (Fact.RESOLUTION_WRITTEN, {"resolution": "Done"}, "Written"),
        (Fact.TIME_LOGGED, {"time_spent_s": 20}, "1 min"),
        (Fact.TIME_LOGGED, {"time_spent_s": 7200}, "2 h"),
        (Fact.SIMILAR_LINKED, {"duplicates": ("INC-8",)}, "INC-8"),
        (
            Fact.REQUESTER_CONFIRMED,
            {"verified_by": "Nina Berg", "verified_how": "phone"},
            "Nina Berg · phone",
        ),
        (
            Fact.STAKEHOLDERS_TOLD,
            {"told": (Told("Sales", AT, "mail"), Told("Sales", AT, "phone"))},
            "Sales",
        ),
        (Fact.SERVICE_RESTORED, {"restored_at": AT}, "Recorded"),
        (Fact.PROBLEM_CONSIDERED, {"problem": "PRB-3"}, "PRB-3"),
        (
            Fact.EVIDENCE_ATTACHED,
            {"attachments": (Attachment(ID, "vpn.log", 3, "0" * 64, AT, "Ana"),)},
            "vpn.log",
        ),
        (Fact.ROOT_CAUSE_WRITTEN, {"root_cause": "Bad driver"}, "Written"),
        (
            Fact.REPORT_MADE,
            {"timeline": (TimelineEntry(ID, AT, AT, "Ana", "s", EntryKind.REPORT, ""),)},
            "Made",
        ),
    ],
)
def test_each_fact_is_seen_in_the_record_and_only_there(
    fact: Fact, change: dict[str, object], note: str
) -> None:
    single = Checklist(name="One", items=(ChecklistItem("Step", required=True, fact=fact),))
    (before,) = checklist_state(BARE, single, {})
    (after,) = checklist_state(replace(BARE, **change), single, {})  # type: ignore[arg-type]
    assert (before.done, after.done, after.automatic) == (False, True, True)
    assert after.note == note


def test_a_fact_from_elsewhere_counts_too() -> None:
    states = checklist_state(CODED, DEFAULT_CHECKLIST, {}, {Fact.KNOWLEDGE_SAVED: "KB-118"})
    assert (states[-1].done, states[-1].note) == (True, "KB-118")


def test_a_branch_hands_its_checklist_down() -> None:
    hardware = Checklist(name="Hardware", items=(ChecklistItem("Old part returned"),))
    tree = [Category.from_data("hardware", {"checklist": "hardware"})]
    chosen = effective_checklist(
        category="Hardware/Printer", major=False, categories=tree, checklists=[hardware]
    )
    assert chosen == hardware
    other = effective_checklist(
        category="network", major=False, categories=tree, checklists=[hardware]
    )
    assert other == DEFAULT_CHECKLIST


def test_a_checklist_that_is_gone_leaves_the_default_one() -> None:
    tree = [Category.from_data("hardware", {"checklist": "Gone"})]
    chosen = effective_checklist(category="hardware", major=False, categories=tree, checklists=[])
    assert chosen == DEFAULT_CHECKLIST


def test_a_major_incident_needs_the_steps_of_both_lists() -> None:
    chosen = effective_checklist(category="", major=True, categories=[], checklists=[])
    assert chosen.items == DEFAULT_CHECKLIST.items + MAJOR_CHECKLIST.items
    strict = Checklist(name="Major incident", items=(ChecklistItem("Time logged", required=True),))
    merged = effective_checklist(category="", major=True, categories=[], checklists=[strict])
    assert {item.text: item.required for item in merged.items}["Time logged"]
    assert len(merged.items) == len(DEFAULT_CHECKLIST.items)


def test_a_checklist_makes_the_same_checklist_from_its_data() -> None:
    for one in (DEFAULT_CHECKLIST, MAJOR_CHECKLIST):
        assert Checklist.from_data(one.name, one.to_data()) == one
