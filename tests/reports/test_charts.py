"""The response bar: labels never meet, whatever the times."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from app.reports.charts import ResponseBarFigure
from app.reports.page_frame import A4
from app.reports.record_parts import ResponseBar

if TYPE_CHECKING:
    from app.reports.typeset import Line


class RecordingPen:
    """Keeps what is drawn instead of drawing it."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, float, Line]] = []
        self.fills: list[tuple[float, float]] = []
        self.rules: list[float] = []

    def tagged(self, _tag: Any, _box: Any = None) -> RecordingPen:
        return self

    def artifact(self, _kind: Any = None) -> RecordingPen:
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

    def line(self, x: float, baseline: float, line: Line) -> None:
        if line.pieces:
            self.lines.append((x, baseline, line))

    def fill(self, x: float, _y: float, width: float, _height: float, _colour: Any) -> None:
        self.fills.append((x, width))

    def rule(self, x: float, *_: Any, **__: Any) -> None:
        self.rules.append(x)


def bar(
    acknowledged: int | None, restored: int | None, target: int | None, *, long: bool = False
) -> ResponseBar:
    day = "17 Oct 2026, " if long else ""
    return ResponseBar(
        reported="Reported 08:12",
        description="",
        restored_s=restored,
        restored="" if restored is None else f"Restored {day}10:59",
        duration="" if restored is None else "Diagnosis and repair  2 h 40 min",
        acknowledged_s=acknowledged,
        acknowledged="" if acknowledged is None else "Acknowledged after 7 min",
        target_s=target,
        target="" if target is None else f"SLA target {day}12:12",
        met=None if restored is None or target is None else restored <= target,
    )


MINUTES = (None, 0, 1, 30, 167, 239, 240, 260, 5_000)


@pytest.mark.parametrize("long", [False, True])
def test_labels_never_meet_and_stay_in_the_column(long: bool) -> None:
    checked = 0
    for acknowledged, restored, target in product((None, 0, 7, 160), MINUTES, MINUTES):
        if restored is None and target is None:
            continue
        times = [None if one is None else one * 60 for one in (acknowledged, restored, target)]
        pen = RecordingPen()
        figure = ResponseBarFigure(bar(*times, long=long))
        figure.draw(pen, 0, 100, A4.column)  # type: ignore[arg-type]
        for index, (x, baseline, line) in enumerate(pen.lines):
            assert x >= -0.1
            assert x + line.width <= A4.column + 0.1, (acknowledged, restored, target)
            for other_x, other_baseline, other in pen.lines[index + 1 :]:
                if abs(baseline - other_baseline) < 5:
                    apart = max(x - other_x - other.width, other_x - x - line.width)
                    assert apart >= 2, (acknowledged, restored, target, long)
        checked += 1

    assert checked == 4 * (9 * 9 - 1)


def test_a_part_shorter_than_its_label_has_the_label_to_its_right() -> None:
    pen = RecordingPen()
    ResponseBarFigure(bar(0, 60, 240 * 60)).draw(pen, 0, 100, A4.column)  # type: ignore[arg-type]
    part_end = pen.fills[-1][0] + pen.fills[-1][1]

    label = next(x for x, _, line in pen.lines if line.pieces[0].text.startswith("Diagnosis"))

    assert label >= part_end + 4
    assert label < 60


def test_the_tick_stands_at_the_target_and_the_track_ends_there() -> None:
    pen = RecordingPen()
    ResponseBarFigure(bar(7 * 60, 167 * 60, 240 * 60)).draw(pen, 0, 100, A4.column)  # type: ignore[arg-type]

    assert pen.rules == [pytest.approx(A4.column / 1.08)]
    assert pen.fills[0] == (0, pytest.approx(A4.column / 1.08))
    assert pen.fills[-1][0] + pen.fills[-1][1] == pytest.approx(A4.column / 1.08 * 167 / 240)
