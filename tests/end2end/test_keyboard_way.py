"""From alarm to cause to problem to article with the keyboard alone, as a new user would try it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Program

pytestmark = pytest.mark.real_window


def told(program: Program, *words: str) -> Any:
    """Run a command on the profile of the open window and return its document."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "--profile", str(program.profile), "--json", *words],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return json.loads(done.stdout)


def changed(program: Program, kind: str) -> None:
    """Wait until something of this kind was written in the window."""
    while kind not in program.wait_for("changed")["kinds"]:
        pass


def test_alarm_cause_problem_article(program: Program) -> None:
    alarms = []
    for n in range(4):
        alarm = program.profile / f"alarm-{n}.json"
        labels = {"alertname": f"tunnel drops error 651 gateway {n}", "instance": f"gw{n}:80"}
        one = {"status": "firing", "labels": labels}
        group = {"version": "4", "groupKey": str(n), "status": "firing", "alerts": [one]}
        alarm.write_text(json.dumps(group), "utf-8")
        alarms.append(str(alarm))
    results = told(program, "intake", "alert", *alarms)["results"]
    assert {one["action"] for one in results} == {"opened"}
    program.wait_for("list_shown", total=4)

    program.key("F6", "g", "p")
    program.wait_for("focus_moved", name="Problems")
    time.sleep(2)  # a person reads the band first
    program.key("alt+o")
    changed(program, "problem")
    time.sleep(2)  # and then the page of the problem
    program.key("alt+u")
    program.type("The lease ends at noon")
    program.key("ctrl+Return")
    changed(program, "problem")
    program.key("alt+w")
    program.type("Use the second gateway")
    program.key("ctrl+Return")
    changed(program, "problem")
    time.sleep(1)
    program.key("alt+a")  # apply it to the open ones
    changed(program, "incident")

    program.key("ctrl+k")
    program.type("Write an article")
    program.key("Return")
    program.wait_for("focus_moved", name="Title")
    program.type("Tunnel error 651")
    program.key("Tab", "Tab")
    program.type("Use the second gateway.")
    program.key("ctrl+Return")
    changed(program, "article")

    export = program.profile / "all.json"
    told(program, "export", "-o", str(export))
    document = json.loads(export.read_text("utf-8"))
    (problem,) = document["problems"]
    assert problem["cause"] == "The lease ends at noon"
    assert problem["workaround"] == "Use the second gateway"
    assert [one["name"] for one in document["articles"]] == ["Tunnel error 651"]
    workarounds = {one["workaround"] for one in document["incidents"]}
    assert workarounds == {"Use the second gateway"}
