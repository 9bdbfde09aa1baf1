"""Preferences come back, and never keep the window from opening."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences, keep, place

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "window.json")
    first.set("geometry", "AQ==")
    first.save()
    assert Preferences(tmp_path / "window.json").get("geometry") == "AQ=="


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(b"\x00\xff{")
    assert Preferences(path).get("geometry", "none") == "none"
    assert path.with_suffix(".damaged").read_bytes() == b"\x00\xff{"


def test_a_folder_that_is_gone_costs_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Preferences(tmp_path / "gone" / "window.json").save()
    assert "could not be kept" in caplog.text


def test_nonsense_in_the_file_is_no_harm(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"geometry": 7, "columns": {"widths": "huge"}}', encoding="utf-8")
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(datetime(2026, 3, 9, tzinfo=UTC)))
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    before = window.queue.columns.save()
    place(Preferences(path), window)
    assert window.queue.columns.save() == before


def test_the_window_comes_back_as_it_was(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    path = tmp_path / "window.json"

    def opened(name: str) -> MainWindow:
        desk = open_desk(Profile(tmp_path / name), clock, person="Ana Ruiz")
        made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
        qtbot.addWidget(made)
        return made

    first = opened("one")
    first.resize(800, 560)
    first.queue.columns.set_shown("age", False)
    first.show()
    first.pages.set_oldest_first(True)
    keep(Preferences(path), first)

    again = opened("two")
    place(Preferences(path), again)
    again.show()
    assert "age" not in again.queue.columns.shown
    assert (again.width(), again.height()) == (800, 560)
    assert not again.detail.choice.newest_first()
