"""What is announced: at most one sentence every two seconds, the last one of a burst."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services import incidents, quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.announcer import EVERY_MS, Announcer
from app.ui.change_bus import ChangeBus
from app.ui.incidents.list_voice import ListVoice
from app.ui.incidents.queue_panel import QueuePanel
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


class Heard(Announcer):
    """An announcer that is listened to."""

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        self.heard: list[tuple[str, bool]] = []

    def send(self, sentence: str, *, assertive: bool) -> None:
        """Keep what was said, and say it."""
        self.heard.append((sentence, assertive))
        super().send(sentence, assertive=assertive)


def test_a_burst_is_one_sentence_and_its_end(qtbot: QtBot, theme: Theme) -> None:
    del theme
    voice = Heard(QObject())
    for count in range(5):
        voice.say(f"{count} incidents")
    assert voice.heard == [("0 incidents", False)]
    qtbot.waitUntil(lambda: len(voice.heard) == 2, timeout=2 * EVERY_MS)
    assert voice.heard[1] == ("4 incidents", False)


def test_what_asks_for_attention_waits_for_nobody(theme: Theme) -> None:
    del theme
    voice = Heard(QObject())
    voice.say("14 incidents")
    voice.say("Breached: 2", assertive=True)
    assert voice.heard[-1] == ("Breached: 2", True)


def test_filter_counts_and_groups_that_grow_are_said(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    made = quick_logging.log_lines(desk, ["printer jams !2", "toner empty !3"])
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    panel = QueuePanel(bench)
    qtbot.addWidget(panel)
    voice = Heard(panel)
    ListVoice(panel, voice)
    panel.show_view("All open", "is:open group:priority")
    qtbot.waitUntil(lambda: panel.total() == 2)
    assert voice.heard == []
    panel.filter.setText("is:open toner group:priority")
    qtbot.waitUntil(lambda: panel.total() == 1)
    assert voice.heard[-1] == ("1 incident", False)
    panel.filter.setText("is:open group:priority")
    qtbot.waitUntil(lambda: voice.heard[-1] == ("2 incidents", False), timeout=2 * EVERY_MS)
    bench.bus.publish(incidents.edit(desk, made.ids["incident"][1:], {"impact": 1, "urgency": 1}))
    qtbot.waitUntil(lambda: "1" in voice.heard[-1][0] and len(voice.heard) > 2, timeout=5_000)
