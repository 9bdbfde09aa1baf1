"""Hands letters to a mail server (RFC 5321), and says in a sentence why it could not.

The end of a letter, after which the server may send it, is told to the caller just before: that is
what lets an outbox never send twice. Blocks for as long as a server takes; call it from a worker.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import (
    MailAwayError,
    MailError,
    MailHeldError,
    MailRefusedError,
    MailUnsureError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TIMEOUT_S = 20.0
"""How long one answer of a server is waited for."""
STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
_OK, _GO_ON = 250, 354
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_DOTS = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over, and as whom; "" as user means without a password."""

    host: str
    port: int
    security: str = STARTTLS
    user: str = ""
    password: str = ""
    timeout_s: float = TIMEOUT_S


def deliver(
    server: MailServer,
    sender: str,
    recipients: Sequence[str],
    content: bytes,
    *,
    before_end: Callable[[], bool],
) -> dict[str, str]:
    """Hand a letter over; return the addresses that the server refused, with its words.

    Args:
        server: where.
        sender: the address that failures go back to.
        recipients: addresses.
        content: the letter, with CRLF at the ends of its lines.
        before_end: called once, when only the end is left to send; False breaks off, unsent.

    Raises:
        MailAwayError: the server cannot be reached or asks to come again.
        MailHeldError: a password, a certificate or a setting is wrong.
        MailRefusedError: the server refuses the letter, or every recipient, for good.
        MailUnsureError: the connection was lost after the end was sent.
    """
    ended = False
    try:
        with _session(server) as client:
            refused = _envelope(server, client, sender, recipients)
            code, reply = client.docmd("DATA")
            if code != _GO_ON:
                raise _answer(server, code, reply, "the letter")
            client.send(_DOTS.sub(b"..", content.rstrip(b"\r\n")))
            if not before_end():
                raise MailAwayError("The letter is another process's by now.")
            ended = True
            client.send(b"\r\n.\r\n")
            code, reply = client.getreply()
            if code != _OK:
                ended = False  # an answer: it was not taken
                raise _answer(server, code, reply, "the letter")
            return refused
    except (OSError, smtplib.SMTPException) as error:
        if ended:
            raise MailUnsureError(
                f"The connection to {server.host} broke while it took the letter, so it may have "
                "been sent. Ask a recipient before you send it again."
            ) from error
        raise _told(server, error) from error


def check(server: MailServer, sender: str) -> None:
    """Log in and out, as a letter of this sender would; raises what `deliver` raises."""
    try:
        with _session(server) as client:
            code, reply = client.mail(sender)
            if code != _OK:
                raise _answer(server, code, reply, f"the sender {sender}")
            client.rset()
    except (OSError, smtplib.SMTPException) as error:
        raise _told(server, error) from error


@contextlib.contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Open a connection that is encrypted and logged in as the settings say."""
    if server.security == TLS:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout_s, context=_context()
        )
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    try:
        client.ehlo_or_helo_if_needed()
        if server.security == STARTTLS:
            client.starttls(context=_context())
            client.ehlo()
        if server.user:
            if server.security == PLAIN and server.host.lower() not in _LOCAL:
                raise MailHeldError(
                    f"A password would go to {server.host} without encryption. Choose STARTTLS or "
                    "TLS in the settings, or leave the user empty."
                )
            client.login(server.user, server.password)
        yield client
    except MailError:
        client.close()
        raise
    except BaseException:
        client.close()
        raise
    with contextlib.suppress(OSError, smtplib.SMTPException):
        client.quit()


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _envelope(
    server: MailServer, client: smtplib.SMTP, sender: str, recipients: Sequence[str]
) -> dict[str, str]:
    code, reply = client.mail(sender)
    if code != _OK:
        raise _answer(server, code, reply, f"the sender {sender}")
    refused: dict[str, str] = {}
    codes: list[int] = []
    for address in recipients:
        code, reply = client.rcpt(address)
        if code not in {_OK, 251}:
            refused[address] = f"{code} {_words(reply)}"
            codes.append(code)
    if len(refused) == len(recipients):
        named = "; ".join(f"{address}: {words}" for address, words in refused.items())
        sentence = f"{server.host} refused every recipient ({named})."
        if any(_is_for_now(code) for code in codes):
            raise MailAwayError(sentence)
        raise MailRefusedError(f"{sentence} Correct the addresses and send it again.")
    return refused


def _answer(server: MailServer, code: int, reply: bytes, what: str) -> MailError:
    words = f"{code} {_words(reply)}"
    if _is_for_now(code):
        return MailAwayError(f"{server.host} does not take {what} now ({words}).")
    return MailRefusedError(f"{server.host} refused {what} ({words}).")


def _is_for_now(code: int) -> bool:
    """Tell whether an answer asks to come again (RFC 5321, 4.2.1); no answer does too."""
    return 400 <= code < 500 or code < 0


def _told(server: MailServer, error: OSError | smtplib.SMTPException) -> MailError:
    """Say in a sentence what stood between us and the server."""
    place = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailHeldError(
            f"The certificate of {place} cannot be trusted: {error.verify_message}. "
            "Check the name of the server, or have its certificate installed on this computer."
        )
    if isinstance(error, ssl.SSLError):
        return MailHeldError(
            f"{place} does not speak TLS in this way. Choose another port or another security in "
            "the settings (587 with STARTTLS, 465 with TLS)."
        )
    if isinstance(error, smtplib.SMTPAuthenticationError):
        if _is_for_now(error.smtp_code):
            return MailAwayError(f"{place} cannot check the password now ({_reply(error)}).")
        return MailHeldError(
            f"{place} does not accept the password of {server.user} ({_reply(error)}). "
            "Type it again in the settings of outgoing mail."
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailHeldError(
            f"{place} offers no {'STARTTLS' if server.security == STARTTLS else 'log-in'}. "
            "Choose another security or leave the user empty in the settings of outgoing mail."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(server, error.smtp_code, _bytes(error.smtp_error), "the connection")
    if isinstance(error, smtplib.SMTPException) and not isinstance(
        error, smtplib.SMTPServerDisconnected
    ):
        return MailHeldError(f"{place} and this program do not understand each other: {error}.")
    reason = getattr(error, "strerror", None) or str(error) or "no answer"
    if isinstance(error, TimeoutError):
        reason = f"no answer within {server.timeout_s:.0f} s"
    return MailAwayError(f"The mail server {place} cannot be reached ({reason}).")


def _reply(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_words(_bytes(error.smtp_error))}"


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode("utf-8", "replace")


def _words(reply: bytes) -> str:
    """Return what a server said as one line of bounded length."""
    return " ".join(reply.decode("utf-8", "replace").split())[:200]
