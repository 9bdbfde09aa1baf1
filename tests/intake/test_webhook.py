"""The listener believes a client that knows the token, within limits, and answers after `take`."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from app.intake.strict_json import MOST_BYTES
from app.intake.webhook import Answer, Limits, Webhook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TOKEN = "s3cret"
HEAD = f"POST /alerts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n"


class Listening:
    """A webhook on a free port that remembers what it took."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.taken: list[tuple[bytes, str]] = []
        self.port = 0
        self.hook = Webhook(self._take, TOKEN, limits or Limits())

    async def _take(self, body: bytes, name: str, origin: str) -> Answer:
        assert origin == "127.0.0.1"
        self.taken.append((body, name))
        return Answer(200, {"results": []})

    async def send(self, raw: bytes, *, wait_s: float = 5.0) -> bytes:
        """Send bytes, and return all that comes back until the listener hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        try:
            return await asyncio.wait_for(reader.read(), wait_s)
        finally:
            writer.close()


def during(
    work: Callable[[Listening], Awaitable[Any]], limits: Limits | None = None
) -> tuple[Any, Listening]:
    """Run work beside a listener."""

    async def run() -> tuple[Any, Listening]:
        one = Listening(limits)
        server = await one.hook.listen("127.0.0.1", 0)
        one.port = server.sockets[0].getsockname()[1]
        try:
            return await work(one), one
        finally:
            server.close()
            one.hook.hang_up()
            await asyncio.sleep(0.05)

    return asyncio.run(run())


def posted(body: bytes, *more: str, head: str = HEAD) -> bytes:
    lines = "".join(f"{line}\r\n" for line in more)
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n{lines}\r\n".encode() + body


def test_a_payload_is_taken_and_answered() -> None:
    raw = posted(b'{"a": 1}', head=HEAD.replace("/alerts", "/alerts/zabbix"))
    answer, one = during(lambda one: one.send(raw))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1]) == {"results": []}
    assert one.taken == [(b'{"a": 1}', "zabbix")]


def test_a_connection_is_kept_for_several() -> None:
    kept = f"{HEAD}Content-Length: 1\r\n\r\n1".encode()
    answer, one = during(lambda one: one.send(kept + kept + posted(b"2")))
    assert answer.count(b"HTTP/1.1 200") == 3
    assert [body for body, _ in one.taken] == [b"1", b"1", b"2"]


@pytest.mark.parametrize(
    "line",
    ["X-Auth-Token: s3cret", "Authorization: Basic OnMzY3JldA==", "Authorization: Bearer s3cret"],
)  # fmt: skip
def test_the_token_may_be_told_in_several_ways(line: str) -> None:
    raw = posted(b"1", line, head="POST /alerts HTTP/1.1\r\n")
    answer, _ = during(lambda one: one.send(raw))
    assert b" 200 " in answer


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (posted(b"1", head="POST /alerts HTTP/1.1\r\n"), 401),
        (posted(b"1", "X-Auth-Token: wrong", head="POST /alerts HTTP/1.1\r\n"), 401),
        (posted(b"1", "Authorization: Basic ???", head="POST / HTTP/1.1\r\n"), 401),
        (posted(b"1", head="POST /alerts?token=wrong HTTP/1.1\r\n"), 401),
        (posted(b"1", head=HEAD.replace("/alerts", "/etc/passwd")), 404),
        (posted(b"", head=HEAD.replace("POST", "GET")), 405),
        (b"nonsense\r\n\r\n", 400),
        (HEAD.encode() + b"\r\n", 411),
        (HEAD.encode() + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n1", 411),
        (HEAD.encode() + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n12", 400),
        (HEAD.encode() + b"Content-Length: -1\r\n\r\n", 411),
        (HEAD.encode() + f"Content-Length: {MOST_BYTES + 1}\r\n\r\n".encode(), 413),
        (HEAD.encode() + b"X: " + b"y" * 70_000 + b"\r\n\r\n", 413),
    ],
)
def test_what_is_not_as_it_should_be_is_refused(raw: bytes, status: int) -> None:
    answer, one = during(lambda one: one.send(raw))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert one.taken == []


def test_a_client_that_dawdles_is_sent_away_and_holds_up_nobody() -> None:
    async def work(one: Listening) -> tuple[bytes, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)

        async def dawdle() -> None:
            for byte in HEAD.encode():
                writer.write(bytes([byte]))
                await asyncio.sleep(0.05)

        slow = asyncio.create_task(dawdle())
        quick = await one.send(posted(b"1"))
        slow_answer = await asyncio.wait_for(reader.read(), 5)
        slow.cancel()
        writer.close()
        return quick, slow_answer

    (quick, slow), one = during(work, Limits(request_s=0.4))
    assert b" 200 " in quick
    assert slow.startswith(b"HTTP/1.1 408 ")
    assert len(one.taken) == 1


def test_who_sends_too_much_waits() -> None:
    async def work(one: Listening) -> list[bytes]:
        return [await one.send(posted(b"1")) for _ in range(4)]

    answers, one = during(work, Limits(burst=2, per_second=0.001))
    assert [answer[9:12] for answer in answers] == [b"200", b"200", b"429", b"429"]
    assert b"Retry-After" in answers[-1]
    assert len(one.taken) == 2


def test_without_a_token_of_ours_nobody_is_believed() -> None:
    one = Listening()
    one.hook.token = ""

    async def work(_: Listening) -> bytes:
        server = await one.hook.listen("127.0.0.1", 0)
        one.port = server.sockets[0].getsockname()[1]
        answer = await one.send(posted(b"1", "X-Auth-Token: ", head="POST / HTTP/1.1\r\n"))
        server.close()
        return answer

    answer, _ = during(work)
    assert answer.startswith(b"HTTP/1.1 401 ")
