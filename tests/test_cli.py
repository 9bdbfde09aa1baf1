"""The command line as a script sees it: documents on stdout, sentences on stderr, exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app import bootstrap, cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, Any]]:
    monkeypatch.setenv("INCIDENT_DESK_NOW", "2026-03-09T09:00:00Z")

    def command(*words: str) -> tuple[int, Any]:
        code = cli.run([*words, "--json", "--profile", str(tmp_path / "p")], bootstrap)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return command


def test_an_incident_is_logged_worked_resolved_closed_and_reported(
    run: Callable[..., tuple[int, Any]], tmp_path: Path
) -> None:
    code, incident = run("log", "printer down @nina !high #hardware/printer loc:HQ")
    assert (code, incident["priority"], incident["category"]) == (0, "P2", "hardware/printer")
    assert incident["requester"] == "nina"
    number = incident["number"]
    assert run("set", number, "status=in_progress")[1]["status"] == "in_progress"
    assert run("pending", number, "--reason", "vendor")[1]["pending_reason"] == "vendor"
    assert run("resume", number)[1]["status"] == "in_progress"
    codes = ("--outcome", "fixed", "--fix-type", "Bug fix", "--cause-class", "software")
    assert run("resolve", number, *codes, "--notes", "Done")[1]["status"] == "resolved"

    code, refused = run("close", number)
    assert (code, refused["error"]["code"]) == (3, "checklist_open")
    run("confirm", number, "--by", "Nina")
    assert run("close", number)[1]["status"] == "closed"

    path = tmp_path / "report.pdf"
    code, facts = run("report", number, "-o", str(path))
    assert code == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert facts["pages"] >= 1


def test_undo_takes_back_the_last_action(run: Callable[..., tuple[int, Any]]) -> None:
    run("log", "printer down")
    run("set", "1", "title=Changed")
    assert run("undo")[1]["title"] == "printer down"


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("nonsense",), 2, "usage"),
        (("show",), 2, "usage"),
        (("show", "77"), 3, "not_found"),
        (("log", ""), 3, "invalid_input"),
        (("set", "1", "assignee=Nobody"), 3, "unknown_name"),
        (("set", "1", "status=closed"), 3, "transition_refused"),
        (("set", "1", "nonsense=1"), 3, "invalid_input"),
        (("pending", "1", "--reason", "vendor"), 3, "invalid_input"),
        (("reopen", "1", "--reason", "again"), 3, "transition_refused"),
        (("undo", "77"), 3, "not_found"),
    ],
)
def test_a_refusal_has_its_exit_code_and_one_document(
    run: Callable[..., tuple[int, Any]], words: tuple[str, ...], code: int, name: str
) -> None:
    run("log", "printer down")
    before = run("show", "1")[1]
    assert run(*words)[0] == code
    assert run(*words)[1]["error"]["code"] == name
    assert run("show", "1")[1] == before


def test_a_refused_transition_names_the_allowed_moves(
    run: Callable[..., tuple[int, Any]],
) -> None:
    run("log", "printer down")
    message = run("set", "1", "status=closed")[1]["error"]["message"]
    assert "Assigned, In Progress or Cancelled" in message


def test_search_without_a_hit_answers_no(run: Callable[..., tuple[int, Any]]) -> None:
    run("log", "Café printer shows 0x80070005")
    assert run("search", "cafe")[1]["total"] == 1
    assert run("search", "0x80070005")[1]["total"] == 1
    assert run("search", 'NEAR( " OR *')[0] == 1
    assert run("search", "zzz") == (1, {"total": 0, "hits": []})


@pytest.mark.parametrize(
    ("start", "target", "expected"),
    [
        ("2026-03-06T16:00", "8h", "2026-03-09T16:00:00+00:00"),
        ("2026-03-09T09:00", "8h", "2026-03-09T17:00:00+00:00"),
        ("2026-03-09T17:00", "1h", "2026-03-10T10:00:00+00:00"),
        ("2026-03-27T16:00", "2h", "2026-03-30T10:00:00+01:00"),
    ],
)
def test_due_gives_the_worked_examples(
    run: Callable[..., tuple[int, Any]], tmp_path: Path, start: str, target: str, expected: str
) -> None:
    days = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = {"name": "L", "zone": "Europe/London", "open": days, "holidays": ["2026-04-03"]}
    path = tmp_path / "calendar.json"
    path.write_text(json.dumps(calendar))
    code, answer = run("due", "--start", start, "--target", target, "--calendar", str(path))
    assert (code, answer["due_at"]) == (0, expected)


def test_check_and_rebuild_and_audit_say_that_all_is_well(
    run: Callable[..., tuple[int, Any]],
) -> None:
    run("log", "printer down @nina")
    assert run("audit", "verify")[1]["ok"]
    assert run("rebuild")[0] == 0
    assert run("check")[1]["ok"]


def test_the_demonstration_leaves_a_report(
    run: Callable[..., tuple[int, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "picture_of_window", lambda _profile, _path: False)
    code, result = run("demo", "--headless", "--out", str(tmp_path / "out"))
    assert code == 0
    assert (tmp_path / "out" / f"{result['incident']}.pdf").is_file()
