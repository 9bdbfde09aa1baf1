"""Commands by which incidents log themselves: mails by hand, and what was not taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from app.cli import context
from app.cli.intake import intake
from app.services import mail_intake, mail_reading

if TYPE_CHECKING:
    from app.services.mail_intake import Taken


@intake.command(name="mail")
def mail_command(
    files: Annotated[
        list[Path], Argument(help="Mails (.eml, .msg), mailboxes, folders; - reads stdin.")
    ],
) -> None:
    """Make incidents of mails, or put answers into theirs; a second run changes nothing."""
    taken = [one for file in files for one in mail_reading.take_in_file(context().desk, file)]
    _say(taken)


@intake.command()
def quarantine() -> None:
    """List the mails that were kept and not taken in, each with its reason."""
    kept = mail_intake.quarantine(context().desk)
    document = [
        {
            "message_id": one.message_id,
            "state": one.state,
            "reason": one.reason,
            "source": one.source,
            "from": one.sender,
            "subject": one.subject,
        }
        for one in kept
    ]
    lines = (f"{one.state:<10}  {one.message_id}  {one.sender}: {one.reason}" for one in kept)
    context().say({"quarantine": document}, *lines)


@intake.command(name="let-in")
def let_in(
    message_id: Annotated[str, Argument(help="The Message-ID, as the quarantine lists it.")],
    as_new: Annotated[bool, Option("--as-new", help="Into an incident of its own.")] = False,
) -> None:
    """Take in a mail that was kept: into the incident that it names, or a new one."""
    _say([mail_intake.let_in(context().desk, message_id, as_new=as_new)])


def _say(taken: list[Taken]) -> None:
    results: list[dict[str, Any]] = [
        {
            "source": one.source,
            "action": one.action,
            "number": one.number or None,
            "reason": one.reason,
        }
        for one in taken
    ]
    lines = (
        f"{one.action:<11} {one.number or '-':<12} {one.source}: {one.reason}" for one in taken
    )
    context().say({"results": results}, *lines)
