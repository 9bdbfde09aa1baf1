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
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from app.reports.archive import DocumentFacts
from app.reports.closure_record import ClosureRecord, LogExcerpt
from app.reports.closure_report import closure_report_bytes
from app.reports.document import Document
from app.reports.elements import Paragraph
from app.reports.page_frame import A4, RunningHeads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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
HEBREW = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd 12"
ARABIC = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645"


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


def elements(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Walk the reading structure in its order."""

    def walk(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
        yield element
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    yield from walk(document.Root.StructTreeRoot.K)


def roles(document: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in elements(document)]


def altered(pdf: bytes, alter: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return a report in which something was changed by hand."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        alter(document)
        document.save(stream)
    return stream.getvalue()


def without_language(document: pikepdf.Pdf) -> None:
    del document.Root.Lang


def without_alternative(document: pikepdf.Pdf) -> None:
    next(element for element in elements(document) if element.S == "/Figure").__delitem__("/Alt")


def without_scope(document: pikepdf.Pdf) -> None:
    for element in elements(document):
        if element.S == "/TH":
            del element["/A"]


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


def test_every_mark_on_a_page_is_held_by_the_element_that_the_parent_tree_names(
    record: ClosureRecord,
) -> None:
    # The validator does not look into the parent tree, but readers go from a place to its element.
    long = replace(
        record, timeline=record.timeline * 5, excerpt=LogExcerpt(("a line of a log",) * 90)
    )
    with pikepdf.open(io.BytesIO(closure_report_bytes(long)[0])) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        assert len(document.pages) > 6
        for index, page in enumerate(document.pages):
            assert page.StructParents == numbers[2 * index] == index
            assert page.Tabs == "/S"
            owners = list(numbers[2 * index + 1])
            marks = [
                (str(operands[0]), int(operands[1]["/MCID"]))
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC" and "/MCID" in operands[1]
            ]
            assert [mark for _, mark in marks] == list(range(len(owners)))
            for (role, mark), owner in zip(marks, owners, strict=True):
                assert role == owner.S
                assert held(owner, page, mark), f"{role} {mark} on page {index + 1}"


def held(element: pikepdf.Object, page: pikepdf.Page, mark: int) -> bool:
    """Tell whether an element holds a mark of a page."""
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary):
            if kid.get("/MCID") == mark and kid.Pg.objgen == page.objgen:
                return True
        elif int(kid) == mark and element.Pg.objgen == page.objgen:
            return True
    return False


def test_what_runs_over_a_page_end_is_one_element(record: ClosureRecord) -> None:
    texts = ("The queue was emptied and every job was sent a second time. " * 250,)
    long = replace(record, summary=texts, checks=record.checks * 30)
    with pikepdf.open(io.BytesIO(closure_report_bytes(long)[0])) as document:
        found = roles(document)
        paragraphs = [
            element
            for element in elements(document)
            if element.S == "/P" and isinstance(element.get("/K"), pikepdf.Array)
        ]
        over_pages = [
            element
            for element in paragraphs
            if any(isinstance(kid, pikepdf.Dictionary) for kid in element.K)
        ]
        assert over_pages
        assert found.count("/L") == 2
        assert found.count("/LI") == 5 + len(long.checks)


def test_the_reading_structure_is_the_one_of_the_design(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = roles(document)
        assert found[:4] == ["/Document", "/P", "/H1", "/P"]
        assert found.count("/H1") == 1
        assert found.count("/H2") == found.count("/Sect") == len(SECTIONS)
        for element in elements(document):
            kids = element.get("/K")
            first = kids[0] if isinstance(kids, pikepdf.Array) and len(kids) else kids
            if element.S == "/Sect":
                assert first.S == "/H2"
            elif element.S == "/TH":
                assert element.A.Scope in ("/Row", "/Column")
            elif element.S == "/Figure":
                assert len(str(element.Alt)) > 3
                left, low, right, top = map(float, element.A.BBox)
                assert 0 < left < right < A4.width
                assert 0 < low < top < A4.height
            elif element.S == "/Table":
                assert check_table(element)


def check_table(table: pikepdf.Object) -> bool:
    """Tell whether a table has a heading cell and the same number of columns in each row."""
    rows = [row for part in as_list(table.K) for row in as_list(part.K)]
    columns = {
        sum(int(cell.A.get("/ColSpan", 1)) if "/A" in cell else 1 for cell in as_list(row.K))
        for row in rows
    }
    return len(columns) == 1 and any(cell.S == "/TH" for row in rows for cell in as_list(row.K))


def as_list(kids: pikepdf.Object) -> list[pikepdf.Object]:
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


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


def test_right_to_left_text_is_there_for_readers_as_it_was_typed(record: ClosureRecord) -> None:
    texts = (f"{HEBREW}. " * 40, f"{ARABIC} and English")
    given = replace(record, title=HEBREW, summary=texts)
    with pikepdf.open(io.BytesIO(closure_report_bytes(given)[0])) as document:
        actual = [
            (str(element.S), str(element.ActualText))
            for element in elements(document)
            if "/ActualText" in element
        ]
    assert actual == [
        ("/H1", HEBREW),
        ("/P", " ".join(texts[0].split())),
        ("/P", f"{ARABIC} and English"),
    ]


def test_a_signature_field_is_made_when_it_is_asked_for(
    record: ClosureRecord, pdf: bytes, texts_of: Callable[[bytes], list[str]]
) -> None:
    signed = "Ines Okonkwo, 11 Mar 2026, 09:45 UTC"
    with_field, _ = closure_report_bytes(
        replace(record, signed=signed, signature_field="Signature")
    )

    assert f"Signed by {signed}" in texts_of(with_field)[-1]
    with pikepdf.open(io.BytesIO(with_field)) as document:
        [field] = document.Root.AcroForm.Fields
        assert (field.FT, field.T, field.F) == ("/Sig", "Signature", 132)
        assert "/V" not in field
        assert field.TU == "Digital signature of this report"
        assert field.AP.N.Subtype == "/Form"
        assert field.P.objgen == document.pages[-1].objgen
        assert [item.objgen for item in document.pages[-1].Annots] == [field.objgen]
        numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        form = numbers[numbers.index(field.StructParent, 2 * len(document.pages)) + 1]
        assert form.S == "/Form"
        assert form.K.Obj.objgen == field.objgen
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "/AcroForm" not in document.Root


class Linked(Paragraph):
    """A paragraph that opens an address."""

    def draw(self, pen: Any, x: float, top: float, width: float) -> None:
        super().draw(pen, x, top, width)
        box = (x, top - self.height(width), x + self.natural_width(width), top)
        pen.link(self.tag, box, "https://desk.example/INC-1", "The incident in the desk")


def test_a_link_says_where_it_leads_and_belongs_to_its_words(
    record: ClosureRecord, failed_rules: Callable[[bytes], list[str]]
) -> None:
    facts = DocumentFacts("Links", "Ines", "Test", "en-GB", record.dated_at)
    document = Document(facts, A4, RunningHeads("", "", "", ""))
    document.add([Paragraph("Links", role="H1"), Linked("Open", role="Link")])
    pdf = document.finish()

    assert failed_rules(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        [link] = opened.pages[0].Annots
        assert link.Contents == "The incident in the desk"
        assert link.A.URI == "https://desk.example/INC-1"
        [element] = [element for element in elements(opened) if element.S == "/Link"]
        assert element.K[0] == 1
        assert element.K[1].Obj.objgen == link.objgen


def test_a_drawing_that_is_neither_read_nor_decoration_is_a_bug(record: ClosureRecord) -> None:
    class Bare(Paragraph):
        def draw(self, pen: Any, x: float, top: float, width: float) -> None:
            pen.rule(x, top, width, 1, (0, 0, 0))

    facts = DocumentFacts("Bare", "Ines", "Test", "en-GB", record.dated_at)
    document = Document(facts, A4, RunningHeads("", "", "", ""))
    with pytest.raises(RuntimeError, match="neither tagged nor an artifact"):
        document.add([Bare("x")])


def test_objects_are_packed(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        objects = len(document.objects)

    # Each object that stands by itself costs some 20 bytes of table and 100 of text.
    assert len(re.findall(rb"\d+ 0 obj", pdf)) < objects / 3
    assert len(pdf) <= 150_000
