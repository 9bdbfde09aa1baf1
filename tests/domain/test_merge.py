"""Of concurrent values one is shown by stated rules, and only registers are conflicts."""

from __future__ import annotations

from itertools import permutations

import pytest

from app.domain.merge import STAMPED_FIELDS, Candidate, is_conflict, shown
from app.domain.timeline import SILENT_FIELDS

A, B = bytes([1]) * 16, bytes([2]) * 16


def said(value: str, hlc: int = 1, station: bytes = A, **facts: bool) -> Candidate:
    return Candidate(hlc, station, 1, "set", value, **facts)


@pytest.mark.parametrize(
    ("live", "other"),
    [
        (said('"in_progress"', reopened=True), said('"in_progress"', 9, B)),
        (said('"in_progress"'), said('"pending"', 9, B)),
        (said('"pending"'), said('"resolved"', 9, B)),
        (said('"resolved"'), said('"closed"', 9, B)),
        (said('"closed"'), said('"in_progress"', 9, B, legal=False)),
    ],
)
def test_live_work_that_was_legally_reached_is_shown(live: Candidate, other: Candidate) -> None:
    for order in permutations([live, other]):
        assert shown("status", order) == live


def test_the_latest_of_other_fields_is_shown_and_the_larger_station_breaks_a_tie() -> None:
    assert shown("title", [said('"x"', 2), said('"y"', 1, B)]).value == '"x"'
    assert shown("title", [said('"x"'), said('"y"', 1, B)]).value == '"y"'


def test_the_first_time_is_the_earliest_and_a_count_the_highest() -> None:
    times = [said("1000", 5), said("999", 1, B), said("null", 9)]
    assert shown("acknowledged_at", times).value == "999"
    assert shown("reopen_count", [said("2", 1), said("1", 9, B)]).value == "2"


def test_what_the_program_stamps_is_no_conflict() -> None:
    two = [said('"x"'), said('"y"', 1, B)]
    assert is_conflict("title", two)
    assert not is_conflict("title", [said('"x"'), said('"x"', 7, B)])
    assert not is_conflict("tag:vpn", two)
    assert not any(is_conflict(field, two) for field in SILENT_FIELDS)
    assert STAMPED_FIELDS == SILENT_FIELDS
