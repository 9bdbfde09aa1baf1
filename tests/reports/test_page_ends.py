"""How pages end in the finished file, as another reader finds its words (pdf.md, 8, goal 17)."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import pytest

from app.reports.closure_report import closure_report_bytes
from app.reports.page_frame import PAPERS
from app.reports.record_parts import TimelineRow

if TYPE_CHECKING:
    from app.reports.closure_record import ClosureRecord

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed"
)
WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>'
)
SIGNING = ("Prepared by", "Approved by", "Confirmed by requester")


class Line(NamedTuple):
    """The words that stand beside each other, and how high they are."""

    top: float
    height: float
    text: str


def pages_of(pdf: bytes) -> list[list[Line]]:
    """Return the lines of each page from above, without running heads."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    pages = []
    for page in done.stdout.decode().split("<page ")[1:]:
        words = [
            (round(float(top)), float(left), float(low) - float(top), unescape(text))
            for left, top, low, text in WORD.findall(page)
        ]
        lines: list[Line] = []
        for top in sorted({word[0] for word in words}):
            beside = sorted(word[1:] for word in words if word[0] == top)
            lines.append(Line(top, max(word[1] for word in beside), " ".join(w[2] for w in beside)))
        pages.append(lines[1:-1])
    return pages


def check(record: ClosureRecord, count: int, paper: str) -> None:
    rows = tuple(
        TimelineRow(f"Day {at // 30}", "09:00", "0 min", "Looked at it. " * (at % 7 + 1), "Ines")
        for at in range(count)
    )
    pages = pages_of(closure_report_bytes(replace(record, timeline=rows, paper=paper))[0])

    for number, lines in enumerate(pages, start=1):
        assert lines, f"page {number} of {len(pages)} is blank with {count} rows"
        last = lines[-1]
        assert last.top + last.height <= PAPERS[paper].height - PAPERS[paper].edge + 1
        assert not re.match(r"\d+ +[A-Z][a-z-]+( [a-z]+)?$", last.text), f"{last.text!r} is alone"
        assert not last.text.startswith(("Day ", "Time Elapsed")), f"{last.text!r} is alone"
    closing = [line.text for line in pages[-1]]
    for role in (*SIGNING, "Verification"):
        assert any(role in text for text in closing), f"{role!r} is not on the last page"


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("count", [1, 6, 17, 18, 19, 20, 45])
def test_pages_end_well_with_so_many_events(record: ClosureRecord, count: int, paper: str) -> None:
    check(record, count, paper)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, 201, 20))
def test_pages_end_well_with_any_number_of_events(record: ClosureRecord, first: int) -> None:
    for count in range(first, first + 20):
        check(record, count, "a4" if count % 2 else "letter")
