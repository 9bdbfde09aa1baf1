"""Rows with a title and a second line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.ui.widgets.titled_rows import TitledRows

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

LONG = "Label printers at dispatch fail after firmware changes by themselves"


def test_a_long_title_wraps_and_both_lines_are_said(qtbot: QtBot, theme: Theme) -> None:
    rows = TitledRows("Problems", None)
    qtbot.addWidget(rows)
    rows.resize(theme.px(300), theme.px(200))
    rows.show()
    short = rows.add("Short", "Known error", b"1")
    long = rows.add(LONG, "Investigating, 4 incidents", b"2")
    heights = [rows.visualItemRect(one).height() for one in (short, long)]
    assert heights[1] > heights[0] + theme.px(8)
    assert long.data(Qt.ItemDataRole.AccessibleTextRole) == f"{LONG}, Investigating, 4 incidents"
    assert long.data(Qt.ItemDataRole.UserRole) == b"2"


def test_the_second_line_is_painted(qtbot: QtBot, theme: Theme) -> None:
    def picture(second: str) -> bytes:
        rows = TitledRows("Problems", None)
        qtbot.addWidget(rows)
        rows.resize(theme.px(300), theme.px(60))
        rows.add("Short", second, b"1")
        return bytes(rows.grab().toImage().constBits())

    assert picture("Known error") != picture("")
