"""Fields of the team keep their kind: filtered, renamed, exported and imported back (cli.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app import bootstrap
from app.services import browsing, cataloguing, incidents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line

FIELDS = """
[[custom_field]]
name = "VIP"
type = "yes_no"
[[custom_field]]
name = "Floor"
type = "number"
[[custom_field]]
name = "Until"
type = "date"
[[custom_field]]
name = "Asset tag"
"""
VALUES = {"VIP": True, "Floor": 3.5, "Until": "2026-03-10", "Asset tag": "True"}


@pytest.fixture
def team(line: Line, tmp_path: Path) -> Line:
    """Give three incidents: all fields, VIP no, and none."""
    configure(line, tmp_path)
    for title in ("all", "no", "none"):
        line.done("log", title)
    words = ("VIP=yes", "Floor=3.5", "Until=2026-03-10", "Asset tag=True")
    assert line.done("set", "1", *words)["custom"] == VALUES
    line.done("set", "2", "VIP=no")
    return line


def configure(line: Line, folder: Path) -> None:
    path = folder / "fields.toml"
    path.write_text(FIELDS, encoding="utf-8")
    line.done("config", "import", str(path))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("custom.VIP:yes", ["all"]),
        ("custom.vip:Y", ["all"]),
        ('custom.VIP:"yes"', ["all"]),
        ("custom.VIP:true", ["all"]),
        ("custom.VIP:no", ["no"]),
        ("custom.VIP:off", ["no"]),
        ("-custom.VIP:yes", ["no", "none"]),
        ("custom.VIP:yes,no", ["all", "no"]),
        ("custom.VIP:none", ["none"]),
        ('custom."Asset tag":yes', []),
        ('custom."Asset tag":true', ["all"]),
        ("custom.Floor:>3", ["all"]),
        ("custom.Until:<=2026-03-10", ["all"]),
    ],
)
def test_a_filter_asks_for_yes_and_no(team: Line, text: str, titles: list[str]) -> None:
    found = team.done("list", "--filter", text, "--sort", "number")["incidents"]
    assert [one["title"] for one in found] == titles


def test_a_renamed_field_keeps_the_kind_of_its_values(team: Line) -> None:
    desk = bootstrap.open_profile(str(team.profile))
    for old, new in (("VIP", "Important"), ("Floor", "Storey"), ("Until", "Needed by")):
        uid = next(e.id for e in cataloguing.entries(desk, "custom_field") if e.name == old)
        cataloguing.change(desk, "custom_field", uid, {"name": new})
    desk.close()
    shown = team.done("show", "1")["custom"]
    wanted = {"Important": True, "Storey": 3.5, "Needed by": "2026-03-10", "Asset tag": "True"}
    assert repr(sorted(shown.items())) == repr(sorted(wanted.items()))
    assert team.done("list", "--filter", "custom.Important:yes")["total"] == 1
    assert team.done("check")["ok"]


@pytest.mark.parametrize("ending", ["csv", "json", "zip"])
def test_an_import_of_an_export_gives_the_same_kinds(
    team: Line, tmp_path: Path, ending: str
) -> None:
    path = str(tmp_path / f"out.{ending}")
    team.done("export", "-o", path)
    team.profile = tmp_path / "other"
    configure(team, tmp_path)

    assert team.done("import", path)["created"] == 3

    found = team.done("list", "--sort", "number")["incidents"]
    for one, wanted in zip(found, (VALUES, {"VIP": False}, {}), strict=True):
        assert repr(sorted(one["custom"].items())) == repr(sorted(wanted.items()))
    assert team.done("list", "--filter", "custom.VIP:yes")["total"] == 1
    assert team.done("list", "--filter", "custom.Floor:>3")["total"] == 1
    assert team.done("import", path)["unchanged"] == 3


def test_a_value_that_does_not_fit_its_field_is_kept_as_text_by_an_import(
    team: Line, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("number,title,status,custom.floor,custom.VIP\nT-1,x,new,roof,x\n", "utf-8")
    team.done("import", str(path))
    assert team.done("show", "T-1")["custom"] == {"Floor": "roof", "VIP": "x"}


def test_conflicts_are_told_by_exports_too(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer down")
    desk = bootstrap.open_profile(str(line.profile), person="Ana Ruiz", zone="UTC")
    uid = browsing.find(desk, "1")
    seen = browsing.heads(desk, uid, {"title"})
    for title in ("First", "Second"):
        incidents.edit(desk, [uid], {"title": title}, seen=seen)
    desk.close()
    path = tmp_path / "out.json"
    line.done("export", "-o", str(path))
    told = json.loads(path.read_text(encoding="utf-8"))["incidents"][0]["conflicts"]
    assert told == line.done("show", "1")["conflicts"]
    assert [one["value"] for one in told[0]["values"]] == ["Second", "First"]
    assert line.done("import", str(path))["unchanged"] == 1


def test_days_of_a_filter_and_of_a_period_are_those_of_the_zone(line: Line) -> None:
    line.at("2026-03-09T22:30:00Z")
    line.done("log", "late call", "--zone", "UTC")
    line.at("2026-03-09T23:30:00Z")
    for zone, today, since_evening in (("UTC", 1, 0), ("Europe/Rome", 0, 1)):
        words = ("metrics", "--zone", zone)
        counted = line.done(*words, "--filter", "registered:today status:any")["counts"]
        assert sum(counted.get("by_status", {}).values()) == today
        counted = line.done(*words, "--from", "2026-03-09T23:00")["counts"]
        assert sum(counted.get("by_status", {}).values()) == since_evening
