"""What is held waits for a person: looked at safely, let in, attached, discarded and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.services import browsing, mail_intake, mail_quarantine
from tests.services.test_mail_intake import count, mail, take

if TYPE_CHECKING:
    from app.services.desk import Desk

HELD = "<spoof@evil.example>"


def held(desk: Desk, body: str = "Please reset my password.") -> None:
    """Hold the mail of a stranger that names the incident of Nina."""
    take(desk)
    content = mail(body, sender="Mal <mal@evil.example>", message_id=HELD, subject="Re: INC-000001")
    assert mail_intake.take_in(desk, content, "box").action == "quarantined"


def test_a_spoofed_number_waits_and_what_a_machine_sent_does_not(desk: Desk) -> None:
    held(desk)
    take(desk, message_id="<auto@x>", auto_submitted="auto-replied")
    assert mail_quarantine.count_waiting(desk) == 1
    assert [one.state for one in mail_quarantine.undecided(desk)] == ["held", "ignored"]


def test_the_preview_is_plain_text(desk: Desk) -> None:
    take(desk)
    content = (
        b"From: Mal <mal@evil.example>\r\nSubject: Re: INC-000001\r\nMessage-ID: <h@x>\r\n"
        b"Content-Type: text/html\r\n\r\n<p>Hello <img src='http://evil.example/1.png'>"
        b"<script>alert(1)</script></p>"
    )
    mail_intake.take_in(desk, content, "box")
    shown = mail_quarantine.preview(desk, "<h@x>")
    assert "From: Mal <mal@evil.example>" in shown
    assert "Hello" in shown
    assert "<" not in shown.partition("\n\n")[2]
    assert "alert" not in shown


def test_a_file_that_is_no_mail_is_shown_by_its_reason(desk: Desk) -> None:
    mail_intake.refused(desk, "x.msg", "It is a damaged file.")
    assert mail_quarantine.preview(desk, "file:x.msg") == "x.msg\n\nIt is a damaged file."
    mail_quarantine.discard(desk, "file:x.msg")
    assert mail_quarantine.undecided(desk) == []


def test_a_held_mail_goes_into_the_incident_that_a_person_names(desk: Desk) -> None:
    held(desk)
    take(desk, message_id="<other@x>", subject="Another")
    taken = mail_quarantine.attach(desk, HELD, " 2 ")
    assert (taken.action, taken.number) == ("joined", "INC-000002")
    assert "reset my password" in "".join(x.text for x in browsing.incident(desk, "2").timeline)
    assert mail_quarantine.undecided(desk) == []
    assert count(desk) == 2


def test_an_unknown_number_changes_nothing(desk: Desk) -> None:
    held(desk)
    with pytest.raises(InvalidInputError, match="Write the number"):
        mail_quarantine.attach(desk, HELD, "")
    with pytest.raises(NotFoundError):
        mail_quarantine.attach(desk, HELD, "77")
    assert mail_quarantine.count_waiting(desk) == 1


def test_a_discarded_mail_can_be_taken_back_and_does_not_come_again(desk: Desk) -> None:
    held(desk)
    kept = mail_quarantine.discard(desk, HELD)
    assert mail_quarantine.undecided(desk) == []
    held(desk)
    assert mail_quarantine.undecided(desk) == []
    mail_quarantine.take_back(desk, kept)
    assert mail_quarantine.count_waiting(desk) == 1
    with pytest.raises(NotFoundError):
        mail_quarantine.discard(desk, "<none@x>")
