"""Rows of the queue drawn from pictures: never from one that is out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage, QPainter

from app.ui.incidents.row_painter import Frame, RowPainter
from tests.ui.queue_fixtures import DAY, HOUR, MINUTE, NOW_MS, make_row

if TYPE_CHECKING:
    from app.domain.listing import ListRow
    from app.ui.theme import Theme

PLACES = (("priority", 0, 80), ("title", 80, 250), ("sla", 330, 130), ("age", 460, 50))
FRAME = Frame(PLACES, 510, 34, 1.0, False, True, False)


class Watch:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def rows(theme: Theme, watch: Watch) -> RowPainter:
    painter = RowPainter(watch)
    painter.begin(FRAME, 20)
    return painter


def drawn(
    rows: RowPainter, row: ListRow | None, ground: str = "surface", *, ticked: bool = False
) -> bytes:
    image = QImage(FRAME.width, FRAME.height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    rows.draw(painter, 0, row, ground, ticked=ticked)
    painter.end()
    return bytes(image.constBits())


def test_the_same_row_is_drawn_the_same(rows: RowPainter) -> None:
    assert drawn(rows, make_row(1)) == drawn(rows, make_row(1))


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Another title"},
        {"priority": "P1"},
        {"unread": True},
        {"conflict": True},
        {"major": True},
        {"paused": True},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_change_of_a_row_is_seen_at_once(rows: RowPainter, values: dict[str, object]) -> None:
    before = drawn(rows, make_row(1))
    assert drawn(rows, make_row(1)._replace(**values)) != before


@pytest.mark.parametrize("ground", ["select", "select_inactive", "hover"])
def test_the_ground_of_a_row_is_seen_at_once(rows: RowPainter, ground: str) -> None:
    before = drawn(rows, make_row(1))
    assert drawn(rows, make_row(1), ground) != before
    assert drawn(rows, make_row(1)) == before


def test_ticks_are_seen_when_they_begin(rows: RowPainter) -> None:
    before = drawn(rows, make_row(1))
    rows.begin(FRAME._replace(ticks=True), 20)
    off, on = drawn(rows, make_row(1)), drawn(rows, make_row(1), ticked=True)
    assert len({before, off, on}) == 3


@pytest.mark.parametrize(
    ("due_ms", "later_ms", "seen"),
    [
        (NOW_MS + 3 * HOUR, MINUTE, True),
        (NOW_MS + 3 * HOUR + 30_000, 1_000, False),
        (NOW_MS + 4 * MINUTE, 1_000, True),
        (NOW_MS - 2 * MINUTE, 1_000, True),
        (NOW_MS + 2_000, 3_000, True),
    ],
    ids=["minute", "second of hours", "last minutes", "just past", "falls due"],
)
def test_clocks_tick(
    rows: RowPainter, watch: Watch, due_ms: int, later_ms: int, seen: bool
) -> None:
    row = make_row(1, due_ms=due_ms, registered_ms=NOW_MS - DAY)
    before = drawn(rows, row)
    watch.now_ms += later_ms
    assert (drawn(rows, row) != before) is seen


def test_an_age_grows(rows: RowPainter, watch: Watch) -> None:
    row = make_row(1, due_ms=0, registered_ms=NOW_MS - 5 * MINUTE)
    before = drawn(rows, row)
    watch.now_ms += MINUTE
    assert drawn(rows, row) != before


def test_other_columns_are_painted_anew(rows: RowPainter) -> None:
    before = drawn(rows, make_row(1))
    rows.begin(FRAME._replace(places=PLACES[:2]), 20)
    assert drawn(rows, make_row(1)) != before
    rows.begin(FRAME, 20)
    assert drawn(rows, make_row(1)) == before


def test_a_switch_of_the_theme_drops_the_pictures(rows: RowPainter, theme: Theme) -> None:
    before = drawn(rows, make_row(1))
    theme.set_scheme("dark")
    rows.forget()
    assert drawn(rows, make_row(1)) != before


def test_between_whole_ratios_rows_are_painted_directly(rows: RowPainter) -> None:
    rows.begin(FRAME._replace(ratio=1.5), 20)
    assert drawn(rows, make_row(1)) != drawn(rows, make_row(2))
    assert rows.pictures_kept() == 0


def test_few_pictures_are_kept(rows: RowPainter) -> None:
    for number in range(500):
        drawn(rows, make_row(number))
    assert rows.pictures_kept() <= 48


def test_a_row_on_its_way_is_a_bar(rows: RowPainter) -> None:
    assert drawn(rows, None) != drawn(rows, make_row(1))
    assert rows.pictures_kept() == 1
