"""Every message of the real mails is read, says what `facts.csv` says of it, and loses no text."""

from __future__ import annotations

import csv
import re
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parseaddr
from typing import TYPE_CHECKING

import pytest

from app.intake.automatic_mail import BOUNCE
from app.intake.mail_files import read

if TYPE_CHECKING:
    from pathlib import Path

    from app.intake.mail_message import MailMessage

MOST_S = 20.0
UNSURE = ("\ufffd", "!undecodable", "!unparsable")
"""Marks of the reference reader where it could not read what stands there."""
ANOTHER_ANSWER = {
    "ruby_mail_fixtures/plain_emails__mix_caps_content_type.eml": "the name has no quotes",
    "ruby_mail_fixtures/plain_emails__raw_email_multiple_from.eml": "the comma is missing",
    "ruby_mail_fixtures/plain_emails__raw_email_with_at_display_name.eml": "an address as a name",
    "mail_parser_tests/mail_test_19.eml": "an address as a name, which is no sender",
    "mail_parser_tests/mail_test_5.eml": "a name of a file that is cut off",
    "cpython_email_tests/msg_05.eml": "a sender without an address",
    "flufl_bounces/smtp32_01.eml": "a date of the year 101",
    "bounceparser_corpus/spam-rejection36.eml": "a sender without an address",
    "bounceparser_corpus/spam-rejection8.eml": "a sender without an address",
    "freescout_tests/issue-4567.eml": "a name with wide blanks; a part that looks signed",
}
"""Broken mails for which another answer than that of the reference reader is right."""
WITHOUT_WORDS = {
    "ruby_mail_fixtures/error_emails__bad_date_header.eml": "a ruler and nothing else",
    "cpython_email_tests/msg_18.eml": "empty",
}


@pytest.fixture(scope="module")
def facts(real_data: Path) -> list[dict[str, str]]:
    with (real_data / "emails" / "facts.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def mails(real_data: Path, facts: list[dict[str, str]]) -> dict[str, MailMessage]:
    begin = time.monotonic()
    found = {one["file"]: read((real_data / "emails" / one["file"]).read_bytes()) for one in facts}
    assert time.monotonic() - begin < MOST_S
    return found


def differs(file: str, what: str, told: object, meant: str) -> list[str]:
    if str(told) == meant or any(mark in meant for mark in UNSURE):
        return []
    return [f"{file}: {what} {told!r}, not {meant!r}"]


def test_each_mail_says_what_the_facts_say(
    facts: list[dict[str, str]], mails: dict[str, MailMessage]
) -> None:
    assert len(facts) == 251
    wrong: list[str] = []
    for one in facts:
        file, mail = one["file"], mails[one["file"]]
        if one["defects"] or file in ANOTHER_ANSWER:
            continue
        own_id = mail.message_id if mail.has_own_id else ""
        senders = ", ".join(sender.address for sender in mail.senders)
        wrong += differs(file, "subject", mail.subject, " ".join(one["subject"].split()))
        wrong += differs(file, "from", senders, parseaddr(one["from"])[1])
        wrong += differs(file, "id", own_id, one["message_id"].strip())
        answered = " ".join(sorted(re.findall(r"[^<>\s]+@[^<>\s]+", one["in_reply_to"])))
        told = " ".join(sorted(name.strip("<>") for name in mail.in_reply_to))
        wrong += differs(file, "in reply to", told, answered)
        wrong += differs(file, "protected", bool(mail.protected), one["smime_or_pgp"])
        names = {file.name for file in mail.files}
        for name in filter(None, one["attachment_names"].split(" | ")):
            if name not in names and name != "(none)":
                wrong += differs(file, "files", sorted(names), name)
        if one["date_iso"] and not any(mark in one["date_iso"] for mark in UNSURE):
            at = datetime.fromisoformat(one["date_iso"])
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
            wrong += differs(file, "date", mail.sent_at, str(at))
    assert wrong == []


def words(text: str) -> list[str]:
    return re.findall(r"\w{3,}", text)


def test_no_text_is_lost(
    real_data: Path, facts: list[dict[str, str]], mails: dict[str, MailMessage]
) -> None:
    """Each word of each readable plain part stands in the text or in a file of the mail."""
    lost: list[str] = []
    for one in facts:
        mail = mails[one["file"]]
        kept = set(words(mail.text))
        for file in mail.files:
            kept |= set(words(file.content.decode("utf-8", "replace")))
        message = message_from_bytes((real_data / "emails" / one["file"]).read_bytes())
        for part in message.walk():
            if part.get_content_type() != "text/plain" or part.is_multipart():
                continue
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.isascii() and b"\nbegin 6" not in content:
                wanted = set(words(content.decode())) - kept
                if wanted:
                    lost.append(f"{one['file']}: {sorted(wanted)[:5]}")
        says = one["has_text_plain"] == "True" or one["has_text_html"] == "True"
        if says and not mail.text.strip() and one["file"] not in WITHOUT_WORDS:
            lost.append(f"{one['file']}: all")
    assert lost == []


def test_bounces_are_known_and_other_mails_are_not(mails: dict[str, MailMessage]) -> None:
    """Two mails of the folders of bounces are in fact written by people."""
    people = {"flufl_bounces/groupwise_03.eml", "bounceparser_corpus/spam-with-image.eml"}
    folders = ("flufl_bounces/", "bounceparser_corpus/")
    assert {f for f, m in mails.items() if f.startswith(folders) and not m.automatic} == people
    others = ("talon", "django", "freescout", "outlook")
    assert [f for f, m in mails.items() if f.startswith(others) and m.automatic] == []
    assert sum(mail.automatic == BOUNCE for mail in mails.values()) > 110


def test_replies_of_real_programs_are_told_from_what_they_quote(
    mails: dict[str, MailMessage],
) -> None:
    found = {f: m for f, m in mails.items() if f.startswith("talon_client_replies/")}
    assert {
        f: m.fresh for f, m in found.items() if not m.fresh.startswith(("Hello", "hello"))
    } == {}
    assert {f for f, m in found.items() if not m.part("quoted")} == set()


def test_html_replies_keep_their_words(real_data: Path) -> None:
    from app.intake.html_text import text_of_html

    for path in (real_data / "emails" / "html_reply_bodies").glob("*.html"):
        text = text_of_html(path.read_text(encoding="utf-8", errors="replace"))
        assert text.strip(), path.name
        assert not re.search(r"</|<(?:div|p|br|table|span|a |img)\b", text), path.name
