"""On closing the report is mailed: once, after 15 seconds, whatever dies in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, MailHeldError
from app.domain.incident import CauseClass, EntityId, FixType, Outcome, Status
from app.domain.letter import LetterState, Recipient
from app.domain.lifecycle import Given
from app.intake import smtp_client
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
from app.services.desk import Desk, open_desk
from app.services.posting import Postman, standing
from app.system.clock import PinnedClock
from app.system.paths import DEMO_NAME, Profile
from tests.mail_server import BreakingServer, Received, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.storage.outbox import KeptLetter

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
GIVEN = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.BUG_FIX,
    cause_class=CauseClass.SOFTWARE,
    resolution="Driver replaced",
)
CONFIRMED = {"verified_by": "Nina", "verified_how": "phone", "verified_at": NOW}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = opened(tmp_path / "profile")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    yield desk
    desk.close()


def opened(folder: Path) -> Desk:
    return open_desk(Profile(folder), PinnedClock(NOW), person="Ana Ruiz")


def later(desk: Desk, seconds: float) -> None:
    desk.clock._ms += int(seconds * 1000)  # type: ignore[attr-defined]


def set_up(desk: Desk, port: int) -> None:
    for key, value in {
        "server": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "IT desk <desk@example.org>",
    }.items():
        configuration.set_setting(desk, f"outgoing.{key}", value)


def close_and_mail(desk: Desk, to: str = "Nina <nina@example.org>", **more: Any) -> EntityId:
    uid = browsing.find(desk, "1")
    outgoing.resolve_and_close(desk, uid, GIVEN, extra=dict(CONFIRMED), mail_to=to, **more)
    return uid


def only(desk: Desk) -> KeptLetter:
    (letter,) = outgoing.letters(desk)
    return letter


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


def test_a_server_that_is_away_is_tried_again_ever_more_seldom(desk: Desk) -> None:
    with BreakingServer("never") as gone:
        port = gone.port
    set_up(desk, port)
    uid = close_and_mail(desk)
    later(desk, 15)
    pauses = []
    for _ in range(4):
        letter = sending.send_next(desk)
        assert letter is not None
        assert letter.state is LetterState.WAITING
        assert "cannot be reached" in letter.problem
        pause = outgoing.due_in_s(desk)
        assert pause is not None
        pauses.append(pause)
        assert sending.send_next(desk) is None
        later(desk, pause)
    assert pauses == [30, 60, 120, 300]
    assert browsing.incident(desk, uid).told == ()
    received = Received()
    with mail_server(received) as port:
        configuration.set_setting(desk, "outgoing.port", port)
        sending.send_next(desk)
    assert len(received.letters) == 1
    assert only(desk).tries == 5


def test_each_try_sends_the_same_bytes(desk: Desk) -> None:
    received = Received()
    received.answer = "451 come again"
    sent: list[bytes] = []
    real = smtp_client.deliver

    with mail_server(received) as port, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            smtp_client,
            "deliver",
            lambda server, sender, people, content, **more: (
                sent.append(content),
                real(server, sender, people, content, **more),
            )[1],
        )
        set_up(desk, port)
        close_and_mail(desk)
        later(desk, 16)
        sending.send_next(desk)
        configuration.set_setting(desk, "organisation.name", "Another name")
        later(desk, 31)
        received.answer = "250 OK"
        sending.send_next(desk)
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_a_wrong_password_is_not_tried_in_a_loop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise MailHeldError("127.0.0.1 does not accept the password of desk.")

    monkeypatch.setattr(smtp_client, "deliver", refuse)
    set_up(desk, 25)
    close_and_mail(desk)
    later(desk, 16)
    letter = sending.send_next(desk)
    assert letter is not None
    assert letter.state is LetterState.HELD
    later(desk, 86_400)
    assert sending.send_next(desk) is None
    assert standing(desk).troubled == (letter,)
    outgoing.send_now(desk, letter.message_id)
    assert sending.send_next(desk) is not None


def test_a_refused_recipient_is_told_apart(desk: Desk) -> None:
    received = Received()
    received.refused["bo@example.org"] = "550 no such user"
    with mail_server(received) as port:
        set_up(desk, port)
        uid = close_and_mail(desk, "nina@example.org, bo@example.org")
        later(desk, 16)
        letter = sending.send_next(desk)
    assert letter is not None
    assert letter.state is LetterState.SENT
    assert "bo@example.org was refused (550 no such user)" in letter.problem
    assert [one.who for one in browsing.incident(desk, uid).told] == ["nina@example.org"]


def test_a_letter_that_may_have_been_sent_waits_for_a_person(desk: Desk) -> None:
    with BreakingServer("end") as server:
        set_up(desk, server.port)
        uid = close_and_mail(desk)
        later(desk, 16)
        letter = sending.send_next(desk)
        assert letter is not None
        assert letter.state is LetterState.UNSURE
        later(desk, 86_400)
        assert sending.send_next(desk) is None
        assert server.ends == 1
    assert browsing.incident(desk, uid).told == ()


def test_two_processes_send_a_letter_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    received = Received()
    real = smtp_client.deliver

    def slow(server: Any, sender: str, people: Any, content: bytes, **more: Any) -> dict[str, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(smtp_client, "deliver", real)
            sending.recover(desk)  # a second window starts and takes this one for dead
            sending.send_next(desk)
        return real(server, sender, people, content, **more)

    monkeypatch.setattr(smtp_client, "deliver", slow)
    with mail_server(received) as port:
        set_up(desk, port)
        close_and_mail(desk)
        later(desk, 16)
        sending.send_next(desk)
    assert len(received.letters) == 1
    assert only(desk).state is LetterState.SENT


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.services import sending
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
at = datetime(2026, 3, 9, 9, 1, tzinfo=UTC)
sending.send_next(open_desk(Profile(Path(sys.argv[1])), PinnedClock(at), person="Ana Ruiz"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize(("place", "state"), [("RCPT", "waiting"), ("end", "unsure")])
def test_a_killed_process_sends_nothing_twice(
    desk: Desk, tmp_path: Path, place: str, state: str
) -> None:
    with BreakingServer(place, silent=True) as server:
        set_up(desk, server.port)
        close_and_mail(desk)
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path / "profile")],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert server.reached.wait(60)
        child.send_signal(signal.SIGKILL)
        child.wait()
        ends = server.ends
    later(desk, 90)
    sending.recover(desk)
    assert only(desk).state == state
    received = Received()
    with mail_server(received) as port:
        configuration.set_setting(desk, "outgoing.port", port)
        sending.send_next(desk)
        sending.send_next(desk)
    assert ends + len(received.letters) == 1


def test_the_thread_sends_by_itself_and_tells(desk: Desk, tmp_path: Path) -> None:
    received, told = Received(), []
    with mail_server(received) as port:
        set_up(desk, port)
        close_and_mail(desk)
        later(desk, 16)
        postman = Postman(lambda: opened_later(tmp_path / "profile"), told.append)
        postman.start()
        for _ in range(200):
            if told and told[-1].waiting == () and received.letters:
                break
            postman.wake()
            postman._thread.join(0.05)
        assert postman.stop(10)
    assert len(received.letters) == 1
    assert any(one.tried and one.tried.state is LetterState.SENT for one in told)


def opened_later(folder: Path) -> Desk:
    desk = opened(folder)
    later(desk, 20)
    return desk


def test_a_bug_in_one_letter_is_held_and_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_client, "deliver", lambda *_a, **_k: 1 / 0)
    set_up(desk, 25)
    close_and_mail(desk)
    later(desk, 16)
    with pytest.raises(ZeroDivisionError):
        sending.send_next(desk)
    assert only(desk).state is LetterState.HELD
    assert "bug" in only(desk).problem


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
