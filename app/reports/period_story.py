"""Turn the record of a period into the story of its report: strip, findings, the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.closing_parts import OF_A_PERIOD, Verification
from app.reports.elements import Bookmark, Element, Group, Paragraph, section_heading
from app.reports.glance_strip import GlanceStrip
from app.reports.language import language_of
from app.reports.period_charts import chart_element
from app.reports.plain_table import PlainTable
from app.reports.styles import BODY, FINDING, LEAD, LIST_CELL, NOTE, NUMBER, TITLE
from app.reports.text import shortened

if TYPE_CHECKING:
    from app.reports.language import Language
    from app.reports.period_parts import NumberTable, Part, PeriodRecord

_TITLE_LIMIT = 600
_NOTE_LIMIT = 1_500
_COMPACT_PADDING = (2.3, 2.7)
_COMPACT_FROM = 8
"""Rows from which a table of numbers is set closer."""


def period_story(record: PeriodRecord) -> list[Element]:
    """Make the whole story in reading order."""
    words = language_of(record.language)
    title = shortened(record.title, _TITLE_LIMIT, words)
    story: list[Element] = [
        Paragraph(words.text("Period report"), NUMBER, space_after=1, keep_with_next=True),
        Paragraph(
            title,
            TITLE,
            role="H1",
            space_after=5,
            keep_with_next=True,
            bookmark=Bookmark(0, title),
        ),
        Paragraph(shortened(record.lead, _TITLE_LIMIT, words), LEAD, space_after=12),
        GlanceStrip(record.strip),
    ]
    for number, part in enumerate(record.parts, 1):
        story += _part(number, part, words)
    story += _list(record, words)
    proof = [
        section_heading(len(record.parts) + 2, words.text("Verification")),
        Verification(record, OF_A_PERIOD),
    ]
    return [*story, Group(proof)]


def _part(number: int, part: Part, words: Language) -> list[Element]:
    found: list[Element] = [
        section_heading(number, part.title),
        Paragraph(
            shortened(part.finding, _TITLE_LIMIT, words),
            FINDING,
            role="H3",
            space_after=5,
            keep_with_next=part.chart is not None or bool(part.tables),
        ),
    ]
    if part.chart is not None:
        found.append(chart_element(part.chart, words))
    found += [_table(table) for table in part.tables if table.rows]
    found += [
        Paragraph(shortened(note, _NOTE_LIMIT, words), NOTE, space_before=6, space_after=2)
        for note in part.notes
    ]
    return found


def _table(table: NumberTable) -> Element:
    """Make a table of numbers; a short one stands on one page."""
    if len(table.rows) < _COMPACT_FROM:
        short = PlainTable(
            table.head, table.rows, table.starts, numbers=table.numbers, space_before=8
        )
        return Group([short])
    return PlainTable(
        table.head,
        table.rows,
        table.starts,
        numbers=table.numbers,
        style=LIST_CELL,
        padding=_COMPACT_PADDING,
        space_before=8,
    )


def _list(record: PeriodRecord, words: Language) -> list[Element]:
    found: list[Element] = [
        section_heading(len(record.parts) + 1, words.text("Incidents of the period"))
    ]
    if not record.incidents:
        return [*found, Paragraph(words.text("No data: no incident belongs to this period."), BODY)]
    found[0].keep_with_next = True
    if record.list_note:
        found.append(Paragraph(record.list_note, BODY, space_after=5, keep_with_next=True))
    found.append(
        PlainTable(
            record.list_head,
            record.incidents,
            record.list_starts,
            whole=frozenset({4, 5, 6}),
            giving=1,
            style=LIST_CELL,
        )
    )
    return found
