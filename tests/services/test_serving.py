"""The listeners together: what is acknowledged is on the disk, and every event is told."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, StoreError
from app.intake.log_follower import LogFollower
from app.services import alert_intake, lease, log_watch, serving, sharing
from app.services.desk import Desk, open_desk
from app.services.serving import Places
from app.storage import alert_rows
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

HERE = "127.0.0.1"


def served(
    desk: Desk, places: Places, work: Callable[[dict[str, int]], Awaitable[Any]]
) -> tuple[Any, list[dict[str, Any]]]:
    """Run work beside the listeners; return what it gave, and the events."""
    told: list[dict[str, Any]] = []

    async def run() -> Any:
        stopped = asyncio.Event()
        task = asyncio.create_task(serving.serve(desk, places, told.append, stopped))
        asked = (places.webhook, places.syslog, places.syslog_tls, places.drop, places.log)
        wanted = sum(x is not None for x in asked)
        while sum(one["event"] == "listening" for one in told) < wanted and not task.done():
            await asyncio.sleep(0.01)
        ports = {
            one["kind"]: int(one["at"].rpartition(":")[2])
            for one in told
            if one["event"] == "listening" and one["kind"] not in ("drop", "log")
        }
        try:
            return await work(ports)
        finally:
            stopped.set()
            await task

    return asyncio.run(run()), told


async def post(port: int, document: Any, path: str = "/alerts") -> tuple[int, Any]:
    body = json.dumps(document).encode()
    head = f"POST {path} HTTP/1.1\r\nX-Auth-Token: t\r\nContent-Length: {len(body)}\r\n"
    reader, writer = await asyncio.open_connection(HERE, port)
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return int(answer[9:12]), json.loads(answer.split(b"\r\n\r\n", 1)[1])


def test_a_posted_alert_is_acknowledged_with_its_number(desk: Desk) -> None:
    async def work(ports: dict[str, int]) -> Any:
        firing = await post(ports["webhook"], {"title": "Door open", "id": "d"})
        assert alert_rows.total(desk.connection) == 1  # before the answer was read
        broken = await post(ports["webhook"], [])
        unknown = await post(ports["webhook"], {"title": "x"}, "/alerts/nonsense")
        return firing, broken, unknown

    (firing, broken, unknown), told = served(desk, Places(webhook=(HERE, 0), token="t"), work)
    assert firing[0] == 200
    (result,) = firing[1]["results"]
    assert (result["action"], result["number"]) == ("opened", "INC-000001")
    assert broken[0] == 422
    assert unknown[0] == 404
    assert [one["action"] for one in told if one["event"] == "alert"] == ["opened", "quarantined"]


def test_lines_over_tcp_and_udp_are_taken(desk: Desk) -> None:
    async def work(ports: dict[str, int]) -> None:
        _, writer = await asyncio.open_connection(HERE, ports["syslog"])
        counted = b"<2>1 - h c - - - counted"
        writer.write(b"<2>1 - h a - - - first\n%d %b" % (len(counted), counted))
        await writer.drain()
        writer.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"<2>1 - h b - - - second", (HERE, ports["syslog"]))
        for _ in range(500):
            if alert_rows.total(desk.connection) == 3:
                return
            await asyncio.sleep(0.01)

    _, told = served(desk, Places(syslog=(HERE, 0)), work)
    assert sorted(one["action"] for one in told if one["event"] == "syslog") == ["opened"] * 3


def test_lines_over_tls_are_taken_and_plain_ones_are_not(desk: Desk, tmp_path: Path) -> None:
    made = tmp_path / "both.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -batch"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    out = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    subprocess.run([*words.split(), *names, *out], check=True, capture_output=True)
    made.write_bytes((tmp_path / "key.pem").read_bytes() + (tmp_path / "cert.pem").read_bytes())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made)
    client = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

    async def work(ports: dict[str, int]) -> None:
        port = ports["syslog over TLS"]
        _, plain = await asyncio.open_connection(HERE, port)
        plain.write(b"<2>1 - h a - - - nobody is to hear this")
        await plain.drain()
        plain.close()
        _, writer = await asyncio.open_connection(HERE, port, ssl=client)
        counted = b"<2>1 - h b - - - counted"
        writer.write(b"%d %b%d %b" % (len(counted), counted, len(counted), counted))
        await writer.drain()
        writer.close()
        for _ in range(500):
            if alert_rows.total(desk.connection) == 2:
                return
            await asyncio.sleep(0.01)

    _, told = served(desk, Places(syslog_tls=(HERE, 0), tls=tls), work)
    assert [one["action"] for one in told if one["event"] == "syslog"] == ["opened", "joined"]


def test_dropped_files_are_taken_and_put_away(desk: Desk, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.json").write_text('{"title": "Door open"}')
    (inbox / "b.json").write_text("{")

    async def work(_: dict[str, int]) -> None:
        for _ in range(1_000):
            if (inbox / "done" / "a.json").exists() and (inbox / "quarantine" / "b.json").exists():
                return
            await asyncio.sleep(0.01)

    _, told = served(desk, Places(drop=inbox), work)
    actions = {one["from"]: one["action"] for one in told if one["event"] == "drop"}
    assert actions == {"a.json": "opened", "b.json": "quarantined"}
    assert sorted(path.name for path in inbox.iterdir()) == ["done", "quarantine"]


def test_a_log_is_watched_and_taken_up_where_the_last_run_ended(desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("<2>old: was there before\n")

    async def work(_: dict[str, int]) -> None:
        for number in range(2):
            wanted = alert_rows.total(desk.connection) + 1
            with log.open("a") as opened:
                opened.write(f"<2>app{wanted}{number}: down\n")
            for _ in range(1_000):
                if alert_rows.total(desk.connection) == wanted:
                    break
                await asyncio.sleep(0.01)

    log_watch.take(desk, log, LogFollower(log, None).read())  # the first look of an earlier run
    for already in (0, 2):
        assert alert_rows.total(desk.connection) == already
        _, told = served(desk, Places(log=log), work)
        assert [one["action"] for one in told if one["event"] == "log"] == ["opened"] * 2


def test_what_cannot_be_written_is_not_acknowledged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise StoreError("The disk is full.")

    async def work(ports: dict[str, int]) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(alert_intake, "take", full)
            refused = await post(ports["webhook"], {"title": "Door open"})
        return refused, await post(ports["webhook"], {"title": "Door open"})

    (refused, taken), _ = served(desk, Places(webhook=(HERE, 0), token="t"), work)
    assert refused == (503, {"error": "The disk is full."})
    assert taken[0] == 200


def test_a_bug_with_one_payload_loses_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    take = alert_intake.take_payload

    def buggy(own: Desk, body: bytes, **more: Any) -> Any:
        if b"bug" in body:
            raise ZeroDivisionError
        return take(own, body, **more)

    async def work(ports: dict[str, int]) -> Any:
        monkeypatch.setattr(alert_intake, "take_payload", buggy)
        names = ("a", "bug", "b", "c")
        return await asyncio.gather(*(post(ports["webhook"], {"title": one}) for one in names))

    monkeypatch.setattr(logging.getLogger("app.services.serving"), "disabled", True)
    answers, _ = served(desk, Places(webhook=(HERE, 0), token="t"), work)
    assert [status for status, _ in answers] == [200, 422, 200, 200]
    assert alert_rows.total(desk.connection) == 3
    assert [one.body for one in alert_rows.quarantined(desk.connection)] == [b'{"title": "bug"}']


def test_an_address_that_is_taken_is_a_sentence(desk: Desk) -> None:
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        port = other.getsockname()[1]

        async def work(_: dict[str, int]) -> None:
            return None

        with pytest.raises(InvalidInputError, match="another port"):
            served(desk, Places(webhook=(HERE, port), token="t"), work)


def test_of_a_team_one_station_at_a_time_takes_what_is_dropped(tmp_path: Path) -> None:
    clock = PinnedClock(MONDAY)
    first = open_desk(Profile(tmp_path / "first"), clock, person="Ana Ruiz")
    sharing.create(first, str(tmp_path / "hub"))
    second = open_desk(Profile(tmp_path / "second"), clock, person="Bo Lund")
    sharing.join(second, str(tmp_path / "hub"))
    assert not lease.held(second, lease.ALERTS)  # until the team can see the claim
    for desk in (second, first, second):
        sharing.sync(desk)
    assert lease.held(second, lease.ALERTS)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.json").write_text('{"title": "Door open"}')

    async def work(_: dict[str, int]) -> None:
        for _ in range(150):
            if not (inbox / "a.json").exists():
                return
            await asyncio.sleep(0.01)

    _, told = served(first, Places(drop=inbox, in_turn=True), work)
    assert (inbox / "a.json").exists()
    assert [one for one in told if one["event"] != "listening"] == []
    served(second, Places(drop=inbox, in_turn=True), work)
    assert (inbox / "done" / "a.json").exists()
    assert lease.holder(second, lease.ALERTS) is None  # given up at the end
