"""Every report is PDF/A-3a and PDF/UA-1 in one file, and the checker that says so bites.

That each PDF of any test passes is a fixture of `tests/conftest.py`; here are the controls, other
readers' views of the same file, and what is inside.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pikepdf
import pytest

from app.reports.closure_report import closure_report_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.reports.closure_record import ClosureRecord

SECTIONS = (
    "Summary",
    "Details",
    "Impact",
    "Root cause",
    "Resolution",
    "Timeline",
    "Follow-up actions",
    "Evidence",
    "Closure checks",
    "Sign-off",
    "Verification",
)


@pytest.fixture(scope="module")
def pdf(record: ClosureRecord) -> bytes:
    return closure_report_bytes(record)[0]


@pytest.fixture
def path(pdf: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    return path


def run(*arguments: object) -> str:
    """Run a program of the system and return what it says; skip where it is not installed."""
    name, *others = map(str, arguments)
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [name, *others], capture_output=True, check=True, timeout=60, encoding="utf-8"
    )
    return done.stdout + done.stderr


def altered(pdf: bytes, alter: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return a report in which something was changed by hand."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        alter(document)
        document.save(stream)
    return stream.getvalue()


def structured(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Return the elements of the reading structure in no order."""
    return [
        entry
        for entry in document.objects
        if isinstance(entry, pikepdf.Dictionary) and "/S" in entry and "/P" in entry
    ]


def without_language(document: pikepdf.Pdf) -> None:
    del document.Root.Lang


def without_alternative(document: pikepdf.Pdf) -> None:
    del next(entry for entry in structured(document) if entry.S == "/Figure")["/Alt"]


def without_scope(document: pikepdf.Pdf) -> None:
    for entry in structured(document):
        if entry.S == "/TH":
            del entry["/A"]


def without_font(document: pikepdf.Pdf) -> None:
    for entry in document.objects:
        if isinstance(entry, pikepdf.Dictionary) and "/FontFile2" in entry:
            del entry["/FontFile2"]


def without_title(document: pikepdf.Pdf) -> None:
    del document.Root.ViewerPreferences


def without_colour_space(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def with_a_format_that_no_archive_knows(document: pikepdf.Pdf) -> None:
    del document.Root.AF[0].AFRelationship


def with_bare_content(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"BT /F1 9 Tf 90 90 Td (x) Tj ET")


@pytest.mark.parametrize(
    ("alter", "rule"),
    [
        (without_language, "PDFUA1-TEXT-LANGUAGE-001"),
        (without_alternative, "PDFUA1-FIGURE-ALT"),
        (without_scope, "PDFUA1-TABLE-HEADER"),
        (without_font, "PDFA3A-FONT-EMBED"),
        (without_title, "PDFUA1-VIEWER-PREFERENCES-001"),
        (without_colour_space, "PDFA3A-DEVICE-RGB"),
        (with_a_format_that_no_archive_knows, "PDFA3A-"),
        (with_bare_content, "PDFUA1-CONTENT-TAGGING"),
    ],
)
def test_what_an_archive_needs_is_missed_by_the_rule_that_names_it(
    alter: Callable[[pikepdf.Pdf], None],
    rule: str,
    pdf: bytes,
    failed_rules: Callable[[bytes], list[str]],
) -> None:
    found = failed_rules(altered(pdf, alter))
    assert any(failed.startswith(rule) for failed in found), found


def test_writing_a_report_again_by_hand_breaks_no_rule(
    pdf: bytes, failed_rules: Callable[[bytes], list[str]]
) -> None:
    assert failed_rules(altered(pdf, lambda _: None)) == []


def test_poppler_reads_the_sections_in_their_order(path: Path) -> None:
    text = run("pdfinfo", "-struct-text", path)

    headings = re.findall(r'H2 \(block\)\n +"\d+ +([^"]+)"', text)
    assert tuple(headings) == SECTIONS
    assert "Page 1 of" not in text
    assert "every dock since the driver" in text, "a word ends where a line ends"


def test_other_readers_find_nothing_wrong(path: Path, tmp_path: Path) -> None:
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    assert "error" not in run("mutool", "draw", "-o", tmp_path / "page-%d.png", path)
    assert list(tmp_path.glob("page-*.png"))


def test_every_font_is_embedded_with_a_map_to_unicode(path: Path) -> None:
    lines = run("pdffonts", path).splitlines()[2:]

    assert len(lines) >= 5
    for line in lines:
        assert re.search(r" yes yes yes +\d+", line), line
        assert "Helvetica" not in line


def test_the_attached_record_comes_out_as_it_went_in(
    path: Path, record: ClosureRecord, tmp_path: Path
) -> None:
    run("pdfdetach", "-saveall", "-o", tmp_path, path)

    assert (tmp_path / "INC-2026-00088.json").read_bytes() == record.record_json
    with pikepdf.open(path) as document:
        [specification] = document.Root.AF
        assert specification.AFRelationship == "/Source"


def test_xmp_and_properties_say_the_same(pdf: bytes, record: ClosureRecord) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        xmp = document.open_metadata()
        assert xmp["pdfaid:part"] == "3"
        assert xmp["pdfaid:conformance"] == "A"
        assert xmp["pdfuaid:part"] == "1"
        assert xmp["dc:title"] == str(document.docinfo.Title)
        assert xmp["dc:title"] == f"{record.number} {record.title}"
        assert xmp["dc:creator"] == [str(document.docinfo.Author)]
        assert xmp["dc:description"] == str(document.docinfo.Subject)
        assert xmp["xmp:CreateDate"] == "2026-03-11T09:44:00+00:00"
        assert str(document.docinfo.CreationDate) == "D:20260311094400Z"
        assert document.Root.MarkInfo.Marked
        assert document.Root.OutputIntents[0].DestOutputProfile.N == 3


def test_a_title_that_xml_cannot_hold_is_the_same_in_both_places(record: ClosureRecord) -> None:
    odd = replace(record, title="a\ufffe<b>&\U0001f600\x07 (c")
    with pikepdf.open(io.BytesIO(closure_report_bytes(odd)[0])) as document:
        title = str(document.docinfo.Title)
        assert title == "INC-2026-00088 a\ufffd<b>&\U0001f600\\x07 (c"
        assert document.open_metadata()["dc:title"] == title


def test_objects_are_packed(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        objects = len(document.objects)

    # Each object that stands by itself costs some 20 bytes of table and 100 of text.
    assert len(re.findall(rb"\d+ 0 obj", pdf)) < objects / 3
    assert len(pdf) <= 150_000
