"""An incident in JSON names the fields in conflict, each value with author, time and station."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import bootstrap
from app.services import browsing, incidents

if TYPE_CHECKING:
    from tests.cli.conftest import Line


def test_values_written_on_the_same_version_are_a_conflict_until_one_is_chosen(line: Line) -> None:
    assert line.done("log", "printer down")["conflicts"] == []
    wanted = {"title", "requester"}
    desk = bootstrap.open_profile(str(line.profile), person="Ana Ruiz", zone="UTC")
    uid = browsing.find(desk, "1")
    seen = browsing.heads(desk, uid, wanted)
    for title, who in (("First", "Nina"), ("Second", "Jon")):
        values = {"title": title, "requester": who}
        incidents.edit(desk, [uid], values, seen=seen, make_unknown=True)
    desk.close()

    shown = line.done("show", "1")

    told = {one["field"]: one["values"] for one in shown["conflicts"]}
    assert set(told) == wanted
    assert [one["value"] for one in told["title"]] == ["Second", "First"]
    assert [one["value"] for one in told["requester"]] == ["Jon", "Nina"]
    entry = shown["timeline"][0]
    for one in told["title"]:
        assert one["author"] == "Ana Ruiz"
        assert (one["at"], one["station"]) == ("2026-03-09T09:00:00+00:00", entry["station"])
    assert line.done("list")["incidents"][0]["conflicts"] == shown["conflicts"]
    assert "Conflict in title: First (Ana Ruiz, " in line.said("show", "1").out

    assert [c["field"] for c in line.done("set", "1", "title=Chosen")["conflicts"]] == ["requester"]
    assert line.done("list", "--filter", "is:conflict")["total"] == 1
    # The value that is shown already is a choice like any other.
    assert line.done("set", "1", "requester=Jon")["conflicts"] == []
    assert line.done("list", "--filter", "is:conflict")["total"] == 0
