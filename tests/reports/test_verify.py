"""A finished report is read back, and no file, however made, ends in an exception."""

from __future__ import annotations

import io
import random
import zlib
from typing import TYPE_CHECKING

import pikepdf
import pytest

from app.domain.errors import KnownError, NotFoundError
from app.reports import verify
from app.reports.closure_report import closure_report_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.incident_record import Incident
    from app.reports.record_parts import ClosureRecord


@pytest.fixture(scope="module")
def report(record: ClosureRecord) -> bytes:
    return closure_report_bytes(record)[0]


def test_a_report_gives_its_record_its_digest_and_what_its_page_prints(
    report: bytes, record: ClosureRecord
) -> None:
    read = verify.read_content(report)
    assert read.problem == ""
    assert read.ours
    assert read.record is not None
    assert read.record["number"] == record.number
    assert read.record_sha256 == read.printed_sha256 == record.record_sha256
    assert record.chain is not None
    assert read.printed_block == record.chain.number
    assert read.printed_head == record.chain.head[:16]
    assert read.paper == record.paper
    assert len(read.document_ids) == 1


def test_the_paper_is_read_off_the_page(
    incident: Incident, record_of: Callable[..., ClosureRecord]
) -> None:
    letter = closure_report_bytes(record_of(incident, paper="letter"))[0]
    assert verify.read_content(letter).paper == "letter"


def test_a_record_that_somebody_put_in_place_of_ours_is_not_the_one_that_is_printed(
    report: bytes,
) -> None:
    read = verify.read_content(with_record(report, b'{"number": "INC-1", "id": "00"}'))
    assert read.record == {"number": "INC-1", "id": "00"}
    assert read.record_sha256 != read.printed_sha256


def with_record(report: bytes, record: bytes) -> bytes:
    """Attach another record to a finished report."""
    with pikepdf.open(io.BytesIO(report)) as document:
        document.Root.AF[0].EF.F.write(record)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


HOSTILE = {
    "empty": b"",
    "text": b"Dear all, here is the report.",
    "zeros": bytes(5_000),
    "only a head": b"%PDF-1.7\n",
    "no pages": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>",
    "a loop": b"%PDF-1.7\n1 0 obj<</Type/Catalog/AF 1 0 R/Pages 1 0 R/Kids[1 0 R]>>endobj\n"
    b"trailer<</Root 1 0 R/Info 1 0 R/Prev 9>>",
    "deep": b"%PDF-1.7\n1 0 obj" + b"[" * 50_000 + b"endobj\ntrailer<</Root 1 0 R>>",
    "wrong types": b"%PDF-1.7\n1 0 obj<</Type/Catalog/AF[(a) 3 null <</AFRelationship/Source>>]>>"
    b"endobj\ntrailer<</Root 1 0 R>>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_rubbish_is_told_in_words(name: str) -> None:
    read = verify.read_content(HOSTILE[name])
    assert read.problem
    assert read.record is None


def test_an_encrypted_report_is_told_as_locked(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert "password" in verify.read_content(out.getvalue()).problem


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.99])
def test_a_report_that_is_cut_off_is_no_exception(report: bytes, share: float) -> None:
    verify.read_content(report[: int(len(report) * share)])


def test_flipped_bytes_are_no_exception(report: bytes) -> None:
    chance = random.Random(7)
    for _ in range(60):
        content = bytearray(report)
        for _ in range(chance.choice((1, 1, 5, 200))):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        verify.read_content(bytes(content))


@pytest.mark.parametrize(
    "attached",
    [b"", b"not json", b"[]", b"12", b"\xff\xfe", b"[" * 200_000, b'{"id": 5, "number": []}'],
)
def test_a_record_of_any_kind_is_no_exception(report: bytes, attached: bytes) -> None:
    read = verify.read_content(with_record(report, attached))
    assert read.record is None or read.record == {"id": 5, "number": []}


def test_what_unpacks_to_more_than_a_record_can_hold_is_refused(
    report: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_LARGEST_RECORD", 1_000_000)
    bomb = zlib.compress(bytes(2_000_000), 9)
    with pikepdf.open(io.BytesIO(report)) as document:
        document.Root.AF[0].EF.F.write(bomb, filter=pikepdf.Name.FlateDecode)
        out = io.BytesIO()
        document.save(out)
    read = verify.read_content(out.getvalue())
    assert "more than fits" in read.problem


def test_a_page_that_unpacks_to_too_much_is_not_read(
    report: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_LARGEST_PAGE", 100)
    read = verify.read_content(report)
    assert read.record is not None
    assert read.printed_sha256 == ""


def test_a_file_that_is_missing_a_folder_or_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFoundError, match=r"no file .*gone\.pdf"):
        verify.read_report(tmp_path / "gone.pdf")
    with pytest.raises(KnownError, match="is no file"):
        verify.read_report(tmp_path)
    with pytest.raises(KnownError):
        verify.read_report(tmp_path / ("a" * 5_000))
    large = tmp_path / "large.pdf"
    large.write_bytes(bytes(101))
    monkeypatch.setattr(verify, "LARGEST", 100)
    assert "larger" in verify.read_report(large).problem


def test_every_identifier_of_a_trailer_is_found_twice(report: bytes) -> None:
    name = verify.document_ids(report)[0].encode()
    assert report.count(name) == 2
