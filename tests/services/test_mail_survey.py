"""The answer to the satisfaction question comes by mail and lands in the record, once."""

from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, configuration, mail_intake, outgoing, quick_logging, sending
from app.storage import catalogue
from tests.mail_server import Received, mail_server
from tests.services.letters import close_and_mail, later, only, opened, set_up
from tests.services.test_mail_intake import count, mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.services.mail_intake import Taken


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk that has closed an incident of Nina and mailed her the question."""
    desk = opened(tmp_path / "profile")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    nina = catalogue.find(desk.connection, "person", "Nina")
    assert nina is not None
    configuration.put_item(desk, "person", "Nina", {**nina.data, "mail": "nina@example.org"})
    received = Received()
    with mail_server(received) as port:
        set_up(desk, port)
        close_and_mail(desk, "nina@example.org, boss@example.org")
        later(desk, 16)
        sending.send_next(desk)
    assert message_from_bytes(received.letters[0])["Message-ID"] == only(desk).message_id
    yield desk
    desk.close()


def answered(desk: Desk, body: str, number: int = 1, **more: str) -> Taken:
    letter = outgoing.letters(desk)[0]
    told = {"in_reply_to": letter.message_id, "subject": f"Re: {letter.subject}", **more}
    content = mail(body, message_id=f"<answer{number}@example.org>", **told)
    return mail_intake.take_in(desk, content, "box")


def record(desk: Desk) -> Incident:
    return browsing.incident(desk, "1")


def test_the_answer_lands_in_the_record_and_in_the_timeline(desk: Desk) -> None:
    assert record(desk).survey_sent_at is not None
    taken = answered(desk, "4, thank you\r\n\r\n> 5 very satisfied, 4 satisfied")
    assert (taken.action, taken.number) == ("joined", "INC-000001")
    assert "satisfied to 4 of 5" in taken.reason
    assert record(desk).satisfaction == 4
    assert record(desk).survey_answered_at == desk.now()
    assert any("4, thank you" in entry.text for entry in record(desk).timeline)


def test_the_token_in_the_quoted_letter_is_enough(desk: Desk) -> None:
    letter = outgoing.letters(desk)[0]
    reference = next(line for line in letter.body.splitlines() if line.startswith("Reference: "))
    content = mail(f"5\r\n\r\n> {reference}", message_id="<a@example.org>", subject="Re: it")
    assert mail_intake.take_in(desk, content, "box").action == "joined"
    assert record(desk).satisfaction == 5


def test_the_same_mail_twice_is_one_answer_and_a_later_one_takes_its_place(desk: Desk) -> None:
    answered(desk, "2")
    assert answered(desk, "2").action == "ignored"
    rows = desk.connection.execute("SELECT count(*) FROM change WHERE field = 'satisfaction'").get
    answered(desk, "2", 2)
    again = desk.connection.execute("SELECT count(*) FROM change WHERE field = 'satisfaction'").get
    assert (rows, again, record(desk).satisfaction) == (1, 1, 2)
    answered(desk, "5", 3)
    assert record(desk).satisfaction == 5


def test_nobody_answers_for_the_requester(desk: Desk) -> None:
    assert answered(desk, "1", sender="mal@evil.example").action == "joined"
    assert answered(desk, "1", 2, sender="boss@example.org").action == "joined"
    assert record(desk).satisfaction is None


def test_a_number_in_a_mail_that_only_names_the_incident_is_no_answer(desk: Desk) -> None:
    content = mail("5", message_id="<b@example.org>", subject="INC-000001")
    mail_intake.take_in(desk, content, "box")
    assert record(desk).satisfaction is None


def test_an_answer_long_after_the_closing_opens_nothing(desk: Desk) -> None:
    later(desk, 40 * 86_400)
    assert answered(desk, "3").action == "joined"
    assert (record(desk).satisfaction, count(desk)) == (3, 1)
    assert answered(desk, "It jams again.", 2).action == "opened"


def test_words_are_no_answer(desk: Desk) -> None:
    answered(desk, "3 printers jam now.")
    assert record(desk).satisfaction is None
