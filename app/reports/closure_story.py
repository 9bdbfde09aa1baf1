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
from app.reports.language import Message, language_of
from app.reports.log_excerpt import LogBlock
from app.reports.page_frame import PAPERS
from app.reports.review_story import told_or_nothing
from app.reports.styles import BODY, CELL, CODE, LABEL, LEAD, NUMBER, TITLE, TextStyle
from app.reports.table import HeadRow, Row, Table
from app.reports.text import paragraphs, shortened, single_line
from app.reports.timeline_table import timeline_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.reports.language import Language
    from app.reports.record_parts import ClosureRecord, Detail, ReviewNotes

_TITLE_LIMIT = 600
_CELL_LIMIT = 1_500
_DETAIL_STARTS = (0.0, 0.145, 0.49, 0.635)
_ACTION_STARTS = (0.0, 0.55, 0.73, 0.87)
_FILE_STARTS = (0.0, 0.37, 0.60, 0.72)
_DETAIL_LABEL = TextStyle(LABEL.face, LABEL.size, 12.1, LABEL.colour)
_DETAIL_VALUE = TextStyle(BODY.face, BODY.size, 12.1)
_FILE_DIGEST = TextStyle(CODE.face, CODE.size, CELL.leading)
_SIGNING = Message(
    "By signing, each person confirms that the service is restored "
    "and that this record is complete."
)
_SIGNING_INTERIM = Message("By signing, each person confirms that this record is complete so far.")


def closure_story(record: ClosureRecord) -> list[Element]:
    """Make the whole story in reading order."""
    words = language_of(record.language)
    story = _opening(record, words)
    number = 0
    review = record.review
    sections = _sections(record, words) if review is None else _review(record, review, words)
    for title, parts in sections:
        if not parts:
            continue
        number += 1
        story += [section_heading(number, title), *parts]
    story.append(_closing(record, words, number))
    return story


def _sections(record: ClosureRecord, words: Language) -> Iterable[tuple[str, list[Element]]]:
    yield words.text("Summary"), _texts(record.summary, words)
    yield words.text("Details"), _details(record, words)
    yield words.text("Impact"), _texts(record.impact, words)
    yield words.text("Root cause"), _texts(record.root_cause, words)
    yield words.text("Resolution"), _texts(record.resolution, words)
    yield words.text("Timeline"), _timeline(record, words)
    yield words.text("Follow-up actions"), _follow_ups(record, words)
    yield words.text("Evidence"), _evidence(record, words)
    yield words.text("Closure checks"), [CheckList(record.checks, words)] if record.checks else []


def _review(
    record: ClosureRecord, notes: ReviewNotes, words: Language
) -> Iterable[tuple[str, list[Element]]]:
    """Yield the sections of a post-incident review; none of the chief ones is left out."""
    yield words.text("Summary"), told_or_nothing(_texts(record.summary, words), words)
    yield words.text("Instants and figures"), _details(record, words)
    yield words.text("Impact"), told_or_nothing(_texts(record.impact, words), words)
    yield words.text("Timeline"), _timeline(record, words)
    yield words.text("Root cause"), told_or_nothing(_texts(record.root_cause, words), words)
    yield words.text("Contributing factors"), review_story.contributing(notes, words)
    yield words.text("Five whys"), review_story.whys(notes, words)
    yield words.text("What went well"), review_story.went_well(notes, words)
    yield words.text("What went badly"), review_story.went_badly(notes, words)
    yield words.text("Resolution"), told_or_nothing(_texts(record.resolution, words), words)
    yield words.text("Actions"), told_or_nothing(_follow_ups(record, words), words)
    yield words.text("Evidence"), _evidence(record, words)


def shown_title(record: ClosureRecord) -> str:
    """Return the title as printed: marked when the incident is not closed."""
    words = language_of(record.language)
    # A document without its first heading has no order.
    title = shortened(record.title, _TITLE_LIMIT, words) or words.text("Incident without a title")
    return words.text("Interim: {title}", title=title) if record.interim else title


