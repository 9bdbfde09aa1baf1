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
from app.services import alert_intake

if TYPE_CHECKING:
    from app.services.alert_intake import Taken

Files = Annotated[list[str], Argument(help="Files; - reads from standard input.")]


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


def _read(file: str) -> bytes:
    """Return the bytes of a file, one more than is taken at most, or those of standard input."""
    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFoundError(f"{file} cannot be read: {error.strerror or error}.") from error


def say(taken: list[Taken]) -> None:
    """Print what became of each."""
    context().say(
        {"results": [one.to_json() for one in taken]},
        *(f"{one.source}: {one.action} {one.number} {one.reason}".strip() for one in taken),
    )
