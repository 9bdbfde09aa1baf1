"""Mark a picture up by mouse and by keys, and save it beside the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.domain.errors import InvalidInputError
from app.services import browsing
from app.services.viewing import view
from app.ui.detail.file_viewer import FileViewer
from app.ui.detail.picture_editor import MarkedPicture, PictureEditor
from app.ui.detail.picture_marks import Arrow, Blur, small_copy
from tests.ui.accessible_walk import chain, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.theme import Theme

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def white(width: int = 400, height: int = 200) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def opened(image: QImage, name: str, host: QWidget) -> PictureEditor:
    return PictureEditor(image, small_copy(image), name, host)


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme) -> Iterator[PictureEditor]:
    del theme
    host = QWidget()
    qtbot.addWidget(host)
    editor = opened(white(), "shot.png", host)
    editor.show()
    qtbot.waitExposed(editor)
    yield editor
    del host  # it must outlive the test, which may close the editor


def place(editor: PictureEditor, x: int, y: int) -> QPoint:
    return editor.canvas.to_widget(QPoint(x, y)).toPoint()


def drag(qtbot: QtBot, editor: PictureEditor, tail: tuple[int, int], head: tuple[int, int]) -> None:
    qtbot.mousePress(editor.canvas, LEFT, pos=place(editor, *tail))
    qtbot.mouseMove(editor.canvas, place(editor, *head))
    qtbot.mouseRelease(editor.canvas, LEFT, pos=place(editor, *head))


def answer(editor: PictureEditor, words: str) -> None:
    (question,) = editor.findChildren(QMessageBox)
    (button,) = (each for each in question.buttons() if words in each.text().replace("&", ""))
    button.click()


def test_a_drag_blurs_and_a_drag_with_the_other_tool_points(
    qtbot: QtBot, editor: PictureEditor
) -> None:
    drag(qtbot, editor, (20, 30), (120, 90))
    qtbot.keyClick(editor.arrow, Key.Key_Space)
    drag(qtbot, editor, (300, 150), (200, 60))
    blur, arrow = editor.canvas.marks
    assert isinstance(blur, Blur)
    assert blur.area.topLeft() == QPoint(20, 30)
    assert blur.area.bottomRight() == QPoint(120, 90)
    assert arrow == Arrow(QPoint(300, 150), QPoint(200, 60))
    seen = editor.canvas.pixmap().toImage()
    ratio = seen.width() / 400
    assert seen.pixelColor(round(70 * ratio), round(60 * ratio)) != QColor("white")


def test_two_clicks_do_what_a_drag_does(qtbot: QtBot, editor: PictureEditor) -> None:
    for corner in ((20, 30), (120, 90)):
        qtbot.mouseClick(editor.canvas, LEFT, pos=place(editor, *corner))
    (blur,) = editor.canvas.marks
    assert isinstance(blur, Blur)
    assert blur.area.topLeft() == QPoint(20, 30)


def test_keys_alone_blur_and_take_back(qtbot: QtBot, editor: PictureEditor) -> None:
    assert editor.focusWidget() is editor.canvas
    assert "Space" in editor.canvas.accessibleDescription()
    start = QPoint(editor.canvas.at)
    qtbot.keyClick(editor.canvas, Key.Key_Space)
    qtbot.keyClick(editor.canvas, Key.Key_Right, CTRL)
    qtbot.keyClick(editor.canvas, Key.Key_Down)
    qtbot.keyClick(editor.canvas, Key.Key_Down, SHIFT)
    qtbot.keyClick(editor.canvas, Key.Key_Space)
    (blur,) = editor.canvas.marks
    assert isinstance(blur, Blur)
    assert blur.area.topLeft() == start
    assert blur.area.bottomRight() == start + QPoint(64, 9)
    qtbot.keyClick(editor.canvas, Key.Key_Z, CTRL)
    assert editor.canvas.marks == ()
    assert editor.canvas.pixmap().toImage().pixelColor(210, 104) == QColor("white")
    assert not editor.save.isEnabled()


def test_the_crosshair_stays_on_the_picture(qtbot: QtBot, editor: PictureEditor) -> None:
    for _ in range(9):
        qtbot.keyClick(editor.canvas, Key.Key_Left, CTRL)
        qtbot.keyClick(editor.canvas, Key.Key_Down, CTRL)
    assert editor.canvas.at == QPoint(0, 199)


def test_cleared_marks_come_back_by_undo(qtbot: QtBot, editor: PictureEditor) -> None:
    drag(qtbot, editor, (20, 30), (120, 90))
    drag(qtbot, editor, (220, 30), (320, 90))
    editor.clear.setFocus()
    qtbot.keyClick(editor.clear, Key.Key_Space)
    assert editor.canvas.marks == ()
    assert editor.canvas.hasFocus()
    qtbot.keyClick(editor.canvas, Key.Key_Z, CTRL)
    assert len(editor.canvas.marks) == 2


def test_esc_goes_one_step_back_and_asks_before_marks_are_lost(
    qtbot: QtBot, editor: PictureEditor
) -> None:
    drag(qtbot, editor, (20, 30), (120, 90))
    qtbot.keyClick(editor.canvas, Key.Key_Space)
    qtbot.keyClick(editor.canvas, Key.Key_Escape)
    assert editor.canvas.first is None
    assert not editor.findChildren(QMessageBox)
    qtbot.keyClick(editor.canvas, Key.Key_Escape)
    answer(editor, "Go on")
    assert editor.isVisible()
    assert len(editor.canvas.marks) == 1
    qtbot.waitUntil(lambda: not editor.findChildren(QMessageBox))
    qtbot.keyClick(editor.canvas, Key.Key_Escape)
    with qtbot.waitSignal(editor.rejected):
        answer(editor, "Discard")


def test_without_marks_esc_leaves_at_once(qtbot: QtBot, editor: PictureEditor) -> None:
    with qtbot.waitSignal(editor.rejected):
        qtbot.keyClick(editor.canvas, Key.Key_Escape)


def test_a_refusal_is_said_and_the_marks_stay(qtbot: QtBot, editor: PictureEditor) -> None:
    asked: list[MarkedPicture] = []
    editor.save_requested.connect(asked.append)
    drag(qtbot, editor, (20, 30), (120, 90))
    qtbot.keyClick(editor.canvas, Key.Key_Return, CTRL)
    assert asked[0].name == "shot marked.png"
    qtbot.keyClick(editor, Key.Key_Escape)
    assert editor.isVisible()  # it is on its way
    editor.on_refused(InvalidInputError("The disk is full. Free some room."))
    assert editor.error.isVisible()
    assert "disk is full" in editor.error.text()
    assert editor.save.isEnabled()
    assert len(editor.canvas.marks) == 1


def test_every_stop_of_tab_has_a_name_and_a_role(qtbot: QtBot, editor: PictureEditor) -> None:
    drag(qtbot, editor, (20, 30), (120, 90))
    assert faults(editor) == []
    stops = chain(editor)
    assert {editor.canvas, editor.blur, editor.arrow, editor.undo, editor.save} <= set(stops)
    assert all(each.text() for each in stops if isinstance(each, QPushButton))


def test_a_large_picture_keeps_its_own_coordinates(qtbot: QtBot, theme: Theme) -> None:
    del theme
    host = QWidget()
    qtbot.addWidget(host)
    editor = opened(white(8_000, 6_000), "scan.png", host)
    editor.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    editor.show()
    qtbot.waitExposed(editor)
    drag(qtbot, editor, (2_000, 1_000), (6_000, 5_000))
    (blur,) = editor.canvas.marks
    assert isinstance(blur, Blur)
    for found, wanted in zip(blur.area.getCoords(), (2_000, 1_000, 6_000, 5_000), strict=True):
        assert abs(found - wanted) <= 8


def incident(desk: Desk) -> Incident:
    return browsing.incident(desk, browsing.find(desk, "1"))


def test_the_marked_picture_is_a_new_file_and_the_old_one_stays(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    QGuiApplication.clipboard().setImage(white())
    qtbot.keyClick(panel, Key.Key_V, CTRL)
    (old,) = incident(desk).attachments
    panel.tabs.setCurrentWidget(panel.files)
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    viewer = panel.findChildren(FileViewer)[-1]
    qtbot.keyClick(viewer, Key.Key_E, CTRL)
    (editor,) = viewer.findChildren(PictureEditor)
    qtbot.keyClick(editor.canvas, Key.Key_Space)
    qtbot.keyClick(editor.canvas, Key.Key_Right, CTRL)
    qtbot.keyClick(editor.canvas, Key.Key_Down, CTRL)
    qtbot.keyClick(editor.canvas, Key.Key_Space)
    qtbot.keyClick(editor.canvas, Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not viewer.findChildren(PictureEditor))
    kept, new = sorted(incident(desk).attachments, key=lambda file: "marked" in file.name)
    assert kept == old
    assert new.name == old.name.removesuffix(".png") + " marked.png"
    assert new.media_type == "image/png"
    assert new.sha256 != old.sha256
    image = QImage.fromData(view(desk, new).picture)
    assert image.pixelColor(230, 120) != QColor("white")
    assert image.pixelColor(190, 90) == QColor("white")
    assert QImage.fromData(view(desk, kept).picture).pixelColor(230, 120) == QColor("white")


def test_a_text_offers_no_marks(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    from app.services import evidence

    panel._bench.bus.publish(evidence.attach(desk, incident(desk).id, [("a.log", b"x\n")]))
    panel.tabs.setCurrentWidget(panel.files)
    qtbot.keyClick(panel.files.list, Key.Key_Return)
    viewer = panel.findChildren(FileViewer)[-1]
    assert not viewer.mark_up.isVisible()
    qtbot.keyClick(viewer, Key.Key_E, CTRL)
    assert viewer.findChildren(PictureEditor) == []
