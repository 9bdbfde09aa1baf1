"""What makes a report old, and what does not."""

from __future__ import annotations

from typing import Any

from app.domain.record_difference import compare

OPEN_CLOCK = {"stopped_at": None, "counted_s": 10, "remaining_s": 90, "target_s": 100}
NOTE = {"at": "2026-03-09T09:00:00+00:00", "author": "Ana", "kind": "note", "text": "Looked"}
TOLD = {**NOTE, "kind": "told", "text": "Nina (mail)", "changes": []}


def record(**changed: Any) -> dict[str, Any]:
    base = {"title": "Printer", "timeline": [NOTE], "response": None, "satisfaction": None}
    return {**base, **changed}


def test_the_same_record_is_no_difference() -> None:
    assert compare(record(), record()) == ((), ())


def test_each_field_is_named_with_both_sides() -> None:
    found = compare(record(), record(title="Copier"))
    assert found.changes == (("title", "Printer", "Copier"),)


def test_a_clock_that_runs_makes_no_report_old() -> None:
    later = {**OPEN_CLOCK, "counted_s": 40, "remaining_s": 60}
    was, now = record(resolution_clock=OPEN_CLOCK), record(resolution_clock=later)
    assert compare(was, now).changes == ()


def test_a_clock_that_stopped_or_a_new_target_does() -> None:
    stopped = {**OPEN_CLOCK, "stopped_at": "2026-03-09T10:00:00+00:00"}
    was = record(resolution_clock=OPEN_CLOCK)
    fields = [one.field for one in compare(was, record(resolution_clock=stopped)).changes]
    assert fields == ["resolution_clock.stopped_at"]
    other = record(resolution_clock={**OPEN_CLOCK, "target_s": 50})
    assert [one.field for one in compare(was, other).changes] == ["resolution_clock.target_s"]


def test_a_note_that_was_added_changed_or_taken_away_is_a_change() -> None:
    added = compare(record(), record(timeline=[NOTE, {**NOTE, "text": "More"}]))
    assert [(one.was, "More" in one.now) for one in added.changes] == [("", True)]
    assert len(compare(record(), record(timeline=[{**NOTE, "text": "Other"}])).changes) == 2
    assert len(compare(record(), record(timeline=[])).changes) == 1
    assert len(compare(record(timeline=[NOTE, NOTE]), record()).changes) == 1


def test_who_was_sent_the_report_and_what_they_answered_makes_it_no_older() -> None:
    answer = {**NOTE, "kind": "change", "text": "", "changes": [{"field": "satisfaction"}]}
    now = record(timeline=[NOTE, TOLD, answer], satisfaction=5)
    found = compare(record(), now)
    assert found.changes == ()
    assert len(found.since) == 3


def test_a_telling_that_brought_other_changes_is_a_change() -> None:
    told = {**TOLD, "changes": [{"field": "status", "old": "closed", "new": "new"}]}
    assert compare(record(), record(timeline=[NOTE, told])).changes


def test_an_answer_that_was_changed_is_a_change() -> None:
    assert compare(record(satisfaction=2), record(satisfaction=5)).changes


def test_records_of_any_shape_are_compared() -> None:
    assert compare({"timeline": "x", "response": []}, {"timeline": [1, None], "custom": {}}).changes
    assert compare({"timeline": [{"changes": "no"}]}, {"timeline": [{"changes": ["no"]}]}).changes
