"""A local time that does not exist or comes twice is refused with both readings (cli.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.instants import LocalTimeError, resolve_local

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line

NEVER, TWICE = "2026-03-29 01:30", "2026-10-25 01:30"
READINGS = {
    NEVER: ("2026-03-29T00:30:00+00:00", "2026-03-29T02:30:00+01:00"),
    TWICE: ("2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00"),
}
WHAT = {NEVER: "does not exist", TWICE: "happens twice"}
LONDON = ("--zone", "Europe/London")


@pytest.fixture
def work(line: Line, tmp_path: Path) -> Line:
    """Give an incident that is worked on, before both nights."""
    line.at("2026-03-01T09:00:00Z")
    team = tmp_path / "team.toml"
    team.write_text('[[service]]\nname = "Mail"\n', encoding="utf-8")
    line.done("config", "import", str(team))
    line.done("log", "printer down", "--zone", "Europe/London")
    line.done("set", "1", "status=in_progress")
    return line


@pytest.mark.parametrize("told", [NEVER, TWICE])
@pytest.mark.parametrize(
    "words",
    [
        ("set", "1", "occurred_at={0}"),
        ("set", "1", "detected_at={0}"),
        ("set", "1", "status=pending", "pending_reason=vendor", "follow_up_at={0}"),
        ("pending", "1", "--reason", "vendor", "--until", "{0}"),
        ("due", "--start", "{0}", "--target", "1h"),
        ("due", "--start", "2026-01-05 09:00", "--target", "1h", "--stop", "{0}"),
        (
            "due",
            "--start",
            "2026-01-05 09:00",
            "--target",
            "1h",
            "--pause",
            "{0}..2026-12-01 09:00",
        ),
        ("metrics", "--from", "{0}"),
        ("metrics", "--to", "{0}"),
        ("outage", "1", "--service", "Mail", "--from", "{0}"),
    ],
    ids=lambda words: "-".join(words).replace(" ", "_"),
)
def test_it_is_refused_with_both_readings_and_either_is_taken(
    work: Line, words: tuple[str, ...], told: str
) -> None:
    entries = work.done("audit", "verify")["entries"]
    sentence = work.refused(*(word.format(told) for word in words), *LONDON)
    assert f"{told} {WHAT[told]} in Europe/London" in sentence
    assert all(reading in sentence for reading in READINGS[told])
    assert work.done("audit", "verify")["entries"] == entries
    if words[0] == "outage":
        work.at("2026-11-02T09:00:00Z")
    work.done(*(word.format(READINGS[told][0]) for word in words), *LONDON)


@pytest.mark.parametrize("told", [NEVER, TWICE])
def test_a_quick_log_line_keeps_it_in_the_summary_and_names_both(line: Line, told: str) -> None:
    token = f"at:{told.replace(' ', 'T')}"
    line.at("2026-11-02T09:00:00Z")
    code, _, err = line.said("log", f"printer down {token}", *LONDON)
    assert code == 0
    assert all(reading[11:16] in err for reading in READINGS[told])
    shown = line.done("show", "1")
    assert (shown["title"], shown["occurred_at"]) == (f"printer down {token}", None)
    for reading in READINGS[told]:
        assert line.done("log", f"down at:{reading}", *LONDON)["occurred_at"] is not None


def test_an_import_rejects_the_row_with_both(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = (NEVER, TWICE, READINGS[TWICE][1], "2026-10-25 03:30")
    lines = [f"T-{n},Door {n},new,{told}\n" for n, told in enumerate(rows)]
    path.write_text("number,title,status,registered_at\n" + "".join(lines), encoding="utf-8")
    told: Any = line.done("import", str(path), *LONDON)
    assert told["created"] == 2
    assert [one["line"] for one in told["rejected"]] == [2, 3]
    for one, text in zip(told["rejected"], (NEVER, TWICE), strict=True):
        assert WHAT[text] in one["reason"]
        assert all(reading in one["reason"] for reading in READINGS[text])
    assert line.done("show", "T-2")["registered_at"] == "2026-10-25T01:30:00+00:00"


def test_the_error_carries_both_readings_for_a_dialog() -> None:
    for text, (first, second) in READINGS.items():
        with pytest.raises(LocalTimeError) as refused:
            resolve_local(datetime.fromisoformat(text), ZoneInfo("Europe/London"))
        wanted = tuple(datetime.fromisoformat(one) for one in (first, second))
        assert refused.value.readings == wanted
