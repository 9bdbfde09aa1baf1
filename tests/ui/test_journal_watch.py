"""The window hears of foreign writes, and never twice of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from app.domain.incident_record import IncidentDraft
from app.services import logging_incidents
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.journal_watch import JournalWatch
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import ChangeSet
    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


class Listener(QObject):
    """Keeps what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[ChangeSet] = []

    def on_heard(self, changes: ChangeSet) -> None:
        self.heard.append(changes)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def bench(profile: Profile, theme: Theme) -> Workbench:
    desk = open_desk(profile, CLOCK, person="Ana Ruiz")
    return Workbench(InlineJobs(desk), ChangeBus(), theme)


def log_one(desk: Desk) -> ChangeSet:
    return logging_incidents.log(desk, IncidentDraft(title="disk full"))


def test_a_write_of_another_process_is_published(bench: Workbench, profile: Profile) -> None:
    watch = JournalWatch(bench)
    listener = Listener()
    bench.bus.incidents_changed.connect(listener.on_heard)
    logged = log_one(open_desk(profile, CLOCK, person="Jon Park"))
    watch.look()
    watch.look()
    assert [changes.ids["incident"] for changes in listener.heard] == [logged.ids["incident"]]


def test_many_foreign_writes_are_published_as_one(bench: Workbench, profile: Profile) -> None:
    watch = JournalWatch(bench)
    listener = Listener()
    bench.bus.published.connect(listener.on_heard)
    other = open_desk(profile, CLOCK, person="Jon Park")
    logged = [log_one(other).ids["incident"][0] for _ in range(3)]
    watch.look()
    assert [changes.ids["incident"] for changes in listener.heard] == [tuple(logged)]


def test_an_own_write_is_published_once(bench: Workbench) -> None:
    watch = JournalWatch(bench)
    listener = Listener()
    bench.bus.incidents_changed.connect(listener.on_heard)
    bench.write(log_one)
    watch.look()
    assert len(listener.heard) == 1
