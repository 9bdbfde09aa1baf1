"""Closure codes of a team through its whole life, by configuration file and command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import CODES, Line

if TYPE_CHECKING:
    from pathlib import Path

TEAM = """
[[outcome]]
name = "vendor_swap"
words = "Vendor swapped the part"
note = "solved by the vendor"
position = 5

[[outcome]]
name = "workaround"
retired = true

[[cause_class]]
name = "Fan dust"
"""


@pytest.fixture
def team(line: Line, tmp_path: Path) -> Line:
    """Give a profile whose team has codes of its own."""
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    line.done("config", "import", str(path))
    return line


def started(line: Line) -> str:
    number: str = line.done("log", "printer down @nina")["number"]
    line.done("set", number, "status=in_progress")
    return number


def resolve(line: Line, number: str, outcome: str, cause: str = "fan_dust") -> tuple[int, object]:
    words = ("--outcome", outcome, "--fix-type", "other", "--cause-class", cause)
    return line("resolve", number, *words, "--notes", "Swapped")


def test_the_defaults_are_data_of_a_new_profile(line: Line) -> None:
    outcomes = line.done("config", "get", "outcomes")
    assert {one["name"] for one in outcomes["outcomes"]} >= {"fixed", "no_fault_found"}
    assert len(line.done("config", "get", "cause_class")["cause_class"]) == 10


def test_a_code_of_the_team_resolves_by_code_and_by_words(team: Line) -> None:
    first, second = started(team), started(team)
    assert resolve(team, first, "vendor_swap")[0] == 0
    assert resolve(team, second, "Vendor swapped the part", "Fan dust")[0] == 0
    for number in (first, second):
        shown = team.done("show", number)
        assert (shown["outcome"], shown["cause_class"]) == ("vendor_swap", "fan_dust")
    team.done("set", first, "outcome=fixed")
    assert team.done("show", first)["outcome"] == "fixed"


def test_unknown_and_retired_codes_are_refused_with_the_allowed_ones(team: Line) -> None:
    number = started(team)
    code, document = resolve(team, number, "mended")
    assert code == 3
    sentence = document["error"]["message"]  # type: ignore[index]
    assert sentence.startswith('There is no outcome "mended". Use one of: vendor_swap, fixed, ')
    assert "workaround" not in sentence
    assert "is retired" in team.refused("set", number, "outcome=workaround")
    assert team.done("show", number)["status"] == "in_progress"


def test_a_record_keeps_a_code_that_was_retired_since(line: Line, tmp_path: Path) -> None:
    number = line.resolved()
    path = tmp_path / "team.json"
    path.write_text(json.dumps({"outcome": [{"name": "fixed", "retired": True}]}))
    line.done("config", "import", str(path))
    line.done("close", number)
    assert line.done("show", number)["outcome"] == "fixed"
    assert line.done("list", "--filter", "status:any outcome:fixed")["total"] == 1
    assert "is retired" in line.refused("resolve", started(line), *CODES, "--notes", "x")


def test_the_last_code_of_a_kind_cannot_be_retired(line: Line, tmp_path: Path) -> None:
    names = [one["name"] for one in line.done("config", "get", "outcome")["outcome"]]
    path = tmp_path / "team.json"
    path.write_text(json.dumps({"outcome": [{"name": one, "retired": True} for one in names]}))
    assert "is the last outcome that is offered" in line.refused("config", "import", str(path))


def test_the_filter_finds_codes_by_code_beginning_words_and_none(team: Line) -> None:
    swapped, fixed, opened = started(team), started(team), started(team)
    resolve(team, swapped, "vendor_swap")
    resolve(team, fixed, "fixed", "human")

    def found(text: str) -> set[str]:
        listed = team.done("list", "--filter", f"status:any {text}")["incidents"]
        return {one["number"] for one in listed}

    assert found("outcome:vendor_swap") == found('outcome:"vendor swap"') == {swapped}
    assert found("outcome:vend") == found("outcome:swapped") == {swapped}
    assert found("outcome:fixed,vendor") == {swapped, fixed}
    assert found("outcome:none") == {opened}
    assert found("cause_class:human fix_type:other") == {fixed}
    assert found("-outcome:fixed") == {swapped, opened}


def test_an_export_with_the_codes_of_a_team_comes_back_to_another(
    team: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(team, started(team), "vendor_swap")
    path = tmp_path / "all.json"
    team.done("export", "--filter", "status:any", "-o", str(path))
    other = Line(tmp_path / "second", capsys, monkeypatch)
    other.done("import", str(path))
    (taken,) = other.done("list", "--filter", "status:any")["incidents"]
    assert (taken["outcome"], taken["cause_class"]) == ("vendor_swap", "fan_dust")
    assert taken["custom"] == {}


def test_a_table_with_the_codes_of_the_team_is_understood(team: Line, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "title,status,outcome,fix_type\n"
        "One,resolved,Vendor swapped the part,other\n"
        "Two,resolved,Never heard of,other\n"
    )
    team.done("import", str(path), "--mapping", "generic")
    taken = {one["title"]: one for one in team.done("list", "--filter", "status:any")["incidents"]}
    assert taken["One"]["outcome"] == "vendor_swap"
    assert taken["Two"]["outcome"] is None
    assert taken["Two"]["custom"]["outcome"] == "Never heard of"


def test_codes_travel_to_the_other_station(
    team: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, hub = started(team), str(tmp_path / "hub")
    other = Line(tmp_path / "second", capsys, monkeypatch)
    team.done("share", "create", hub)
    other.done("share", "join", hub)
    assert resolve(other, number, "vendor_swap")[0] == 0
    other.done("sync")
    team.done("sync")
    assert team.done("show", number)["outcome"] == "vendor_swap"
    assert team.done("config", "get", "outcome") == other.done("config", "get", "outcome")
