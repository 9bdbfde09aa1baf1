"""Fetches the few bytes of a version file, from a folder or an https address. Any thread.

Nothing but that one file is read, nothing of it is run, and no program is ever downloaded.
"""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from app.system.faults import MachineError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "newest-version.txt"
"""How the version file in the team's folder is called."""
TIMEOUT_S = 10.0
"""For each step of an exchange; the whole takes twice as long at most."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def from_folder(folder: Path, most: int) -> bytes:
    """Return the version file of a folder, cut off one byte after `most`.

    Raises:
        MachineError: it is not there or cannot be read.
    """
    path = folder / NAME
    try:
        if not path.is_file():
            raise MachineError(f"There is no file {NAME} in {folder}.", code="version_file")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as refusal:
        raise MachineError(
            f"The version file {path} cannot be read: {refusal.strerror or refusal}.",
            code="version_file",
        ) from refusal


def from_address(url: str, most: int, *, plain_on_loopback: bool = False) -> bytes:
    """Return what an https address answers, cut off one byte after `most`.

    Args:
        url: The address.
        most: So many bytes are wanted at most.
        plain_on_loopback: Allows http to this computer itself; for tests.

    Raises:
        MachineError: it is not https, leads to what is not, or does not answer.
    """
    _check(url, plain_on_loopback)
    opener = urllib.request.build_opener(_SafeRedirects(plain_on_loopback))
    request = urllib.request.Request(url, headers={"User-Agent": "incident-desk"})
    host = urlsplit(url).hostname
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            return _read(answer, most)
    except urllib.error.HTTPError as error:
        with error:
            raise _fault(f"{host} answers {error.code} instead of the version file.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _fault(_told(host, getattr(error, "reason", None) or error)) from error


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to https only."""

    max_redirections = 5

    def __init__(self, plain_on_loopback: bool) -> None:
        self._plain = plain_on_loopback

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            _check(newurl, self._plain, led=True)
        except MachineError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check(url: str, plain_on_loopback: bool, *, led: bool = False) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if plain_on_loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    if led:
        raise _fault(
            f"The address of the version file leads to {parts.scheme or 'something'}, which is "
            "not safe: it must stay with https."
        )
    raise _fault("The address of the version file must begin with https://.")


def _read(answer: http.client.HTTPResponse, most: int) -> bytes:
    ends, content = time.monotonic() + 2 * TIMEOUT_S, b""
    while len(content) <= most:
        piece = answer.read1(most + 1 - len(content))
        if not piece:
            break
        content += piece
        if time.monotonic() > ends:
            raise TimeoutError("it takes too long")
    return content


def _told(host: str | None, reason: object) -> str:
    """Say in a sentence what stood between us and the address."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {host} cannot be trusted: {reason.verify_message.rstrip('.')}. "
            "Check the address, or have its certificate installed on this computer."
        )
    if isinstance(reason, ssl.SSLError):
        return f"{host} does not speak TLS there. Check the port in the address."
    return f"{host} cannot be reached for the version file: {reason}."


def _fault(sentence: str) -> MachineError:
    return MachineError(sentence, code="version_file")
