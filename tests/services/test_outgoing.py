"""On closing the report is mailed: once, after 15 seconds, whatever dies in between."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import Status
from app.domain.letter import LetterState, Recipient
from app.services import (
    auditing,
    browsing,
    configuration,
    mail_settings,
    moves,
    outgoing,
    quick_logging,
    sending,
    undoing,
    verification,
)
from app.system.paths import DEMO_NAME
from tests.mail_server import Received, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.desk import Desk


from tests.services.letters import close_and_mail, later, only, opened, set_up


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = opened(tmp_path / "profile")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    yield desk
    desk.close()


def test_a_letter_leaves_after_15_seconds_and_the_record_says_who_was_told(desk: Desk) -> None:
    received = Received()
    with mail_server(received) as port:
        set_up(desk, port)
        uid = close_and_mail(desk, "Nina <nina@example.org>, bo@example.org")
        later(desk, 14.9)
        assert sending.send_next(desk) is None
        assert browsing.incident(desk, uid).told == ()
        later(desk, 0.2)
        letter = sending.send_next(desk)
        assert sending.send_next(desk) is None
    assert letter is not None
    assert letter.state is LetterState.SENT
    incident = browsing.incident(desk, uid)
    assert [(one.who, one.how) for one in incident.told] == [
        ("Nina <nina@example.org>", "mail"),
        ("bo@example.org", "mail"),
    ]
    assert incident.told[0].at == desk.now()
    (content,) = received.letters
    read = message_from_bytes(content, policy=policy.default)
    assert read["Message-ID"] == letter.message_id
    assert f"[{incident.number}]" in read["Subject"]
    (report,) = list(read.iter_attachments())  # type: ignore[attr-defined]
    found = verification.verify_content(desk, report.get_content())
    assert found.verdict is verification.Verdict.GENUINE
    text = read.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert "Driver replaced" in text
    assert "5 very satisfied" in text
    assert f"Reference: {incident.number} " in text
    assert auditing.check(desk)["ok"]


def test_undoing_the_closing_in_time_takes_the_letter_back(desk: Desk) -> None:
    uid = close_and_mail(desk)
    later(desk, 14)
    undoing.undo(desk)
    later(desk, 60)
    assert browsing.incident(desk, uid).status is not Status.CLOSED
    assert only(desk).state is LetterState.STOPPED
    assert sending.send_next(desk) is None


def test_after_it_has_left_undo_still_takes_back_the_closing_and_no_telling(desk: Desk) -> None:
    with mail_server(Received()) as port:
        set_up(desk, port)
        uid = close_and_mail(desk)
        later(desk, 16)
        sending.send_next(desk)
    undoing.undo(desk)
    incident = browsing.incident(desk, uid)
    assert incident.status is not Status.CLOSED
    assert len(incident.told) == 1
    assert only(desk).state is LetterState.SENT


def test_a_reopened_incident_sends_no_letter(desk: Desk) -> None:
    set_up(desk, 1)
    uid = close_and_mail(desk)
    moves.reopen(desk, [uid], "Still broken")
    later(desk, 16)
    letter = sending.send_next(desk)
    assert letter is not None
    assert letter.state is LetterState.HELD
    assert "not closed any more" in letter.problem


def test_a_step_that_asks_to_tell_people_is_done_by_the_letter(desk: Desk) -> None:
    item = {"text": "Stakeholders told", "required": True, "fact": "stakeholders_told"}
    configuration.put_item(desk, "checklist", "Standard", {"items": [item]})
    uid = close_and_mail(desk)
    incident = browsing.incident(desk, uid)
    assert incident.status is Status.CLOSED
    assert all(step.done for step in incident.checklist if step.item == item["text"])


def test_an_address_that_is_missing_leaves_the_incident_open(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="Nina has no mail address here"):
        close_and_mail(desk, "Nina")
    assert browsing.incident(desk, "1").status is Status.NEW
    assert outgoing.letters(desk) == []


def test_the_address_of_a_known_person_is_taken(desk: Desk) -> None:
    configuration.put_item(desk, "person", "Nina", {"mail": "nina@example.org"})
    assert outgoing.recipients(desk, "nina") == [Recipient("Nina", "nina@example.org")]


def test_the_sample_data_mails_nothing(tmp_path: Path) -> None:
    desk = opened(tmp_path / DEMO_NAME)
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    set_up(desk, 1)
    assert not mail_settings.sends(desk)
    with pytest.raises(InvalidInputError, match="sample data"):
        close_and_mail(desk)
    with pytest.raises(InvalidInputError, match="sample data"):
        mail_settings.try_server(desk)
    assert browsing.incident(desk, "1").status is Status.NEW
    desk.close()


def test_a_draft_is_handed_to_the_mail_program(desk: Desk, tmp_path: Path) -> None:
    uid = close_and_mail(desk, draft=True)
    later(desk, 60)
    assert sending.send_next(desk) is None
    path = outgoing.hand_to_mail_program(desk, only(desk).message_id, tmp_path / "out")
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert read["X-Unsent"] == "1"
    assert only(desk).state is LetterState.DRAFTED
    assert [one.how for one in browsing.incident(desk, uid).told] == ["draft in the mail program"]
    with pytest.raises(InvalidInputError, match="has left already"):
        outgoing.hand_to_mail_program(desk, only(desk).message_id, tmp_path / "out")
    assert len(browsing.incident(desk, uid).told) == 1


def test_a_letter_that_was_stopped_stays(desk: Desk) -> None:
    close_and_mail(desk)
    outgoing.stop(desk, only(desk).message_id)
    later(desk, 60)
    assert sending.send_next(desk) is None
    with pytest.raises(InvalidInputError, match="cannot be stopped"):
        outgoing.stop(desk, only(desk).message_id)


def test_the_password_is_in_the_key_store_and_nowhere_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", kept.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", kept.get)
    with pytest.raises(InvalidInputError, match="first"):
        mail_settings.set_password(desk, "open sesame")
    set_up(desk, 25)
    configuration.set_setting(desk, "outgoing.user", "desk")
    mail_settings.set_password(desk, "open sesame")
    assert mail_settings.server_of(desk).password == "open sesame"
    assert kept == {"smtp:desk@127.0.0.1": "open sesame"}
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in (tmp_path / "profile").rglob("*"):
        assert not file.is_file() or b"open sesame" not in file.read_bytes()
    assert "open sesame" not in json.dumps(configuration.look_up(desk, "outgoing"))
