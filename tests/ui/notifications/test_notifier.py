"""News reaches the system and the bell, paced; the bell's list opens incidents by keys alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app.domain.incident_record import IncidentDraft
from app.services import configuration, incidents, logging_incidents, moves
from app.services.desk import Desk, open_desk
from app.system.clock import to_ms
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.notifications.notice_delegate import NOTICE_ROLE
from app.ui.notifications.notifier import Notifier

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


class MovingClock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def now_ms(self) -> int:
        return to_ms(self.at)

    def go(self, **spans: float) -> None:
        self.at += timedelta(**spans)


class FakeTray(QObject):
    """Stands for the place beside the system's clock."""

    open_requested = Signal()
    message_clicked = Signal()
    pause_requested = Signal()
    quit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.there = True
        self.icon = False
        self.said: list[tuple[str, str, bool]] = []

    def is_available(self) -> bool:
        return self.there

    def show_icon(self, shown: bool) -> None:
        self.icon = shown and self.there

    def say(self, headline: str, text: str, *, urgent: bool) -> bool:
        if self.there:
            self.said.append((headline, text, urgent))
        return self.there

    def show_new(self, words: str) -> None:
        del words


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def desk(tmp_path: Path, clock: MovingClock) -> Desk:
    return open_desk(Profile(tmp_path / "p"), clock, person="Ana Ruiz")  # type: ignore[arg-type]


@pytest.fixture
def jon(desk: Desk, tmp_path: Path, clock: MovingClock) -> Desk:
    return open_desk(Profile(tmp_path / "p"), clock, person="Jon Park")  # type: ignore[arg-type]


@pytest.fixture
def tray() -> FakeTray:
    return FakeTray()


@pytest.fixture
def window(
    qtbot: QtBot, theme: Theme, desk: Desk, clock: MovingClock, tray: FakeTray
) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w.notifier, "quitting", True))
    vars(window)["notifier"] = Notifier(window, tray)  # type: ignore[arg-type]
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.notifier.start()
    clock.go(seconds=31)
    return window


def given(jon: Desk, title: str = "printer down") -> None:
    moves.assign(
        jon, logging_incidents.log(jon, IncidentDraft(title=title)).ids["incident"], "Ana Ruiz"
    )


def test_news_is_shown_and_counted_on_the_bell(
    window: MainWindow, jon: Desk, tray: FakeTray
) -> None:
    given(jon)
    window.notifier.look()
    assert tray.said == [("INC-000001 was assigned to you", "printer down\nBy Jon Park", False)]
    assert window.sidebar.bell.accessibleName() == "Notifications, 1 new"


def test_the_watch_of_the_journal_brings_it_by_itself(
    qtbot: QtBot, window: MainWindow, jon: Desk, tray: FakeTray
) -> None:
    window.watch.look()
    given(jon)
    window.watch.look()
    qtbot.waitUntil(lambda: len(tray.said) == 1, timeout=5_000)


def test_several_come_as_one_and_not_within_30_seconds(
    window: MainWindow, jon: Desk, tray: FakeTray, clock: MovingClock
) -> None:
    given(jon, "first")
    window.notifier.look()
    given(jon, "second")
    uid = logging_incidents.log(jon, IncidentDraft(title="third")).ids["incident"]
    incidents.edit(jon, uid, {"major": True})
    clock.go(seconds=29)
    window.notifier.look()
    assert len(tray.said) == 1
    clock.go(seconds=2)
    window.notifier.look()
    assert tray.said[1] == (
        "2 notifications",
        "Major incident INC-000003\nINC-000002 was assigned to you",
        True,
    )


def test_switched_off_the_bell_still_lists_them(
    window: MainWindow, jon: Desk, tray: FakeTray
) -> None:
    window.settings.choose("notifications.enabled", False)
    given(jon)
    window.notifier.look()
    assert tray.said == []
    assert window.notifier.panel.list.count() == 1
    assert not tray.icon


def test_without_a_tray_the_bell_holds_them(window: MainWindow, jon: Desk, tray: FakeTray) -> None:
    tray.there = False
    given(jon)
    window.notifier.look()
    assert tray.said == []
    assert window.sidebar.bell.accessibleName() == "Notifications, 1 new"


def open_bell(qtbot: QtBot, window: MainWindow) -> None:
    window.sidebar.bell.setFocus()
    qtbot.keyClick(window.sidebar.bell, Key.Key_Space)
    assert window.notifier.panel.isVisible()


