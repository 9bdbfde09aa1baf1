"""Runs the listeners of `intake serve` in the foreground, one JSON line per event (cli.md)."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import ssl
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.cli import context
from app.domain.errors import InvalidInputError, NotFoundError
from app.services import mailbox_settings, serving
from app.services.serving import Places

if TYPE_CHECKING:
    from pathlib import Path

_LOOPBACK = "127.0.0.1"


def run(
    webhook: str,
    syslog: str,
    drop: Path | None,
    token: str,
    certificate: Path | None,
    mailbox: str = "",
) -> None:
    """Listen until interrupted.

    Raises:
        InvalidInputError: nothing to listen to was named, or it cannot be listened to.
    """
    if not (webhook or syslog or drop or mailbox):
        raise InvalidInputError("Name what to listen to: --webhook, --syslog, --mailbox or --drop.")
    if mailbox:
        mailbox_settings.check_name(context().desk, mailbox)
    if drop is not None and not drop.is_dir():
        raise NotFoundError(f"There is no folder {drop}. Make it first.")
    lock = threading.Lock()

    def tell(document: dict[str, Any]) -> None:
        with lock:
            sys.stdout.write(json.dumps(document) + "\n")
            sys.stdout.flush()

    if webhook and not token:
        token = secrets.token_urlsafe(24)
        tell({"event": "token", "token": token})
    places = Places(
        _address(webhook),
        _address(syslog),
        drop,
        token,
        _tls(certificate) if certificate else None,
        mailbox,
    )
    asyncio.run(_serve(places, tell))


async def _serve(places: Places, tell: Any) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stopped.set)
    await serving.serve(context().desk, places, tell, stopped)
    tell({"event": "stopped"})


def _address(given: str) -> tuple[str, int] | None:
    """Read HOST:PORT; without a host this computer alone is listened to."""
    if not given:
        return None
    host, _, port = given.rpartition(":")
    if not (port.isdecimal() and len(port) <= 5 and int(port) < 65_536):
        raise InvalidInputError(f'"{given}" is no address. Write HOST:PORT, like {_LOOPBACK}:8787.')
    return host.strip("[]") or _LOOPBACK, int(port)


def _tls(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(certificate)
    except (OSError, ssl.SSLError) as error:
        raise InvalidInputError(
            f"The certificate {certificate} cannot be used: {error}."
        ) from error
    return made
