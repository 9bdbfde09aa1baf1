"""Files as the viewer reads them: text of any encoding, only the beginning of a long one."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError, StoreError
from app.domain.incident_record import IncidentDraft
from app.services import browsing, evidence, logging_incidents, viewing
from app.services.desk import Desk, open_desk
from app.storage import attachments
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident_record import Attachment


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def kept(desk: Desk, name: str, content: bytes) -> Attachment:
    uid = logging_incidents.log(desk, IncidentDraft(title="VPN")).ids["incident"][0]
    evidence.attach(desk, uid, [(name, content)])
    return browsing.incident(desk, uid).attachments[0]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Zażółć gęślą jaźń\n"),
        ("utf-8-sig", "Zażółć\n"),
        ("utf-16", "Zażółć\n"),
        ("cp1252", "Größe überschritten, Gerät läuft nicht\n" * 4),
    ],
)
def test_text_is_read_in_its_encoding(desk: Desk, encoding: str, text: str) -> None:
    viewed = viewing.view(desk, kept(desk, "a.log", text.encode(encoding)))
    assert viewed.text == text
    assert viewed.whole


def test_only_the_beginning_of_a_long_text_is_read_up_to_a_whole_line(desk: Desk) -> None:
    file = kept(desk, "a.log", "".join(f"line {n} ü\n" for n in range(1000)).encode())
    viewed = viewing.view(desk, file, limit=501)
    assert not viewed.whole
    lines = viewed.text.splitlines()
    assert lines == [f"line {n} ü" for n in range(len(lines))]
    assert 450 < len(viewed.text.encode()) <= 501


def test_a_packed_log_is_unpacked_to_look_at(desk: Desk) -> None:
    assert viewing.view(desk, kept(desk, "a.log.gz", gzip.compress(b"hello\n"))).text == "hello\n"


def test_a_picture_is_handed_on_as_it_is(desk: Desk) -> None:
    assert viewing.view(desk, kept(desk, "a.png", b"\x89PNG...")).picture == b"\x89PNG..."


def test_an_empty_file_is_an_empty_text(desk: Desk) -> None:
    viewed = viewing.view(desk, kept(desk, "a.log", b""))
    assert (viewed.text, viewed.picture, viewed.whole) == ("", b"", True)


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x7fELF\0\0", bytes(range(256)) * 8])
def test_what_is_no_text_is_refused_with_what_to_do(desk: Desk, content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"a\.bin.*Open it") as refusal:
        viewing.view(desk, kept(desk, "a.bin", content))
    assert refusal.value.code == "not_shown"


def test_a_missing_and_an_altered_file_are_told_apart(desk: Desk) -> None:
    file = kept(desk, "a.log", b"hello")
    path = attachments.path_of(desk.profile.attachments, file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"HELLO")
    with pytest.raises(StoreError, match="altered"):
        viewing.view(desk, file)
    path.unlink()
    with pytest.raises(NotFoundError, match="missing"):
        viewing.view(desk, file)


def test_a_citation_names_file_and_lines(desk: Desk) -> None:
    file = kept(desk, "vpn.log", b"a\nb\nc")
    assert viewing.cited(file, 2, ["b"]) == "vpn.log:2\nb"
    assert viewing.cited(file, 2, ["b", "c"]) == "vpn.log:2-3\nb\nc"
