"""The viewer of logs: levels are coloured, lines are found by keys and cited from where one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.services import browsing, evidence, reading_logs
from app.ui import theme
from app.ui.detail.file_viewer import FileViewer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LOG = """2026-03-09 08:00:00 INFO tunnel up
2026-03-09 08:00:01 ERROR tunnel lost
2026-03-09 08:00:02 WARNING no route
2026-03-09 08:00:03 INFO Tunnel up
"""


def show(qtbot: QtBot, panel: DetailPanel, desk: Desk, text: str) -> FileViewer:
    uid = browsing.find(desk, "1")
    panel._bench.bus.publish(evidence.attach(desk, uid, [("vpn.log", text.encode())]))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    return panel.findChildren(FileViewer)[-1]


def test_what_is_found_is_gone_to_and_cited_by_keys_alone(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    shown = show(qtbot, panel, desk, LOG)
    assert shown.lines is not None
    assert shown.find_lines is not None
    find = shown.find_lines
    qtbot.keyClick(shown.lines, Key.Key_F, CTRL)
    assert shown.focusWidget() is find.field
    qtbot.keyClicks(find.field, "tunnel")
    places = []
    for shift in (None, None, None, SHIFT):
        places.append((shown.lines.textCursor().blockNumber(), find.count.text()))
        qtbot.keyClick(find.field, Key.Key_Return, shift or Qt.KeyboardModifier.NoModifier)
    assert places == [
        (0, "1 of 3 lines"),
        (1, "2 of 3 lines"),
        (3, "3 of 3 lines"),
        (0, "1 of 3 lines"),
    ]
    assert shown.lines.textCursor().blockNumber() == 3
    qtbot.keyClick(find.field, Key.Key_Escape)
    assert shown.focusWidget() is shown.lines
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    cited = browsing.incident(desk, browsing.find(desk, "1")).timeline[-1].text
    assert cited == "vpn.log:4\n2026-03-09 08:00:03 INFO Tunnel up"

    find.start()
    qtbot.keyClicks(find.field, "nowhere")
    assert find.count.text() == "no line"


def test_a_line_far_down_is_found_before_it_was_laid_out(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    text = "".join(f"fine line {n}\n" for n in range(20_000)) + "needle\n"
    shown = show(qtbot, panel, desk, text)
    assert shown.lines is not None
    assert shown.find_lines is not None
    assert shown.lines.blockCount() < 20_000
    qtbot.keyClicks(shown.find_lines.field, "needle")
    assert shown.lines.textCursor().block().text() == "needle"


def test_levels_are_coloured(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    shown = show(qtbot, panel, desk, LOG)
    assert shown.lines is not None
    now, seen = theme.current(), []
    block = shown.lines.document().begin()
    while block.isValid():
        for part in block.layout().formats():
            word = block.text()[part.start : part.start + part.length]
            seen.append((word, part.format.foreground().color()))
        block = block.next()
    assert seen == [
        ("INFO", now.colour("text2")),
        ("ERROR", now.colour("danger")),
        ("WARNING", now.colour("warn")),
        ("INFO", now.colour("text2")),
    ]


def test_the_level_is_found_where_it_stands() -> None:
    assert reading_logs.level_in("[Sun Dec 04] [error] x") == (14, 5, "error")
    assert reading_logs.level_in("sshd[1]: error: y") == (9, 5, "error")
    assert reading_logs.level_in("nothing of the kind") is None
