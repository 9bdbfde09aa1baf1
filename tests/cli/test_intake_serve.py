"""`intake serve` in a process of its own: what it acknowledged survives kill -9."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.services.desk import open_desk
from app.storage import alert_rows
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Line

ROOT = Path(__file__).parents[2]
WORDS = ("intake", "serve", "--webhook", "127.0.0.1:0", "--token", "t")


class Server:
    """The program, listening."""

    def __init__(self, profile: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "--profile", str(profile), *WORDS],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(self.event()["at"].rpartition(":")[2])

    def event(self) -> dict[str, Any]:
        """Return the next event."""
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Give the program, listening for alerts."""
    one = Server(tmp_path / "profile")
    yield one
    one.process.kill()
    one.process.wait()
    assert one.process.stdout is not None
    one.process.stdout.close()


def post_until_gone(port: int, sender: int, acknowledged: list[str]) -> None:
    """Post alerts one after the other, remembering each that was acknowledged."""
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    for number in range(100_000):
        name = f"{sender}-{number}"
        body = json.dumps({"title": f"Alert {name}", "id": name})
        try:
            line.request("POST", "/alerts", body, {"X-Auth-Token": "t"})
            answer = line.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return
        if answer.status == 200:
            acknowledged.append(name)


def test_nothing_that_was_acknowledged_is_lost_when_it_is_killed(
    server: Server, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    senders = [
        threading.Thread(target=post_until_gone, args=(server.port, number, acknowledged))
        for number in range(4)
    ]
    reader = threading.Thread(target=lambda: [None for _ in server.process.stdout or ()])
    for thread in (*senders, reader):
        thread.start()
    end = time.monotonic() + 30
    while len(acknowledged) < 100 and time.monotonic() < end:
        time.sleep(0.01)
    server.process.kill()
    for thread in (*senders, reader):
        thread.join()
    assert len(acknowledged) >= 100
    desk = open_desk(Profile(tmp_path / "profile"), SystemClock())
    kept = {name for name in acknowledged if alert_rows.find(desk.connection, f"generic:{name}")}
    desk.close()
    assert kept == set(acknowledged)


def test_a_terminated_listener_ends_well(server: Server) -> None:
    server.process.terminate()
    assert server.event() == {"event": "stopped"}
    assert server.process.wait(20) == 0


def test_wrong_words_are_sentences(line: Line, tmp_path: Path) -> None:
    assert "Name what to listen to" in line.refused("intake", "serve")
    assert "HOST:PORT" in line.refused("intake", "serve", "--webhook", "here")
    assert "no folder" in line.refused("intake", "serve", "--drop", str(tmp_path / "none"))


def test_it_ends_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "app", "--profile", str(tmp_path / "profile"), *WORDS]
    process = subprocess.Popen(
        [*words, "--until-closed"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "listening"
    assert process.poll() is None
    process.stdin.close()
    assert json.loads(process.stdout.readline()) == {"event": "stopped"}
    assert process.wait(20) == 0
    process.stdout.close()
