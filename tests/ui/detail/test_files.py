"""The files of an incident: shown, cited, saved, dropped, pasted and removed, by keys."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.services import browsing, configuration, evidence, undoing
from app.storage import attachments
from app.ui.detail.file_viewer import FileViewer, PictureView

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.services.evidence import NewFile
    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.theme import Theme
    from app.ui.workbench import Message, Workbench

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LOG = "start\ntunnel ERROR 0x80070005\nretry\n"


def incident(desk: Desk) -> Incident:
    return browsing.incident(desk, browsing.find(desk, "1"))


def attach(panel: DetailPanel, desk: Desk, *files: NewFile) -> None:
    panel._bench.bus.publish(evidence.attach(desk, incident(desk).id, files))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()


def viewer(panel: DetailPanel) -> FileViewer:
    return panel.findChildren(FileViewer)[-1]


@pytest.fixture
def said(bench: Workbench) -> list[Message]:
    heard: list[Message] = []
    bench.said.connect(heard.append)
    return heard


def test_a_file_is_listed_with_size_author_and_hash(panel: DetailPanel, desk: Desk) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    item = panel.files.list.item(0)
    digest = hashlib.sha256(LOG.encode()).hexdigest()
    for part in ("vpn.log", f"{len(LOG)} B", "Ana Ruiz", digest[:8]):
        assert part in item.text()
        assert part in item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "50 MB" in panel.files.hint.text()


def test_enter_shows_a_text_and_ctrl_enter_cites_its_line(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    shown = viewer(panel)
    assert shown.lines is not None
    assert shown.lines.toPlainText() == LOG
    assert shown.lines.marks == [1]
    qtbot.keyClick(shown.lines, Key.Key_F3)
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    assert incident(desk).timeline[-1].text == "vpn.log:2\ntunnel ERROR 0x80070005"


def test_several_chosen_lines_are_cited_whole(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    shown = viewer(panel)
    assert shown.lines is not None
    for key in (Key.Key_Right, Key.Key_Down):
        qtbot.keyClick(shown.lines, key, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(shown.lines, Key.Key_Return, CTRL)
    assert incident(desk).timeline[-1].text == "vpn.log:1-2\nstart\ntunnel ERROR 0x80070005"


def test_esc_leaves_the_viewer(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    shown = viewer(panel)
    assert shown.lines is not None
    qtbot.keyClick(shown.lines, Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.findChildren(FileViewer))


def test_a_large_picture_is_made_to_fit(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    image = QImage(3000, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(panel, Key.Key_V, CTRL)
    panel.tabs.setCurrentWidget(panel.files)
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    view = viewer(panel).findChild(PictureView)
    assert view is not None
    qtbot.waitExposed(viewer(panel))
    pixmap = view.label.pixmap()
    assert 0 < pixmap.width() <= view.viewport().width()
    assert pixmap.width() // pixmap.height() == 15


def test_a_file_of_another_program_is_opened_there(
    qtbot: QtBot, panel: DetailPanel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    attach(panel, desk, ("book.xlsx", b"PK\x03\x04\0\0\1\2"))
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    (url,) = opened
    with open(url.toLocalFile(), "rb") as copy:  # noqa: PTH123 (a path of Qt)
        assert copy.read() == b"PK\x03\x04\0\0\1\2"
    assert url.fileName() == "book.xlsx"


def test_a_copy_is_saved_where_the_person_says(
    panel: DetailPanel, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.log"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    attach(panel, desk, ("vpn.log", LOG.encode()))
    panel.files.actions_["save"].trigger()
    assert target.read_text() == LOG


def test_the_hash_is_copied_by_key(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    qtbot.keyClick(panel.files.list, Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == hashlib.sha256(LOG.encode()).hexdigest()


def test_delete_takes_a_file_off_and_undo_brings_it_back(
    qtbot: QtBot, panel: DetailPanel, desk: Desk, said: list[Message]
) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    qtbot.keyClick(panel.files.list, Key.Key_Delete)
    assert incident(desk).attachments == ()
    assert panel.files.list.count() == 0
    assert said[-1].undo
    assert "vpn.log: deleted" in panel.timeline.entries.index(0, 0).data()
    panel._bench.bus.publish(undoing.undo(desk))
    assert panel.files.list.count() == 1
    assert "vpn.log: restored" in panel.timeline.entries.index(0, 0).data()


def test_a_file_that_vanished_is_named_with_what_to_do(
    qtbot: QtBot, panel: DetailPanel, desk: Desk, said: list[Message]
) -> None:
    attach(panel, desk, ("vpn.log", LOG.encode()))
    digest = incident(desk).attachments[0].sha256
    attachments.path_of(desk.profile.attachments, digest).unlink()
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    assert panel.findChildren(FileViewer) == []
    assert said[-1].tone == "danger"
    assert "missing on this computer" in said[-1].text
    assert "backup" in said[-1].text


def test_an_empty_file_says_that_it_is_empty(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    attach(panel, desk, ("empty.log", b""))
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    assert "empty" in viewer(panel).facts.text()
    assert not viewer(panel).cite.isVisible()


def test_too_large_files_are_refused_before_any_is_copied(
    panel: DetailPanel, desk: Desk, tmp_path: Path, said: list[Message]
) -> None:
    configuration.set_setting(desk, "files.limit_mb", 1)
    small, large = tmp_path / "small.log", tmp_path / "large.log"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * (1 << 20) + b"x")
    panel.attach([small, large])
    assert "large.log" in said[-1].text
    assert "1 MB" in said[-1].text
    assert incident(desk).attachments == ()
    assert not any(path.is_file() for path in desk.profile.attachments.rglob("*"))


def drag_data(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_a_drag_names_its_target_and_the_drop_attaches(
    panel: DetailPanel, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_text("x")
    data = drag_data(path)
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(9, 9), copy, data, buttons, none))
    assert panel._target.isVisible()
    assert incident(desk).number in panel._target.text()
    QApplication.sendEvent(panel, QDragLeaveEvent())
    assert not panel._target.isVisible()
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(9, 9), copy, data, buttons, none))
    QApplication.sendEvent(panel, QDropEvent(QPointF(9, 9), copy, data, buttons, none))
    assert not panel._target.isVisible()
    assert [file.name for file in incident(desk).attachments] == ["a.log"]


def test_no_field_takes_a_dropped_file_for_text(panel: DetailPanel) -> None:
    for field in (
        panel.composer.text,
        panel.header.title,
        *panel.grid.fields.values(),
        *panel.texts.fields.values(),
    ):
        assert not field.acceptDrops()


def test_a_picture_pasted_into_the_note_becomes_a_file_and_text_stays_text(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(image)
    panel.focus_composer()
    qtbot.keyClick(panel.composer.text, Key.Key_V, CTRL)
    assert [file.media_type for file in incident(desk).attachments] == ["image/png"]
    QGuiApplication.clipboard().setText("seen")
    qtbot.keyClick(panel.composer.text, Key.Key_V, CTRL)
    assert panel.composer.text.toPlainText() == "seen"
    assert len(incident(desk).attachments) == 1


def test_the_picture_button_asks_for_pictures(
    qtbot: QtBot,
    panel: DetailPanel,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "shot.png"
    path.write_bytes(b"\x89PNG")
    asked: list[str] = []

    def answer(_parent: object, _title: str, _folder: str, kinds: str) -> tuple[list[str], str]:
        asked.append(kinds)
        return [str(path)], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", answer)
    panel.composer.picture.setFocus()
    qtbot.keyClick(panel.composer.picture, Key.Key_Space)
    assert "*.png" in asked[0]
    assert [file.name for file in incident(desk).attachments] == ["shot.png"]


def test_a_long_text_is_laid_out_in_parts_and_is_whole_in_the_end(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    text = "".join(f"{'ERROR' if n % 500 == 7 else 'fine'} line {n}\n" for n in range(12_000))
    attach(panel, desk, ("long.log", text.encode()))
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    lines = viewer(panel).lines
    assert lines is not None
    first = len(lines.toPlainText())
    assert first < len(text) // 2
    qtbot.waitUntil(lambda: lines.blockCount() == 12_001)
    assert lines.toPlainText() == text
    assert lines.marks == [n for n in range(12_000) if n % 500 == 7]
    assert len(lines.extraSelections()) == len(lines.marks)


def test_a_very_large_picture_is_fitted_from_its_small_copy(qtbot: QtBot, theme: Theme) -> None:
    del theme
    image = QImage(4_000, 3_000, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    small = QImage(2_048, 1_536, QImage.Format.Format_RGB32)
    small.fill(QColor("blue"))  # to tell which of both is seen
    host = QWidget()
    qtbot.addWidget(host)
    view = PictureView(image, small, "scan.png", host)
    view.resize(400, 300)
    host.show()
    qtbot.waitExposed(host)
    assert view.label.pixmap().toImage().pixelColor(50, 50) == QColor("blue")
    view.resize(3_000, 2_300)
    qtbot.waitUntil(lambda: view.label.pixmap().width() > 2_048)
    assert view.label.pixmap().toImage().pixelColor(50, 50) == QColor("red")
