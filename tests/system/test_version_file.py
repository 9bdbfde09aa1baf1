"""A few bytes from a folder or an https address; everything else is refused in a sentence."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from app.system import version_file
from app.system.faults import MachineError
from app.system.version_file import NAME, from_address, from_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 1_000


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        self.wfile.write(b"1.2.0" if self.path != "/huge" else b"1" * 5_000_000)

    def log_message(self, *_args: object) -> None:
        return

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # whoever asked has had enough
            self.close_connection = True


@pytest.fixture
def server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def refused(url: str, *, plain: bool = True) -> str:
    with pytest.raises(MachineError) as error:
        from_address(url, MOST, plain_on_loopback=plain)
    return error.value.message


def test_the_file_of_a_folder_is_read_and_no_more_of_it_than_wanted(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"1.2.0")
    assert from_folder(tmp_path, MOST) == b"1.2.0"
    with (tmp_path / NAME).open("wb") as file:
        file.truncate(5_000_000_000)  # sparse: nothing of it is on the disk
    assert len(from_folder(tmp_path, MOST)) == MOST + 1


def test_a_folder_without_a_plain_file_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(MachineError, match=NAME):
            from_folder(folder, MOST)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / NAME)  # opening it would wait for ever
        with pytest.raises(MachineError, match="There is no file"):
            from_folder(tmp_path, MOST)


def test_an_address_answers_and_a_huge_answer_is_cut(server: str) -> None:
    assert from_address(f"{server}/a", MOST, plain_on_loopback=True) == b"1.2.0"
    assert from_address(f"{server}/to/{server}/a", MOST, plain_on_loopback=True) == b"1.2.0"
    assert len(from_address(f"{server}/huge", MOST, plain_on_loopback=True)) == MOST + 1


def test_http_is_refused_also_behind_a_redirect(server: str) -> None:
    assert "must begin with https://" in refused(f"{server}/a", plain=False)
    assert "leads to http" in refused(f"{server}/to/http://192.0.2.1/a")
    assert "answers 302" in refused(f"{server}/to/file:///etc/passwd")
    assert "must begin with https://" in refused("file:///etc/passwd")
    assert "must begin with https://" in refused("http://192.0.2.1/a")


def test_what_does_not_answer_is_told(server: str) -> None:
    assert "answers 404" in refused(f"{server}/none")
    assert "cannot be reached" in refused("http://127.0.0.1:1/a")
    assert "cannot be reached" in refused("https://127.0.0.1:1/a", plain=False)


def test_an_answer_that_drips_is_given_up(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_file, "TIMEOUT_S", 1.0)
    now = iter(range(0, 1_000, 10))
    monkeypatch.setattr(version_file.time, "monotonic", lambda: float(next(now)))
    assert "takes too long" in refused(f"{server}/a")
