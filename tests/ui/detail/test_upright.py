"""What comes in another direction is shown the way up, and from the side, that people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QColor, QImage

from app.ui.detail.file_viewer import upright
from app.ui.detail.title_field import TitleField, is_right_to_left

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

HEBREW = "\u05d4\u05de\u05d3\u05e4\u05e1\u05ea"


def photo(orientation: int) -> bytes:
    """Return a JPEG of 40 x 20, red at the left, with an EXIF orientation."""
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    for x in range(20):
        for y in range(20):
            image.setPixelColor(x, y, QColor("red"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 95)
    plain = bytes(buffer.data().data())
    tiff = (
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes((orientation, 0, 0, 0)) + b"\0" * 4
    )
    exif = b"Exif\0\0" + tiff
    return plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:]


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (40, 20), (2, 10)),
        (3, (40, 20), (37, 10)),
        (6, (20, 40), (10, 2)),
        (8, (20, 40), (10, 37)),
    ],
)
def test_a_photo_is_shown_the_way_up_that_its_camera_noted(
    qapp: object, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    shown = upright(photo(orientation))
    assert (shown.width(), shown.height()) == size
    colour = shown.pixelColor(*red_at)
    assert colour.red() > 200 > 100 > colour.blue()


def test_what_is_no_picture_is_none(qapp: object) -> None:
    assert upright(b"rubbish").isNull()


@pytest.mark.parametrize(
    ("text", "right"),
    [(HEBREW, True), (f"12 {HEBREW} VPN", True), (f"VPN {HEBREW}", False), ("12", False)],
)
def test_a_summary_begins_at_the_side_of_its_language(
    qtbot: QtBot, theme: Theme, text: str, right: bool
) -> None:
    assert is_right_to_left(text) is right
    field = TitleField()
    qtbot.addWidget(field)
    field.resize(400, 60)
    field.show()
    field.show_title("printer down")
    field.show_title(text)
    qtbot.waitExposed(field)
    picture = field.grab().toImage()
    inked = [
        x
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() > 100
    ]
    middle = sum(inked) / len(inked) / picture.width()
    assert (middle > 0.5) is right
    assert field.layoutDirection() == Qt.LayoutDirection.LeftToRight