def test_the_list_opens_an_incident_by_enter_and_counts_as_seen(
    qtbot: QtBot, window: MainWindow, jon: Desk
) -> None:
    given(jon, "first")
    given(jon, "second")
    window.notifier.look()
    open_bell(qtbot, window)
    panel = window.notifier.panel
    shown = [panel.list.item(n).data(NOTICE_ROLE).title for n in range(panel.list.count())]
    assert shown == ["second", "first"]
    spoken = panel.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("New. INC-000001 was assigned to you. first. By Jon Park. ")
    assert window.sidebar.bell.accessibleName() == "Notifications"
    assert QApplication.focusWidget() is panel.list
    qtbot.keyClick(panel.list, Key.Key_Down)
    qtbot.keyClick(panel.list, Key.Key_Return)
    assert not panel.isVisible()
    assert window.detail.incident is not None
    assert window.detail.incident.title == "first"


def test_esc_closes_the_list_and_gives_the_focus_back(qtbot: QtBot, window: MainWindow) -> None:
    open_bell(qtbot, window)
    panel = window.notifier.panel
    assert panel.nothing.isVisible()
    assert QApplication.focusWidget() is panel.pause
    qtbot.keyClick(panel.pause, Key.Key_Escape)
    assert not panel.isVisible()
    assert QApplication.focusWidget() is window.sidebar.bell


def test_a_click_on_the_notification_opens_its_incident(
    qtbot: QtBot, window: MainWindow, jon: Desk, tray: FakeTray, clock: MovingClock
) -> None:
    given(jon)
    window.notifier.look()
    window.hide()
    tray.message_clicked.emit()
    assert window.isVisible()
    assert window.detail.incident is not None
    assert window.detail.incident.title == "printer down"
    given(jon, "a")
    given(jon, "b")
    clock.go(seconds=31)
    window.notifier.look()
    tray.message_clicked.emit()
    assert window.notifier.panel.isVisible(), "several are shown as the list"


def test_an_hour_of_pause_by_the_palette_then_all_at_once(
    qtbot: QtBot, window: MainWindow, jon: Desk, tray: FakeTray, clock: MovingClock
) -> None:
    window.window_commands.open_palette()
    line = window.window_commands._palette.line  # type: ignore[union-attr]
    qtbot.keyClicks(line, "pause notif")
    qtbot.keyClick(line, Key.Key_Return)
    assert window.toast.text.text().startswith("Notifications are paused until ")
    given(jon, "a")
    clock.go(minutes=59)
    given(jon, "b")
    window.notifier.look()
    assert tray.said == []
    assert window.notifier.panel.list.count() == 2
    clock.go(minutes=2)
    window.notifier.look()
    assert [headline for headline, *_ in tray.said] == ["2 notifications"]


def test_the_pause_is_ended_in_the_list(
    qtbot: QtBot, window: MainWindow, jon: Desk, tray: FakeTray
) -> None:
    window.notifier.pause()
    given(jon)
    window.notifier.look()
    open_bell(qtbot, window)
    panel = window.notifier.panel
    assert panel.pause.text().startswith("Paused until ")
    qtbot.keyClick(panel.pause, Key.Key_Space)
    assert panel.pause.text() == "Pause 1 h"


def test_closing_the_window_quits_unless_it_is_kept_in_the_tray(
    qtbot: QtBot, window: MainWindow, tray: FakeTray
) -> None:
    assert not window.notifier.stays()
    window.settings.choose("window.keep_in_tray", True)
    window.close()
    assert not window.isVisible()
    assert not QApplication.quitOnLastWindowClosed()
    assert window.notifier._every.isActive()
    tray.open_requested.emit()
    assert window.isVisible()
    assert QApplication.quitOnLastWindowClosed()
    tray.there = False
    assert not window.notifier.stays(), "nobody could open it again"
    tray.there = True
    window.quit()
    assert not window.isVisible()
    assert not window.notifier._every.isActive()
    assert not tray.icon


def test_a_breach_is_worded_with_its_time(
    window: MainWindow, desk: Desk, tray: FakeTray, clock: MovingClock
) -> None:
    configuration.set_setting(desk, "me.zone", "Europe/London")
    uid = logging_incidents.log(
        desk, IncidentDraft(title="mail down", assignee="Ana Ruiz", impact=1, urgency=1)
    ).ids["incident"]
    moves.start(desk, uid)
    clock.go(days=30)
    window.notifier.look()
    ((headline, text, urgent),) = tray.said
    assert headline.startswith("INC-000001 is past due since ")
    assert (text, urgent) == ("mail down", True)
