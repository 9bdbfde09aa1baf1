"""The palette and the list of keys over the real window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from app.services import browsing, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.closing.close_dialog import CloseDialog
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.palette.delegate import ROW_ROLE
from app.ui.palette.keys_dialog import KeysDialog
from app.ui.palette.matching import Match, match
from app.ui.palette.palette import Palette
from app.ui.settings import shown
from app.ui.settings.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.palette.rows import Row
    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["vpn drops", "printer jams"])
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 2)
    return window


@pytest.fixture
def palette(window: MainWindow) -> Palette:
    window.actions_.run("app.palette")
    found = window.findChild(Palette)
    assert found is not None
    return found


def rows(palette: Palette) -> list[Row]:
    found = [palette.list.item(n).data(ROW_ROLE) for n in range(palette.list.count())]
    return [row for row in found if row is not None]


def headings(palette: Palette) -> list[str]:
    items = [palette.list.item(n) for n in range(palette.list.count())]
    return [item.text() for item in items if item.data(ROW_ROLE) is None]


def choose(palette: Palette, title: str) -> None:
    for n in range(palette.list.count()):
        row = palette.list.item(n).data(ROW_ROLE)
        if row is not None and row.title == title:
            palette.list.setCurrentRow(n)
            return
    pytest.fail(f"{title} is not among {[row.title for row in rows(palette)]}")


def test_a_command_is_found_by_initials_and_run(
    qtbot: QtBot, palette: Palette, window: MainWindow, desk: Desk
) -> None:
    window.queue.step(1)
    qtbot.keyClicks(palette.line, "atm")
    assert rows(palette)[0].title == "Assign to me"
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert not palette.isVisible()
    assert any(browsing.incident(desk, number).assignee is not None for number in ("1", "2"))


def test_each_command_shows_its_key(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.line, ">quick log")
    assert rows(palette)[0].keys == "Ctrl+L"


def test_the_letters_that_answer_are_marked(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.line, ">quick l")
    assert rows(palette)[0].spots == (0, 1, 2, 3, 4, 5, 6)


def test_an_incident_is_opened(qtbot: QtBot, palette: Palette, window: MainWindow) -> None:
    qtbot.keyClicks(palette.line, "#vpn")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.detail.incident is not None
    assert window.detail.incident.title == "vpn drops"


def test_tab_shows_what_can_be_done_with_an_incident(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    qtbot.keyClicks(palette.line, "#vpn")
    qtbot.keyClick(palette.line, Key.Key_Tab)
    assert palette.isVisible()
    shown = window.detail.incident
    assert shown is not None
    assert shown.title == "vpn drops"
    assert shown.number in headings(palette)
    choose(palette, "Set priority to P1 Critical")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.detail.incident is not None
    assert window.detail.incident.priority == "P1"
    assert window.detail.incident.priority_override_reason == ""


def test_what_cannot_run_is_listed_with_its_reason(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.line, ">reopen")
    assert rows(palette)[0].reason == "Choose an incident first."
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert palette.isVisible()


def test_a_value_is_asked_for_in_the_same_box(
    qtbot: QtBot, palette: Palette, window: MainWindow, desk: Desk
) -> None:
    window.queue.step(1)
    uid = window.chosen_ids()[0]
    qtbot.keyClicks(palette.line, "assign to ...")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert palette.isVisible()
    assert palette.prompt.text() == "Assign to"
    assert palette.line.text() == ""
    qtbot.keyClicks(palette.line, "ana")
    assert [row.title for row in rows(palette)] == ["Ana Ruiz"]
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert not palette.isVisible()
    assignee = browsing.incident(desk, uid).assignee
    assert assignee is not None
    assert assignee.name == "Ana Ruiz"


def test_escape_goes_one_step_back_and_then_gives_the_focus_back(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    window.queue.step(1)
    qtbot.keyClicks(palette.line, "move to team ...")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert palette.prompt.isVisible()
    qtbot.keyClick(palette.line, Key.Key_Escape)
    assert palette.isVisible()
    assert not palette.prompt.isVisible()
    qtbot.keyClick(palette.line, Key.Key_Escape)
    assert not palette.isVisible()
    assert window.focusWidget() is window.quick


def test_an_incident_is_merged_into_the_one_that_is_named(
    qtbot: QtBot, palette: Palette, window: MainWindow, desk: Desk
) -> None:
    survivor = browsing.incident(desk, "1")
    window.queue.select(browsing.find(desk, "2"))
    qtbot.keyClicks(palette.line, "merge into ...")
    qtbot.keyClick(palette.line, Key.Key_Return)
    qtbot.keyClicks(palette.line, survivor.title)
    assert len(rows(palette)) == 1
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert browsing.incident(desk, "2").status == "cancelled"


def test_resolving_with_an_outcome_opens_its_dialog_with_it(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    window.queue.step(1)
    qtbot.keyClicks(palette.line, "resolve as cannot reproduce")
    qtbot.keyClick(palette.line, Key.Key_Return)
    dialog = window.findChild(CloseDialog)
    assert dialog is not None
    assert dialog.outcome.outcome() == "cannot_reproduce"
    dialog.reject()


def test_people_answer_to_their_sign_and_lead_to_their_incidents(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    qtbot.keyClicks(palette.line, "@ana")
    assert [row.title for row in rows(palette)] == ["Ana Ruiz"]
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.queue.filter_text() == 'requester:"Ana Ruiz"'


def test_a_view_is_gone_to(qtbot: QtBot, palette: Palette, window: MainWindow) -> None:
    qtbot.keyClicks(palette.line, "all open")
    choose(palette, "All open")
    qtbot.keyClick(palette.line, Key.Key_Return)
    current = window.sidebar.current()
    assert current is not None
    assert current.name == "All open"


def test_a_guess_is_not_offered_beside_a_name_that_answers(qtbot: QtBot, palette: Palette) -> None:
    palette.line.setText("teach")
    titles = [row.title for row in rows(palette)]
    assert titles == ["Teach an alert format..."], "the letters stand in other names as well"
    palette.line.setText("tchfrmt")
    assert rows(palette)[0].title == "Teach an alert format...", "a guess is better than nothing"


def test_what_was_run_last_stands_first(qtbot: QtBot, palette: Palette, window: MainWindow) -> None:
    window.actions_.run("view.dark")
    window.actions_.run("app.palette")
    assert headings(palette)[0] == "Last used"
    assert rows(palette)[0].key == "view.dark"
    window.bench.theme.set_scheme("light")


def test_arrows_step_over_headings_and_a_click_beside_closes(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    qtbot.keyClicks(palette.line, "vpn")
    for _ in range(30):
        assert palette.list.currentItem().data(ROW_ROLE) is not None
        qtbot.keyClick(palette.line, Key.Key_Down)
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not palette.isVisible()


class _Painted(QObject):
    """Keeps which part of a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Add what this event paints."""
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def test_the_shadow_of_a_larger_card_does_not_stay(qtbot: QtBot, palette: Palette) -> None:
    QApplication.processEvents()
    before = palette.card.geometry()
    painted = _Painted()
    palette.installEventFilter(painted)
    qtbot.keyClicks(palette.line, "import inc")
    QApplication.processEvents()
    assert palette.card.geometry().height() < before.height() - 60
    assert QRegion(before.adjusted(-20, -20, 20, 20)).subtracted(painted.region).isEmpty()


def test_every_command_of_the_menus_is_in_the_palette(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    keys = {f"view:{view.key}" for view in window.sidebar.model.views()}
    for command in window.actions_:
        palette.line.setText(">" + command.title)
        found = {row.key for row in rows(palette)}
        view = command.id.removeprefix("go.")
        assert command.id in found or f"view:{view}" in found & keys, command.id


@pytest.mark.parametrize(
    ("title", "text", "rank", "spots"),
    [
        ("Import...", "import", 0, (0, 1, 2, 3, 4, 5)),
        ("Import a configuration...", "import", 1, (0, 1, 2, 3, 4, 5)),
        ("Assign to me", "assi", 1, (0, 1, 2, 3)),
        ("Assign to me", "atm", 2, (0, 7, 10)),
        ("Assign to me", "me ass", 3, (10, 11, 0, 1, 2)),
        ("Reassign", "sign", 4, (4, 5, 6, 7)),
        ("Declare major incident", "dmjr", 5, (0, 8, 10, 12)),
        ("Caf\u00e9 printer", "cafe", 1, (0, 1, 2, 3)),
    ],
)
def test_names_answer_by_beginnings_initials_and_letters_in_order(
    title: str, text: str, rank: int, spots: tuple[int, ...]
) -> None:
    assert match(title, text) == Match(rank, spots)


def test_another_name_of_a_command_answers_without_a_mark() -> None:
    assert match("Switch to dark", "theme", ["theme"]) == Match(0)
    assert match("Switch to dark", "xyz", ["theme"]) is None


def test_every_setting_is_found_behind_its_prefix_and_run_to(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    for setting in shown.visible_settings():
        palette.line.setText(":" + setting.label)
        assert f"setting:{setting.key}" in {row.key for row in rows(palette)}, setting.key
    palette.line.clear()
    qtbot.keyClicks(palette.line, ":row height")
    qtbot.keyClick(palette.line, Key.Key_Return)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert dialog.focusWidget() is dialog.line("appearance.density").editor.field


def test_all_keys_can_be_searched_and_copied(qtbot: QtBot, window: MainWindow) -> None:
    dialog = KeysDialog(window.actions_, window)
    dialog.show()
    qtbot.keyClicks(dialog.line, "assign to me")
    assert dialog.table.rowCount() == 1
    assert dialog.table.item(0, 1).text() == "I"
    dialog.copy.click()
    assert "I\tAssign to me" in QGuiApplication.clipboard().text()
    dialog.close()
