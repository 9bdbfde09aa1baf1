"""The toast tells what was done, to how many, and what was refused."""

from __future__ import annotations

import pytest

from app.domain.changes import ChangeSet
from app.ui import language
from app.ui.said import sentence


@pytest.fixture(autouse=True)
def _english(qapp) -> None:
    language.install(qapp)


@pytest.mark.parametrize(
    ("title", "numbers", "said"),
    [
        ("Log incident", ("INC-2053",), "INC-2053 logged"),
        ("Log 3 incidents", ("INC-1", "INC-2", "INC-3"), "3 incidents logged"),
        ("Attach trace.log", ("INC-1",), "INC-1 has trace.log attached"),
        ("Change impact, urgency", ("INC-1", "INC-2"), "2 incidents changed: impact, urgency"),
        ("Merge into INC-7", ("INC-1",), "INC-1 merged into INC-7"),
        ("Undo: Set pending", ("INC-1",), "INC-1 undone: Set pending"),
        ("Save team Field", (), "Saved: team Field"),
        ("A title of its own", (), "A title of its own"),
    ],
)
def test_an_action_is_told_as_done(title: str, numbers: tuple[str, ...], said: str) -> None:
    assert sentence(ChangeSet(None, title, numbers=numbers)) == said


def test_what_was_refused_is_told_with_its_reason_and_the_rest_is_counted() -> None:
    refused = tuple((f"INC-{n}", "it is closed") for n in range(6))
    said = sentence(ChangeSet(None, "Resolve", numbers=("INC-9",), refused=refused)).split("\n")
    assert said[0] == "INC-9 resolved"
    assert said[1] == "INC-0: it is closed"
    assert said[-1] == "and 2 more"
