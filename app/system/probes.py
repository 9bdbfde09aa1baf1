"""Looks at computers, addresses and disks for a check, within a time, until somebody stops it.

Nothing here goes through a shell: programs get a list of words. Any thread but that of the screen.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OUTPUT: Final = 1 << 20
"""Bytes of output that are kept; a program that writes far more is stopped."""
_BODY: Final = 4_096
_STEP_S: Final = 0.05
_PINGS: Final = 4
_CERTIFICATE_DAYS: Final = 14
_FREE_PERCENT: Final = 10


class Seen(NamedTuple):
    """How a probe ended: well or not, in a few words, and all that it has said."""

    ok: bool
    result: str
    output: str = ""


def ping(host: str, timeout_s: float, stop: threading.Event) -> Seen:
    """Ask a computer for an answer with the ping of the system."""
    return run(ping_words(host, sys.platform, timeout_s), timeout_s + _PINGS, stop)


def ping_words(host: str, platform: str, timeout_s: float) -> list[str]:
    """Return the words of the command; how long to wait is told in another way on each system."""
    each_s = max(1, round(timeout_s / _PINGS))
    if platform == "win32":
        return ["ping", "-n", str(_PINGS), "-w", str(each_s * 1000), host]
    wait = str(each_s * 1000) if platform == "darwin" else str(each_s)
    return ["ping", "-c", str(_PINGS), "-W", wait, host]


def tcp(host: str, port: int, timeout_s: float, stop: threading.Event) -> Seen:
    """Open a connection to a port and close it."""

    def act() -> Seen:
        begin = time.monotonic()
        with socket.create_connection((host, port), timeout_s) as connection:
            where = connection.getpeername()
        took = (time.monotonic() - begin) * 1000
        return Seen(True, f"port {port} is open ({took:.0f} ms)", f"connected to {where}")

    return _bounded(act, timeout_s, stop)


def dns(host: str, timeout_s: float, stop: threading.Event) -> Seen:
    """Look up the addresses of a name."""

    def act() -> Seen:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        return Seen(True, ", ".join(addresses), "\n".join(addresses))

    return _bounded(act, timeout_s, stop)


def http(url: str, timeout_s: float, stop: threading.Event) -> Seen:
    """Get a page; an answer below 400 is well."""

    def act() -> Seen:
        request = urllib.request.Request(url, headers={"User-Agent": "incident-desk"})
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:
                return _told(answer.status, str(answer.headers), answer.read(_BODY))
        except urllib.error.HTTPError as error:
            with error:
                return _told(error.code, str(error.headers), error.read(_BODY))

    return _bounded(act, timeout_s, stop)


def certificate(
    host: str, port: int, timeout_s: float, stop: threading.Event, days: int | None = None
) -> Seen:
    """Tell how long a certificate is good for; one that is not trusted is not well."""
    least = _CERTIFICATE_DAYS if days is None else days

    def act() -> Seen:
        context = ssl.create_default_context()
        with (
            socket.create_connection((host, port), timeout_s) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            found = connection.getpeercert() or {}
        ends = str(found.get("notAfter", ""))
        at = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
        left = (at - datetime.now(UTC)).days
        told = "\n".join(f"{key}: {value}" for key, value in found.items())
        return Seen(left >= least, f"expires {at:%Y-%m-%d}, in {left} days", told)

    return _bounded(act, timeout_s, stop)


def disk(folder: str, stop: threading.Event, timeout_s: float, percent: int | None = None) -> Seen:
    """Tell how much of the disk that holds a folder is free."""
    least = _FREE_PERCENT if percent is None else percent

    def act() -> Seen:
        found = shutil.disk_usage(folder)
        free = found.free * 100 / max(1, found.total)
        told = f"total {found.total}\nused {found.used}\nfree {found.free}"
        return Seen(free >= least, f"{free:.0f} % free ({found.free >> 20} MB)", told)

    return _bounded(act, timeout_s, stop)


def run(words: Sequence[str], timeout_s: float, stop: threading.Event) -> Seen:
    """Run a program with its words, never through a shell; it ends with its children in time."""
    options = (
        {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
        if sys.platform == "win32"
        else {"start_new_session": True}
    )
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                list(words), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd=tempfile.gettempdir(), **options,
            )  # fmt: skip
        except OSError as error:
            return Seen(False, f"cannot be started: {error.strerror or error}")
        until, why = time.monotonic() + timeout_s, ""
        while process.poll() is None and not why:
            if stop.wait(_STEP_S):
                why = "stopped"
            elif time.monotonic() > until:
                why = f"given up after {timeout_s:.0f} s"
            elif os.fstat(output.fileno()).st_size > OUTPUT:
                why = "stopped: it wrote too much"
        if why:
            _end(process)
        output.seek(0)
        said = output.read(OUTPUT).decode("utf-8", "replace")
    return Seen(not why and process.returncode == 0, why or f"exit code {process.returncode}", said)


def digest_of(path: str) -> str:
    """Return the SHA-256 of a program or script, "" when it cannot be read."""
    import hashlib

    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _bounded(act: Callable[[], Seen], timeout_s: float, stop: threading.Event) -> Seen:
    """Do something that cannot be stopped on the way: it is left alone when its time is over."""
    answers: list[Seen] = []
    over = threading.Event()

    def work() -> None:
        try:
            answers.append(act())
        except (OSError, ValueError) as error:
            answers.append(Seen(False, str(error) or type(error).__name__))
        over.set()

    threading.Thread(target=work, name="probe", daemon=True).start()
    until = time.monotonic() + timeout_s + 1
    while not over.wait(_STEP_S):
        if stop.is_set():
            return Seen(False, "stopped")
        if time.monotonic() > until:
            return Seen(False, f"given up after {timeout_s:.0f} s")
    return answers[0]


def _told(status: int, headers: str, body: bytes) -> Seen:
    text = f"{headers.strip()}\n\n{body.decode('utf-8', 'replace')}"
    return Seen(status < 400, f"status {status}", text)
