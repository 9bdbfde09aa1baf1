"""Where pages break: nothing lost, no head alone, no blank page, closing parts together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.reports.closure_record import ClosureRecord, LogExcerpt
from app.reports.closure_story import closure_story
from app.reports.elements import Element, Group, Paragraph
from app.reports.language import ENGLISH
from app.reports.log_excerpt import LogBlock
from app.reports.page_frame import A4, LETTER, Page, flow
from app.reports.record_parts import TimelineRow
from app.reports.table import BandRow, HeadRow, Row, Table
from app.reports.timeline_table import timeline_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

WIDTH, HEIGHT = A4.column, A4.body
SENTENCE = "The queue was emptied and every job was sent a second time. "


def events(count: int, text: str = "Checked the next queue.") -> tuple[TimelineRow, ...]:
    return tuple(
        TimelineRow(
            f"Day {index // 40}", f"{index % 24:02}:00", "0 min", text, "Ines", index % 9 == 0
        )
        for index in range(count)
    )


def words(element: Element) -> list[str]:
    if isinstance(element, Group):
        return [word for part in element.parts for word in words(part)]
    if isinstance(element, Table):
        return [word for row in element.rows for cell in row.cells for word in words(cell)]
    if isinstance(element, Paragraph):
        lines = ["".join(piece.text for piece in line.pieces) for line in element.lines(WIDTH)]
        return " ".join(lines).split()
    return []


def check_pages(pages: list[Page], height: float = HEIGHT) -> None:
    for page in pages:
        assert page.placed, "a page is empty"
        assert page.used <= height + 0.1, "a page runs over"
        last = page.placed[-1].element
        assert not last.keep_with_next, "a heading stands alone at the end of a page"
        if isinstance(last, Table):
            assert last.rows, "a head stands alone"
            assert not isinstance(last.rows[-1], BandRow), "a day stands alone at the end of a page"


@pytest.mark.parametrize("count", [0, 1, 5, 17, 18, 19, 20, 21, 33, 60, 200])
@pytest.mark.parametrize("paper", [A4, LETTER], ids=["a4", "letter"])
def test_pages_end_well_for_any_number_of_events(
    count: int, paper: Any, record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    story = closure_story(changed(record, timeline=events(count)))

    pages = flow(story, paper.column, paper.body)

    check_pages(pages, paper.body)
    assert isinstance(pages[-1].placed[-1].element, Group)


@pytest.mark.slow
def test_pages_end_well_for_every_number_of_events_up_to_200(
    record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    for count in range(201):
        for text in ("Checked the next queue.", SENTENCE * (count % 9 + 1)):
            story = closure_story(changed(record, timeline=events(count, text)))
            check_pages(flow(story, WIDTH, HEIGHT))


def test_sign_off_and_verification_stand_on_one_page(
    record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    for count in range(0, 60, 7):
        pages = flow(closure_story(changed(record, timeline=events(count))), WIDTH, HEIGHT)
        titles = [mark.title for _, mark in pages[-1].bookmarks(WIDTH)]
        assert [re.sub(r"\d+ +", "", title) for title in titles][-2:] == [
            "Sign-off",
            "Verification",
        ]


def test_a_split_paragraph_keeps_two_lines_on_either_side() -> None:
    paragraph = Paragraph(SENTENCE * 12)
    lines = len(paragraph.lines(300))
    for room in range(0, int(paragraph.height(300)), 5):
        parts = paragraph.split(300, room)
        if parts:
            first, rest = (len(part.lines(300)) for part in parts if isinstance(part, Paragraph))
            assert first >= 2
            assert rest >= 2
            assert first + rest == lines
        else:
            assert room < 2 * paragraph.style.leading


def test_a_row_moves_whole_unless_it_is_far_too_tall() -> None:
    starts = (0.0,)
    small = [Row([Paragraph("x")], starts) for _ in range(3)]
    table = Table([*small, Row([Paragraph(SENTENCE * 30)], starts)], HeadRow(("X",), starts))
    room = table.height(WIDTH) - 20
    slightly = table.split(WIDTH, room)
    far = table.split(WIDTH, room - 60)

    assert [len(part.rows) for part in slightly if isinstance(part, Table)] == [3, 1]
    assert [len(part.rows) for part in far if isinstance(part, Table)] == [4, 1]
    assert words(far[0]) + words(far[1]) == words(table)


def test_a_row_taller_than_a_page_runs_over_and_loses_nothing() -> None:
    table = timeline_table(events(3, SENTENCE * 60), ENGLISH)

    pages = flow([table], WIDTH, 300)

    check_pages(pages, 300)
    shown = [word for page in pages for placed in page.placed for word in words(placed.element)]
    assert shown.count("emptied") == 3 * 60


def test_the_head_is_repeated_on_each_page() -> None:
    pages = flow([timeline_table(events(90), ENGLISH)], WIDTH, HEIGHT)

    assert len(pages) > 2
    for number, page in enumerate(pages):
        table = page.placed[0].element
        assert isinstance(table, Table)
        assert table.head is not None
        assert table.repeated_head == (number > 0)


def test_a_log_is_never_split_with_fewer_than_three_lines_on_a_side() -> None:
    block = LogBlock([f"line {index}" for index in range(10)], ENGLISH)
    for room in range(0, int(block.height(WIDTH))):
        parts = [part for part in block.split(WIDTH, room) if isinstance(part, LogBlock)]
        counts = [sum(len(entry.lines) for entry in part.entries(WIDTH)) for part in parts]
        assert not counts or (sum(counts) == 10 and min(counts) >= 3)


def test_a_log_of_5000_lines_shows_its_first_120_and_last_60() -> None:
    numbers = [
        number for number, _ in LogBlock([f"line {i}" for i in range(5_000)], ENGLISH).source
    ]
    remark = LogBlock([f"line {i}" for i in range(5_000)], ENGLISH).source[120]

    assert numbers[119] == "120"
    assert remark == ("", "4,820 lines left out; the whole log is in the attached record")
    assert numbers[121:] == [str(number) for number in range(4_941, 5_001)]


def test_a_line_of_a_log_taller_than_a_page_runs_over() -> None:
    block = LogBlock(["word " * 190] * 3, ENGLISH)

    pages = flow([block], 90, 60)

    assert sum(page.used for page in pages) >= 3 * 190 / 3 * 5
    check_pages(pages, 80)


def test_a_group_taller_than_a_page_is_given_up_part_by_part() -> None:
    group = Group([Paragraph(SENTENCE * 5) for _ in range(8)])

    pages = flow([group], 200, 150)

    check_pages(pages, 150)
    shown = sum(words(p.element).count("emptied") for page in pages for p in page.placed)
    assert shown == 40


def test_a_record_without_anything_still_ends_in_its_verification(
    record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    bare = changed(
        record,
        lead="",
        strip=(),
        bar=None,
        summary=(),
        details_left=(),
        details_right=(),
        impact=(),
        root_cause=(),
        resolution=(),
        timeline=(),
        follow_ups=(),
        excerpt=LogExcerpt(()),
        files=(),
        checks=(),
        sign_offs=(),
        chain=None,
    )

    [page] = flow(closure_story(bare), WIDTH, HEIGHT)

    assert [mark.title for _, mark in page.bookmarks(WIDTH)][1:] == ["1  Verification"]
