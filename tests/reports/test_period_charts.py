"""Charts of a period: labels never meet, text can be read, nothing is told by colour alone."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from app.reports import styles
from app.reports.language import ENGLISH
from app.reports.page_frame import A4
from app.reports.period_charts import APART, BarFigure, HeatFigure, LineFigure, round_top, shade
from app.reports.period_charts import contrast as contrast_of
from app.reports.period_parts import Bar, BarChart, HeatMap, LineChart, Series

if TYPE_CHECKING:
    from typing import Any

    from app.reports.elements import Element
    from app.reports.typeset import Line


class RecordingPen:
    """Keeps what is drawn instead of drawing it."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, float, Line]] = []
        self.dashes: list[object] = []
        self.squares = self.dots = 0

    def tagged(self, _tag: Any, _box: Any = None) -> RecordingPen:
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

    def line(self, x: float, baseline: float, line: Line, **_: object) -> None:
        if line.pieces:
            self.lines.append((x, baseline, line))

    def fill(self, *_: object) -> None:
        self.squares += 1

    def dot(self, *_: object) -> None:
        self.dots += 1

    def rule(self, *_: object, **__: object) -> None:
        return None

    def stroke(self, *_: object, dash: object = None) -> None:
        self.dashes.append(dash)

    def words(self) -> list[str]:
        return ["".join(piece.text for piece in line.pieces) for _, _, line in self.lines]


def drawn(figure: Element) -> RecordingPen:
    pen = RecordingPen()
    figure.draw(pen, A4.left, 700, A4.column)  # type: ignore[arg-type]
    return pen


def apart(pen: RecordingPen) -> None:
    """Fail when two labels touch, or stand out of the column."""
    boxes = [(x, x + line.width, y, line) for x, y, line in pen.lines]
    for at, (left, right, y, _) in enumerate(boxes):
        assert left >= A4.left - 0.01
        assert right <= A4.left + A4.column + 0.01
        for other_left, other_right, other_y, _ in boxes[at + 1 :]:
            beside = right <= other_left + 0.01 or other_right <= left + 0.01
            assert beside or abs(y - other_y) >= 8, pen.words()


def lines(first: list[int], second: list[int]) -> LineChart:
    labels = tuple(f"{n + 1} Mar" for n in range(len(first)))
    return LineChart(
        labels, (Series("Opened", tuple(first)), Series("Resolved", tuple(second))), "All of it."
    )


@pytest.mark.parametrize("count", [1, 2, 7, 31, 37])
def test_labels_at_the_ends_of_lines_are_ten_points_apart(count: int) -> None:
    for one, other in product((0, 1, 76, 79, 100), repeat=2):
        pen = drawn(
            LineFigure(lines([5] * (count - 1) + [one], [5] * (count - 1) + [other]), ENGLISH)
        )
        ends = {
            words: y
            for words, (_, y, _) in zip(pen.words(), pen.lines, strict=True)
            if " " in words
        }
        opened, resolved = ends[f"Opened {one}"], ends[f"Resolved {other}"]
        assert abs(opened - resolved) >= APART
        if one != other:
            assert (opened > resolved) == (one > other), "the labels changed places"
        apart(pen)


def test_the_second_line_is_dashed_with_square_marks() -> None:
    pen = drawn(LineFigure(lines([1, 2, 3], [3, 2, 1]), ENGLISH))
    assert sorted(pen.dashes, key=bool) == [None, None, (3, 2), (3, 2)]
    assert (pen.dots, pen.squares) == (4, 4), "three on each line and one beside its name"


@pytest.mark.parametrize("largest", [0, 1, 4, 5, 6, 9, 10, 11, 49, 99, 101, 12_345])
def test_an_axis_starts_at_zero_and_has_at_most_six_lines(largest: int) -> None:
    top, step = round_top(largest)
    assert top >= largest
    assert top % step == 0
    assert 2 <= top // step + 1 <= 6


def test_what_was_missed_is_a_word_and_labels_stay_apart() -> None:
    bars = tuple(
        Bar(f"P{n} a name that is far too long for its column", n / 6, f"{n}%", missed=n < 3)
        for n in range(7)
    )
    pen = drawn(BarFigure(BarChart(bars, "All of it.", 0.95, "target 95%"), ENGLISH))
    assert sum("missed" in words for words in pen.words()) == 3
    assert "target 95%" in pen.words()
    apart(pen)


@pytest.mark.parametrize("columns", [12, 18, 24])
def test_each_cell_of_the_heat_map_has_its_number(columns: int) -> None:
    values = tuple(tuple(n * row for n in range(columns)) for row in range(7))
    names = tuple(f"{n:02}" for n in range(columns))
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    pen = drawn(HeatFigure(HeatMap(names, days, values, "All of it."), ENGLISH))
    shown = [int(words) for words in pen.words()[columns:] if words.isdigit()]
    assert sorted(shown) == sorted(value for row in values for value in row if value)
    apart(pen)


def test_text_has_a_contrast_of_four_and_a_half_and_shades_darken() -> None:
    for name in ("AXIS", "BAR_NAME", "BAR_VALUE", "END_LABEL", "END_LABEL_SECOND", "FINDING"):
        assert contrast_of(getattr(styles, name).colour, styles.WHITE) >= 4.5, name
    before = 2.0
    for part in range(101):
        fill, ink = shade(part / 100)
        assert contrast_of(fill, ink) >= 4.5
        assert sum(fill) <= before + 1e-9 or part == 0
        before = sum(fill)
