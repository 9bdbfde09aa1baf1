"""The page and the window of an incident with a real keyboard, and text that survives kill -9."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, drafts
from app.services.desk import open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile
from app.ui.detail.composer import draft_key

if TYPE_CHECKING:
    from conftest import Program

pytestmark = pytest.mark.real_window
LOST_AT_MOST_S = 1.0
"""Typing that a killed process may lose (ux.md 12)."""


def logged(program: Program, line: str) -> str:
    """Log a line and wait until its row is the current one; return its number."""
    program.key("ctrl+l")
    program.type(line)
    program.key("Return")
    number = str(program.wait_for("changed")["numbers"][0])
    program.wait_for("incident_shown", number=number)
    program.wait_for("list_shown")
    return number


def test_enter_opens_the_page_where_letters_act_and_esc_leads_back(program: Program) -> None:
    number = logged(program, "printer down")
    program.key("F6", "Return")
    program.wait_for("incident_shown", number=number, page=True)
    program.key("i")
    program.wait_for("changed", numbers=[number])
    program.key("m")
    program.type("in the page")
    program.key("ctrl+Return")
    program.wait_for("changed", numbers=[number])
    program.key("Escape", "Escape")
    program.wait_for("incident_shown", number=number, page=False)
    desk = open_desk(Profile(program.profile), SystemClock(), person="Ana Ruiz")
    made = browsing.incident(desk, number)
    desk.close()
    assert made.assignee is not None
    assert made.timeline[-1].text == "in the page"


def test_the_window_of_an_incident_has_commands_of_its_own(program: Program) -> None:
    number = logged(program, "printer down")
    program.key("F6", "ctrl+Return")
    window = program.xdotool("search", "--sync", "--onlyvisible", "--name", number).split()[0]
    program.xdotool("windowactivate", "--sync", window)
    program.key("i")
    program.wait_for("changed", numbers=[number])
    program.key("m")
    program.type("in the window")
    program.key("ctrl+Return")
    program.wait_for("changed", numbers=[number])
    program.key("ctrl+w")
    desk = open_desk(Profile(program.profile), SystemClock(), person="Ana Ruiz")
    made = browsing.incident(desk, number)
    desk.close()
    assert made.assignee is not None
    assert made.timeline[-1].text == "in the window"


def test_a_note_half_written_survives_a_killed_process(program: Program) -> None:
    number = logged(program, "printer down")
    program.key("F6", "Return")
    program.wait_for("incident_shown", number=number, page=True)
    program.key("shift+m")
    program.type("We have looked at")
    time.sleep(LOST_AT_MOST_S)
    program.process.kill()
    program.process.wait(10)
    desk = open_desk(Profile(program.profile), SystemClock(), person="Ana Ruiz")
    draft = drafts.find(desk, draft_key(browsing.find(desk, number)))
    desk.close()
    assert draft is not None
    assert draft.data == {"text": "We have looked at", "reply": True}
