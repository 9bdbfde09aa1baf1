"""A storm on loopback: 10,000 alerts of 500 sources over HTTP; none may be lost. Times are told."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from app.services import serving
from app.services.desk import open_desk
from app.services.serving import Places
from app.storage import alert_rows
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

ALERTS, SOURCES, CLIENTS = 10_000, 500, 50
HERE = "127.0.0.1"


async def send(port: int, client: int, times: list[float]) -> int:
    """Post the alerts of one client over one connection; return how many were acknowledged."""
    reader, writer = await asyncio.open_connection(HERE, port)
    good = 0
    for number in range(client, ALERTS, CLIENTS):
        alert = {
            "status": "firing",
            "labels": {"alertname": "Down", "host": f"h{number % SOURCES}"},
        }
        body = json.dumps({"groupKey": "g", "alerts": [alert]}).encode()
        head = f"POST /alerts HTTP/1.1\r\nX-Auth-Token: t\r\nContent-Length: {len(body)}\r\n\r\n"
        begun = time.perf_counter()
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - begun)
        good += answer.startswith(b"HTTP/1.1 200")
    writer.close()
    return good


@pytest.mark.benchmark
def test_a_storm_of_ten_thousand_alerts_loses_nothing(tmp_path: Path) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz")
    told: list[dict[str, Any]] = []
    times: list[float] = []

    async def run() -> int:
        stopped = asyncio.Event()
        places = Places(webhook=(HERE, 0), token="t")
        task = asyncio.create_task(serving.serve(desk, places, told.append, stopped))
        while not told:
            await asyncio.sleep(0.01)
        port = int(told[0]["at"].rpartition(":")[2])
        good = sum(await asyncio.gather(*(send(port, one, times) for one in range(CLIENTS))))
        stopped.set()
        await task
        return good

    begun = time.perf_counter()
    acknowledged = asyncio.run(run())
    spent = time.perf_counter() - begun
    times.sort()
    incidents: Any = desk.connection.execute("SELECT count(*) FROM incident").get
    print(
        f"\n{ALERTS:,} alerts of {SOURCES} sources: {spent:.1f} s, {ALERTS / spent:,.0f} a second; "
        f"answered in {times[len(times) // 2] * 1000:.0f} ms (median), {times[-1] * 1000:.0f} ms "
        f"(longest); {incidents} incidents"
    )
    assert acknowledged == ALERTS
    assert alert_rows.total(desk.connection) == ALERTS
    assert incidents == 21  # 20, and the master that the others have joined
