"""A blur replaces pixels for good, an arrow is painted, and the given picture stays as it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from app.ui.detail.picture_marks import (
    SHOWN_SIDE,
    Arrow,
    Blur,
    arrow_between,
    blur_between,
    draw,
    marked,
    small_copy,
)
from app.ui.tokens import LIGHT

AREA = QRect(20, 10, 120, 24)


def text_picture(text: str, theme: object) -> QImage:
    del theme  # a font needs the application
    image = QImage(200, 50, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    font = QFont()
    font.setPixelSize(16)
    painter.setFont(font)
    painter.drawText(QPoint(22, 28), text)
    painter.end()
    return image


def values(image: QImage, area: QRect) -> set[int]:
    return {
        image.pixelColor(x, y).lightness()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    }


def test_a_blur_leaves_no_original_pixel_and_hardly_any_contrast(theme: object) -> None:
    image = text_picture("password 4711", theme)
    before = values(image, AREA)
    assert {0, 255} <= before
    after = values(marked(image, [Blur(AREA)]), AREA)
    assert not after & {0, 255}
    assert max(after) - min(after) <= 28
    assert values(image, AREA) == before


def test_what_a_blur_shows_does_not_tell_two_texts_apart(theme: object) -> None:
    one, other = text_picture("password 4711", theme), text_picture("password 1174", theme)
    assert one != other
    assert marked(one, [Blur(AREA)]) == marked(other, [Blur(AREA)])


def test_a_blur_ends_at_its_corners(theme: object) -> None:
    image = text_picture("x", theme)
    after = marked(image, [Blur(AREA)])
    for point in (
        AREA.topLeft() - QPoint(1, 0),
        AREA.topLeft() - QPoint(0, 1),
        AREA.bottomRight() + QPoint(1, 0),
        AREA.bottomRight() + QPoint(0, 1),
    ):
        assert after.pixelColor(point) == QColor("white")
    for point in (AREA.topLeft(), AREA.bottomRight()):
        assert after.pixelColor(point) != QColor("white")


def test_see_through_pixels_are_blurred_too() -> None:
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(QColor(255, 0, 0, 0))
    after = marked(image, [Blur(QRect(0, 0, 40, 40))])
    assert after.pixelColor(20, 20).alpha() == 255
    assert after.pixelColor(20, 20).red() != 255


def test_what_a_file_says_beside_its_pixels_stays_behind() -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    image.setText("Comment", "password 4711")
    assert marked(image, []).textKeys() == []


def test_an_arrow_is_painted_from_tail_to_head_with_an_edge() -> None:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    after = marked(image, [Arrow(QPoint(20, 50), QPoint(180, 50))])
    assert after.pixelColor(60, 50).name() == QColor(LIGHT.danger.ink).name()
    assert after.pixelColor(165, 46).name() == QColor(LIGHT.danger.ink).name()  # the head is wider
    assert after.pixelColor(60, 46) != QColor(LIGHT.danger.ink)
    assert after.pixelColor(60, 47).lightness() > 128
    assert after.pixelColor(60, 20) == QColor("black")


def test_a_large_picture_is_worked_on_as_a_small_copy_and_saved_whole() -> None:
    image = QImage(8_000, 4_000, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    small = small_copy(image)
    assert small.size() == QSize(SHOWN_SIDE, SHOWN_SIDE // 2)
    marks = [Blur(QRect(4_000, 2_000, 2_000, 1_000))]
    draw(small, marks, long_side=8_000)
    assert small.pixelColor(1_030, 520) != QColor("white")
    assert small.pixelColor(1_020, 508) == QColor("white")
    assert marked(image, marks).size() == image.size()


@pytest.mark.parametrize("corner", [QPoint(9, 9), QPoint(9, 30), QPoint(11, 30)])
def test_a_mark_that_nobody_would_see_is_none(corner: QPoint) -> None:
    assert blur_between(QPoint(9, 9), corner, QSize(90, 90)) is None or corner.x() > 10
    assert arrow_between(QPoint(9, 9), QPoint(9, 10)) is None


def test_a_blur_stays_within_the_picture() -> None:
    blur = blur_between(QPoint(50, 50), QPoint(-20, -20), QSize(40, 40))
    assert blur == Blur(QRect(0, 0, 40, 40))
