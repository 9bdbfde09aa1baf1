"""The channels: words where there is room, icons where there is not, others in a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from app.domain.incident import Channel
from app.ui.new_incident.channel_field import ChannelField

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.ui.new_incident.new_incident_dialog import NewIncidentDialog
    from app.ui.theme import Theme

ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly


def test_words_stand_in_the_usual_size_and_only_icons_in_the_smallest(
    qtbot: QtBot, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    buttons = dialog.form.channel.findChildren(QToolButton)
    assert [each for each in buttons if each.toolButtonStyle() is ICON_ONLY] == []
    dialog.resize(800, 520)
    qtbot.waitUntil(lambda: any(each.toolButtonStyle() is ICON_ONLY for each in buttons))
    assert all(each.accessibleName() for each in buttons)
    assert all(each.geometry().right() <= dialog.form.channel.width() for each in buttons)


def test_the_arrow_keys_move_among_the_usual_ways(qtbot: QtBot, theme: Theme) -> None:
    field = ChannelField()
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    qtbot.waitExposed(field)
    phone = field.findChildren(QToolButton)[0]
    phone.setFocus()
    qtbot.waitUntil(phone.hasFocus)
    qtbot.keyClick(phone, Qt.Key.Key_Right)
    assert field.channel() is Channel.EMAIL
    for _ in range(5):
        qtbot.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Right)
    assert field.channel() is Channel.MONITORING
    qtbot.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Left)
    assert field.channel() is Channel.WALK_IN


def test_another_way_is_chosen_from_the_menu_and_named(qtbot: QtBot, theme: Theme) -> None:
    field = ChannelField()
    qtbot.addWidget(field)
    menu = field.more.menu()
    assert menu is not None
    menu.popup(field.mapToGlobal(field.rect().bottomLeft()))
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert field.channel() is Channel.CHAT
    assert (field.more.text(), field.more.isChecked()) == ("Chat", True)
    field.set_channel(Channel.PHONE)
    assert (field.more.text(), field.more.isChecked()) == ("", False)
