"""Letters are handed to real servers; each refusal is one sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import (
    MailAwayError,
    MailError,
    MailHeldError,
    MailRefusedError,
    MailUnsureError,
)
from app.intake.smtp_client import MailServer, check, deliver
from tests.mail_server import (
    PASSWORD,
    USER,
    BreakingServer,
    Received,
    certificate,
    mail_server,
)

if TYPE_CHECKING:
    from pathlib import Path

LETTER = b"Subject: Hello\r\n\r\n.a line that begins with a dot\r\n..two\r\nlast"
SENDER, NINA, BO = "desk@example.org", "nina@example.org", "bo@example.org"


def plain(port: int) -> MailServer:
    return MailServer("127.0.0.1", port, "none", timeout_s=5)


def sent(server: MailServer, *people: str) -> dict[str, str]:
    return deliver(server, SENDER, people or (NINA,), LETTER, before_end=lambda: True)


def test_a_letter_arrives_byte_for_byte() -> None:
    received = Received()
    with mail_server(received) as port:
        assert sent(plain(port), NINA, BO) == {}
    assert received.letters == [LETTER + b"\r\n"]
    assert received.people == [[NINA, BO]]


def test_a_refused_recipient_keeps_nobody_else_from_it() -> None:
    received = Received()
    received.refused[BO] = "550 no such user"
    with mail_server(received) as port:
        assert sent(plain(port), NINA, BO) == {BO: "550 no such user"}
        assert received.people == [[NINA]]
        with pytest.raises(MailRefusedError, match="every recipient"):
            sent(plain(port), BO)
        received.refused[BO] = "450 mailbox busy"
        with pytest.raises(MailAwayError, match="450 mailbox busy"):
            sent(plain(port), BO)
    assert len(received.letters) == 1


def test_a_letter_that_the_server_does_not_take_is_not_unsure() -> None:
    received = Received()
    with mail_server(received) as port:
        received.answer = "554 looks like spam"
        with pytest.raises(MailRefusedError, match="554 looks like spam"):
            sent(plain(port))
        received.answer = "451 come again"
        with pytest.raises(MailAwayError, match="451 come again"):
            sent(plain(port))


def test_starttls_with_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    received = Received()
    with mail_server(received, context) as port:
        right = MailServer("localhost", port, "starttls", USER, PASSWORD, 5)
        check(right, SENDER)
        assert sent(right) == {}
        wrong = MailServer("localhost", port, "starttls", USER, "guess", 5)
        with pytest.raises(MailHeldError, match="does not accept the password of desk"):
            sent(wrong)
        with pytest.raises(MailRefusedError, match="530"):
            sent(MailServer("localhost", port, "starttls", timeout_s=5))
        with pytest.raises(MailHeldError, match="cannot be trusted"):
            sent(MailServer("127.0.0.1", port, "starttls", USER, PASSWORD, 5))
        monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
        with pytest.raises(MailHeldError, match="cannot be trusted"):
            sent(right)
    assert len(received.letters) == 1


def test_tls_from_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    received = Received()
    with mail_server(received, context, tls=True) as port:
        assert sent(MailServer("localhost", port, "tls", timeout_s=5)) == {}
    assert len(received.letters) == 1


def test_the_wrong_kind_of_encryption_is_told() -> None:
    with mail_server(Received()) as port:
        with pytest.raises(MailHeldError, match="does not speak TLS in this way"):
            sent(MailServer("127.0.0.1", port, "tls", timeout_s=5))
        with pytest.raises(MailHeldError, match="offers no STARTTLS"):
            sent(MailServer("127.0.0.1", port, "starttls", timeout_s=5))


def test_no_password_leaves_this_computer_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    received = Received()
    with mail_server(received) as port:
        monkeypatch.setattr("app.intake.smtp_client._LOCAL", frozenset())
        with pytest.raises(MailHeldError, match="without encryption"):
            sent(MailServer("127.0.0.1", port, "none", USER, PASSWORD, 5))
    assert received.letters == []


@pytest.mark.parametrize("place", ["hello", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("silent", [False, True])
def test_a_server_that_goes_away_before_the_end_is_tried_again(place: str, silent: bool) -> None:
    with BreakingServer(place, silent=silent) as server:
        with pytest.raises(MailAwayError, match=r"cannot be reached|does not take"):
            sent(MailServer("127.0.0.1", server.port, "none", timeout_s=0.5))
        assert server.ends == 0


@pytest.mark.parametrize("silent", [False, True])
def test_a_server_that_goes_away_after_the_end_may_have_sent_it(silent: bool) -> None:
    with BreakingServer("end", silent=silent) as server:
        with pytest.raises(MailUnsureError, match="may have been sent"):
            sent(MailServer("127.0.0.1", server.port, "none", timeout_s=0.5))
        assert server.ends == 1


def test_a_letter_that_is_called_back_before_its_end_does_not_leave() -> None:
    received = Received()
    with mail_server(received) as port, pytest.raises(MailAwayError):
        deliver(plain(port), SENDER, [NINA], LETTER, before_end=lambda: False)
    assert received.letters == []


def test_nobody_at_the_port_and_no_such_name() -> None:
    with BreakingServer("never") as server:
        port = server.port
    for host in ("127.0.0.1", "no-such-host.invalid"):
        with pytest.raises(MailAwayError, match="cannot be reached"):
            check(MailServer(host, port, "none", timeout_s=2), SENDER)


def test_every_sentence_is_one_line_and_bounded() -> None:
    received = Received()
    received.refused[NINA] = "550 " + "no " * 400
    with mail_server(received) as port, pytest.raises(MailError) as caught:
        sent(plain(port))
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 500
