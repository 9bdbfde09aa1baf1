"""Tab through the real window and its two large dialogs: every stop by name, in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Program

pytestmark = pytest.mark.real_window

MOST = 60
PARTS = {"When it was confirmed": 4}
"""Fields whose parts Tab goes through: day, month, hour and minute."""
TOAST = {"Undo", "Open", "Dismiss"}
"""The last stops, while a toast is there."""

SIDEBAR = [
    "Menu", "Search or run…", "Views", "Dashboard", "Problems", "Knowledge", "Notifications",
    "Settings",
]  # fmt: skip
HEADER = ["Filter", "Columns", "New incident"]
DETAIL = [
    "Summary", "Due", "Previous incident (K)", "Next incident (J)", "More",
    "Resolve...", "Escalate", "Pending", "Print",
    "Requester", "Assignee", "Phone", "Team", "Category", "Location", "Impact", "Urgency",
    "All fields", "Timeline 1", "Order and kinds of the timeline",
    "Note", "Internal note", "Attach files...", "Attach a picture...", "Add",
]  # fmt: skip
NEW = [
    "What is wrong?", "Requester", "Phone", "Category", "Location", "Assign to",
    "Impact Low, urgency Low: P4", "Details (optional)", "Paste, drop or add files",
    "Create and next", "Create incident",
]  # fmt: skip
# On Linux a box of choices is named by what is chosen; its label is told as a relation.
CLOSE = [
    "Fixed", "Resolution note", "Other", "Undetermined", "Root cause",
    "Confirmed by", "How it was confirmed", "When it was confirmed",
    "Resolution note", "Outcome, fix type, cause class", "Requester confirmed", "Time logged",
    "Similar incidents linked", "Save as knowledge article",
    "Add somebody who was told", "Mail the report to", "Desk", "All pages", "Save PDF",
    "Cancel", "Resolve only", "Resolve and close",
]  # fmt: skip


def tab(program: Program, before: str) -> str:
    """Press Tab and return the name of where it leads; only an instant keeps it for its parts."""
    program.key(*["Tab"] * PARTS.get(before, 1))
    name = str(program.wait_for("focus_moved")["name"])
    return "Due" if name.startswith("Due ") else name


def once_around(program: Program, first: str) -> list[str]:
    """Return the names from one stop to the same again."""
    names = [first]
    while len(names) < MOST:
        name = tab(program, names[-1])
        if name == first:
            return [each for each in names if each not in TOAST]
        names.append(name)
    raise AssertionError(f"Tab does not come back to {first}: {names}")


def go_to(program: Program, name: str) -> None:
    """Press Tab until a stop has the focus."""
    seen = [""]
    while seen[-1] != name:
        assert len(seen) < MOST, f"Tab does not come to {name}: {seen}"
        seen.append(tab(program, seen[-1]))


@pytest.mark.timeout(300)
def test_tab_goes_through_the_window_and_its_dialogs_in_reading_order(program: Program) -> None:
    program.key("ctrl+l")
    program.type("label printer jams")
    program.key("Return")
    number = program.wait_for("changed")["numbers"][0]
    program.wait_for("incident_shown", number=number)
    program.wait_for("list_shown", total=1)
    window = ["Quick log", "Desk queue", *DETAIL, "All shortcuts", *SIDEBAR, *HEADER]
    assert once_around(program, "Quick log") == window
    program.key("ctrl+n")
    program.wait_for("dialog_opened", kind="NewIncidentDialog")
    go_to(program, NEW[0])
    assert once_around(program, NEW[0]) == NEW
    program.key("Escape")
    program.wait_for("dialog_closed")
    program.key("F6", "r")
    program.wait_for("dialog_opened", kind="CloseDialog")
    go_to(program, CLOSE[0])
    assert once_around(program, CLOSE[0]) == CLOSE
