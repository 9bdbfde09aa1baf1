"""Rules about alerts by keys: added, previewed, changed, removed, undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.services import alert_tables, configuration
from app.services.alert_tables import MAINTENANCE, ROUTING, SEVERITY, SYSLOG
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.alerts.rules_page import RulesView, rules_pages
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.settings.catalogue.field_editors import ChoiceField

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(made)
    made.show()
    return made


def page(qtbot: QtBot, window: MainWindow, table: str) -> RulesView:
    (wanted,) = [one for one in rules_pages(window.bench) if one._table == table]
    view = wanted.widget(window)
    assert isinstance(view, RulesView)
    qtbot.addWidget(view)
    view.setWindowFlag(Qt.WindowType.Window)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


def test_a_rule_is_typed_previewed_and_kept_by_enter(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    view = page(qtbot, window, SEVERITY)
    qtbot.keyClick(view, Key.Key_N, CTRL)
    name = view.form.by_name["name"]
    assert view.focusWidget() is name
    qtbot.keyClicks(name, "panic")
    assert view.preview.text() == (
        'An alert that says "panic" opens an incident of medium impact and medium urgency: '
        "P3 Moderate."
    )
    impact = view.form.by_name["impact"]
    qtbot.keyClick(impact, Key.Key_Up)
    assert "high impact" in view.preview.text()
    qtbot.keyClick(name, Key.Key_Return)
    assert configuration.get_setting(desk, SEVERITY) == {"panic": "1/2"}
    assert view.table.index(0, 1).data() == view.preview.text()
    qtbot.keyClicks(name, "ked")
    qtbot.keyClick(name, Key.Key_Return)
    assert configuration.get_setting(desk, SEVERITY) == {"panicked": "1/2"}


def test_a_rule_is_removed_and_brought_back_by_keys(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    view = page(qtbot, window, SYSLOG)
    assert [one.name for one in view.rules] == ["Critical messages"]
    view.view.setFocus()
    view.view.selectRow(0)
    assert "crit or worse" in view.preview.text()
    qtbot.keyClick(view.view, Key.Key_Delete)
    assert configuration.get_setting(desk, SYSLOG) == {}
    assert view.preview.text() == "No rule yet. Fill in the fields and press Enter."
    assert not view.gone.isEnabled()
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    assert [one.name for one in view.rules] == ["Critical messages"]


def test_a_team_is_chosen_and_a_refusal_is_said(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    view = page(qtbot, window, ROUTING)
    name, team = view.form.by_name["name"], view.form.by_name["team"]
    assert isinstance(team, ChoiceField)
    qtbot.keyClicks(name, "host=db*")
    qtbot.keyClick(view.keep, Key.Key_Space)
    assert view.preview.text() == "Choose a team, a category, or both."
    assert configuration.get_setting(desk, ROUTING) == {}
    qtbot.keyClick(team, Key.Key_Down)
    qtbot.keyClick(view.keep, Key.Key_Space)
    assert configuration.get_setting(desk, ROUTING) == {"host=db*": team.value()}


def test_a_rule_is_moved_by_keys_and_stays_chosen(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    for name in ("a", "b", "c"):
        alert_tables.put(desk, ROUTING, {"name": name, "team": "Desk", "category": ""})
    view = page(qtbot, window, ROUTING)
    view.view.setFocus()
    view.view.selectRow(2)
    assert (view.up.isEnabled(), view.down.isEnabled()) == (True, False)
    qtbot.keyClick(view.view, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [one.name for one in view.rules] == ["a", "c", "b"]
    assert view.view.currentIndex().row() == 1
    qtbot.keyClick(view.down, Key.Key_Space)
    assert [one.name for one in view.rules] == ["a", "b", "c"]
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    assert [one.name for one in view.rules] == ["a", "c", "b"]
    assert page(qtbot, window, SEVERITY).up.isHidden()


def test_a_maintenance_window_keeps_its_instants(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    view = page(qtbot, window, MAINTENANCE)
    name = view.form.by_name["name"]
    assert isinstance(name, QLineEdit)
    name.setFocus()
    qtbot.keyClicks(name, "Patch night")
    before = view.form.fields()
    qtbot.keyClick(name, Key.Key_Return)
    (rule,) = alert_tables.listing(desk, MAINTENANCE).rules
    assert rule.fields["start_at"] == before["start_at"]
    assert (rule.fields["end_at"] - rule.fields["start_at"]).total_seconds() == 7_200


def test_every_table_has_a_page_in_the_settings(qtbot: QtBot, window: MainWindow) -> None:
    titles = [one.title for one in rules_pages(window.bench)]
    window.actions_.run("app.settings")
    settings = window.window_commands._settings
    assert settings is not None
    assert titles == [one.title for one in settings._pages if one.title in titles]
