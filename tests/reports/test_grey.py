"""A report printed without colour tells the same: fills that meet differ, words and marks say more.

Grey is what poppler makes of a colour: 0.30 red, 0.59 green, 0.11 blue.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from app.reports.charts import ResponseBarFigure
from app.reports.closure_report import closure_report_bytes
from app.reports.language import ENGLISH
from app.reports.page_frame import A4
from app.reports.period_charts import BarFigure, LineFigure, contrast
from app.reports.period_parts import Bar, BarChart, LineChart, Series
from app.reports.record_parts import ResponseBar
from app.reports.styles import (
    ACCENT,
    MET,
    MISSED,
    MUTED,
    PALE,
    SECOND_SERIES,
    WHITE,
    Colour,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.incident_record import Incident
    from app.reports.closure_record import ClosureRecord
    from app.reports.elements import Element

MEET = 3.0
"""Contrast of graphics with what is beside them (WCAG 2.2, 1.4.11)."""
APART = 2.0
"""Contrast of fills that a white gap parts, where words tell them apart as well."""


def grey(colour: Colour) -> Colour:
    light = 0.30 * colour.red + 0.59 * colour.green + 0.11 * colour.blue
    return Colour(light, light, light)


class Fill(NamedTuple):
    """A filled rectangle as it was drawn, later ones over earlier ones."""

    left: float
    low: float
    right: float
    top: float
    colour: Colour


class FillPen:
    """Keeps the fills, the strokes and the marks of a drawing."""

    def __init__(self) -> None:
        self.fills: list[Fill] = []
        self.strokes: list[tuple[list[tuple[float, float]], object]] = []
        self.dots: list[tuple[float, float]] = []
        self.words: list[tuple[float, str]] = []

    def tagged(self, *_: object) -> FillPen:
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.fills.append(Fill(x, y, x + width, y + height, colour))

    def stroke(self, points: list[tuple[float, float]], *_: object, dash: object = None) -> None:
        self.strokes.append((list(points), dash))

    def dot(self, x: float, y: float, *_: object, **__: object) -> None:
        self.dots.append((x, y))

    def line(self, _x: float, baseline: float, line: Any) -> None:
        self.words.append((baseline, "".join(piece.text for piece in line.pieces)))

    def rule(self, *_: object, **__: object) -> None:
        return None


def drawn(figure: Element) -> FillPen:
    pen = FillPen()
    figure.draw(pen, A4.left, 700, A4.column)  # type: ignore[arg-type]
    return pen


def meetings(fills: list[Fill]) -> Iterator[tuple[Fill, Fill, float]]:
    """Return the fills that lie on or beside each other at one height, with the gap in points."""
    for at, one in enumerate(fills):
        for other in fills[at + 1 :]:
            if min(one.top, other.top) > max(one.low, other.low):
                gap = max(one.left, other.left) - min(one.right, other.right)
                if gap <= 2 and one.colour != other.colour:
                    yield one, other, gap


BARS = tuple(
    Bar(f"P{place}", share, f"{share:.0%}", missed=share < 0.95)
    for place, share in enumerate((1.0, 0.5, 0.96, 0.02, 0.94))
)


def response(met: bool, acknowledged_s: int, restored_s: int) -> ResponseBarFigure:
    bar = ResponseBar(
        reported="Reported 08:12",
        description="All of it.",
        restored_s=restored_s,
        restored="Restored 10:59",
        duration="Diagnosis and repair  2 h 40 min",
        acknowledged_s=acknowledged_s,
        acknowledged="Acknowledged after 7 min",
        target_s=14_400,
        target="SLA target 12:12",
        met=met,
    )
    return ResponseBarFigure(bar)


@pytest.mark.parametrize(
    "figure",
    [
        BarFigure(BarChart(BARS, "All of it.", 0.95, "target 95%"), ENGLISH),
        response(True, 420, 10_020),
        response(False, 420, 20_000),
        response(False, 9_000, 20_000),
    ],
    ids=["bars", "met", "missed", "late"],
)
def test_fills_that_meet_differ_in_grey(figure: Element) -> None:
    pen = drawn(figure)
    found = list(meetings(pen.fills))
    assert found
    for one, other, gap in found:
        least = APART if gap >= 1 else MEET
        assert contrast(grey(one.colour), grey(other.colour)) >= least, (one, other)


def test_bars_that_missed_differ_in_grey_and_in_a_word() -> None:
    assert contrast(grey(ACCENT), grey(SECOND_SERIES)) >= APART
    words = [text for _, text in drawn(BarFigure(BarChart(BARS, "All of it."), ENGLISH)).words]
    assert [("missed" in text) for text in words if "%" in text] == [bar.missed for bar in BARS]


@pytest.mark.parametrize("colour", [ACCENT, SECOND_SERIES, MISSED, MET, MUTED])
def test_every_mark_is_seen_on_paper_and_on_the_track(colour: Colour) -> None:
    assert contrast(grey(colour), WHITE) >= MEET
    assert contrast(grey(colour), grey(PALE)) >= MEET


def test_each_series_is_named_beside_a_piece_of_its_own_line() -> None:
    series = (Series("Opened", (1, 0, 0)), Series("Resolved", (0, 1, 0)))
    pen = drawn(LineFigure(LineChart(("1", "2", "3"), series, "All of it."), ENGLISH))
    names = {text.split()[0]: baseline for baseline, text in pen.words if " " in text}
    keys = {
        dash: points
        for points, dash in pen.strokes
        if len(points) == 2 and points[0][1] == points[1][1]
    }
    assert abs(keys[None][0][1] - names["Opened"]) < 5
    assert abs(keys[3, 2][0][1] - names["Resolved"]) < 5
    middle = (keys[None][0][0] + keys[None][1][0]) / 2
    assert (middle, keys[None][0][1]) in pen.dots
    squares = [(fill.left + fill.right) / 2 for fill in pen.fills]
    assert any(abs(square - middle) < 0.01 for square in squares)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_the_grey_of_this_test_is_that_of_the_printed_page(
    record: ClosureRecord, tmp_path: Any
) -> None:
    assert record.bar is not None
    pdf = closure_report_bytes(replace(record, bar=replace(record.bar, met=False)))[0]
    done = subprocess.run(
        ["pdftoppm", "-gray", "-r", "100", "-f", "1", "-l", "1", "-"],
        input=pdf, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    header, pixels = done.stdout.split(b"255\n", 1)
    assert header.startswith(b"P5")
    for colour in (MUTED, MISSED, PALE):
        shade = round(grey(colour).red * 255)
        assert any(pixels.count(bytes([near]) * 4) for near in range(shade - 1, shade + 2)), colour


def test_what_the_clock_says_is_a_word_with_a_mark(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    clock = incident.resolution_clock
    assert clock is not None
    for met, word, mark in ((True, "Met", "\u2713"), (False, "Missed", "\u2715")):
        changed = replace(incident, resolution_clock=replace(clock, met=met, breached=not met))
        made = record_of(changed)
        assert [fact.value for fact in made.strip if fact.met is met] == [word]
        assert f"{mark} {word}" in _first_page(closure_report_bytes(made)[0])


def _first_page(pdf: bytes) -> str:
    from app.reports.pages import page_texts

    return page_texts(pdf, [0])[0]
