"""The report as a file: what it says, where things stand; the same record gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest

from app.domain.errors import InvalidInputError, KnownError
from app.reports.closing_parts import qr_content
from app.reports.closure_record import ClosureRecord, LogExcerpt
from app.reports.closure_report import closure_report_bytes, write_closure_report
from app.reports.page_frame import A4
from app.reports.qr import QUIET_MODULES, QrCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from app.domain.incident_record import Incident

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pdf(record: ClosureRecord) -> bytes:
    return closure_report_bytes(record)[0]


@pytest.fixture(scope="module")
def pages(pdf: bytes, texts_of: Callable[[bytes], list[str]]) -> list[str]:
    return texts_of(pdf)


def box_of(pdf: bytes, page: int, words: str) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of the first place of some words, in points."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[page].get_textpage()
    found = text.search(words, match_case=True, match_whole_word=True).get_next()
    assert found is not None, f"{words!r} is not on page {page + 1}"
    boxes = [text.get_charbox(found[0] + index, loose=False) for index in range(found[1])]
    boxes = [box for box in boxes if box[2] > box[0]]
    text.close()
    document.close()
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def test_the_first_page_answers_what_a_manager_asks(pages: list[str]) -> None:
    for words in (
        "INC-2026-00088",
        "Shipping labels come out blank at every dock",
        "STATUS",
        "Closed",
        "P2 High",
        "SERVICE RESTORED IN",
        "2 h 29 min",
        "✓ Met",
        "5 h 28 min in hand",
        "Acknowledged after 4 min",
        "SLA target 15:42",
        "1 Summary",
        "2 Details",
        "3 Impact",
        "4 Root cause",
    ):
        assert words in re.sub(r" +", " ", pages[0]), words


def test_sections_stand_in_their_order_with_running_numbers(pages: list[str]) -> None:
    found = re.findall(
        r"^(\d+) +(Summary|Details|Impact|Root cause|Resolution|Timeline|Follow-up actions|"
        r"Evidence|Closure checks|Sign-off|Verification)\s*$",
        "\n".join(pages),
        re.MULTILINE,
    )

    assert [int(number) for number, _ in found] == list(range(1, 12))
    assert [title for _, title in found][5:] == [
        "Timeline",
        "Follow-up actions",
        "Evidence",
        "Closure checks",
        "Sign-off",
        "Verification",
    ]


def test_every_page_names_the_organisation_the_record_and_its_place(
    pages: list[str], record: ClosureRecord
) -> None:
    for number, text in enumerate(pages, start=1):
        assert "Kestrel Freight IT" in text
        assert f"Page {number} of {len(pages)}" in text
        assert f"Record {record.record_sha256[:8]}" in text
        assert "Closed 11 Mar 2026, 10:44" in text
        head = re.search(r"INC-2026-00088 +Incident closure report", text)
        assert (head is not None) == (number > 1)


def test_the_title_is_never_in_the_running_head(pages: list[str]) -> None:
    assert all("Shipping labels" not in text.split("\n6 ")[0] for text in pages[2:])


@pytest.mark.parametrize(
    ("words", "left", "baseline"),
    [
        ("Kestrel Freight IT", 0, A4.height - 14.2 * 72 / 25.4),
        ("INC-2026-00088", 0, A4.height - A4.edge - 10),
        ("Shipping labels", 0, A4.height - A4.edge - 14 - 21),
        ("Internal", 0, 12 * 72 / 25.4),
    ],
)
def test_first_lines_stand_where_the_design_puts_them(
    pdf: bytes, words: str, left: float, baseline: float
) -> None:
    box = box_of(pdf, 0, words)

    assert box[0] == pytest.approx(A4.left + left, abs=1.5)
    # Letters with a descender reach below the baseline.
    assert baseline - 5 <= box[1] <= baseline + 0.5


def test_the_columns_of_the_timeline_stand_where_the_design_puts_them(pdf: bytes) -> None:
    for words, share in (("Elapsed", 0.085), ("Event", 0.26), ("By", 0.835)):
        assert box_of(pdf, 1, words)[0] == pytest.approx(A4.left + share * A4.column, abs=1.5)


def test_page_numbers_end_at_the_right_edge_of_the_column(pdf: bytes) -> None:
    right = box_of(pdf, 0, "Page 1 of")[2]

    assert right < A4.left + A4.column
    assert right > A4.left + A4.column - 20


def test_text_stays_inside_the_column_on_every_page(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            assert left >= A4.left - 1
            assert right <= A4.left + A4.column + 1
            assert bottom >= 30
            assert top <= A4.height - 30
        text.close()
    document.close()


def test_the_checksum_is_printed_in_two_lines_of_four_groups(
    pages: list[str], record: ClosureRecord
) -> None:
    digest = hashlib.sha256(record.record_json).hexdigest()
    groups = [digest[at : at + 8] for at in range(0, 64, 8)]

    assert " ".join(groups[:4]) in pages[-1]
    assert " ".join(groups[4:]) in pages[-1]
    assert "block 4,711 · 5be0 cd19 137e 2179" in pages[-1]


def test_the_code_says_number_digest_and_chain(record: ClosureRecord) -> None:
    assert qr_content(record) == (
        f"INC-2026-00088 {record.record_sha256.upper()} 4711 5BE0CD19137E2179"
    )


def test_the_code_has_white_paper_around_it(pdf: bytes, record: ClosureRecord) -> None:
    code = QrCode(qr_content(record), 27 * 72 / 25.4)
    document = pypdfium2.PdfDocument(pdf)
    picture = document[len(document) - 1].render(scale=4, grayscale=True).to_pil()
    document.close()
    heading = box_of(pdf, len(document_pages(pdf)) - 1, "Verification")
    top = heading[1] - 20
    low = int((A4.height - top) * 4)
    column = picture.crop((int(A4.left * 4) - 40, low, int(A4.left * 4) - 4, low + 200))
    right = A4.left + code.side
    beside = picture.crop((int(right * 4) + 4, low, int((right + code.quiet_zone) * 4), low + 200))

    assert QUIET_MODULES * code.module == code.quiet_zone
    assert min(column.tobytes()) > 240
    assert min(beside.tobytes()) > 240


def document_pages(pdf: bytes) -> list[tuple[float, float]]:
    document = pypdfium2.PdfDocument(pdf)
    sizes = [document.get_page_size(index) for index in range(len(document))]
    document.close()
    return sizes


def test_the_record_itself_is_attached_as_the_source(pdf: bytes, record: ClosureRecord) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert list(document.attachments) == ["INC-2026-00088.json"]
        assert document.attachments["INC-2026-00088.json"].get_file().read_bytes() == (
            record.record_json
        )
        specification = document.Root.AF[0]
        assert specification.AFRelationship == "/Source"
        assert specification.EF.F.Subtype == "/application/json"


def test_properties_name_title_language_and_the_closing_time(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        info = document.docinfo
        assert str(info.Title).startswith("INC-2026-00088 Shipping labels come out blank")
        assert str(info.Author) == "Ines Okonkwo"
        assert str(info.CreationDate).startswith("D:20260311094400")
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_outline() as outline:
            [title] = outline.root
            assert [entry.title.split("  ")[0] for entry in title.children] == [
                str(number) for number in range(1, 12)
            ]


def test_every_font_is_embedded_as_a_subset_and_none_is_a_standard_one(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = [
            entry
            for entry in document.objects
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/Font"
        ]
        assert fonts
        for font in fonts:
            assert re.match(r"/[A-Z]{6}\+(IBMPlex|Noto|Droid|Desk)", str(font.BaseFont))
            assert "/FontFile2" in font.FontDescriptor
            assert "/ToUnicode" in font


@pytest.mark.parametrize(("paper", "size"), [("a4", (595.28, 841.89)), ("Letter", (612, 792))])
def test_the_paper_is_the_one_asked_for(
    paper: str, size: tuple[float, float], record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    pdf, count = closure_report_bytes(changed(record, paper=paper))

    assert len(document_pages(pdf)) == count
    for page in document_pages(pdf):
        assert page == pytest.approx(size, abs=0.1)


def test_a_paper_that_is_not_known_is_refused(
    record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    with pytest.raises(InvalidInputError, match="use a4 or letter"):
        closure_report_bytes(changed(record, paper="a5"))


def test_an_incident_that_is_not_closed_is_marked_on_every_page_and_in_the_title(
    incident: Incident,
    record_of: Callable[..., ClosureRecord],
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    still_open = changed(incident, status=incident.status.IN_PROGRESS, closed_at=None)
    pdf, _ = closure_report_bytes(record_of(still_open))

    texts = texts_of(pdf)
    assert all("Interim incident report" in text for text in texts)
    assert all("Interim, not closed" in text for text in texts)
    assert "Interim: Shipping labels" in texts[0]
    assert not any("Closed" in text for text in texts[:1])
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "Interim:" in str(document.docinfo.Title)


def test_a_missed_target_is_told_by_mark_word_and_amount(
    incident: Incident,
    record_of: Callable[..., ClosureRecord],
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    clock = changed(incident.resolution_clock, met=False, breached=True, remaining_s=-12 * 60)
    pdf, _ = closure_report_bytes(record_of(changed(incident, resolution_clock=clock)))

    [first, *_] = texts_of(pdf)
    assert "✕ Missed" in first
    assert "12 min over" in first


def test_a_signature_is_named_as_page_text(
    record: ClosureRecord, changed: Callable[..., Any], texts_of: Callable[[bytes], list[str]]
) -> None:
    signed = changed(record, signed="Ines Okonkwo, 11 Mar 2026, 09:45 UTC")

    assert (
        "Signed by Ines Okonkwo, 11 Mar 2026, 09:45 UTC"
        in (texts_of(closure_report_bytes(signed)[0])[-1])
    )


def test_the_same_record_gives_the_same_bytes_again(record: ClosureRecord, pdf: bytes) -> None:
    assert closure_report_bytes(record)[0] == pdf


_CHILD = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from datetime import UTC, datetime
from app.reports.closure_report import closure_report_bytes
from app.reports.record_parts import ChainEntry, Check, ClosureRecord, StripFact, TimelineRow
record = ClosureRecord(
    organisation="Kestrel", number="INC-9", title="Zażółć 한국 中文 😀 שלום",
    dated_at=datetime(2026, 3, 11, 9, 44, tzinfo=UTC), dated="11 Mar 2026, 10:44",
    record_json=b"{}", zone="Europe/Stockholm", strip=(StripFact("Status", "Closed"),),
    summary=("<b>one</b> & two",), timeline=(TimelineRow("D", "1", "0", "x", "y", True),),
    checks=(Check("a", True),), chain=ChainEntry(1, "ab" * 32),
)
print(hashlib.sha256(closure_report_bytes(record)[0]).hexdigest())
"""


