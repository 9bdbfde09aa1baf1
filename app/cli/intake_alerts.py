"""Commands that take alerts and system messages by hand: intake alert, intake syslog."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from app.cli import context
from app.cli.intake import intake
from app.domain.errors import NotFoundError
from app.intake.strict_json import MOST_BYTES
from app.services import alert_intake, syslog_intake

if TYPE_CHECKING:
    from app.services.alert_intake import Taken

Files = Annotated[list[str], Argument(help="Files; - reads from standard input.")]

_MOST_LOG = 256 << 20


@intake.command()
def alert(
    files: Files,
    format_name: Annotated[
        str, Option("--format", help="What the tool is called; else recognised.")
    ] = "",
) -> None:
    """Take what a monitoring tool has posted: opens, joins or resolves an incident."""
    taken: list[Taken] = []
    for file in files:
        taken += alert_intake.take_payload(
            context().desk, _read(file), name=format_name, origin=file
        )
    say(taken)


@intake.command()
def syslog(files: Files) -> None:
    """Take lines of system messages (RFC 3164 and 5424) by the rules of the team."""
    watch = syslog_intake.SyslogWatch(context().desk)
    found: list[syslog_intake.Line] = []
    for file in files:
        lines = _read(file, _MOST_LOG).split(b"\n")
        found += watch.take(line for line in lines if line.strip())
    context().say(
        {"results": [one.to_json() for one in found]},
        *(
            f"{one.taken.action} {one.taken.number} {one.parsed.hostname}: {one.parsed.message}"
            for one in found
            if one.taken.action != "ignored"
        ),
        f"{len(found):,} lines were read.",
    )


@intake.command()
def serve(
    webhook: Annotated[str, Option(help="HOST:PORT for alerts, like 127.0.0.1:8787.")] = "",
    syslog_at: Annotated[
        str, Option("--syslog", help="HOST:PORT for system messages (UDP and TCP).")
    ] = "",
    syslog_tls: Annotated[
        str, Option(help="HOST:PORT for system messages over TLS; needs a certificate.")
    ] = "",
    mailbox: Annotated[
        list[str] | None,
        Option(help="Name or address of a mailbox of the team: its mails are fetched. Repeatable."),
    ] = None,
    drop: Annotated[Path | None, Option(help="A folder whose files are taken.")] = None,
    log: Annotated[Path | None, Option(help="A log file that is watched.")] = None,
    token: Annotated[
        str, Option(envvar="INCIDENT_DESK_TOKEN", help="What a client has to know; else made.")
    ] = "",
    certificate: Annotated[
        Path | None, Option(help="A PEM file with certificate and key, for HTTPS and TLS.")
    ] = None,
    until_closed: Annotated[
        bool, Option("--until-closed", help="End when standard input is closed.")
    ] = False,
    in_turn: Annotated[
        bool, Option("--in-turn", help="Take files only while no other station of the team does.")
    ] = False,
) -> None:
    """Listen for alerts and fetch mails until stopped; prints one JSON line per event."""
    from app.cli import intake_serving  # only a listener needs an event loop

    intake_serving.run(
        webhook, syslog_at, syslog_tls, drop, log, token, certificate, mailbox or (),
        until_closed=until_closed, in_turn=in_turn,
    )  # fmt: skip


def _read(file: str, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file, one more than is taken at most, or those of standard input."""
    if file == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise NotFoundError(f"{file} cannot be read: {error.strerror or error}.") from error


def say(taken: list[Taken]) -> None:
    """Print what became of each."""
    context().say(
        {"results": [one.to_json() for one in taken]},
        *(f"{one.source}: {one.action} {one.number} {one.reason}".strip() for one in taken),
    )
