"""The reading structure: what a screen reader walks through, and how pages and elements find it.

The validator looks at the elements; here it is also their order, the way from a mark on a page to
its element, and what links and fields belong to.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from app.reports.archive import DocumentFacts
from app.reports.closure_record import ClosureRecord, LogExcerpt
from app.reports.closure_report import closure_report_bytes
from app.reports.document import Document
from app.reports.elements import Paragraph
from app.reports.language import ENGLISH
from app.reports.page_frame import A4, RunningHeads

Walk = Callable[[pikepdf.Pdf], Iterator[pikepdf.Object]]
HEBREW = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd 12"
ARABIC = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645"


@pytest.fixture(scope="module")
def pdf(record: ClosureRecord) -> bytes:
    return closure_report_bytes(record)[0]


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


def test_what_runs_over_a_page_end_is_one_element(record: ClosureRecord, elements_of: Walk) -> None:
    texts = ("The queue was emptied and every job was sent a second time. " * 250,)
    long = replace(record, summary=texts, checks=record.checks * 30)
    with pikepdf.open(io.BytesIO(closure_report_bytes(long)[0])) as document:
        found = [str(element.S) for element in elements_of(document)]
        paragraphs = [
            element
            for element in elements_of(document)
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


def test_the_reading_structure_is_the_one_of_the_design(pdf: bytes, elements_of: Walk) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = [str(element.S) for element in elements_of(document)]
        assert found[:4] == ["/Document", "/P", "/H1", "/P"]
        assert found.count("/H1") == 1
        assert found.count("/H2") == found.count("/Sect") == 11
        for element in elements_of(document):
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


def test_right_to_left_text_is_there_for_readers_as_it_was_typed(
    record: ClosureRecord, elements_of: Walk
) -> None:
    texts = (f"{HEBREW}. " * 40, f"{ARABIC} and English")
    given = replace(record, title=HEBREW, summary=texts)
    with pikepdf.open(io.BytesIO(closure_report_bytes(given)[0])) as document:
        actual = [
            (str(element.S), str(element.ActualText))
            for element in elements_of(document)
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
        assert list(field.Rect)[:2] == list(field.Rect)[2:], "no room for a stamp"
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
    record: ClosureRecord, failed_rules: Callable[[bytes], list[str]], elements_of: Walk
) -> None:
    facts = DocumentFacts("Links", "Ines", "Test", "en-GB", record.dated_at)
    document = Document(facts, A4, RunningHeads("", "", "", "", ENGLISH))
    document.add([Paragraph("Links", role="H1"), Linked("Open", role="Link")])
    pdf = document.finish()

    assert failed_rules(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        [link] = opened.pages[0].Annots
        assert link.Contents == "The incident in the desk"
        assert link.A.URI == "https://desk.example/INC-1"
        [element] = [element for element in elements_of(opened) if element.S == "/Link"]
        assert element.K[0] == 1
        assert element.K[1].Obj.objgen == link.objgen


def test_a_drawing_that_is_neither_read_nor_decoration_is_a_bug(record: ClosureRecord) -> None:
    class Bare(Paragraph):
        def draw(self, pen: Any, x: float, top: float, width: float) -> None:
            pen.rule(x, top, width, 1, (0, 0, 0))

    facts = DocumentFacts("Bare", "Ines", "Test", "en-GB", record.dated_at)
    document = Document(facts, A4, RunningHeads("", "", "", "", ENGLISH))
    with pytest.raises(RuntimeError, match="neither tagged nor an artifact"):
        document.add([Bare("x")])
