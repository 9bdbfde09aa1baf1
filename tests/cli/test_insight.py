"""`patterns` as cli.md gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
