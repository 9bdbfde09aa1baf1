"""Two profiles and one folder on the command line: found, join, exchange, choose (cli.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Line

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """Give the command line on a second profile."""
    return Line(tmp_path / "other", capsys, monkeypatch)


@pytest.fixture
def hub(tmp_path: Path) -> str:
    return str(tmp_path / "hub")


def test_what_one_writes_the_other_reads(line: Line, other: Line, hub: str) -> None:
    number = line.done("--as", "Ana", "log", "printer down @nina")["number"]
    created = line.done("share", "create", hub)
    joined = other.done("share", "join", hub)

    assert {"team", "station", "code"} <= created.keys()
    assert joined["team"] == created["team"]
    assert joined["pulled"] > 0
    assert other.done("show", number)["title"] == "printer down"

    other.done("note", number, "Looked at it")
    assert other.done("share", "status")["waiting"] == 1
    sent = other.done("sync")
    assert (sent["pushed"], sent["waiting"], sent["state"]) == (1, 0, "in_sync")
    assert line.done("sync", "--once")["pulled"] > 1  # what it had before, and the note
    assert line.done("show", number)["timeline"][-1]["text"] == "Looked at it"
    assert len(line.done("share", "status")["stations"]) == 2
    assert line.done("sync")["health"] == line.done("sync")["quarantine"] == []


@pytest.mark.parametrize(
    ("keep", "title"), [("mine", "Jon's"), ("theirs", "Ana's"), ("Ours", "Ours")]
)
def test_both_set_the_summary_and_one_chooses(
    line: Line, other: Line, hub: str, keep: str, title: str
) -> None:
    number = line.done("log", "printer down")["number"]
    line.done("share", "create", hub)
    other.done("share", "join", hub)
    line.done("set", number, "title=Ana's")
    other.done("set", number, "title=Jon's")
    for one in (line, other, line):
        one.done("sync")

    for one in (line, other):
        told = one.done("conflicts")
        assert told["total"] == 1
        values = {v["value"] for v in told["conflicts"][0]["values"]}
        assert (told["conflicts"][0]["field"], values) == ("title", {"Ana's", "Jon's"})
        assert one.done("sync")["conflicts"] == 1
    assert other.done("resolve-conflict", number, "title", "--keep", keep)["title"] == title
    other.done("sync")
    line.done("sync")
    for one in (line, other):
        assert one.done("show", number)["title"] == title
        assert one.done("conflicts")["total"] == 0


def test_resolved_and_pending_apart_give_the_same_in_either_order(
    line: Line, other: Line, hub: str
) -> None:
    number = line.done("log", "printer down @nina")["number"]
    line.done("set", number, "status=in_progress")
    line.done("share", "create", hub)
    other.done("share", "join", hub)
    codes = ("--outcome", "fixed", "--fix-type", "bug_fix", "--cause-class", "software")
    line.done("resolve", number, *codes, "--notes", "Driver replaced")
    other.done("pending", number, "--reason", "vendor", "--until", "2026-03-12T09:00:00Z")
    for one in (other, line, other):
        one.done("sync")
    shown = [one.done("show", number) for one in (line, other)]
    assert {one["status"] for one in shown} == {"pending"}
    assert [c["field"] for c in shown[0]["conflicts"]] == ["status"]

    chosen = line.done("resolve-conflict", number, "status", "--keep", "resolved")
    assert (chosen["status"], chosen["pending_reason"]) == ("resolved", None)
    assert chosen["resolution_clock"]["stopped_at"]
    line.done("sync")
    other.done("sync")
    assert other.done("show", number)["status"] == "resolved"


def test_a_station_waits_until_it_is_admitted(line: Line, other: Line, hub: str) -> None:
    line.done("share", "create", hub, "--approve")
    number = other.done("log", "switch down")["number"]
    code = other.done("share", "join", hub)["code"]
    assert line.done("sync")["pulled"] == 0
    assert "invalid_input: No waiting station" in line.refused("share", "approve", "AAAA-AAAA")
    assert "not_administrator" in other.refused("share", "approve", code)
    line.done("share", "approve", code)
    assert line.done("sync")["pulled"] > 0
    assert line.done("list")["incidents"][0]["title"] == "switch down"
    assert number


def test_a_share_that_is_away_leaves_everything_here(
    line: Line, other: Line, hub: str, tmp_path: Path
) -> None:
    line.done("share", "create", hub)
    (tmp_path / "hub").rename(tmp_path / "away")
    line.done("log", "printer down")
    line.done("note", "1", "Looked at it")
    code, told = line("sync")
    assert (code, told["state"], told["waiting"]) == (1, "offline", 2)
    assert line.said("sync").out.startswith("Offline, 2 changes waiting")
    (tmp_path / "away").rename(tmp_path / "hub")
    assert line.done("sync")["waiting"] == 0
    assert other.done("share", "join", hub)["pulled"] > 0


def test_the_wrong_folder_is_refused(line: Line, other: Line, hub: str, tmp_path: Path) -> None:
    assert "not_shared" in line.refused("sync")
    assert "not_found: There is no team" in line.refused("share", "join", str(tmp_path))
    line.done("share", "create", hub)
    assert "wrong_hub: There is a team" in other.refused("share", "create", hub)
    assert "shared: This profile shares through" in line.refused("share", "join", hub)
    other.done("share", "create", str(tmp_path / "second"))
    (tmp_path / "second" / "team.json").replace(tmp_path / "hub" / "team.json")
    assert "belongs to another team. Nothing was sent" in line.refused("sync")
    assert line.done("share", "leave")["left"]
    assert line.done("share", "status")["state"] == "not_shared"


def test_the_doctor_tells_what_it_tried(line: Line, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    _, told = line("doctor", str(share))
    names = [one["name"] for one in told["checks"]]
    assert [one["name"] for one in told["checks"] if not one["ok"]] == ["clock"]  # it is pinned
    assert names[:2] == ["sqlite", "space here"]
    assert {"exclusive create", "rename", "read back", "second handle"} <= set(names)
    assert list(share.iterdir()) == []
    code, told = line("doctor", str(tmp_path / "nowhere"))
    assert (code, told["ok"]) == (1, False)
