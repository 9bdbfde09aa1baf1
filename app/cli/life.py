"""Commands for the life of an incident: log, note, attach, move, merge, undo."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from app.cli import application, context, field_values, printing
from app.cli.asking import with_reason
from app.cli.field_values import closure_code, code
from app.domain.incident import (
    CancelReason,
    CauseClass,
    FixType,
    Outcome,
    PendingReason,
)
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    evidence,
    following_up,
    incidents,
    logging_incidents,
    moves,
    quick_logging,
    raising,
    setting_fields,
    stakeholders,
    undoing,
)

if TYPE_CHECKING:
    from app.domain.incident import EntityId

Number = Annotated[str, Argument(help="The incident's number, with or without INC-.")]
Reason = Annotated[str, Option(help="Why.")]
Text = Annotated[str, Option(help="More words, for the timeline.")]


def _codes(kind: type[StrEnum]) -> str:
    return f"{', '.join(kind)}."


def _team_codes(kind: type[StrEnum], table: str) -> str:
    return f"{', '.join(kind)}; or the team's: config get {table}."


def _id(number: str) -> EntityId:
    return browsing.find(context().desk, number)


@application.command()
def log(text: Annotated[str, Argument(help="The quick-log line.")]) -> None:
    """Log an incident from a quick-log line and print its number.

    What cannot be read stays in the summary, and the reason is told.
    """
    desk = context().desk
    line = quick_logging.read(desk, text)
    logged = logging_incidents.log(desk, line.to_draft())
    for token in line.problems:  # ux.md: such a token stays in the summary, with the reason
        printing.write_sentence(f'Note: "{token.raw}" stays in the summary. {token.problem}')
    context().say_incident(logged.number)


@application.command()
def note(number: Number, text: Annotated[str, Argument(help="What was done or found.")]) -> None:
    """Add a work note."""
    incidents.add_note(context().desk, [_id(number)], text)
    context().say_incident(number)


@application.command()
def attach(
    number: Number, files: Annotated[list[Path], Argument(help="Files to copy into the store.")]
) -> None:
    """Attach files as evidence."""
    evidence.attach(context().desk, _id(number), files)
    context().say_incident(number)


@application.command(name="set")
def set_fields(
    number: Number,
    assignments: Annotated[
        list[str], Argument(help="field=value, with the names that show --json tells.")
    ],
    reason: Reason = "",
) -> None:
    """Edit fields: field=value; status= follows the transitions."""
    desk, uid = context().desk, _id(number)

    def act(why: str) -> None:
        wanted = field_values.wanted(uid, assignments, why)
        setting_fields.change(desk, uid, wanted, reason=why)

    with_reason(act, reason)
    context().say_incident(uid)


@application.command()
def pending(
    number: Number,
    reason: Annotated[str, Option(help="caller, vendor, change, problem or scheduled.")],
    until: Annotated[str, Option(help="The follow-up date; else in one working day.")] = "",
    text: Text = "",
) -> None:
    """Wait for the caller, a vendor, a change, a problem or a date."""
    why = code(PendingReason, reason, "reason")
    moves.pend(context().desk, [_id(number)], why, field_values.follow_up(until), text=text)
    context().say_incident(number)


@application.command()
def resume(number: Number) -> None:
    """Go on with a pending incident."""
    moves.resume(context().desk, [_id(number)])
    context().say_incident(number)


@application.command()
def resolve(
    number: Number,
    outcome: Annotated[str, Option(help=_team_codes(Outcome, "outcomes"))],
    fix_type: Annotated[str, Option(help=_team_codes(FixType, "fix_types"))],
    cause_class: Annotated[str, Option(help=_team_codes(CauseClass, "cause_classes"))],
    notes: Annotated[str, Option(help="What was done.")],
    workaround: Annotated[
        bool, Option("--workaround", help="The notes are a workaround too.")
    ] = False,
    verified_by: Annotated[str, Option(help="Who confirmed it.")] = "",
    verified_how: Annotated[str, Option(help="How: phone, mail, in person.")] = "phone",
) -> None:
    """Resolve with outcome, fix type, cause class and notes."""
    desk, uid = context().desk, _id(number)
    given = Given(
        outcome=closure_code("outcome", outcome),
        fix_type=closure_code("fix_type", fix_type),
        cause_class=closure_code("cause_class", cause_class),
        resolution=notes,
    )
    moves.resolve(desk, [uid], given, extra={"workaround": notes} if workaround else None)
    if verified_by:
        stakeholders.verify_with_requester(desk, uid, verified_by, verified_how)
    context().say_incident(number)


@application.command()
def close(number: Number) -> None:
    """Close a resolved incident whose required checks are done."""
    moves.close(context().desk, [_id(number)])
    context().say_incident(number)


@application.command()
def reopen(number: Number, reason: Reason = "") -> None:
    """Take a finished incident back to work; after the reopen window log a new, linked one."""
    desk, uid = context().desk, _id(number)
    result = with_reason(lambda why: following_up.reopen(desk, uid, why), reason)
    context().say_incident(result.ids["incident"][0])


@application.command()
def cancel(
    number: Number,
    reason: Annotated[str, Option(help=_codes(CancelReason))],
    text: Text = "",
) -> None:
    """Cancel: duplicate, unnecessary or not an incident."""
    moves.cancel(context().desk, [_id(number)], code(CancelReason, reason, "reason"), text=text)
    context().say_incident(number)


@application.command()
def merge(number: Number, into: Annotated[str, Option(help="The survivor's number.")]) -> None:
    """Merge a duplicate into another incident."""
    desk = context().desk
    found = browsing.incident(desk, number).number
    raising.merge(desk, [_id(number)], _id(into))
    context().say_incident(found)


@application.command()
def undo(
    number: Annotated[str, Argument(help="An incident; without one, your last action.")] = "",
    force: Annotated[bool, Option("--force", help="Also what somebody changed since.")] = False,
) -> None:
    """Take back the last action, as a new fact."""
    desk = context().desk
    named = _id(number) if number else None
    result = undoing.undo(desk, incident=named, force=force)
    touched = result.ids.get("incident", ())
    if named or touched:
        context().say_incident(named or touched[0])  # by its id: its logging may be what is undone
        if len(touched) > 1:
            more = len(touched) - 1
            context().lines.append(f"{result.title} (and {more:,} more incidents)")
    else:
        context().say({"undone": result.title, "numbers": []}, result.title)
