"""How full pages are: what must stay together leaves no page half empty (closure-report.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.reports.closing_parts import CheckList
from app.reports.closure_story import closure_story
from app.reports.elements import Element, Group, Paragraph
from app.reports.evidence_pictures import CaptionedPicture, PictureFigure
from app.reports.language import ENGLISH
from app.reports.page_frame import PAPERS, Page, flow
from app.reports.pictures import Picture
from app.reports.record_parts import Check, TimelineRow
from app.reports.styles import MM
from app.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.reports.closure_record import ClosureRecord
    from app.reports.structure import Tag

FULL = 0.61
"""Least share of a page that is used; only the last one may be emptier."""
TIMES = ("Checked the next queue.", "The queue was emptied and every job sent again. " * 4)


class Block(Element):
    """So many points of a page that are used."""

    def __init__(self, points: float) -> None:
        self.points = points

    def height(self, width: float) -> float:
        del width
        return self.points


def events(count: int, text: str) -> tuple[TimelineRow, ...]:
    return tuple(
        TimelineRow(f"Day {at // 40}", f"{at % 24:02}:00", "0 min", text, "Ines", at % 9 == 0)
        for at in range(count)
    )


def short(record: ClosureRecord) -> ClosureRecord:
    """Return a record of which little more than the timeline is known."""
    return replace(
        record,
        title="Mouse broken",
        lead="Replaced.",
        summary=(),
        impact=(),
        root_cause=(),
        resolution=record.resolution[:1],
        follow_ups=(),
        excerpt=None,
        files=(),
        checks=(),
        details_left=record.details_left[:3],
        details_right=record.details_right[:2],
    )


def pages_of(record: ClosureRecord) -> list[Page]:
    paper = PAPERS[record.paper]
    return flow(closure_story(record), paper.column, paper.body)


def tags(element: Element) -> Iterator[Tag]:
    if isinstance(element, Group):
        for part in element.parts:
            yield from tags(part)
    elif element.tag is not None:
        yield element.tag


def sign_rows(page: Page, width: float) -> list[float]:
    closing = page.placed[-1].element
    assert isinstance(closing, Group)
    [table] = [part for part in closing.parts if isinstance(part, Table)]
    return [row.height(width) for row in table.rows]


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("text", TIMES, ids=["one line", "long"])
@pytest.mark.parametrize("brief", [False, True], ids=["whole", "brief"])
def test_no_page_but_the_last_is_nearly_half_empty(
    record: ClosureRecord, paper: str, text: str, brief: bool
) -> None:
    record = replace(short(record) if brief else record, paper=paper)
    for count in range(0, 61, 3):
        pages = pages_of(replace(record, timeline=events(count, text)))
        for number, page in enumerate(pages[:-1], 1):
            used = page.used / PAPERS[paper].body
            assert used >= FULL, f"page {number} of {len(pages)} is {used:.0%} full with {count}"


def test_a_closing_part_that_just_misses_the_page_is_set_closer_and_keeps_room_to_sign(
    record: ClosureRecord,
) -> None:
    width, body = PAPERS["a4"].column, PAPERS["a4"].body
    seen = set()
    for count in range(30):
        story = closure_story(replace(short(record), timeline=events(count, TIMES[0])))
        pages = flow(story, width, body)
        closing = pages[-1].placed[-1].element
        heights = sign_rows(pages[-1], width)
        seen.update(heights)
        assert all(height >= 9 * MM for height in heights), "too low for a pen"
        assert list(tags(closing)) == list(tags(story[-1])), "another reading structure"
        assert all(page.used <= body + 0.1 for page in pages)
    assert len(seen) == 2, "closer where that saves a page, and only there"


def test_an_incident_of_which_little_is_known_is_told_on_one_page(record: ClosureRecord) -> None:
    assert len(pages_of(replace(short(record), timeline=events(2, TIMES[0])))) == 1


def shown(element: Element) -> list[str]:
    assert isinstance(element, CheckList)
    return [paragraph.spans[0].text for paragraph in element.texts]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 40, 41, 200])
@pytest.mark.parametrize("above", [0, 500, 600, 660, 690])
def test_checks_run_over_a_page_end_with_two_rows_on_either_side(count: int, above: int) -> None:
    width, body = PAPERS["a4"].column, PAPERS["a4"].body
    texts = [f"Check {at}{' of a long text' * (at % 5)}" for at in range(count)]
    checks = CheckList([Check(text, done=True) for text in texts], ENGLISH)

    pages = flow([Block(above), checks], width, body)

    lists = [
        placed.element
        for page in pages
        for placed in page.placed
        if isinstance(placed.element, CheckList)
    ]
    assert [text for part in lists for text in shown(part)] == texts
    assert all(page.used <= body + 0.1 for page in pages)
    rows = [(len(part.checks) + 1) // 2 for part in lists]
    assert min(rows) >= min(2, (count + 1) // 2)
    if above <= 600 and len(pages) > 1:
        assert pages[0].used / body > 0.88, "the list moved whole"
    assert {part.tag for part in lists} == {checks.tag}, "one list to a reader"


def test_a_picture_shrinks_to_three_quarters_before_it_moves() -> None:
    width = PAPERS["a4"].column
    picture = Picture((4, 3), 400.0, 300.0, b"", "/FlateDecode")
    for above in range(300, 720, 20):
        element = CaptionedPicture(PictureFigure(picture, "A screen"), Paragraph("screen.png"))
        pages = flow([Block(above), element], width, 717)
        placed = pages[-1].placed[-1].element
        assert isinstance(placed, Group)
        figure = placed.parts[0]
        assert isinstance(figure, PictureFigure)
        assert figure.tag is element.figure.tag
        assert 0.7499 <= figure.scale <= 1
        assert all(page.used <= 717.01 for page in pages)
        room = 717 - above - 12 - 4 - 13.5
        assert (len(pages) == 1) == (room >= 225)
        assert (figure.scale < 1) == (225 <= room < 300)
