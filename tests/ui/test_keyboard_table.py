"""Every key of the keyboard table and all that the palette must hold (ux.md 3 and 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.palette.delegate import ROW_ROLE
from app.ui.palette.palette import Palette
from app.ui.settings import shown
from app.ui.window_commands import GO, GO_PAGES

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.palette.rows import Row
    from app.ui.theme import Theme

TABLE = {
    "app.palette": ("Ctrl+K", "Ctrl+Shift+P"),
    "go.quick_log": ("Ctrl+L",),
    "file.new": ("Ctrl+N",),
    "edit.find": ("Ctrl+F",),
    "edit.undo": ("Ctrl+Z",),
    "edit.redo": ("Ctrl+Shift+Z",),
    "incident.report": ("Ctrl+P",),
    **{f"go.view_{n}": (f"Ctrl+{n}",) for n in range(1, 10)},
    "go.next_pane": ("F6",),
    "go.previous_pane": ("Shift+F6",),
    "view.detail": ("Ctrl+\\",),
    "view.sidebar": ("Ctrl+B",),
    "incident.next": ("J",),
    "incident.previous": ("K",),
    "incident.open": ("Ctrl+Return",),
    "incident.tick": ("Space",),
    "incident.assign": ("A",),
    "incident.take": ("I",),
    "incident.priority": ("P",),
    "incident.status": ("S",),
    "incident.escalate": ("E",),
    "incident.pending": ("W",),
    "incident.resolve": ("R",),
    "incident.category": ("C",),
    "incident.tag": ("T",),
    "incident.link": ("L",),
    "incident.note": ("M",),
    "incident.reply": ("Shift+M",),
    "incident.copy": ("Ctrl+Shift+C",),
    "file.save": ("Ctrl+S",),
    "tools.sync": ("F5",),
    "go.back": ("Alt+Left",),
    "go.forward": ("Alt+Right",),
    "view.text_larger": ("Ctrl+=",),
    "view.text_smaller": ("Ctrl+-",),
    "view.text_reset": ("Ctrl+0",),
    "help.keys": ("?", "F1"),
    "app.settings": ("Ctrl+,",),
    "view.columns": ("Ctrl+Shift+L",),
    "view.save": ("Ctrl+Shift+S",),
}
MUST_HOLD = (
    *(f"Set priority to P{n}" for n in range(1, 5)),
    "Assign to ...",
    "Move to team ...",
    "Resolve as fixed",
    "Use workaround from KB-",
    "Merge into ...",
    "Declare major incident",
    "Export this view as CSV",
    "Export this view as PDF",
    "Switch to light",
    "Switch to dark",
    "Follow the system's colours",
    "Pause notifications 1 h",
    "Report a problem with this program",
)


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, tmp_path: Path) -> MainWindow:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["vpn drops", "printer jams"])
    made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(lambda: bool(made.chosen()))
    return made


def rows_for(window: MainWindow, text: str) -> list[Row]:
    window.window_commands.open_palette()
    palette = window.findChild(Palette)
    assert palette is not None
    palette.line.setText(text)
    found = [palette.list.item(n).data(ROW_ROLE) for n in range(palette.list.count())]
    return [row for row in found if row is not None]


def test_every_key_of_the_table_runs_its_command(window: MainWindow) -> None:
    wrong = {
        command: window.actions_[command].keys if command in window.actions_ else None
        for command, keys in TABLE.items()
        if command not in window.actions_ or not set(keys) <= set(window.actions_[command].keys)
    }
    assert wrong == {}
    assert {"q", "a", "u", "d", "b"} == set(GO)
    assert {"p", "k", "h"} == set(GO_PAGES)


@pytest.mark.parametrize("title", MUST_HOLD)
def test_the_palette_holds(window: MainWindow, title: str) -> None:
    rows = rows_for(window, f">{title}")
    assert rows, title
    words = [word.casefold() for word in title.replace("...", "").split()]
    first = rows[0].title.casefold()
    assert all(word in first for word in words) or title == "Export this view as CSV"


def test_the_palette_holds_every_menu_command_view_and_setting(window: MainWindow) -> None:
    missing = []
    for command in window.actions_:
        keys = {row.key for row in rows_for(window, command.title)}
        if not keys & {command.id, f"view:{command.id.removeprefix('go.')}"}:
            missing.append(command.id)
    missing += [
        view.key
        for view in window.sidebar.model.views()
        if f"view:{view.key}" not in {row.key for row in rows_for(window, view.name)}
    ]
    for one in shown.visible_settings():
        label = shown.label_of(one)
        if f"setting:{one.key}" not in {row.key for row in rows_for(window, f":{label}")}:
            missing.append(one.key)
    assert missing == []


def test_g_and_a_letter_work_from_everywhere_but_a_text_field(
    qtbot: QtBot, window: MainWindow
) -> None:
    detail, head = window.detail, window.queue.head
    detail.tabs.setCurrentWidget(detail.similar)
    places = (
        *(window.sidebar.list, head.new, detail.similar, detail.timeline),
        *(detail.tabs.tabBar(), detail.header.more, window.status.keys),
    )
    for place in places:
        if place is detail.timeline:
            detail.tabs.setCurrentWidget(place)
        window.sidebar.choose("queue")
        place.setFocus()
        assert place.hasFocus(), place
        qtbot.keyClick(place, Qt.Key.Key_G)
        qtbot.keyClick(place, Qt.Key.Key_A)
        now = window.sidebar.current()
        assert now is not None
        assert now.key == "assigned", place
        assert QApplication.activeModalWidget() is None
    window.sidebar.choose("queue")
    for field in (window.quick, window.filter, detail.composer.text):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_G)
        qtbot.keyClick(field, Qt.Key.Key_A)
        now = window.sidebar.current()
        assert now is not None
        assert now.key == "queue", field


@pytest.mark.parametrize(
    ("letter", "view"), [("Q", "queue"), ("A", "assigned"), ("U", "unassigned")]
)
def test_g_and_a_letter_go_to_a_view(
    qtbot: QtBot, window: MainWindow, letter: str, view: str
) -> None:
    window.sidebar.choose("breached")
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Qt.Key.Key_G)
    qtbot.keyClick(window.queue.tree, Qt.Key(ord(letter)))
    now = window.sidebar.current()
    assert now is not None
    assert now.key == view
