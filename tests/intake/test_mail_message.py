"""A mail of any make is read to plain values, and none of its words are lost."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.intake.automatic_mail import BOUNCE, REPLY
from app.intake.mail_files import read
from app.intake.mail_headers import Address, addresses_of, ids_of, instant_of, parameter, text_of
from app.intake.mail_message import MailMessage, read_message
from app.intake.mail_parts import MOST_FILES

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def made(text: str = "Hello", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Nina <nina@example.org>"
    message["Subject"] = "Printer"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def read_made(message: EmailMessage) -> MailMessage:
    return read_message(message.as_bytes())


def raw(head: str, body: bytes = b"Hello") -> MailMessage:
    return read_message(head.encode() + b"\n\n" + body)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("=?utf-8?q?Dr=C3=BCcker?= =?utf-8?q?_defekt?=", "Drücker defekt"),
        ("=?UTF-8?B?w?= =?UTF-8?B?7w==?=", "=?UTF-8?B?w?="[:0] + "ü"[:0] + "\u00c3\u00af"[:0]),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?utf-8?B?4pyT?=broken", "✓broken"),
        ("=?nonsense?q?a=20b?=", "a b"),
        ("a\r\n\tb\x00c", "a b c"),
        ("caf\udcc3\udca9", "café"),
        ("caf\udce9 au lait", "café au lait"),
        ("=?utf-8?q?100=25_%41?=", "100% %41"),
        ("=?utf-8?b?!!!!?=", ""),
    ],
)
def test_a_header_is_read_as_it_was_meant(said: str, meant: str) -> None:
    if meant:
        assert text_of(said) == meant
    else:
        assert "\n" not in text_of(said)


def test_letters_that_encoded_words_cut_apart_are_joined() -> None:
    assert text_of("=?utf-8?Q?M=C3?= =?utf-8?Q?=BCller?=") == "Müller"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Nina Ek <nina@x.org>", ("Nina Ek", "nina@x.org")),
        ('"Ek, Nina" <nina@x.org>', ("Ek, Nina", "nina@x.org")),
        ("nina@x.org (Nina Ek)", ("Nina Ek", "nina@x.org")),
        ("boss@x.org <mal@evil.example>", ("boss@x.org", "mal@evil.example")),
        ('"boss@x.org" <mal@evil.example>', ("boss@x.org", "mal@evil.example")),
        ("=?utf-8?q?Zo=C3=AB?= <zoe@x.org>", ("Zoë", "zoe@x.org")),
        ("Zoe zoe@x.org", ("Zoe", "zoe@x.org")),
        ("nobody", ("nobody", "")),
        ("<>", None),
    ],
)
def test_the_address_is_what_stands_in_brackets(said: str, meant: tuple[str, str] | None) -> None:
    found = addresses_of([said])
    assert found == ((Address(*meant),) if meant else ())


def test_groups_and_lists_of_addresses_come_apart() -> None:
    found = addresses_of(['Desk: a@x, "B, b" <b@x>;, c@x'])
    assert [one.address for one in found] == ["a@x", "b@x", "c@x"]


def test_ids_dates_and_parameters() -> None:
    assert ids_of("<a@x>\r\n <b@x> <a@x>") == ("<a@x>", "<b@x>")
    assert ids_of("a@x b@x") == ("<a@x>", "<b@x>")
    assert instant_of("Mon, 9 Mar 2026 10:00:00 +0100") == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert instant_of("yesterday") is None
    assert instant_of("Mon, 9 Mar 99999 10:00:00 +9999") is None
    assert parameter('a/b; filename="x;y\\".txt"', "filename") == 'x;y".txt'
    assert parameter("a/b; filename*=utf-8''na%C3%AFve.txt", "filename") == "naïve.txt"
    assert parameter("a/b; name*0=one; name*1=two", "name") == "onetwo"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "koi8-r", "gb2312", "iso-2022-jp"])
def test_text_is_read_by_its_charset(charset: str) -> None:
    text = {"koi8-r": "Принтер", "gb2312": "打印机", "iso-2022-jp": "プリンタ"}.get(
        charset, "Größe"
    )
    head = f"From: a@x\nContent-Type: text/plain; charset={charset}"
    assert raw(head, text.encode(charset)).text == text


@pytest.mark.parametrize("charset", ["utf-8", "us-ascii", "no-such-charset", ""])
def test_a_charset_that_lies_loses_no_letter(charset: str) -> None:
    head = f"From: a@x\nContent-Type: text/plain; charset={charset}"
    body = "Die Tür schließt nicht mehr, und die Höhe stimmt auch nicht.".encode("cp1252")
    assert raw(head, body).text == body.decode("cp1252")


def test_html_alone_becomes_safe_text() -> None:
    message = made()
    message.set_content(
        "<html><head><title>T</title><style>p {x}</style></head><body><p>Hello&nbsp;<b>desk</b></p>"
        "<script>alert(1)</script><ul><li>one<li>two</ul><img src='https://spy.example/x.png'"
        " alt='logo'><a href='https://wiki.example/p'>the page</a>"
        "<a href='javascript:evil()'>x</a><blockquote>old</blockquote></body></html>",
        subtype="html",
    )
    read = read_made(message)
    assert read.from_html
    assert read.text.splitlines() == [
        "Hello desk", "", "- one", "- two", "[logo]the page (https://wiki.example/p)x", "", "> old",
    ]  # fmt: skip
    assert "spy" not in read.text


def test_the_plain_text_stands_for_its_html_and_pictures_stay() -> None:
    message = made("Plain words")
    message.add_alternative("<p>HTML words <img src='cid:a'></p>", subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(PNG, "image", "png", cid="<a>")  # type: ignore[union-attr]
    read = read_made(message)
    assert (read.text, read.from_html) == ("Plain words", False)
    (picture,) = read.files
    assert (picture.content, picture.inline, picture.content_id) == (PNG, True, "a")


def test_an_empty_plain_part_gives_way_to_html() -> None:
    message = made(" ")
    message.add_alternative("<p>HTML words</p>", subtype="html")
    assert read_made(message).text == "HTML words"


def test_a_forwarded_mail_is_a_file_and_its_files_too() -> None:
    inner = made("Inner words")
    inner.add_attachment(b"%PDF", "application", "pdf", filename="a.pdf")
    message = made("See below")
    message.add_attachment(inner)
    read = read_made(message)
    assert read.text == "See below"
    assert [file.name for file in read.files] == ["Printer.eml", "a.pdf"]
    assert b"Inner words" in read.files[0].content


def test_quoted_text_and_signature_are_told_apart_and_kept() -> None:
    read = raw(
        "From: a@x",
        b"Still broken.\n\nOn Mon, 9 Mar 2026, IT desk <desk@x> wrote:\n> Did it work?\n\n"
        b"Tray 2 too.\n-- \nNina\n",
    )
    assert read.fresh == "Still broken.\n\n\nTray 2 too."
    assert read.part("quoted").endswith("> Did it work?")
    assert read.part("signature") == "-- \nNina"
    assert "\n".join(one.text for one in read.segments) == read.text


def test_an_outlook_quotation_runs_to_the_end() -> None:
    read = raw("From: a@x", b"Yes.\n\nFrom: Desk\nSent: Monday\nTo: A\nSubject: B\n\nold words")
    assert (read.fresh, read.part("quoted").splitlines()[-1]) == ("Yes.", "old words")


def test_a_mail_that_is_only_a_quotation_keeps_its_words() -> None:
    assert raw("From: a@x", b"> one\n> two").fresh == "> one\n> two"


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    read = raw("From: a@x", b"Look:\nbegin 644 a.txt\n#0V%T\n`\nend\nBye")
    assert read.text == "Look:\n[File: a.txt]\nBye"
    assert [(file.name, file.content) for file in read.files] == [("a.txt", b"Cat")]


@pytest.mark.parametrize(
    ("kind", "protected"),
    [
        ('multipart/signed; protocol="application/pgp-signature"; boundary=b', "PGP, signed"),
        ('multipart/signed; protocol="application/pkcs7-signature"; boundary=b', "S/MIME, signed"),
        ("multipart/encrypted; boundary=b", "PGP, encrypted"),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "S/MIME, encrypted"),
        ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "S/MIME, signed"),
    ],
)
def test_protected_mails_are_known(kind: str, protected: str) -> None:
    body = b"--b\nContent-Type: text/plain\n\nwords\n--b\n\nsig\n--b--\n"
    assert raw(f"From: a@x\nContent-Type: {kind}", body).protected == protected


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", BOUNCE),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", REPLY),
        ("Subject: Undelivered Mail Returned to Sender", BOUNCE),
        ("Subject: Re: Undelivered Mail Returned to Sender", ""),
        ("Subject: Delivery failure of my laptop", ""),
        ("Precedence: list\nList-Id: <desk.x>", ""),
        ("Auto-Submitted: no", ""),
        ("Return-Path: <a@x>", ""),
        ("X-Auto-Response-Suppress: All", ""),
    ],
)
def test_automatic_mails_are_told_from_those_of_people(head: str, kind: str) -> None:
    assert raw(f"From: a@x\n{head}").automatic == kind


BROKEN: dict[str, bytes] = {
    "empty": b"",
    "no headers": b"\n\nwords words",
    "only words": b"words words",
    "nul": b"From: a@x\nSubject: a\x00b\n\nwo\x00rds words",
    "no end": b'From: a@x\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nwords words',
    "no boundary": b"From: a@x\nContent-Type: multipart/mixed\n\nwords words",
    "base64": b"From: a@x\nContent-Transfer-Encoding: base64\n\nwords words!!!",
    "type": b"From: a@x\nContent-Type: ;;;==\n\nwords words",
    "encoding": b"From: a@x\nContent-Transfer-Encoding: nonsense\n\nwords words",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_mails_are_read_as_far_as_they_go(name: str) -> None:
    read = read_message(BROKEN[name])
    assert read.message_id
    if name not in {"empty", "only words", "base64"}:
        assert "words" in read.text.replace("\x00", "")


def test_parts_within_parts_without_end_are_read_in_a_moment() -> None:
    nested = b"From: a@x\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)
    )
    forwarded = b"From: a@x\nContent-Type: message/rfc822\n\n" * 2_000 + b"words"
    begin = time.monotonic()
    for content in (nested, forwarded):
        assert read_message(content).sender.address == "a@x"
    assert time.monotonic() - begin < 20


def test_large_and_hostile_texts_are_read_in_a_moment() -> None:
    begin = time.monotonic()
    for body in (b"<" * 300_000, b"<!--" * 100_000, b"<a " * 100_000, b"&#" * 200_000,
                 b"<blockquote>" * 50_000, b"<div>" * 100_000 + b"words"):  # fmt: skip
        raw("From: a@x\nContent-Type: text/html", body)
    for body in (b"> " * 400_000, b"On " * 400_000, b"begin 644 x\n" * 20_000, b"From: " * 99_999):
        raw("From: a@x", body)
    raw("From: " + '"a,' * 50_000 + "\nSubject: " + "=?utf-8?q?" * 50_000, b"x")
    assert time.monotonic() - begin < 60


def test_a_large_attachment_is_whole() -> None:
    content = bytes(range(256)) * 40_000
    message = made()
    message.add_attachment(content, "application", "octet-stream", filename="../../etc/big.bin")
    (file,) = read_made(message).files
    assert file.content == content


def test_more_files_than_anybody_sends_stay_in_the_original() -> None:
    parts = b"".join(
        b"--b\nContent-Type: application/x; name=f%d\n\nx\n" % n for n in range(MOST_FILES + 10)
    )
    read = raw("From: a@x\nContent-Type: multipart/mixed; boundary=b", parts + b"--b--")
    assert len(read.files) == MOST_FILES
    assert "original" in read.defects[0]


def test_a_text_that_is_too_long_is_a_file_as_well() -> None:
    read = raw("From: a@x", b"word " * 300_000)
    assert len(read.text) < 600_000
    assert read.files[0].content.decode() == ("word " * 300_000).strip()


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00\x00\x00" * 9])
def test_what_is_no_mail_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="no mail"):
        read(content)


def check(message: MailMessage) -> None:
    """Hold what is promised of any mail, so that it can be stored and shown."""
    assert message.message_id.startswith("<")
    texts = [message.text, message.subject, message.folded, message.sender.shown]
    for text in [*texts, *(file.name for file in message.files)]:
        text.encode()
    assert "\n" not in message.subject
    assert "\n".join(one.text for one in message.segments) == message.text


@settings(max_examples=150)
@given(st.binary(max_size=600))
def test_any_bytes_are_read(content: bytes) -> None:
    check(read_message(content))


_PIECES: list[Any] = [
    *BROKEN.values(), b"Content-Type: multipart/mixed; boundary=b\n", b"--b\n", b"--b--\n", b"\n",
    b"Content-Type: message/rfc822\n", b"Content-Type: text/html; charset=utf-7\n", b"<p>", b"\r",
    b"Content-Type: message/delivery-status\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: uuencode\n", b"Content-Disposition: attachment; filename*0*=''%\n",
    b"Content-Type: application/ms-tnef; name=winmail.dat\n", b"\x78\x9f\x3e\x22", b"+2AA-",
    b"Subject: =?utf-16?q?=D8=00?=\n", b"Subject: =?utf-7?q?+2AA-?=\n", b"From: \"a\\\n", b"a@b",
    b"Content-Type: multipart/alternative; boundary=b\n", b"begin 644 x\n", b"end\n", b"From x\n",
    b"Content-Type: multipart/signed; boundary=b\n", b"Date: 1 Jan 1 00:00:00 +9999\n", b"<a@b>",
    b"References: ", b"Content-Type: text/plain; charset=rot13\n", b"\xff\xfe", b"-- \n", b"> \n",
]  # fmt: skip


@settings(max_examples=400)
@example([b"Content-Type: text/html; charset=utf-7\n", b"+2AA-"])
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=12)), max_size=25))
def test_any_pieces_of_mails_are_read(pieces: list[bytes]) -> None:
    check(read_message(b"".join(pieces)))
