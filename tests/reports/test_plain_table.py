"""Tables of one-line cells: any text fits its column, no row is lost at a page end."""

from __future__ import annotations

import pytest

from app.reports.page_frame import flow
from app.reports.plain_table import PlainTable, fit_line
from app.reports.styles import CELL, LIST_CELL

TEXTS = (
    "",
    "plain",
    "a" * 100_000,
    "word " * 20_000,
    "<b>&amp; \x1b[31mred\x00 \u202eback",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd " * 30,
    "\u6f22\u5b57" * 300,
    "\U0001f600" * 80,
    "line\nbreak\ttab",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("width", [20.0, 55.0, 150.0])
def test_any_text_fits_on_one_line(text: str, width: float) -> None:
    for style in (CELL, LIST_CELL):
        assert fit_line(text, style, width).width <= width + 0.01


def test_a_text_that_fits_is_whole_and_a_longer_one_says_so() -> None:
    assert [piece.text for piece in fit_line("Printer 7", CELL, 200).pieces] == ["Printer 7"]
    cut = "".join(piece.text for piece in fit_line("Printer jams again", CELL, 60).pieces)
    assert cut.endswith("…")
    assert "Printer jams again".startswith(cut[:-1])


@pytest.mark.parametrize("count", [*range(1, 100), 1_000])
def test_no_row_is_lost_and_none_stands_alone(count: int) -> None:
    rows = [(str(n), "text") for n in range(count)]
    pages = flow([PlainTable(("A", "B"), rows, (0.0, 0.5))], 480, 700)
    parts = [placed.element for page in pages for placed in page.placed]
    seen: list[int] = []
    for part in parts:
        assert isinstance(part, PlainTable)
        assert part.height(480) <= 700.01
        assert part.end - part.first >= min(count, 2)
        seen += range(part.first, part.end)
    assert seen == list(range(count))
