"""Letters leave once, whatever dies in between, and what is in the way is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import MailHeldError, StoreError
from app.domain.letter import LetterState
from app.intake import smtp_client
from app.services import (
    browsing,
    configuration,
    outgoing,
    quick_logging,
    sending,
)
from app.services.posting import Postman, standing
from tests.mail_server import BreakingServer, Received, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.desk import Desk


from tests.services.letters import ROOT, close_and_mail, later, only, opened, set_up


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = opened(tmp_path / "profile")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    yield desk
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


def test_a_store_that_is_busy_for_a_while_does_not_end_the_thread(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = sending.send_next, [StoreError("The file is locked.")]

    def once(desk: Desk) -> Any:
        if failures:
            raise failures.pop()
        return real(desk)

    monkeypatch.setattr(sending, "send_next", once)
    told: list[Any] = []
    postman = Postman(lambda: opened_later(tmp_path / "profile"), told.append)
    postman.start()
    for _ in range(200):
        if told:
            break
        postman.wake()
        postman._thread.join(0.05)
    assert postman.stop(10)
    assert told
    assert failures == []
