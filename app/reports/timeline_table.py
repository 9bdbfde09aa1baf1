"""The timeline of a report: rows of events with a rail that joins those of one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.elements import Paragraph
from app.reports.styles import (
    ACCENT,
    CELL,
    CELL_SECONDARY,
    CELL_STRONG,
    CELL_TIME,
    LABEL,
    MUTED,
    WHITE,
)
from app.reports.table import PAD_ABOVE, BandRow, HeadRow, Row, Table
from app.reports.text import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.language import Language
    from app.reports.pen import Pen
    from app.reports.record_parts import TimelineRow

_STARTS = (0.0, 0.085, 0.26, 0.835)
"""Left edges of time, elapsed, event and by; the rail stands between elapsed and event."""
_RAIL = 0.2295
_RAIL_WEIGHT = 0.9
_KEY_RADIUS = 3.2
_RADIUS = 2.5
_DOT_BELOW = PAD_ABOVE + 6.3
_EVENT_LIMIT = 4_000


class EventRow(Row):
    """One event; the rail reaches up or down when another event of the same day follows there."""

    def __init__(
        self, row: TimelineRow, words: Language, cells: list[Paragraph] | None = None
    ) -> None:
        event = CELL_STRONG if row.key else CELL
        text = row.event[:_EVENT_LIMIT]
        if len(row.event) > _EVENT_LIMIT:
            text += " …"
        super().__init__(
            cells
            or [
                Paragraph(row.time, CELL_TIME, role="TD"),
                Paragraph(row.elapsed, CELL_SECONDARY, role="TD"),
                Paragraph(text, event, role="TD"),
                Paragraph(shortened(row.by, 120, words), CELL_SECONDARY, role="TD"),
            ],
            _STARTS,
        )
        self.row = row
        self.words = words
        self.joined_above = False
        self.joined_below = False
        self.continued = False

    def cell_width(self, index: int, width: float) -> float:
        """Return the width of the text; the elapsed time ends before the rail."""
        if index == 1:
            return 0.13 * width - 4
        return super().cell_width(index, width)

    def part(self, cells: list[Paragraph], *, first: bool) -> EventRow:
        """Make the part on one side of a page end; the dot stands on the first."""
        part = EventRow(self.row, self.words, cells)
        part.tag = self.tag
        part.joined_above = self.joined_above if first else True
        part.joined_below = self.joined_below
        part.continued = not first
        return part

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the row, its part of the rail and its dot."""
        super().draw(pen, x, top, width)
        rail = x + _RAIL * width
        height = self.height(width)
        with pen.artifact():
            if self.continued:
                if self.joined_below:
                    pen.rule(rail, top - height, 0, _RAIL_WEIGHT, MUTED, height=height)
                return
            if self.joined_above:
                pen.rule(rail, top - _DOT_BELOW, 0, _RAIL_WEIGHT, MUTED, height=_DOT_BELOW)
            if self.joined_below:
                pen.rule(rail, top - height, 0, _RAIL_WEIGHT, MUTED, height=height - _DOT_BELOW)
            if self.row.key:
                pen.dot(rail, top - _DOT_BELOW, _KEY_RADIUS, ACCENT)
            else:
                pen.dot(rail, top - _DOT_BELOW, _RADIUS, WHITE, edge=MUTED, weight=1)


def timeline_table(events: Sequence[TimelineRow], words: Language) -> Table:
    """Make the table: a pale row names each day, dots and rail show the order."""
    rows: list[Row] = []
    before: EventRow | None = None
    for event in events:
        row = EventRow(event, words)
        if before is None or before.row.day != event.day:
            rows.append(BandRow(event.day, LABEL, columns=len(_STARTS)))
        else:
            before.joined_below = row.joined_above = True
        rows.append(row)
        before = row
    head = (words.text("Time"), words.text("Elapsed"), words.text("Event"), words.text("By"))
    return Table(rows, HeadRow(head, _STARTS))
