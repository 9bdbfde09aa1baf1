"""A signed report says who issued it, stays an archive, and any change of it is found."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest

pytest.importorskip("pyhanko")

from app.domain.errors import InvalidInputError
from app.reports import sign, verify
from app.reports.closure_report import closure_report_bytes
from app.reports.signature import SignatureState, look_at_signature

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.reports.record_parts import ClosureRecord

NOW = datetime.now(UTC)
FLIPS = 200


@pytest.fixture(scope="module")
def key() -> sign.SigningKey:
    made = sign.make_own_certificate("Ana Ruiz", "Kestrel Freight IT", "open sesame", NOW)
    return sign.open_key(made, "open sesame")


@pytest.fixture(scope="module")
def signed(record: ClosureRecord, key: sign.SigningKey) -> bytes:
    named = replace(record, signed="Ana Ruiz, 9 Mar 2026, 09:00 UTC", signature_field=sign.FIELD)
    return sign.sign_report(closure_report_bytes(named)[0], key)


def test_a_signed_report_is_still_an_archive_that_everybody_can_read(
    signed: bytes, failed_rules: Callable[[bytes], list[str]]
) -> None:
    assert failed_rules(signed) == []


def test_the_signature_is_valid_and_its_signer_is_known_or_not(
    signed: bytes, key: sign.SigningKey
) -> None:
    certificate = key.signer.signing_cert.dump()
    found = look_at_signature(signed, [certificate])
    assert found is not None
    assert found.state is SignatureState.VALID
    assert found.signer == "Ana Ruiz"
    assert found.signed_at is not None
    unknown = look_at_signature(signed)
    assert unknown is not None
    assert unknown.state is SignatureState.UNKNOWN_SIGNER


def test_every_change_of_a_signed_report_is_found(signed: bytes, key: sign.SigningKey) -> None:
    certificate = key.signer.signing_cert.dump()
    chance = random.Random(11)
    for place in chance.sample(range(len(signed)), FLIPS):
        flipped = bytearray(signed)
        flipped[place] ^= 1 << chance.randrange(8)
        found = look_at_signature(bytes(flipped), [certificate])
        assert found is None or found.state is not SignatureState.VALID, place


def test_what_was_added_after_signing_is_found(signed: bytes, key: sign.SigningKey) -> None:
    certificate = key.signer.signing_cert.dump()
    found = look_at_signature(signed + b"\n% more", [certificate])
    assert found is not None
    assert found.state is SignatureState.ALTERED
    with pikepdf.open(io.BytesIO(signed)) as document:
        document.Root.AF[0].Desc = pikepdf.String("Another one")
        out = io.BytesIO()
        document.save(out)
    found = look_at_signature(out.getvalue(), [certificate])
    assert found is not None
    assert found.state is SignatureState.ALTERED


@pytest.mark.spoils_reports
@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_another_program_says_that_it_is_valid(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    flipped = bytearray(signed)
    flipped[len(flipped) // 3] ^= 1
    path.write_bytes(flipped)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" not in said


def test_the_record_is_read_from_a_signed_report(signed: bytes, record: ClosureRecord) -> None:
    read = verify.read_content(signed)
    assert read.record_sha256 == read.printed_sha256 == record.record_sha256
    assert signed.count(read.document_ids[0].encode()) > 2


def test_a_report_without_a_field_cannot_be_signed(
    record: ClosureRecord, key: sign.SigningKey
) -> None:
    with pytest.raises(sign.SignatureError, match="could not be signed"):
        sign.sign_report(closure_report_bytes(record)[0], key)


def test_a_file_without_a_signature_has_none(record: ClosureRecord) -> None:
    assert look_at_signature(closure_report_bytes(record)[0]) is None
    assert look_at_signature(b"") is None


@pytest.mark.parametrize("content", [b"/ByteRange", b"%PDF-1.7 /ByteRange [0 1 2 3]"])
def test_rubbish_that_claims_a_signature_is_no_exception(content: bytes) -> None:
    found = look_at_signature(content)
    assert found is None or found.state is SignatureState.ALTERED


def test_without_the_part_that_checks_a_signature_is_told_as_unchecked(
    signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reports.signature.is_available", lambda: False)
    found = look_at_signature(signed)
    assert found is not None
    assert found.state is SignatureState.UNCHECKED
    monkeypatch.setattr(sign, "is_available", lambda: False)
    with pytest.raises(sign.SignatureError, match="not installed"):
        sign.open_key(b"", "")


@pytest.mark.parametrize(("content", "password"), [(b"", ""), (b"no p12", "x")])
def test_what_is_no_certificate_is_told(content: bytes, password: str) -> None:
    with pytest.raises(InvalidInputError, match="cannot be opened"):
        sign.open_key(content, password)


def test_a_wrong_password_and_missing_facts_are_told() -> None:
    made = sign.make_own_certificate("Ana", "", "right", NOW)
    with pytest.raises(InvalidInputError, match="password is wrong"):
        sign.open_key(made, "wrong")
    with pytest.raises(InvalidInputError, match="whose"):
        sign.make_own_certificate(" ", "", "right", NOW)
    with pytest.raises(InvalidInputError, match="password"):
        sign.make_own_certificate("Ana", "", "", NOW)
