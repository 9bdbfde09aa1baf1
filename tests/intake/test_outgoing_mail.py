"""A letter is readable by any mail program, and no text becomes a header of it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from app.domain.errors import InvalidInputError
from app.domain.letter import Recipient, pause_after
from app.intake.outgoing_mail import Attached, checked_address, read_recipients, write_letter

AT = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
NINA = Recipient("Nina Ek", "nina@example.org")


def written(**changed: Any) -> EmailMessage:
    given: dict[str, Any] = {
        "message_id": "<a.b@example.org>",
        "sender": Recipient("IT desk", "desk@example.org"),
        "recipients": [NINA],
        "subject": "[INC-1] Closed: printer",
        "body": "Dear Nina,\n\n.dot\n" + "long " * 400 + "\nZo\u00eb \U0001f5a8\n",
        "report": Attached("INC-1.pdf", b"%PDF-1.7\n\x00\xff"),
        "at": AT,
    }
    content = write_letter(**(given | changed))
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    read = message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_letter_carries_text_and_report() -> None:
    read = written()
    assert read["Message-ID"] == "<a.b@example.org>"
    assert read["To"] == "Nina Ek <nina@example.org>"
    assert read["Date"] == "Mon, 09 Mar 2026 09:00:00 +0000"
    text = read.get_body(("plain",))
    assert text is not None
    assert "Zo\u00eb \U0001f5a8" in text.get_content()
    (report,) = list(read.iter_attachments())
    assert report.get_content_type() == "application/pdf"
    assert report.get_filename() == "INC-1.pdf"
    assert report.get_content() == b"%PDF-1.7\n\x00\xff"
    assert "X-Unsent" not in read


def test_a_draft_opens_as_one_that_is_to_be_sent() -> None:
    read = written(draft=True, sender=None)
    assert read["X-Unsent"] == "1"
    assert "From" not in read


def test_no_text_becomes_a_header() -> None:
    evil = "Closed\r\nBcc: all@example.org\n\nbody \u2028 \x00"
    read = written(
        subject=evil,
        recipients=[Recipient(evil, "nina@example.org")],
        report=Attached(evil, b"%PDF"),
    )
    assert "Bcc" not in read
    assert read["To"].addresses[0].addr_spec == "nina@example.org"
    assert len(read["To"].addresses) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("Nina", [("Nina", "")]),
        ("nina@example.org", [("", "nina@example.org")]),
        ("Nina Ek <nina@example.org>; Bo,", [("Nina Ek", "nina@example.org"), ("Bo", "")]),
        ('"Ek, Nina" <nina@example.org>', [("Ek, Nina", "nina@example.org")]),
        ("a@x.org\nA <A@X.ORG>", [("", "a@x.org")]),
        ("z@m\u00fcller.example", [("", "z@xn--mller-kva.example")]),
    ],
)
def test_names_and_addresses_are_read_as_people_write_them(
    text: str, wanted: list[tuple[str, str]]
) -> None:
    assert [one[:2] for one in read_recipients(text)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "@", "a@", "@x.org", "a b@x.org", "a@x..org", "zo\u00eb@x.org", "a@x.org\x00",
        "<a@x.org", "a@b@x.org", "a" * 300 + "@x.org", "a@" + "x" * 80 + ".org", "a,b@x,org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no mail address"):
        checked_address(text)


def test_the_pauses_grow_and_end_at_an_hour() -> None:
    pauses = [pause_after(tries) for tries in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (30, 3_600)
