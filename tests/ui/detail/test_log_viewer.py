"""The viewer of logs: levels are coloured, lines are found by keys and cited from where one is."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.services import browsing, evidence, reading_logs
from app.ui import theme
from app.ui.detail.file_viewer import FileViewer
from app.ui.logs.log_viewer import LogViewer
from tests.insight.made_event_log import Event, made

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.workbench import Message

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LOG = """2026-03-09 08:00:00 INFO tunnel up
2026-03-09 08:00:01 ERROR tunnel lost
2026-03-09 08:00:02 WARNING no route
2026-03-09 08:00:03 INFO Tunnel up
"""


def show(qtbot: QtBot, panel: DetailPanel, desk: Desk, *texts: str) -> LogViewer:
    uid = browsing.find(desk, "1")
    files = [(f"vpn{n or ''}.log", text.encode()) for n, text in enumerate(texts)]
    panel._bench.bus.publish(evidence.attach(desk, uid, files))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setCurrentRow(0)
    panel.files.list.setFocus()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    shown = panel.findChildren(LogViewer)[-1]
    qtbot.waitUntil(lambda: shown.done_)
    return shown


def line(shown: LogViewer) -> int:
    return shown.model.source(shown.lines.currentIndex().row())[1]


def cited(desk: Desk) -> str:
    return browsing.incident(desk, browsing.find(desk, "1")).timeline[-1].text


def choose(shown: LogViewer, words: str) -> None:
    (item,) = shown.findings.findItems(
        words, Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive, 1
    )
    shown.findings.setCurrentItem(item)
    shown.findings.setFocus()


def rows(shown: LogViewer) -> list[str]:
    return [shown.model.text(row) for row in range(shown.model.rowCount())]


def test_what_is_found_is_gone_to_and_cited_by_keys_alone(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    shown = show(qtbot, panel, desk, LOG)
    find = shown.find_lines
    qtbot.keyClick(shown.lines, Key.Key_F, CTRL)
    assert shown.focusWidget() is find.field
    qtbot.keyClicks(find.field, "tunnel")
    places = []
    for shift in (None, None, None, SHIFT):
        places.append((line(shown), find.count.text()))
        qtbot.keyClick(find.field, Key.Key_Return, shift or Qt.KeyboardModifier.NoModifier)
    assert places == [
        (0, "1 of 3 lines"),
        (1, "2 of 3 lines"),
        (3, "3 of 3 lines"),
        (0, "1 of 3 lines"),
    ]
    assert line(shown) == 3
    qtbot.keyClick(find.field, Key.Key_Escape)
    assert shown.focusWidget() is shown.lines
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    assert cited(desk) == "vpn.log:4\n2026-03-09 08:00:03 INFO Tunnel up"

    find.start()
    qtbot.keyClicks(find.field, "nowhere")
    assert find.count.text() == "no line"


def test_a_line_far_down_is_found(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    text = "".join(f"2026-03-09 08:00:00 line {n}\n" for n in range(20_000)) + "needle\n"
    shown = show(qtbot, panel, desk, text)
    qtbot.keyClicks(shown.find_lines.field, "needle")
    assert shown.model.text(shown.lines.currentIndex().row()) == "needle"


def test_enter_on_a_template_shows_its_lines_and_esc_shows_all_again(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    text = "".join(
        f"2026-03-09 08:{n // 60:02}:{n % 60:02} INFO user {n} logged in\n" for n in range(90)
    )
    shown = show(qtbot, panel, desk, text + LOG.replace("08:00", "09:00"))
    choose(shown, "user <*> logged in")
    assert shown.findings.currentItem().text(0) == "90"
    qtbot.keyClick(shown.findings, Key.Key_Return)
    assert len(rows(shown)) == 90
    qtbot.keyClick(shown.lines, Key.Key_End, CTRL)
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    assert cited(desk).startswith("vpn.log:90\n")
    qtbot.keyClick(shown.lines, Key.Key_Escape)
    assert shown.isVisible()
    assert (len(rows(shown)), line(shown)) == (94, 89)


def test_an_error_a_gap_and_when_the_incident_began_are_gone_to(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    begin = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    times = [begin + timedelta(seconds=n) for n in range(300)]
    times += [begin + timedelta(minutes=59, seconds=n) for n in range(300)]
    lines = [f"{at:%Y-%m-%dT%H:%M:%S}Z alive\n" for at in times]
    lines[200] = lines[200].replace("alive", "ERROR lost")
    shown = show(qtbot, panel, desk, "".join(lines))
    for words, wanted in (("ERROR lost", 200), ("nothing from", 300), ("Go to when", 360)):
        found = shown.findings.findItems(
            words, Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive, 1
        )
        shown.findings.setCurrentItem(found[-1])
        qtbot.keyClick(shown.findings, Key.Key_Return)
        assert line(shown) == wanted
    gap = shown.findings.findItems(
        "nothing from", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive, 1
    )
    assert gap[0].text(1).endswith("when the incident began")


def test_levels_are_coloured(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    shown = show(qtbot, panel, desk, LOG)
    now = theme.current()
    seen = [shown.model.index(row, 2).data(Qt.ItemDataRole.ForegroundRole) for row in range(4)]
    assert seen == [None, now.colour("danger"), now.colour("warn"), None]


def test_two_logs_are_one_list_by_time_and_either_is_cited(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    other = "2026-03-09 09:00:00 INFO link down\n  at port 7\n2026-03-09 09:00:02 INFO link up\n"
    shown = show(qtbot, panel, desk, LOG, other)
    shown.bar.second.setFocus()
    qtbot.keyClick(shown.bar.second, Key.Key_Down)
    qtbot.waitUntil(lambda: shown.done_)
    assert rows(shown) == [*LOG.splitlines(), *other.splitlines()]
    shown.bar.later.setFocus()
    shown.bar.later.selectAll()
    qtbot.keyClicks(shown.bar.later, "-60")
    qtbot.waitUntil(lambda: shown.done_)
    ours, theirs = LOG.splitlines(), other.splitlines()
    merged = [ours[0], theirs[0], theirs[1], ours[1], ours[2], theirs[2], ours[3]]
    assert rows(shown) == merged
    assert [shown.model.index(row, 0).data() for row in (1, 3)] == ["vpn1.log:1", "vpn.log:2"]
    assert shown.model.index(1, 1).data() == "2026-03-09 08:00:00"
    shown.lines.selectRow(1)
    shown.lines.setFocus()
    for _ in range(2):
        qtbot.keyClick(shown.lines, Key.Key_Down, SHIFT)
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    assert cited(desk) == "\n".join(["vpn1.log:1-2", theirs[0], theirs[1], "vpn.log:2", ours[1]])
    qtbot.keyClick(shown.lines, Key.Key_Escape)
    assert rows(shown) == ours


def test_encoding_and_times_can_be_changed(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    shown = show(qtbot, panel, desk, "2026-03-09 08:00:00 ERROR Grö\u00dfe\n" * 3)
    assert (shown.bar.encoding.currentData(), shown.bar.times.currentText()[:4]) == (
        "utf-8",
        "year",
    )
    shown.bar.encoding.setFocus()
    for _ in range(3):
        qtbot.keyClick(shown.bar.encoding, Key.Key_Down)
        qtbot.waitUntil(lambda: shown.done_)
    assert shown.bar.encoding.currentData() == "cp1252"
    assert "GrÃ" in shown.model.text(0)
    shown.bar.times.setFocus()
    qtbot.keyClick(shown.bar.times, Key.Key_End)
    qtbot.waitUntil(lambda: shown.done_)
    assert shown.model.index(0, 1).data() == ""


def test_the_table_keeps_what_a_model_promises(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    shown = show(qtbot, panel, desk, LOG)
    QAbstractItemModelTester(shown.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    shown.model.show_rows([2, 4])
    shown.model.show_all()


def test_a_text_without_times_is_shown_as_a_text(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    uid = browsing.find(desk, "1")
    panel._bench.bus.publish(evidence.attach(desk, uid, [("notes.txt", b"call back\n")]))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    assert not panel.findChildren(LogViewer)
    assert panel.findChildren(FileViewer)


def test_a_packed_log_is_unpacked(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    uid = browsing.find(desk, "1")
    packed = gzip.compress(LOG.encode())
    panel._bench.bus.publish(evidence.attach(desk, uid, [("vpn.log.gz", packed)]))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    (shown,) = panel.findChildren(LogViewer)
    assert rows(shown) == LOG.splitlines()


def test_an_event_log_of_windows_is_a_log_like_any_other(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    pytest.importorskip("evtx", reason="the reader of Windows event logs has no wheel here")
    at = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    events = [
        Event(n, at + timedelta(seconds=n), 2 + 2 * (n != 3), "Disk", n, {}) for n in (1, 2, 3)
    ]
    uid = browsing.find(desk, "1")
    panel._bench.bus.publish(evidence.attach(desk, uid, [("System.evtx", made(events))]))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    (shown,) = panel.findChildren(LogViewer)
    qtbot.waitUntil(lambda: shown.done_)
    assert rows(shown)[2] == "2026-03-09T08:00:03.000Z ERROR Disk ID3:"
    assert shown.bar.encoding.currentText() == "event log"
    assert not shown.bar.encoding.isEnabled()
    shown.lines.setFocus()
    shown.go_to_line(2)
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    assert cited(desk).endswith("System.evtx:3\n2026-03-09T08:00:03.000Z ERROR Disk ID3:")


def test_an_event_log_that_cannot_be_read_says_why(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    uid = browsing.find(desk, "1")
    said: list[Message] = []
    panel._bench.said.connect(said.append)
    broken = [("System.evtx", b"ElfFile\0" + bytes(100))]
    panel._bench.bus.publish(evidence.attach(desk, uid, broken))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    assert not panel.findChildren(LogViewer)
    assert said[-1].text.startswith("System.evtx is an event log of Windows without an event")


def test_the_level_is_found_where_it_stands() -> None:
    assert reading_logs.level_in("[Sun Dec 04] [error] x") == (14, 5, "error")
    assert reading_logs.level_in("sshd[1]: error: y") == (9, 5, "error")
    assert reading_logs.level_in("nothing of the kind") is None
