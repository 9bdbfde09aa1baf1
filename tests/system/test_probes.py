"""Probes against servers of the test itself; programs get words, end in time and can be stopped."""

from __future__ import annotations

import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from app.system import probes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEVER = threading.Event()


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/bad" else 200)
        self.end_headers()
        self.wfile.write(b"alive")

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[int]:
    """Give the port of a web server."""
    served = HTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield served.server_port
    served.shutdown()
    served.server_close()
    thread.join()


def test_each_system_has_its_own_words_for_ping() -> None:
    assert probes.ping_words("gate", "linux", 8) == ["ping", "-c", "4", "-W", "2", "gate"]
    assert probes.ping_words("gate", "darwin", 8) == ["ping", "-c", "4", "-W", "2000", "gate"]
    assert probes.ping_words("gate", "win32", 8) == ["ping", "-n", "4", "-w", "2000", "gate"]


def test_an_open_port_passes_and_a_closed_one_fails(server: int) -> None:
    seen = probes.tcp("127.0.0.1", server, 5, NEVER)
    assert (seen.ok, f"port {server} is open" in seen.result) == (True, True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert not probes.tcp("127.0.0.1", port, 5, NEVER).ok


def test_a_page_is_got_and_an_answer_of_400_or_more_fails(server: int) -> None:
    seen = probes.http(f"http://127.0.0.1:{server}/", 5, NEVER)
    assert (seen.ok, seen.result, seen.output.endswith("alive")) == (True, "status 200", True)
    assert probes.http(f"http://127.0.0.1:{server}/bad", 5, NEVER)[:2] == (False, "status 503")


def test_a_name_is_looked_up() -> None:
    assert probes.dns("127.0.0.1", 5, NEVER)[:2] == (True, "127.0.0.1")
    assert not probes.dns("no-such-name.invalid", 5, NEVER).ok


def test_a_server_without_a_certificate_fails(server: int) -> None:
    assert not probes.certificate("127.0.0.1", server, 5, NEVER).ok


def test_the_disk_is_measured_against_a_limit(tmp_path: Path) -> None:
    assert probes.disk(str(tmp_path), NEVER, 5, 0).ok
    assert not probes.disk(str(tmp_path), NEVER, 5, 101).ok
    assert not probes.disk(str(tmp_path / "none"), NEVER, 5).ok


def test_a_program_gets_its_words_as_they_are() -> None:
    words = ["a b", "$(id)", ";", "'"]
    code = "import sys; print(sys.argv[1:])"
    seen = probes.run([sys.executable, "-c", code, *words], 20, NEVER)
    assert (seen.ok, seen.result, seen.output.strip()) == (True, "exit code 0", str(words))
    assert probes.run([sys.executable, "-c", "exit(3)"], 20, NEVER)[:2] == (False, "exit code 3")
    assert "cannot be started" in probes.run(["/none/at/all"], 5, NEVER).result


def test_a_program_ends_in_time_or_when_it_is_stopped() -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    begin = time.monotonic()
    assert probes.run(sleep, 0.3, NEVER).result == "given up after 0 s"
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    assert probes.run(sleep, 60, stop).result == "stopped"
    assert time.monotonic() - begin < 20


def test_a_probe_that_hangs_is_left_alone() -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        assert probes.http(url, 3, stop).result == "stopped"
