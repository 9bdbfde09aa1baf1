"""A newcomer on a new computer: two Enters, a sentence, Enter; within a minute (ux.md 7 and 12)."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from app.services import browsing
from app.services.desk import open_desk
from app.system import account
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.end2end.conftest import Program, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real_window
SENTENCE = "printer on floor 2 prints blank pages"
LIMIT_S = 60.0


@pytest.fixture
def newcomer(display: str, tmp_path: Path) -> Iterator[Program]:
    """Start the program on a profile that was never used, with nobody named."""
    with running(display, tmp_path / "profile") as started:
        yield started


def test_two_enters_and_a_sentence(newcomer: Program, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    newcomer.wait_for("welcome_shown", page="store")
    newcomer.to_front()
    newcomer.key("Return")
    newcomer.wait_for("welcome_shown", page="name")
    newcomer.key("Return")
    newcomer.wait_for("list_shown")
    newcomer.to_front()
    newcomer.type(SENTENCE)
    newcomer.key("Return")
    newcomer.wait_for("changed", kinds=["incident"])
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\nfirst minute: {took:.1f} s, limit {LIMIT_S:.0f} s\n")
    desk = open_desk(Profile(newcomer.profile), SystemClock(), login="somebody else")
    (row,) = browsing.rows(desk, browsing.ids_in(desk, ""))
    assert row.title == SENTENCE
    assert desk.person.name == account.full_name()
    assert took <= LIMIT_S, f"the first minute took {took:.1f} s"


def test_who_leaves_at_the_first_question_leaves_nothing_behind(newcomer: Program) -> None:
    newcomer.wait_for("welcome_shown", page="store")
    newcomer.to_front()
    newcomer.key("alt+F4")
    assert newcomer.process.wait(20) == 0
    assert not newcomer.profile.exists()
