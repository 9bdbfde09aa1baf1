"""A person's certificate signs every report that leaves; verify knows the signature again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyhanko")

from app.domain.errors import InvalidInputError, KnownError
from app.reports.signature import SignatureState
from app.services import configuration, quick_logging, reporting, signing, verification
from app.services.desk import Desk, open_desk
from app.services.verification import Verdict
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime.now(UTC).replace(microsecond=0)
"""A certificate is only valid about now."""


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    passwords: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", passwords.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", passwords.get)
    return passwords


@pytest.fixture
def desk(tmp_path: Path, kept: dict[str, str]) -> Iterator[Desk]:
    del kept
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    yield desk
    desk.close()


def test_a_report_is_signed_with_the_own_certificate_and_verified(
    desk: Desk, tmp_path: Path, kept: dict[str, str]
) -> None:
    plain = reporting.write_report(desk, "1", tmp_path / "plain.pdf")
    assert signing.make_certificate(desk, tmp_path / "ana.p12", "open sesame") == "Ana Ruiz"
    assert list(kept.values()) == ["open sesame"]
    signed = reporting.write_report(desk, "1", tmp_path / "signed.pdf")
    assert signed["signed_by"] == "Ana Ruiz"
    assert signed["record_sha256"] == plain["record_sha256"]
    found = verification.verify_file(desk, tmp_path / "signed.pdf")
    assert found.verdict is Verdict.GENUINE
    assert found.signature is not None
    assert found.signature.state is SignatureState.VALID
    assert found.to_json()["signature"]["signer"] == "Ana Ruiz"
    assert verification.verify_file(desk, tmp_path / "plain.pdf").signature is None


def test_a_flipped_byte_of_a_signed_report_is_found(desk: Desk, tmp_path: Path) -> None:
    signing.make_certificate(desk, tmp_path / "ana.p12", "open sesame")
    reporting.write_report(desk, "1", tmp_path / "signed.pdf")
    content = (tmp_path / "signed.pdf").read_bytes()
    for place in range(0, len(content), len(content) // 23):
        flipped = bytearray(content)
        flipped[place] ^= 16
        found = verification.verify_content(desk, bytes(flipped))
        assert found.verdict is Verdict.FILE_ALTERED, place
        assert found.signature is None or found.signature.state is not SignatureState.VALID


def test_a_signature_of_somebody_else_is_by_an_unknown_signer(desk: Desk, tmp_path: Path) -> None:
    from app.reports.sign import make_own_certificate

    path = tmp_path / "bo.p12"
    path.write_bytes(make_own_certificate("Bo", "", "pw", NOW))
    reporting.write_report(desk, "1", tmp_path / "r.pdf", key=signing.key_of_file(path, "pw"))
    found = verification.verify_file(desk, tmp_path / "r.pdf")
    assert found.signature is not None
    assert (found.signature.state, found.signature.signer) == (SignatureState.UNKNOWN_SIGNER, "Bo")


def test_what_is_in_the_way_of_signing_is_told_and_nothing_is_written(
    desk: Desk, tmp_path: Path, kept: dict[str, str]
) -> None:
    out = tmp_path / "r.pdf"
    configuration.set_setting(desk, "sign.reports", True)
    with pytest.raises(InvalidInputError, match="no certificate is chosen"):
        reporting.write_report(desk, "1", out)
    configuration.set_setting(desk, "sign.certificate", str(tmp_path / "gone.p12"))
    with pytest.raises(KnownError, match="cannot be read"):
        reporting.write_report(desk, "1", out)
    signing.make_certificate(desk, tmp_path / "ana.p12", "open sesame")
    kept.clear()
    with pytest.raises(InvalidInputError, match="password is wrong"):
        reporting.write_report(desk, "1", out)
    assert not out.exists()
    with pytest.raises(InvalidInputError, match="is there already"):
        signing.make_certificate(desk, tmp_path / "ana.p12", "open sesame")