def _opening(record: ClosureRecord, words: Language) -> list[Element]:
    title = shown_title(record)
    number = shortened(record.number, 80, words)
    story: list[Element] = [
        Paragraph(number, NUMBER, space_after=1, keep_with_next=True),
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
        story.append(Paragraph(shortened(record.lead, _TITLE_LIMIT, words), LEAD, space_after=12))
    if record.strip:
        story.append(GlanceStrip(record.strip))
    if record.bar is not None:
        story.append(ResponseBarFigure(record.bar))
    return story


def _timeline(record: ClosureRecord, words: Language) -> list[Element]:
    return [timeline_table(record.timeline, words)] if record.timeline else []


def _texts(fields: Sequence[str], words: Language) -> list[Element]:
    return [
        Paragraph(paragraph, BODY, space_after=5)
        for text in fields
        for paragraph in paragraphs(text, words)
    ]


def _details(record: ClosureRecord, words: Language) -> list[Element]:
    rows = [
        Row([*_pair(left, words), *_pair(right, words)], _DETAIL_STARTS)
        for left, right in zip_longest(record.details_left, record.details_right)
    ]
    return [Table(rows)] if rows else []


def _pair(detail: Detail | None, words: Language) -> list[Paragraph]:
    if detail is None:
        return [Paragraph([], CELL, role="TD"), Paragraph([], CELL, role="TD")]
    label = Paragraph(detail.label, _DETAIL_LABEL, role="TH")
    label.first_baseline = _DETAIL_VALUE.size
    if label.tag is not None:
        label.tag.scope = "Row"
    return [label, Paragraph(shortened(detail.value, _CELL_LIMIT, words), _DETAIL_VALUE, role="TD")]


def _follow_ups(record: ClosureRecord, words: Language) -> list[Element]:
    rows = [
        Row([Paragraph(_cell(text, words), CELL, role="TD") for text in cells], _ACTION_STARTS)
        for cells in (
            (action.action, action.owner, action.due, action.state) for action in record.follow_ups
        )
    ]
    if not rows:
        return []
    head = (words.text("Action"), words.text("Owner"), words.text("Due"), words.text("State"))
    return [Table(rows, HeadRow(head, _ACTION_STARTS))]


def _cell(text: str, words: Language) -> str:
    return shortened(text, _CELL_LIMIT, words)


def _evidence(record: ClosureRecord, words: Language) -> list[Element]:
    parts: list[Element] = []
    excerpt = record.excerpt
    if excerpt is not None and excerpt.provenance:
        provenance = _cell(excerpt.provenance, words)
        parts.append(Paragraph(provenance, space_after=5, keep_with_next=True))
    if excerpt is not None and excerpt.lines:
        parts.append(LogBlock(excerpt.lines, words, excerpt.first_number))
    if record.files:
        rows = [
            Row(
                [
                    Paragraph(_cell(file.name, words), CELL, role="TD"),
                    Paragraph(_cell(file.kind, words), CELL, role="TD"),
                    Paragraph(_cell(file.size, words), CELL, role="TD"),
                    _digest_cell(file.sha256, words),
                ],
                _FILE_STARTS,
            )
            for file in record.files
        ]
        head = (
            words.text("File kept with the record"),
            words.text("Kind"),
            words.text("Size"),
            "SHA-256",
        )
        parts.append(Table(rows, HeadRow(head, _FILE_STARTS)))
    column = PAPERS[record.paper.strip().lower()].column
    return parts + picture_elements(record.pictures, words, column)


def _digest_cell(digest: str, words: Language) -> Paragraph:
    """Set a digest in smaller type, level with the other cells of its row."""
    cell = Paragraph(_short_digest(digest, words), _FILE_DIGEST, role="TD")
    cell.first_baseline = CELL.size
    return cell


def _short_digest(digest: str, words: Language) -> str:
    if len(digest) != 64:
        return _cell(digest, words)
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]} … {digest[-4:]}"


def _closing(record: ClosureRecord, words: Language, number: int) -> Group:
    """Sign-off and verification, never on two pages."""
    parts: list[Element] = []
    if record.sign_offs:
        number += 1
        parts = [
            section_heading(number, words.text("Sign-off")),
            Paragraph(
                words.of(_SIGNING_INTERIM if record.interim else _SIGNING),
                BODY,
                space_after=5,
                keep_with_next=True,
            ),
            SignOffTable(record.sign_offs, words),
        ]
    heading = section_heading(number + 1, words.text("Verification"))
    return Group([*parts, heading, Verification(record)])
