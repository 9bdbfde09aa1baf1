"""Outlook's own files: .msg, winmail.dat and packed formatted text, whole, cut off and hostile."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.intake.compound_file import MAGIC
from app.intake.mail_files import read
from app.intake.mail_message import read_message
from app.intake.outlook_message import read_outlook_message
from app.intake.rtf_text import text_of_rtf, unpacked
from app.intake.winmail import SIGNATURE, read_winmail

if TYPE_CHECKING:
    from pathlib import Path


def attribute(level: int, tag: int, value: bytes) -> bytes:
    return (
        struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    )


def package() -> bytes:
    """Return a winmail.dat with a text and two files of one name."""
    found = SIGNATURE + b"\x01\x00" + attribute(1, 0x0002800C, b"Body words\x00")
    for content in (b"one", b"two"):
        found += attribute(2, 0x00069002, b"\x00" * 14)
        found += attribute(2, 0x00018010, b"a.txt\x00")
        found += attribute(2, 0x0006800F, content)
    return found


def test_a_winmail_gives_its_text_and_files() -> None:
    head = b"From: a@x\nContent-Type: application/ms-tnef; name=winmail.dat\n\n"
    found = read_message(head + package().decode("latin-1").encode("latin-1"))
    assert found.text == "Body words"
    assert [(one.name, one.content) for one in found.files] == [
        ("a.txt", b"one"),
        ("a.txt", b"two"),
    ]


@pytest.mark.parametrize("length", range(0, len(package()), 7))
def test_a_winmail_that_is_cut_off_gives_what_is_whole(length: int) -> None:
    found = read_winmail(package()[:length])
    assert found is None or found.text in {"", "Body words"}


def test_formatted_text_is_unpacked_and_read() -> None:
    packed = bytes.fromhex(  # the example of [MS-OXRTFCP], 3.1.1
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c"
        "090020627705b06c647d0a800fa0"
    )
    assert text_of_rtf(unpacked(packed)) == "hello world"


def test_letters_of_formatted_text_are_read() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}T\'fcr\par \u8364?5 {\*\x y}\b bold}"
    assert text_of_rtf(rtf) == "Tür\n€5 bold"


def test_packed_text_does_not_grow_without_end() -> None:
    bomb = struct.pack("<IIII", 0, 0xFFFFFFF0, 0x75465A4C, 0) + b"\xff" + b"\x00\x0f" * 100_000
    assert len(unpacked(bomb)) < 4_000_000


def test_a_damaged_file_of_outlook_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="damaged"):
        read(MAGIC + b"\x00" * 2_000)


def test_the_msg_files_say_what_their_converted_forms_say(real_data: Path) -> None:
    folder = real_data / "emails"
    for path in sorted((folder / "outlook_msg").glob("*.msg")):
        found = read(path.read_bytes())
        other = read((folder / "outlook_msg_converted" / f"{path.stem}.eml").read_bytes())
        assert (found.subject, found.text) == (other.subject, other.text)
        assert [one.address for one in found.to] == [one.address for one in other.to]
        files = [(one.name, one.content) for one in other.files if one.name != "part.rtf"]
        assert [(one.name, one.content) for one in found.files] == files


@settings(max_examples=60)
@given(st.data())
def test_a_msg_file_with_changed_bytes_is_read_or_refused(
    real_data: Path, data: st.DataObject
) -> None:
    path = real_data / "emails" / "outlook_msg" / "plain_uc_wc_unsent.msg"
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_outlook_message(bytes(content[: data.draw(st.integers(600, len(content)))]))


def test_the_winmails_give_their_files(real_data: Path) -> None:
    found = {}
    for path in (real_data / "emails" / "tnef_winmail").glob("*.tnef"):
        told = read_winmail(path.read_bytes())
        assert told is not None
        found[path.stem] = [name for name, _ in told.files]
    assert found["umlaut"][2] == "UmlautAnhang-äüö.txt"
    assert found["long-filename"] == ["allproductsmar2000.dat"]
    assert found["duplicate_filename"][:2] == ["file_abcdefgh.txt"] * 2
    assert found["one-file"] == ["AUTHORS"]


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_in_a_winmail_are_read(content: bytes) -> None:
    read_winmail(SIGNATURE + content)
    text_of_rtf(unpacked(b"\x00" * 8 + b"LZFu" + content))
    text_of_rtf(content)
