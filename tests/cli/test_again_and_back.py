"""Reopening in time and late, merged numbers, and undo with and without a number (cli.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app import bootstrap
from app.services import browsing, incidents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def closed(line: Line) -> str:
    number = line.resolved("printer down @nina #hardware/printer loc:HQ +vpn !high")
    line.done("close", number)
    return number


@pytest.mark.parametrize(
    ("instant", "again"),
    [
        ("2026-03-16T08:59:59Z", True),
        ("2026-03-16T09:00:00Z", True),
        ("2026-03-16T09:00:01Z", False),
    ],
)
def test_seven_days_after_closing_a_new_linked_incident_takes_over(
    line: Line, instant: str, again: bool
) -> None:
    number = closed(line)
    line.at(instant)

    told = line.done("reopen", number, "--reason", "Smokes again")

    if again:
        assert (told["number"], told["status"], told["reopen_count"]) == (number, "in_progress", 1)
        return
    assert (told["number"], told["status"], told["reopen_count"]) == ("INC-000002", "new", 0)
    assert told["related"] == [number]
    before = line.done("show", number)
    assert (before["status"], before["related"]) == ("closed", ["INC-000002"])
    assert "Smokes again" in told["description"]
    assert number in told["description"]
    for field in ("title", "requester", "category", "location", "tags", "impact", "urgency"):
        assert told[field] == before[field]
    assert line.said("show", "2").out.startswith("INC-000002")


def test_a_late_reopening_asks_for_its_reason_and_is_one_action(line: Line) -> None:
    number = closed(line)
    line.at("2026-06-01T09:00:00Z")
    assert "give a reason" in line.refused("reopen", number)
    line.done("reopen", number, "--reason", "Again")
    line.done("undo")
    assert line.done("list", "--filter", "status:any")["total"] == 1
    assert line.done("show", number)["related"] == []


def test_a_window_of_the_team_is_followed(line: Line) -> None:
    number = closed(line)
    line.done("config", "set", "reopen.window", "1d")
    line.at("2026-03-10T09:00:01Z")
    assert line.done("reopen", number, "--reason", "Again")["number"] == "INC-000002"


def test_a_merged_incident_is_found_by_either_number(line: Line) -> None:
    line.done("log", "vpn drops")
    line.done("log", "tunnel breaks")
    merged = line.done("merge", "2", "--into", "1")
    assert (merged["number"], merged["duplicates_of"]) == ("INC-000002", "INC-000001")
    assert merged["status"] == "cancelled"
    shown = line.done("show", "INC-000002")
    assert (shown["title"], shown["duplicates_of"]) == ("tunnel breaks", "INC-000001")
    both = {"INC-000001", "INC-000002"}
    for number in both:
        assert {one["number"] for one in line.done("search", number)["hits"]} == both
    for number in ("1", "2", *both):
        listed = line.done("list", "--filter", f"number:{number} status:any")["incidents"]
        assert {one["number"] for one in listed} == both


def test_undo_with_a_number_takes_back_the_last_action_on_that_incident(line: Line) -> None:
    line.done("log", "one")
    line.done("log", "two")
    line.done("set", "1", "title=uno")
    line.done("set", "2", "title=due")
    assert line.done("undo", "1")["title"] == "one"
    assert line.done("show", "2")["title"] == "due"
    assert line.done("undo")["number"] == "INC-000002"
    assert line.done("show", "2")["title"] == "two"


def test_undo_without_a_number_is_this_persons_last_action(line: Line) -> None:
    line.done("log", "one", "--as", "Ana Ruiz")
    line.done("set", "1", "title=uno", "--as", "Ana Ruiz")
    line.done("set", "1", "root_cause=worn", "--as", "Bo Lind")
    undone = line.done("undo", "--as", "Ana Ruiz")
    assert (undone["title"], undone["root_cause"]) == ("one", "worn")
    assert "nothing_to_undo" in line.refused("undo", "--as", "Cy Holm")


def bulk(line: Line, _folder: Path) -> None:
    desk = bootstrap.open_profile(str(line.profile))
    ids = [browsing.find(desk, number) for number in ("1", "2")]
    incidents.edit(desk, ids, {"root_cause": "worn"})
    desk.close()


def merged(line: Line, _folder: Path) -> None:
    line.done("merge", "2", "--into", "1")


def imported(line: Line, folder: Path) -> None:
    path = folder / "t.csv"
    path.write_text("number,title,status\nT-1,Door,new\nT-2,Lift,new\n", encoding="utf-8")
    line.done("import", str(path))


def state(line: Line) -> list[dict[str, Any]]:
    """Return what is shown of all incidents, without timelines, which keep what was undone."""
    found = line.done("list", "--filter", "status:any", "--sort", "number")["incidents"]
    return [{k: v for k, v in one.items() if k != "timeline"} for one in found]


@pytest.mark.parametrize("act", [bulk, merged, imported])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_bulk_edit_an_import_and_a_merge_are_one_action(
    line: Line, tmp_path: Path, act: Any, numbered: bool
) -> None:
    for title in ("one", "two"):
        line.done("log", title)
    line.done("note", "2", "Note of the duplicate")
    before = state(line)
    act(line, tmp_path)
    assert state(line) != before
    number = {"imported": "T-1", "merged": "2", "bulk": "2"}[act.__name__]

    code, _ = line("undo", *((number,) if numbered else ()))

    assert code == 0
    assert state(line) == before
    assert line.done("check")["ok"]


def test_undo_is_undone_by_nothing_but_a_new_action_and_says_when_somebody_was_there(
    line: Line,
) -> None:
    line.done("log", "one", "--as", "Ana Ruiz")
    line.done("set", "1", "title=uno", "--as", "Ana Ruiz")
    line.done("set", "1", "title=ichi", "--as", "Bo Lind")
    sentence = line.refused("undo", "--as", "Ana Ruiz")
    assert sentence.startswith("moved_on: ")
    assert "Bo Lind" in sentence
    assert line.done("show", "1")["title"] == "ichi"
    assert line.done("undo", "--force", "--as", "Ana Ruiz")["title"] == "one"
