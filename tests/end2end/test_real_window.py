"""The main job with a real keyboard on a real screen: log, work, resolve and close, undo."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Program

pytestmark = pytest.mark.real_window


def shown(program: Program, number: str) -> dict[str, Any]:
    """Return an incident as a second process sees it while the window is open."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "--profile", str(program.profile), "--json", "show", number],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_an_incident_is_logged_with_twelve_keys_beyond_its_text(program: Program) -> None:
    program.key("ctrl+l")
    program.type("printer down @nina !2")
    program.key("Return")
    logged = program.wait_for("changed")
    number = logged["numbers"][0]
    program.wait_for("incident_shown", number=number)
    incident = shown(program, number)
    assert incident["title"] == "printer down"
    assert incident["priority"] == "P2"
    assert incident["requester"] == "nina"


def test_what_the_command_line_writes_appears_in_the_open_window(program: Program) -> None:
    subprocess.run(
        [sys.executable, "-m", "app", "--profile", str(program.profile), "log", "disk full"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    program.wait_for("list_shown", total=1)


def test_a_change_is_taken_back_by_ctrl_z(program: Program) -> None:
    program.key("ctrl+l")
    program.type("screen flickers")
    program.key("Return")
    number = program.wait_for("changed")["numbers"][0]
    program.wait_for("incident_shown", number=number)
    program.wait_for("list_shown", total=1)
    program.key("F6", "i")
    program.wait_for("changed", numbers=[number])
    assert shown(program, number)["assignee"] == "Ana Ruiz"
    program.key("ctrl+z")
    program.wait_for("changed")
    assert shown(program, number)["assignee"] is None


def test_an_incident_is_closed_by_keys_alone(program: Program) -> None:
    program.key("ctrl+l")
    program.type("label printer jams")
    program.key("Return")
    number = program.wait_for("changed")["numbers"][0]
    program.wait_for("incident_shown", number=number)
    program.wait_for("list_shown", total=1)
    program.key("F6", "r")
    program.wait_for("dialog_opened", kind="CloseDialog")
    program.key("Tab")
    program.type("Roller cleaned")
    program.key("Tab", "Tab", "Tab", "Tab")
    program.type("Nina Berg")
    program.key("Tab")
    program.type("phone")
    program.key("ctrl+Return")
    program.wait_for("changed", numbers=[number])
    closed = shown(program, number)
    assert closed["status"] == "closed"
    assert closed["verified_by"] == "Nina Berg"
    assert closed["resolution"] == "Roller cleaned"
