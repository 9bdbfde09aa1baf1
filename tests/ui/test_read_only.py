"""Where nothing can be written the window says so, at everything that would write (ux.md 2.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import browsing, configuration, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.read_only import writes

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
REASON = "incident-desk.sqlite is read-only"
LOOKING = {"incident.report", "incident.copy", "incident.page", "file.backup", "app.settings"}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    profile = Profile(tmp_path / "profile")
    desk = open_desk(profile, PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC)), person="Ana")
    quick_logging.log_lines(desk, ["printer down @nina", "vpn drops"])
    desk.close()
    return profile


def opened(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: hasattr(window, "rights"))
    window.pages.front.show_incident(browsing.find(desk, "1"))
    return window


@pytest.fixture
def looking(
    qtbot: QtBot, theme: Theme, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """Give the window on a file that cannot be written."""
    monkeypatch.setattr(Profile, "is_read_only", property(Profile.exists))
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return opened(qtbot, theme, open_desk(profile, clock))


def test_a_band_and_the_status_bar_say_so_with_the_reason(looking: MainWindow) -> None:
    assert looking.rights.band is not None
    assert looking.rights.band.isVisible()
    assert REASON in looking.rights.band.text.text()
    assert looking.status.saved.text() == "Read-only"
    assert REASON in looking.status.saved.toolTip()


def test_what_writes_is_dimmed_with_the_reason_and_what_looks_is_not(looking: MainWindow) -> None:
    for command in looking.actions_:
        if writes(command.id):
            assert not command.action.isEnabled(), command.id
        elif command.id in LOOKING:
            assert command.action.isEnabled(), command.id
    assert REASON in looking.actions_["incident.resolve"].action.toolTip()
    assert REASON in looking.actions_["file.new"].reason
    assert not looking.quick.isEnabled()
    assert REASON in looking.quick.toolTip()
    assert not looking.queue.head.new.isEnabled()


def test_fields_are_text(qtbot: QtBot, looking: MainWindow) -> None:
    panel = looking.detail
    assert panel.incident is not None
    assert panel.header.title.isReadOnly()
    field = panel.grid.fields["location"]
    assert field.isReadOnly()
    before = field.text()
    field.setFocus()
    qtbot.keyClicks(field, "Attic")
    assert field.text() == before
    assert not panel.header.buttons["incident.resolve"].isEnabled()
    assert REASON in panel.header.buttons["incident.resolve"].toolTip()
    assert panel.header.buttons["incident.report"].isEnabled()
    assert not panel.composer.isEnabled()
    assert all(text.isReadOnly() for text in panel.texts.fields.values())


def test_a_reader_sees_the_same_until_the_role_is_changed(
    qtbot: QtBot, theme: Theme, profile: Profile
) -> None:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(profile, clock, person="Ana")
    configuration.put_item(desk, "person", "Rita", {"role": "reader"})
    window = opened(qtbot, theme, open_desk(profile, clock, person="Rita"))
    assert 'Rita has the role "reader"' in window.bench.read_only
    assert not window.quick.isEnabled()
    assert window.detail.grid.fields["location"].isReadOnly()

    window.bench.bus.publish(configuration.put_item(desk, "person", "Rita", {"role": "agent"}))
    assert window.bench.read_only == ""
    assert window.quick.isEnabled()
    assert window.rights.band is not None
    assert not window.rights.band.isVisible()
    assert not window.detail.grid.fields["location"].isReadOnly()
    assert window.actions_["file.new"].action.isEnabled()
    assert window.status.saved.text() != "Read-only"


def test_a_store_that_can_be_written_shows_nothing_of_it(
    qtbot: QtBot, theme: Theme, profile: Profile
) -> None:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    window = opened(qtbot, theme, open_desk(profile, clock, person="Ana"))
    assert window.rights.band is None
    assert window.quick.isEnabled()
    assert not window.detail.grid.fields["location"].isReadOnly()