def test_two_processes_zones_and_hash_seeds_write_the_same_bytes() -> None:
    found = set()
    for zone, seed, locale in (("UTC", "1", "C"), ("Pacific/Auckland", "77", "de_DE.UTF-8")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale}
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(ROOT)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        found.add(done.stdout.strip())

    assert len(found) == 1
    assert len(found.pop()) == 64


def test_writing_says_pages_and_digests(record: ClosureRecord, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"

    facts = write_closure_report(record, path)
    stream = io.BytesIO()
    write_closure_report(record, stream)

    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts.record_sha256 == hashlib.sha256(record.record_json).hexdigest()
    assert facts.pages == len(document_pages(path.read_bytes()))
    assert stream.getvalue() == path.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.pdf"]


def test_a_path_that_cannot_be_written_is_said_in_one_sentence(
    record: ClosureRecord, tmp_path: Path
) -> None:
    with pytest.raises(KnownError, match="could not be written") as caught:
        write_closure_report(record, tmp_path / "missing" / "report.pdf")

    assert caught.value.code == "report_not_written"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_leaves_nothing_behind(record: ClosureRecord, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.mkdir()

    with pytest.raises(KnownError, match="could not be written"):
        write_closure_report(record, target)

    assert [entry.name for entry in tmp_path.iterdir()] == ["report.pdf"]


def test_a_log_of_5000_lines_says_what_it_leaves_out(
    record: ClosureRecord, changed: Callable[..., Any], texts_of: Callable[[bytes], list[str]]
) -> None:
    excerpt = LogExcerpt(tuple(f"line {index}" for index in range(1, 5_001)), "From the spooler.")

    text = "\n".join(texts_of(closure_report_bytes(changed(record, excerpt=excerpt))[0]))

    assert "4,820 lines left out; the whole log is in the attached record" in text
    assert "line 120\n" in text
    assert "line 121\n" not in text
    assert "line 4941\n" in text
