"""`patterns`, `similar`, `suggest` and `logs` as cli.md gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Line


def test_patterns_give_rate_probability_and_incidents(line: Line) -> None:
    for week in ("01-05", "01-12", "01-19", "01-26", "02-02", "02-09"):
        line.at(f"2026-{week}T12:00:00Z")
        line.done("log", "VPN drops error 651")
    numbers = []
    for day in range(3, 8):
        line.at(f"2026-03-0{day}T12:00:00Z")
        numbers.append(line.done("log", "VPN drops error 651")["number"])
    found = line.done("patterns", "--at", "2026-03-09T09:00:00Z")["patterns"]
    (one,) = [pattern for pattern in found if pattern["group"] == "signature:error 651"]
    assert (one["count"], one["usual_rate"], one["flag"]) == (5, 0.5, True)
    assert round(one["p"], 5) == 0.00017
    assert one["incidents"] == numbers
    assert line.done("patterns", "--at", "2025-03-09T09:00:00Z") == {"patterns": []}

    line.at("2026-03-09T09:00:00Z")
    dismissed = line.done("patterns", "dismiss", "signature:error 651")
    assert (dismissed["dismissed"], dismissed["flag"]) == (True, False)
    assert "not_found" in line.refused("patterns", "dismiss", "ci:none")
    said = line.said("patterns").out
    assert "signature:error 651" not in said
    assert "hour:12  5 in the last 7 days; 6 in the 12 weeks before, so 0.50 per week" in said


def test_a_problem_is_opened_from_a_pattern(line: Line) -> None:
    numbers = []
    for day in range(3, 8):
        line.at(f"2026-03-0{day}T12:00:00Z")
        numbers.append(line.done("log", "VPN drops error 651")["number"])
    line.at("2026-03-09T09:00:00Z")
    opened = line.done("patterns", "open-problem", "signature:error 651", "--name", "Tunnel")
    assert (opened["problem"], opened["status"]) == ("Tunnel", "logged")
    assert sorted(opened["incidents"]) == sorted(numbers)
    assert line.done("show", numbers[0])["problem"] == "Tunnel"
    assert "name_taken" in line.refused(
        "patterns", "open-problem", "signature:error 651", "--name", "Tunnel"
    )
    assert "not_found" in line.refused("patterns", "open-problem", "ci:none")
    other = line.done("log", "mail is slow")["number"]
    assert line.done("set", other, "problem=tunnel")["problem"] == "Tunnel"
    assert "not_found" in line.refused("set", other, "problem=nothing")
    assert line.done("set", other, "problem=")["problem"] is None


def test_similar_tells_why_each_one_is_like(line: Line) -> None:
    line.done("log", "Coffee machine is cold")
    first = line.done("log", "VPN tunnel drops on IPv6 after error 651")["number"]
    second = line.done("log", "IPv6 tunnel of the VPN is down, error 651")["number"]
    (found,) = line.done("similar", second)["similar"]
    assert (found["number"], found["kind"]) == (first, "duplicate")
    for word in ("tunnel", "ipv6", "same error code: error 651", "open and may be the same one"):
        assert word in found["reason"]
    assert "coffee" not in found["reason"]
    by_text = line.done("similar", "--text", "tunnel on ipv6")["similar"]
    assert {one["number"] for one in by_text} == {first, second}
    assert line.done("similar", "--text", "badge reader") == {"similar": []}
    assert "invalid" in line.refused("similar")
    assert "not_found" in line.refused("similar", "INC-999999")
    said = line.said("similar", second).out.splitlines()
    assert said[0].startswith(first)
    assert said[1].startswith("    ")
    assert "3 of 6 words: ipv6, tunnel, vpn" in said[1]


def test_logs_tell_span_templates_errors_and_gaps(line: Line, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    rows = [f"2026-03-09 08:00:{n:02} INFO user {n} came" for n in range(50)]
    rows.append("2026-03-09 08:40:00 ERROR pool is empty")
    log.write_text("\n".join(rows), "utf-8")
    told = line.done("logs", str(log))
    assert (told["lines"], told["from"]) == (51, "2026-03-09T08:00:00+00:00")
    assert [(one["template"], one["count"]) for one in told["templates"]] == [
        ("user <*> came", 50),
        ("pool is empty", 1),
    ]
    assert [one["line"] for one in told["errors"]] == [51]
    assert [(gap["line"], gap["seconds"]) for gap in told["gaps"]] == [(51, 2351)]
    assert line.done("logs", str(log), "--since", "2026-03-09T08:30")["lines"] == 1
    said = line.said("logs", str(log)).out
    assert "1 errors; the first, line 51" in said
    assert "not_found" in line.refused("logs", str(tmp_path / "none.log"))
    assert "nothing after that time" in line.refused(
        "logs", str(log), "--since", "2026-03-09T08:59"
    )


def test_suggestions_need_a_history_and_give_a_score_and_a_reason(line: Line) -> None:
    assert line.done("suggest", "--text", "printer") == {
        "category": [],
        "team": [],
        "learnt": 0,
        "needed": 30,
    }
    assert "Not enough history: 0 incidents" in line.said("suggest", "--text", "printer").out
    table = line.profile.parent / "past.csv"
    rows = [
        *(f"T-{n},printer jams tray {n},hardware/printer,Desk" for n in range(20)),
        *(f"T-{n},tunnel drops gateway {n},network/vpn,Network" for n in range(20, 40)),
    ]
    table.write_text("\n".join(["number,title,category,team", *rows]), "utf-8")
    line.done("import", str(table))
    told = line.done("suggest", "--text", "gateway tunnel unstable")
    (first, second) = told["category"]
    assert (first["value"], second["value"]) == ("network/vpn", "hardware/printer")
    assert first["score"] > 0.9 > 0.1 > second["score"]
    assert first["reason"] == "past incidents with gateway (20 of 20), tunnel (20 of 20)"
    assert told["team"][0]["value"] == "Network"
