"""Runs the listeners of `intake serve` in the foreground, one JSON line per event (cli.md)."""

from __future__ import annotations

import asyncio
import json
import os
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
    from collections.abc import Sequence
    from pathlib import Path

_LOOPBACK = "127.0.0.1"


def run(
    webhook: str,
    syslog: str,
    syslog_tls: str,
    drop: Path | None,
    log: Path | None,
    token: str,
    certificate: Path | None,
    mailboxes: Sequence[str] = (),
    *,
    until_closed: bool = False,
    in_turn: bool = False,
) -> None:
    """Listen until interrupted; `until_closed`: or until whoever started it is gone.

    Raises:
        InvalidInputError: nothing to listen to was named, or it cannot be listened to.
    """
    if not (webhook or syslog or syslog_tls or drop or log or mailboxes):
        raise InvalidInputError(
            "Name what to listen to: --webhook, --syslog, --syslog-tls, --mailbox, --drop or --log."
        )
    mailbox_settings.find(context().desk, mailboxes)
    if syslog_tls and certificate is None:
        raise InvalidInputError("TLS needs a certificate. Name its PEM file with --certificate.")
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
        webhook=_address(webhook),
        syslog=_address(syslog),
        syslog_tls=_address(syslog_tls),
        drop=drop,
        log=log.absolute() if log else None,
        token=token,
        tls=_tls(certificate) if certificate else None,
        mailboxes=tuple(mailboxes),
        in_turn=in_turn,
    )
    asyncio.run(_serve(places, tell, until_closed=until_closed))


async def _serve(places: Places, tell: Any, *, until_closed: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stopped.set)
    if until_closed:
        threading.Thread(target=_wait_for_end, args=(loop, stopped), daemon=True).start()
    await serving.serve(context().desk, places, tell, stopped)
    tell({"event": "stopped"})


def _wait_for_end(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    """Stop when nobody can write to standard input any more.

    Read past `sys.stdin`, whose lock a thread that waits would hold while the program ends.
    """
    with suppress(OSError):
        while os.read(0, 4_096):
            pass
    with suppress(RuntimeError):  # the loop has ended by itself
        loop.call_soon_threadsafe(stopped.set)


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
