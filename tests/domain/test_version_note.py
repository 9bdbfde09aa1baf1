"""A version file is one line or JSON; whatever else it may be is refused in a sentence."""

from __future__ import annotations

import json

import pytest

from app.domain import version_note
from app.domain.errors import InvalidInputError
from app.domain.version_note import VersionNote, is_newer, parse


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b"1.2.0", VersionNote("1.2.0")),
        (b"\xef\xbb\xbfv1.2\r\n", VersionNote("1.2")),
        (b"1.2.0 https://example.org/desk", VersionNote("1.2.0", "https://example.org/desk")),
        (
            b"1.2.0 https://example.org/desk Prints faster.\n",
            VersionNote("1.2.0", "https://example.org/desk", "Prints faster."),
        ),
        (b"1.2.0 Prints faster.", VersionNote("1.2.0", words="Prints faster.")),
        (b"1.2.0\nPrints\nfaster.", VersionNote("1.2.0", words="Prints\nfaster.")),
        (
            b'{"version": "1.2.0", "address": "https://example.org", "words": "a", "more": 1}',
            VersionNote("1.2.0", "https://example.org", "a"),
        ),
        (
            json.dumps({"version": "2.0", "words": "a\x1b[31m\u202eb\u0000"}).encode(),
            VersionNote("2.0", words="a[31mb"),
        ),
    ],
)
def test_a_line_or_an_object_is_read(content: bytes, note: VersionNote) -> None:
    assert parse(content) == note
    assert VersionNote.from_data(note.to_data()) == note


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "nothing"),
        (b"<html>Please log in</html>", "1.2.0"),
        (b"7", "1.2.0"),
        (b"1.2.0rc1", "1.2.0"),
        ("\u0661.\u0662.\u0660".encode(), "1.2.0"),
        (b"1.2.0\xff", "UTF-8"),
        ("1.2.0".encode("utf-16"), "UTF-8"),
        (b'{"version": "1.2.0"', "JSON"),
        (b'{"a":' + b"[" * 16_000, "JSON"),
        (b'{"version": 1.2}', "no text"),
        (b'{"words": "a"}', "nothing"),
        (b'{"version": "1.2.0", "address": "http://example.org"}', "https://"),
        (b'{"version": "1.2.0", "address": "javascript:alert(1)"}', "https://"),
        (b'{"version": "1.2.0", "address": "https://example.org@evil.example"}', "https://"),
        (b"1.2.0 file:///etc/passwd", "https://"),
        (b"1.2.0 " + b"x" * version_note.MAX_BYTES, "KB"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(content: bytes, word: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse(content)
    assert word in refused.value.message
    assert len(refused.value.message) < 300


def test_many_words_are_cut() -> None:
    assert len(parse(b"1.2.0 " + b"x " * 5_000).words) == version_note.LONGEST_WORDS


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("1.10", "1.9", True),
        ("1.9", "1.10", False),
        ("1.2.0", "1.2", False),
        ("1.2", "1.2.0", False),
        ("1.2.0.1", "1.2.0", True),
        ("0.1.0", "0.1.0", False),
        ("1.2.0", "1.2.0rc1", False),
        ("2.0", "1.2.0rc1", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer
