"""Fetches new mails from a mailbox (IMAP, RFC 3501), each marked as seen only when it is taken in.

A mail is read without being marked; who takes it commits first, and then the server is told. What
was taken in before a crash comes once more and is known by its Message-ID. Blocks for as long as
a server takes; call it from a worker.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import MailAwayError, MailHeldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TLS, STARTTLS, PLAIN = "tls", "starttls", "none"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """Where mails are fetched, and as whom; `authority` is a file with a certificate to trust."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    security: str = TLS
    authority: str = ""
    timeout_s: float = 20.0


def fetch(
    server: MailboxServer,
    take: Callable[[str, bytes], None],
    *,
    largest: int,
    refuse: Callable[[str, str], None],
    most: int = 200,
) -> int:
    """Give the mails that nobody has seen to `take`, oldest first; return how many.

    Args:
        server: where.
        take: gets where a mail stands and its bytes; when it returns, the mail is taken in.
        largest: bytes; a larger mail is left there and given to `refuse` with the reason.
        refuse: gets where a mail stands and why it is not fetched.
        most: how many mails at once.

    Raises:
        MailAwayError: the server cannot be reached, or the connection broke.
        MailHeldError: a password, a certificate or a setting is wrong.
    """
    try:
        with _session(server) as client:
            count = 0
            for uid in _unseen(server, client)[:most]:
                place = f"{server.user}@{server.host}/{server.folder}:{uid}"
                size = _size(client, uid)
                if size > largest:
                    refuse(
                        place, f"It is larger than {largest // 1_048_576} MB. It was left there."
                    )
                    continue
                content = _content(client, uid)
                if content is None:  # somebody else has moved it meanwhile
                    continue
                take(place, content)
                client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
                count += 1
            return count
    except (OSError, imaplib.IMAP4.error) as error:
        raise _told(server, error) from error


def count_unseen(server: MailboxServer) -> int:
    """Log in and count the mails that nobody has seen; nothing is marked.

    Raises:
        MailAwayError: the server cannot be reached.
        MailHeldError: a password, a certificate or a setting is wrong.
    """
    try:
        with _session(server) as client:
            return len(_unseen(server, client))
    except (OSError, imaplib.IMAP4.error) as error:
        raise _told(server, error) from error


@contextlib.contextmanager
def _session(server: MailboxServer) -> Iterator[imaplib.IMAP4]:
    if server.security == PLAIN and server.host.lower() not in _LOCAL:
        raise MailHeldError(
            f"A password would go to {server.host} without encryption. Choose TLS or STARTTLS."
        )
    if server.security == TLS:
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=_context(server), timeout=server.timeout_s
        )
    else:
        client = imaplib.IMAP4(server.host, server.port, timeout=server.timeout_s)
    try:
        if server.security == STARTTLS:
            client.starttls(_context(server))
        _log_in(server, client)
        yield client
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _context(server: MailboxServer) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.authority or None)
    except (OSError, ssl.SSLError) as error:
        raise MailHeldError(
            f"The certificate file {server.authority} cannot be read. Name one in PEM form."
        ) from error


def _log_in(server: MailboxServer, client: imaplib.IMAP4) -> None:
    secret = f"\0{server.user}\0{server.password}".encode()
    try:
        if "AUTH=PLAIN" in client.capabilities:  # letters outside ASCII are safe there
            client.authenticate("PLAIN", lambda _: secret)
        else:
            client.login(server.user, server.password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise MailHeldError(
            f"{server.host}:{server.port} does not accept the password of {server.user}. "
            "Type it again."
        ) from error


def _unseen(server: MailboxServer, client: imaplib.IMAP4) -> list[str]:
    folder = server.folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, _ = client.select(f'"{folder}"')
    if answer != "OK":
        raise MailHeldError(
            f'{server.host} has no folder "{server.folder}" for {server.user}. Name another one.'
        )
    _, told = client.uid("SEARCH", "UNSEEN", "UNDELETED")
    words = b" ".join(part for part in told if isinstance(part, bytes)).split()
    return [word.decode("ascii") for word in words if word.isdigit()]


def _size(client: imaplib.IMAP4, uid: str) -> int:
    _, told = client.uid("FETCH", uid, "(RFC822.SIZE)")
    found = _SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
    return int(found[1]) if found else 0


def _content(client: imaplib.IMAP4, uid: str) -> bytes | None:
    _, told = client.uid("FETCH", uid, "(BODY.PEEK[])")
    for part in told:
        if isinstance(part, tuple) and len(part) > 1:
            return bytes(part[1])
    return None


def _told(server: MailboxServer, error: OSError | imaplib.IMAP4.error) -> Exception:
    """Say in a sentence what stood between us and the server."""
    place = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailHeldError(
            f"The certificate of {place} cannot be trusted: {error.verify_message}. "
            "Check the name of the server, or have its certificate installed on this computer."
        )
    if isinstance(error, ssl.SSLError):
        return MailHeldError(f"{place} does not speak TLS in this way. Choose another port.")
    reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200] or "no answer"
    if isinstance(error, TimeoutError):
        reason = f"no answer within {server.timeout_s:.0f} s"
    return MailAwayError(f"The mailbox at {place} cannot be reached ({reason}).")
