"""The HTTP listener that monitoring tools post to: small, bounded, and slow to believe.

Runs on one event loop. A request is answered with 2xx only when `take` says that it is on the disk.
Every read has a deadline for the whole request, so that a client that sends a byte now and then
holds nothing (slow loris). RFC 9112, without what no monitoring tool needs.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.intake.strict_json import MOST_BYTES

if TYPE_CHECKING:
    import ssl

_MOST_HEAD = 16 << 10
_MOST_CONNECTIONS = 1_000
_MOST_ADDRESSES = 10_000
_WORDS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 411: "Length Required",
    413: "Content Too Large", 422: "Unprocessable Content", 429: "Too Many Requests",
    503: "Service Unavailable",
}  # fmt: skip


class Answer(NamedTuple):
    """What is answered."""

    status: int
    document: dict[str, Any]


class Take(Protocol):
    """Takes what was posted and returns when it is on the disk."""

    async def __call__(self, body: bytes, name: str, origin: str) -> Answer:
        """Return the answer; `name` is the format of the address, "" for none."""
        ...


class _RefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.answer = Answer(status, {"error": reason})


@dataclass(slots=True)
class Limits:
    """What a client may do: seconds for a request and in between, requests at once and a second."""

    request_s: float = 10.0
    idle_s: float = 60.0
    burst: int = 20_000
    per_second: float = 1_000.0


@dataclass(slots=True)
class Webhook:
    """Listens for posted alerts; `token` is what a client has to know."""

    take: Take
    token: str
    limits: Limits = field(default_factory=Limits)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    async def listen(
        self, host: str, port: int, *, tls: ssl.SSLContext | None = None
    ) -> asyncio.Server:
        """Begin to listen; port 0 takes a free one. Raises OSError when the address is taken."""
        return await asyncio.start_server(
            self._serve, host, port, limit=_MOST_HEAD, ssl=tls, backlog=512
        )

    def hang_up(self) -> None:
        """Close every connection."""
        for writer in list(self._open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= _MOST_CONNECTIONS:
            writer.close()
            return
        self._open.add(writer)
        peer = str((writer.get_extra_info("peername") or ("unknown",))[0])
        try:
            while await self._one(reader, writer, peer):
                pass
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the client went away; what it did not hear of it will send again
        finally:
            self._open.discard(writer)
            writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str
    ) -> bool:
        """Answer one request; return whether the connection is kept."""
        keep = False
        try:
            async with asyncio.timeout(self.limits.idle_s):
                start = await reader.readexactly(1)
            async with asyncio.timeout(self.limits.request_s):
                target, headers, body = await self._read(start, reader, writer, peer)
            keep = headers.get("connection", "").lower() != "close"
            name = target.path.strip("/").partition("/")[2]
            answer = await self.take(body, unquote(name), peer)
        except TimeoutError:
            answer = Answer(408, {"error": "The request did not come in time."})
        except _RefusedError as error:
            answer = error.answer
        async with asyncio.timeout(self.limits.request_s):
            await _write(writer, answer, keep=keep)
        return keep

    async def _read(
        self, start: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str
    ) -> tuple[Any, dict[str, str], bytes]:
        try:
            head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.LimitOverrunError as error:
            raise _RefusedError(413, "The head of the request is too long.") from error
        first, *lines = head.split("\r\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise _RefusedError(400, "This is no request of HTTP/1.")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            if name.lower() == "content-length" and name.lower() in headers:
                raise _RefusedError(400, "The length is told twice.")
            headers[name.strip().lower()] = value.strip()
        try:
            target = urlsplit(words[1])
        except ValueError as error:
            raise _RefusedError(400, "The address cannot be read.") from error
        if words[0] != "POST":
            raise _RefusedError(405, "Alerts are posted.")
        if target.path.strip("/").partition("/")[0] not in ("alerts", "alert", "webhook", ""):
            raise _RefusedError(404, "Alerts are posted to /alerts or /alerts/FORMAT.")
        if not self._knows_token(headers, target.query):
            raise _RefusedError(401, "The token is missing or wrong.")
        if not self._may_send(peer):
            raise _RefusedError(429, "Too many requests; wait a second.")
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdecimal()):
            raise _RefusedError(411, "Tell the length of the payload (Content-Length).")
        if len(length) > 12 or int(length) > MOST_BYTES:
            raise _RefusedError(413, f"A payload may have {MOST_BYTES:,} bytes.")
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return target, headers, await reader.readexactly(int(length))

    def _knows_token(self, headers: dict[str, str], query: str) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                given = ""
        given = given.strip() or headers.get("x-auth-token", "")
        if not given:
            given = "".join(parse_qs(query).get("token", [])[:1])
        return bool(self.token) and hmac.compare_digest(given.encode(), self.token.encode())

    def _may_send(self, peer: str) -> bool:
        """Take one from what an address may send (a bucket that fills by the second)."""
        now = monotonic()
        left, at = self._left.get(peer, (float(self.limits.burst), now))
        left = min(self.limits.burst, left + (now - at) * self.limits.per_second)
        if len(self._left) > _MOST_ADDRESSES:
            self._left.clear()
        self._left[peer] = (max(0.0, left - 1), now)
        return left >= 1


async def _write(writer: asyncio.StreamWriter, answer: Answer, *, keep: bool) -> None:
    body = json.dumps(answer.document).encode()
    head = [
        f"HTTP/1.1 {answer.status} {_WORDS[answer.status]}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Connection: {'keep-alive' if keep else 'close'}",
    ]
    if answer.status in (429, 503):
        head.append("Retry-After: 1")
    writer.write("\r\n".join([*head, "", ""]).encode() + body)
    await writer.drain()
