"""The icon beside the system's clock, where there is a place for it and where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app.ui.notifications.tray import Tray

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def tray(qtbot: QtBot, theme: Theme) -> Tray:
    del theme
    host = QWidget()
    qtbot.addWidget(host)
    made = Tray(host)
    made._host = host  # type: ignore[attr-defined]  # it is the host's child
    return made


def test_where_there_is_no_place_nothing_is_shown(tray: Tray) -> None:
    assert not tray.is_available()
    tray.show_icon(True)
    assert not tray.say("headline", "text", urgent=False)
    tray.show_new("3 new")
    tray.show_icon(False)


# The offscreen platform has no window for icons, and Qt says so.
@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
def test_where_there_is_one_it_shows_says_and_asks(
    qtbot: QtBot, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *words: said.append(words))
    assert tray.say("headline", "text", urgent=True)
    assert said[0][:2] == ("headline", "text")
    assert said[0][2] == QSystemTrayIcon.MessageIcon.Warning
    assert tray._menu is not None
    actions = {action.text(): action for action in tray._menu.actions()}
    for text, signal in (
        ("Open Incident Desk", tray.open_requested),
        ("Pause notifications 1 h", tray.pause_requested),
        ("Quit", tray.quit_requested),
    ):
        with qtbot.waitSignal(signal):
            actions[text].trigger()
    assert tray._icon is not None
    with qtbot.waitSignal(tray.message_clicked):
        tray._icon.messageClicked.emit()
    with qtbot.waitSignal(tray.open_requested):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray.show_icon(False)
    assert not tray._icon.isVisible()
