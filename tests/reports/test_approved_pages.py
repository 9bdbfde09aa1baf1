"""Pages of the reports look as the pictures in `approved/`, which somebody has looked at.

A page is drawn at 100 dpi in colour and in grey. It may differ from its picture in 0.1 % of its
pixels (pdf.md 8, 16), and in no square of 12 pixels in more than a sixteenth: so one letter that is
another is found. After a change that is meant, look at every page that the failure names and run
with INCIDENT_DESK_APPROVE=1, which writes the pictures anew.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops

from app.domain.incident import Status
from app.domain.incident_record import Incident
from app.reports.closure_report import closure_report_bytes
from app.reports.report_bundle import report_bundle_bytes
from app.reports.review_record import review_record
from app.services import period_reporting
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY
from tests.services.test_period_reporting import APRIL, HOUR, MARCH, worked

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reports.record_parts import ClosureRecord

APPROVED = Path(__file__).parent / "approved"
APPROVING = os.environ.get("INCIDENT_DESK_APPROVE") == "1"
DIFFERS_BY = 64
"""Steps of 255 in one channel from which a pixel is another one: a palette moves it by less."""
SHARE, SQUARE, SQUARE_SHARE = 0.001, 12, 1 / 16
SCRIPTS = (
    "Hebrew \u05d4\u05de\u05d3\u05e4\u05e1\u05ea \u05ea\u05e7\u05d5\u05e2\u05d4, Arabic "
    "\u0627\u0644\u0637\u0627\u0628\u0639\u0629 \u0645\u0639\u0637\u0644\u0629, Greek "
    "\u03bf \u03b5\u03ba\u03c4\u03c5\u03c0\u03c9\u03c4\u03ae\u03c2, Thai "
    "\u0e40\u0e04\u0e23\u0e37\u0e48\u0e2d\u0e07, Chinese \u6253\u5370\u673a, Korean "
    "\ud504\ub9b0\ud130, and \U0001f5a8 \u2014 <b>no markup</b>"
)
PAGES = {
    "closure-a4": (0, 1, 2),
    "closure-brief": (0,),
    "closure-letter": (0,),
    "closure-interim": (0,),
    "closure-scripts": (0,),
    "review": (0, 1),
    "bundle": (0,),
    "period": (0, 1, -1),
    "closure-german": (0, 1, 2),
    "review-german": (0,),
    "period-german": (0, 1, -1),
}
NAMES = [f"{name}-{number % 10}" for name, numbers in PAGES.items() for number in numbers]

pytestmark = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")


@pytest.fixture(scope="module")
def reports(
    incident: Incident,
    record: ClosureRecord,
    record_of: Callable[..., ClosureRecord],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, bytes]:
    """Make the reports whose pages are compared."""
    scripts = replace(record, title=SCRIPTS, summary=(SCRIPTS,))
    interim = record_of(
        replace(incident, status=Status.IN_PROGRESS, resolved_at=None, closed_at=None)
    )
    brief = Incident(
        id=incident.id,
        number="INC-2026-00089",
        title="A mouse does not move the pointer",
        status=Status.CLOSED,
        priority="P4",
        impact=3,
        urgency=3,
        registered_at=incident.registered_at,
        resolved_at=incident.restored_at,
        closed_at=incident.restored_at,
        resolution="Replaced.",
        timeline=incident.timeline[:1],
        zone=incident.zone,
    )
    review, german_review = (
        review_record(
            replace(incident, major=True, contributing_factors="No test print\nOld firmware"),
            organisation="Kestrel Freight IT",
            record_json=record.record_json,
            language=language,
        )
        for language in ("en", "de")
    )
    clock = PinnedClock(MONDAY)
    folder = tmp_path_factory.mktemp("approved")
    desk = open_desk(Profile(folder), clock, person="Ana Ruiz", zone="Europe/London")
    try:
        worked(desk, clock)
        clock.set(APRIL + 9 * HOUR)
        period, german_period = (
            period_reporting.report_bytes(desk, MARCH, APRIL - HOUR, paper="a4", language=language)[
                0
            ]
            for language in ("en", "de")
        )
    finally:
        desk.close()
    return {
        "closure-a4": closure_report_bytes(record)[0],
        "closure-brief": closure_report_bytes(record_of(brief))[0],
        "closure-letter": closure_report_bytes(replace(record, paper="letter"))[0],
        "closure-interim": closure_report_bytes(interim)[0],
        "closure-scripts": closure_report_bytes(scripts)[0],
        "review": closure_report_bytes(review)[0],
        "bundle": report_bundle_bytes([interim, record])[0],
        "period": period,
        "closure-german": closure_report_bytes(
            record_of(incident, excerpt=record.excerpt, language="de")
        )[0],
        "review-german": closure_report_bytes(german_review)[0],
        "period-german": german_period,
    }


def drawn(pdf: bytes, number: int, *, grey: bool = False) -> Image.Image:
    """Draw a page at 100 dpi; -1 is the last."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    page = str(number % len(document) + 1)
    document.close()
    done = subprocess.run(
        ["pdftoppm", "-r", "100", "-f", page, "-l", page, *(["-gray"] if grey else []), "-"],
        input=pdf, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return Image.open(io.BytesIO(done.stdout)).convert("L" if grey else "RGB")


def difference(page: Image.Image, approved: Image.Image) -> str:
    """Say how a page differs from its picture, "" when it does not."""
    if page.size != approved.size:
        return f"its size is {page.size}, not {approved.size}"
    bands = ImageChops.difference(page, approved).split()
    marks = [band.point(lambda step: 255 * (step >= DIFFERS_BY)) for band in bands]
    mark = marks[0]
    for other in marks[1:]:
        mark = ImageChops.lighter(mark, other)
    share = mark.histogram()[255] / (mark.width * mark.height)
    if share > SHARE:
        return f"{share:.2%} of its pixels are others"
    for top in range(0, mark.height, SQUARE // 2):
        for left in range(0, mark.width, SQUARE // 2):
            square = mark.crop((left, top, left + SQUARE, top + SQUARE))
            if square.histogram()[255] > SQUARE_SHARE * SQUARE * SQUARE:
                return f"it is another one at {left}, {top}"
    return ""


def _of(name: str) -> tuple[str, int]:
    report, _, number = name.rpartition("-")
    return report, next(page for page in PAGES[report] if str(page % 10) == number)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_looks_as_it_was_approved(name: str, reports: dict[str, bytes]) -> None:
    report, number = _of(name)
    path = APPROVED / f"{name}.png"
    page = drawn(reports[report], number)
    if APPROVING:
        APPROVED.mkdir(exist_ok=True)
        page.quantize(200, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
    approved = Image.open(path).convert("RGB")
    assert difference(page, approved) == "", name
    grey = drawn(reports[report], number, grey=True)
    assert difference(grey, approved.convert("L")) == "", f"{name} in grey"


def test_the_pictures_are_ten_or_more_small_and_none_is_left_over() -> None:
    kept = {path.stem: path.stat().st_size for path in APPROVED.glob("*.png")}
    assert sorted(kept) == sorted(NAMES)
    assert len(kept) >= 10
    assert sum(kept.values()) < 1_500_000


@pytest.mark.parametrize("what", ["a digit", "a word", "a colour", "nothing drawn"])
def test_what_looks_otherwise_is_found(what: str, record: ClosureRecord) -> None:
    """The control: each of these must fail."""
    approved = Image.open(APPROVED / "closure-a4-0.png").convert("RGB")
    if what == "a digit":
        number = record.number[:-1] + ("1" if record.number[-1] != "1" else "8")
        other = drawn(closure_report_bytes(replace(record, number=number))[0], 0)
    elif what == "a word":
        other = drawn(closure_report_bytes(replace(record, classification="Secret"))[0], 0)
    elif what == "a colour":
        red, green, blue = approved.split()
        other = Image.merge("RGB", (blue, green, red))
    else:
        other = Image.new("RGB", approved.size, "white")
    assert difference(other, approved) != ""
