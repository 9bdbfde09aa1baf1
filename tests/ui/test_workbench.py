"""The workbench: a write is published and said, a refusal is said, a bug goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from app.domain.errors import InvalidInputError
from app.domain.incident_record import IncidentDraft
from app.services import logging_incidents
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.workbench import Message, Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import ChangeSet
    from app.ui.theme import Theme


class Listener(QObject):
    """Keeps what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def on_heard(self, what: object) -> None:
        self.heard.append(what)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Workbench:
    return Workbench(InlineJobs(desk), ChangeBus(), theme)


def log_one(desk: Desk) -> ChangeSet:
    return logging_incidents.log(desk, IncidentDraft(title="printer down"))


def test_a_write_is_published_said_and_answered(bench: Workbench) -> None:
    published, said, answered = Listener(), Listener(), Listener()
    bench.bus.published.connect(published.on_heard)
    bench.said.connect(said.on_heard)
    bench.write(log_one, answered.on_heard)
    assert published.heard == answered.heard
    (message,) = said.heard
    assert isinstance(message, Message)
    assert message.undo
    assert message.incident is not None
    assert "INC-" in message.text


def test_a_quiet_write_says_nothing(bench: Workbench) -> None:
    said = Listener()
    bench.said.connect(said.on_heard)
    bench.write(log_one, quiet=True)
    assert said.heard == []


def test_a_refusal_is_said_in_its_own_sentence(bench: Workbench) -> None:
    said = Listener()
    bench.said.connect(said.on_heard)

    def refuse(_desk: Desk) -> None:
        raise InvalidInputError("The title is empty: say what is wrong.")

    bench.write(refuse)
    assert said.heard == [Message("The title is empty: say what is wrong.", "danger")]


def test_a_screen_may_take_the_refusal_itself_but_a_bug_goes_on(bench: Workbench) -> None:
    refused, said = Listener(), Listener()
    bench.said.connect(said.on_heard)

    def refuse(_desk: Desk) -> None:
        raise InvalidInputError("No.")

    def fail(_desk: Desk) -> None:
        raise RuntimeError("a bug")

    bench.write(refuse, failed=refused.on_heard)
    assert len(refused.heard) == 1
    with pytest.raises(RuntimeError, match="a bug"):
        bench.write(fail, failed=refused.on_heard)
    assert said.heard == []


def test_a_question_is_answered_or_its_refusal_said(bench: Workbench) -> None:
    answered, said = Listener(), Listener()
    bench.said.connect(said.on_heard)

    def refuse(_desk: Desk) -> None:
        raise InvalidInputError("No.")

    bench.read(lambda desk: desk.person.name, answered.on_heard)
    bench.read(refuse, answered.on_heard)
    assert answered.heard == ["Ana Ruiz"]
    assert said.heard == [Message("No.", "danger")]
