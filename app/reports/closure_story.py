"""Turn a closure record into the story of its report: title, strip, bar and numbered sections.

Page 1 answers what a manager asks, page 2 is the story, the last page is signed
(closure-report.md, Order of sections). A section without content is left out; the numbers run on.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from app.reports import review_story
from app.reports.charts import ResponseBarFigure
from app.reports.closing_parts import CheckList, SignOffTable, Verification
from app.reports.elements import Bookmark, Element, Group, Paragraph, section_heading
from app.reports.evidence_pictures import picture_elements
from app.reports.glance_strip import GlanceStrip
from app.reports.log_excerpt import LogBlock
from app.reports.page_frame import PAPERS
from app.reports.review_story import told_or_nothing
from app.reports.styles import BODY, CELL, CODE, LABEL, LEAD, NUMBER, TITLE, TextStyle
from app.reports.table import HeadRow, Row, Table
from app.reports.text import paragraphs, shortened, single_line
from app.reports.timeline_table import timeline_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.reports.record_parts import ClosureRecord, Detail, ReviewNotes

_TITLE_LIMIT = 600
_NO_TITLE = "Incident without a title"
"""Stands where a title has nothing to see: a document without its first heading has no order."""
_CELL_LIMIT = 1_500
_DETAIL_STARTS = (0.0, 0.145, 0.49, 0.635)
_ACTION_STARTS = (0.0, 0.55, 0.73, 0.87)
_FILE_STARTS = (0.0, 0.37, 0.60, 0.72)
_DETAIL_LABEL = TextStyle(LABEL.face, LABEL.size, 12.1, LABEL.colour)
_DETAIL_VALUE = TextStyle(BODY.face, BODY.size, 12.1)
_FILE_DIGEST = TextStyle(CODE.face, CODE.size, CELL.leading)
_SIGNING = (
    "By signing, each person confirms that the service is restored "
    "and that this record is complete."
)
_SIGNING_INTERIM = "By signing, each person confirms that this record is complete so far."


def closure_story(record: ClosureRecord) -> list[Element]:
    """Make the whole story in reading order."""
    story = _opening(record)
    number = 0
    for title, content in _sections(record) if record.review is None else _review(record.review):
        parts = content(record)
        if not parts:
            continue
        number += 1
        story += [section_heading(number, title), *parts]
    story.append(_closing(record, number))
    return story


def _sections(
    record: ClosureRecord,
) -> Iterable[tuple[str, Callable[[ClosureRecord], list[Element]]]]:
    yield "Summary", lambda record: _texts(record.summary)
    yield "Details", _details
    yield "Impact", lambda record: _texts(record.impact)
    yield "Root cause", lambda record: _texts(record.root_cause)
    yield "Resolution", lambda record: _texts(record.resolution)
    yield "Timeline", lambda record: [timeline_table(record.timeline)] if record.timeline else []
    yield "Follow-up actions", _follow_ups
    yield "Evidence", _evidence
    yield "Closure checks", lambda record: [CheckList(record.checks)] if record.checks else []


def _review(
    notes: ReviewNotes,
) -> Iterable[tuple[str, Callable[[ClosureRecord], list[Element]]]]:
    """Yield the sections of a post-incident review; none of the chief ones is left out."""
    yield "Summary", lambda record: told_or_nothing(_texts(record.summary))
    yield "Instants and figures", _details
    yield "Impact", lambda record: told_or_nothing(_texts(record.impact))
    yield "Timeline", lambda record: [timeline_table(record.timeline)] if record.timeline else []
    yield "Root cause", lambda record: told_or_nothing(_texts(record.root_cause))
    yield "Contributing factors", lambda _: review_story.contributing(notes)
    yield "Five whys", lambda _: review_story.whys(notes)
    yield "What went well", lambda _: review_story.went_well(notes)
    yield "What went badly", lambda _: review_story.went_badly(notes)
    yield "Resolution", lambda record: told_or_nothing(_texts(record.resolution))
    yield "Actions", lambda record: told_or_nothing(_follow_ups(record))
    yield "Evidence", _evidence


def shown_title(record: ClosureRecord) -> str:
    """Return the title as printed: marked when the incident is not closed."""
    title = shortened(record.title, _TITLE_LIMIT) or _NO_TITLE
    return f"Interim: {title}" if record.interim else title


def _opening(record: ClosureRecord) -> list[Element]:
    title = shown_title(record)
    story: list[Element] = [
        Paragraph(shortened(record.number, 80), NUMBER, space_after=1, keep_with_next=True),
        Paragraph(
            title,
            TITLE,
            role="H1",
            space_after=5,
            keep_with_next=True,
            bookmark=Bookmark(0, f"{single_line(record.number)} {title}"),
        ),
    ]
    if record.lead:
        story.append(Paragraph(shortened(record.lead, _TITLE_LIMIT), LEAD, space_after=12))
    if record.strip:
        story.append(GlanceStrip(record.strip))
    if record.bar is not None:
        story.append(ResponseBarFigure(record.bar))
    return story


def _texts(fields: Sequence[str]) -> list[Element]:
    return [
        Paragraph(paragraph, BODY, space_after=5)
        for text in fields
        for paragraph in paragraphs(text)
    ]


def _details(record: ClosureRecord) -> list[Element]:
    rows = [
        Row([*_pair(left), *_pair(right)], _DETAIL_STARTS)
        for left, right in zip_longest(record.details_left, record.details_right)
    ]
    return [Table(rows)] if rows else []


def _pair(detail: Detail | None) -> list[Paragraph]:
    if detail is None:
        return [Paragraph([], CELL, role="TD"), Paragraph([], CELL, role="TD")]
    label = Paragraph(detail.label, _DETAIL_LABEL, role="TH")
    label.first_baseline = _DETAIL_VALUE.size
    if label.tag is not None:
        label.tag.scope = "Row"
    return [label, Paragraph(shortened(detail.value, _CELL_LIMIT), _DETAIL_VALUE, role="TD")]


def _follow_ups(record: ClosureRecord) -> list[Element]:
    rows = [
        Row([Paragraph(_cell(text), CELL, role="TD") for text in cells], _ACTION_STARTS)
        for cells in (
            (action.action, action.owner, action.due, action.state) for action in record.follow_ups
        )
    ]
    if not rows:
        return []
    return [Table(rows, HeadRow(("Action", "Owner", "Due", "State"), _ACTION_STARTS))]


def _cell(text: str) -> str:
    return shortened(text, _CELL_LIMIT)


def _evidence(record: ClosureRecord) -> list[Element]:
    parts: list[Element] = []
    excerpt = record.excerpt
    if excerpt is not None and excerpt.provenance:
        provenance = shortened(excerpt.provenance, _CELL_LIMIT)
        parts.append(Paragraph(provenance, space_after=5, keep_with_next=True))
    if excerpt is not None and excerpt.lines:
        parts.append(LogBlock(excerpt.lines, excerpt.first_number))
    if record.files:
        rows = [
            Row(
                [
                    Paragraph(_cell(file.name), CELL, role="TD"),
                    Paragraph(_cell(file.kind), CELL, role="TD"),
                    Paragraph(_cell(file.size), CELL, role="TD"),
                    _digest_cell(file.sha256),
                ],
                _FILE_STARTS,
            )
            for file in record.files
        ]
        head = HeadRow(("File kept with the record", "Kind", "Size", "SHA-256"), _FILE_STARTS)
        parts.append(Table(rows, head))
    column = PAPERS[record.paper.strip().lower()].column
    return parts + picture_elements(record.pictures, column)


def _digest_cell(digest: str) -> Paragraph:
    """Set a digest in smaller type, level with the other cells of its row."""
    cell = Paragraph(_short_digest(digest), _FILE_DIGEST, role="TD")
    cell.first_baseline = CELL.size
    return cell


def _short_digest(digest: str) -> str:
    if len(digest) != 64:
        return _cell(digest)
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]} … {digest[-4:]}"


def _closing(record: ClosureRecord, number: int) -> Group:
    """Sign-off and verification, never on two pages."""
    parts: list[Element] = []
    if record.sign_offs:
        number += 1
        parts = [
            section_heading(number, "Sign-off"),
            Paragraph(
                _SIGNING_INTERIM if record.interim else _SIGNING,
                BODY,
                space_after=5,
                keep_with_next=True,
            ),
            SignOffTable(record.sign_offs),
        ]
    return Group([*parts, section_heading(number + 1, "Verification"), Verification(record)])
