"""Settings by the command line: what is named must be there, and takes effect (cli.md, config)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Line

USUAL = "sla.default_calendar"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Office hour", 'there is no calendar "Office hour". Did you mean "Office hours"?'),
        ("Moon", 'there is no calendar "Moon". Known: 24x7, Office hours.'),
        ("", 'there is no calendar "". Give one of: 24x7, Office hours.'),
    ],
)
def test_a_usual_calendar_that_nobody_has_is_refused(line: Line, name: str, sentence: str) -> None:
    assert sentence in line.refused("config", "set", USUAL, name)
    assert line.done("config", "get", USUAL)[USUAL] == "Office hours"


def test_the_usual_calendar_is_kept_as_it_is_written_and_counts(line: Line) -> None:
    assert line.done("config", "set", USUAL, "24X7")[USUAL] == "24x7"
    due = line.done("due", "--start", "2026-03-13T16:00:00Z", "--target", "8h")
    assert due["due_at"] == "2026-03-14T00:00:00+00:00"


def test_numbers_have_no_prefix_of_their_own(line: Line) -> None:
    assert "number.prefix" in line.refused("config", "get", "number.prefix")
