"""Damaged and hostile mails by hypothesis: each is read or refused in words; nothing hangs."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.intake import mail_files
from app.storage.attachments import safe_name

LONGEST_S = 5.0
EXAMPLES = 600
"""Of each test; both took 33 s together on a busy machine when they were written."""
_GOOD = (
    b"From: =?utf-8?q?Nina_B=C3=A9rg?= <nina@example.org>\r\nTo: desk@example.org\r\n"
    b"Subject: =?iso-8859-1?B?RHJ1Y2tlcg==?=\r\nMessage-ID: <1@x>\r\nReferences: <0@x> <y@x>\r\n"
    b"Date: Mon, 09 Mar 2026 08:30:00 +0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    b'Content-Type: multipart/alternative; boundary="c"\r\n\r\n--c\r\n'
    b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"SGVsbG8=\r\n--c\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable"
    b"\r\n\r\n<p>Hello=20<img src=3D'cid:a'><table><tr><td>x</table>\r\n--c--\r\n--b\r\n"
    b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64"
    b"\r\n\r\neJ8+IgAAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA\r\n--b\r\nContent-Type: message/rfc822"
    b"\r\n\r\nFrom: a@b\r\n\r\nInner\r\n--b--\r\n"
)
_TOKENS = st.sampled_from(
    [
        *(b"\r\n", b"\n\n", b"--b\r\n", b"--b--", b"\x00", b"=?", b"?=", b"=?utf-8?q?=ff?=", b"<"),
        *(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
            b"charset=unknown-8bit",
            b'"',
            b">",
        ),
        *(b"Content-Transfer-Encoding: uuencode\r\n", b"\xff\xfe", b"filename*0*=utf-8''%ff", b"("),
        *(b"From: ", b"Date: 99 Foo 99999 99:99 +9999\r\n", b"X" * 2_000, b"begin 644 ../../x\n"),
        *(b"{\\rtf1", b"<div>" * 200, b"References: " + b"<a@b> " * 200, b"\xd0\xcf\x11\xe0"),
    ]
)
_EDIT = st.tuples(st.integers(0, len(_GOOD)), st.integers(0, 40), st.one_of(st.binary(), _TOKENS))

pytestmark = pytest.mark.slow
_settings = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def read(content: bytes) -> None:
    """Read a mail; only a sentence about a file that is none may come instead of it."""
    began = time.monotonic()
    try:
        message = mail_files.read(content)
    except InvalidInputError:
        return
    assert time.monotonic() - began < LONGEST_S
    assert message.message_id
    assert isinstance(message.folded, str)
    message.folded.encode()  # it can be stored
    message.subject.encode()
    for file in message.files:
        name = safe_name(file.name)  # as the store keeps it
        assert not {"/", "\\", "\0"} & set(name)
        name.encode()


@_settings
@given(st.lists(_EDIT, max_size=12))
def test_a_good_mail_that_was_damaged(edits: list[tuple[int, int, bytes]]) -> None:
    content = _GOOD
    for at, length, put in edits:
        content = content[:at] + put + content[at + length :]
    read(content)


@_settings
@given(st.lists(st.one_of(st.binary(max_size=60), _TOKENS), max_size=40))
def test_bytes_that_look_like_a_mail(parts: list[bytes]) -> None:
    read(b"".join(parts))
