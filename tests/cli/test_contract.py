"""The contract of the command line, line by line where it can be read off (cli.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app import bootstrap, cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any
INCIDENT = frozenset(
    [
        "id",
        "number",
        "title",
        "description",
        "status",
        "pending_reason",
        "follow_up_at",
        "priority",
        "impact",
        "urgency",
        "severity",
        "priority_override_reason",
        "category",
        "service",
        "ci",
        "location",
        "channel",
        "requester",
        "assignee",
        "team",
        "tags",
        "major",
        "occurred_at",
        "detected_at",
        "reported_at",
        "registered_at",
        "acknowledged_at",
        "first_response_at",
        "resolved_at",
        "closed_at",
        "reopen_count",
        "outcome",
        "fix_type",
        "cause_class",
        "root_cause",
        "workaround",
        "resolution",
        "verified_by",
        "response",
        "resolution_clock",
        "timeline",
        "attachments",
        "problem",
        "duplicates_of",
        "related",
        "conflicts",
        "custom",
        "external_id",
        "time_spent_s",
        "satisfaction",
    ]
)
CLOCK = frozenset(
    [
        "target_s",
        "due_at",
        "paused_s",
        "counted_s",
        "stopped_at",
        "met",
        "breached",
        "remaining_s",
        "trace",
    ]
)


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    monkeypatch.setenv("INCIDENT_DESK_NOW", "2026-03-09T09:00:00Z")

    def called(*words: str) -> tuple[int, Any]:
        profile = ["--profile", str(tmp_path / "profile"), "--as", "Ana Ruiz", "--zone", "UTC"]
        code = cli.run([*profile, "--json", *words], bootstrap)
        out = capsys.readouterr().out
        assert out.count("\n") == 1, "exactly one document"
        return code, json.loads(out)

    return called


@pytest.fixture
def calendar(tmp_path: Path) -> str:
    days = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    path = tmp_path / "L.json"
    path.write_text(
        json.dumps(
            {
                "name": "L",
                "zone": "Europe/London",
                "open": days,
                "holidays": ["2026-04-03", "2026-04-06"],
            }
        ),
        encoding="utf-8",
    )
    return str(path)


def test_an_incident_has_the_fields_of_the_page(run: Run) -> None:
    code, made = run("log", "printer down !high")
    assert code == 0
    assert set(made) >= INCIDENT
    assert set(made["resolution_clock"]) >= CLOCK
    assert set(made["response"]) >= {"target_s", "due_at", "stopped_at", "met", "breached"}
    assert (made["status"], made["priority"], made["impact"], made["urgency"]) == (
        *("new", "P2"),
        *(2, 1),
    )
    assert made["registered_at"].endswith(("+00:00", "Z"))
    assert set(made["timeline"][0]) >= {"at", "author", "station", "kind", "text", "changes"}


@pytest.mark.parametrize(
    ("start", "target", "more", "due"),
    [
        ("2026-03-06T16:00", "8h", (), "2026-03-09T16:00"),
        ("2026-03-09T09:00", "8h", (), "2026-03-09T17:00"),
        ("2026-03-09T17:00", "1h", (), "2026-03-10T10:00"),
        ("2026-03-27T16:00", "2h", (), "2026-03-30T10:00:00+01:00"),
        (
            "2026-03-09T09:00",
            "4h",
            (
                *("--pause", "2026-03-09T10:00..2026-03-09T12:00"),
                *("--pause", "2026-03-09T11:00..2026-03-09T13:00"),
            ),
            "2026-03-09T16:00",
        ),
        ("2026-04-02T16:00", "2h", (), "2026-04-07T10:00:00+01:00"),
        ("2026-03-09T09:00", "2d", (), "2026-03-10T17:00"),
    ],
)
def test_due_does_the_worked_examples(
    run: Run, calendar: str, start: str, target: str, more: tuple[str, ...], due: str
) -> None:
    words = ("--zone", "Europe/London", "--calendar", calendar)
    code, told = run("due", "--start", start, "--target", target, *more, *words)
    assert code == 0
    assert told["due_at"].startswith(due)
    assert told["trace"]


def test_due_judges_a_stop(run: Run, calendar: str) -> None:
    words = ("due", "--start", "2026-03-09T09:00Z", "--target", "8h", "--calendar", calendar)
    _, met = run(*words, "--stop", "2026-03-09T17:00Z")
    assert (met["met"], met["overrun_s"]) == (True, 0)
    _, late = run(*words, "--stop", "2026-03-09T17:12Z")
    assert late["met"] is False
    assert late["overrun_s"] == 720


@pytest.mark.parametrize(
    ("start", "words"),
    [("2026-03-29 01:30", ("does not exist",)), ("2026-10-25 01:30", ("+01:00", "+00:00"))],
)
def test_a_local_time_that_is_none_or_two_is_refused_with_its_readings(
    run: Run, calendar: str, start: str, words: tuple[str, ...]
) -> None:
    zone = ("--zone", "Europe/London")
    code, told = run("due", "--start", start, "--target", "1h", "--calendar", calendar, *zone)
    assert code == 3
    for word in words:
        assert word in told["error"]["message"]


def test_a_move_that_is_not_allowed_names_the_allowed_ones_and_writes_nothing(run: Run) -> None:
    run("log", "printer down")
    _, before = run("audit", "verify")
    code, told = run("set", "1", "status=pending")
    assert code == 3
    message = told["error"]["message"].casefold()
    for allowed in ("assigned", "in progress", "cancelled"):
        assert allowed in message
    _, after = run("audit", "verify")
    assert after["entries"] == before["entries"]


def test_an_unknown_person_is_made_by_log_and_refused_by_set(run: Run) -> None:
    _, made = run("log", 'no sound who:"Nina Berg"')
    assert made["requester"] == "Nina Berg"
    code, told = run("set", "1", "assignee=Nobody Known")
    assert code == 3
    assert "Nobody Known" in told["error"]["message"]


def test_an_override_of_the_priority_needs_its_reason(run: Run) -> None:
    run("log", "no sound !4")
    code, told = run("set", "1", "priority=P1")
    assert code == 3
    assert "--reason" in told["error"]["message"]
    code, changed = run("set", "1", "priority=P1", "--reason", "The board waits")
    assert (code, changed["priority"]) == (0, "P1")
    assert changed["priority_override_reason"] == "The board waits"


def test_the_life_of_an_incident_from_call_to_closed_and_back(run: Run) -> None:
    run("log", "no sound to:me")
    solved = ("--outcome", "fixed", "--fix-type", "assistance", "--cause-class", "human")
    assert run("pending", "1", "--reason", "caller")[1]["status"] == "pending"
    assert run("resume", "1")[1]["status"] == "in_progress"
    assert run("note", "1", "Looked at it")[1]["timeline"][-1]["text"] == "Looked at it"
    assert run("resolve", "1", *solved, "--notes", "Unmuted")[1]["status"] == "resolved"
    code, refused = run("close", "1")
    assert code == 3
    assert "confirm" in refused["error"]["message"].casefold()
    run("confirm", "1", "--by", "Nina Berg")
    assert run("close", "1")[1]["status"] == "closed"
    assert run("reopen", "1", "--reason", "Again")[1]["reopen_count"] == 1
    assert run("undo", "1")[1]["status"] == "closed"


def test_a_merged_number_is_found_and_shown_with_its_survivor(run: Run) -> None:
    run("log", "vpn drops")
    run("log", "vpn drops too")
    run("merge", "2", "--into", "1")
    _, shown = run("show", "2")
    assert shown["status"] == "cancelled"
    assert shown["duplicates_of"]
    assert run("undo")[0] == 0
    assert run("show", "2")[1]["status"] == "new"


def test_exit_codes_tell_no_usage_and_known_errors_apart(run: Run) -> None:
    assert run("search", "nothing at all")[0] == 1
    assert run("no-such-command")[0] == 2
    assert run("show", "INC-999999")[0] == 3
    assert run("search", '"unbalanced AND ( *')[0] == 1


def test_common_options_stand_before_or_after_and_two_dashes_end_them(
    run: Run, tmp_path: Path
) -> None:
    code, made = run("log", "--", "--json is no option here")
    assert code == 0
    assert made["title"] == "--json is no option here"
    _, listed = run("list", "--filter", "is:open", "--limit", "1")
    assert listed["total"] == 1
