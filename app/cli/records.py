"""Commands for the facts beside the fields: steps, people told, outages, surveys, time."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from app.cli import application, context
from app.cli.field_values import instant
from app.domain.errors import InvalidInputError
from app.domain.instants import parse_duration
from app.services import browsing, checking, incidents, stakeholders, work_records

Number = Annotated[str, Argument(help="The incident's number, with or without INC-.")]
How = Annotated[str, Option(help="How: phone, mail, in person.")]


@application.command()
def steps(number: Number) -> None:
    """List the closure checklist of an incident; exit code 1 while a required step is left."""
    found = browsing.incident(context().desk, number)
    listed = [
        {
            "step": one.item,
            "required": one.required,
            "done": one.done,
            "automatic": one.automatic,
            "note": one.note,
        }
        for one in found.checklist
    ]
    lines = (f"[{'x' if one.done else ' '}] {one.item}  ({one.note})" for one in found.checklist)
    ready = all(one.done or not one.required for one in found.checklist)
    context().say(
        {"number": found.number, "ready": ready, "steps": listed},
        f"{found.number}  {found.title}",
        *lines,
        answer=ready,
    )


@application.command(name="check-step")
def check_step(
    number: Number,
    step: Annotated[str, Argument(help="The step's text, or how it begins.")],
    note: Annotated[str, Option(help="How it was done.")] = "",
    undo: Annotated[bool, Option("--undo", help="Take the tick away.")] = False,
) -> None:
    """Tick a step of the closure checklist."""
    uid = browsing.find(context().desk, number)
    checking.tick_step(context().desk, uid, step, done=not undo, note=note)
    context().say_incident(uid)


@application.command()
def confirm(
    number: Number,
    by: Annotated[str, Option(help="Who confirmed.")],
    how: How = "phone",
) -> None:
    """Record that the requester confirmed the resolution."""
    uid = browsing.find(context().desk, number)
    stakeholders.verify_with_requester(context().desk, uid, by, how)
    context().say_incident(uid)


@application.command()
def tell(
    number: Number,
    who: Annotated[str, Argument(help="A stakeholder: a person or a group.")],
    how: How = "phone",
) -> None:
    """Record that a stakeholder was told."""
    uid = browsing.find(context().desk, number)
    stakeholders.tell(context().desk, uid, who, how)
    context().say_incident(uid)


@application.command()
def link(
    number: Number,
    to: Annotated[str, Option(help="The other incident's number.")],
    remove: Annotated[bool, Option("--remove", help="Take the link away.")] = False,
) -> None:
    """Link two incidents as related."""
    desk = context().desk
    uid = browsing.find(desk, number)
    incidents.link(desk, uid, browsing.find(desk, to), present=not remove)
    context().say_incident(uid)


@application.command()
def spend(
    number: Number,
    time: Annotated[str, Argument(help="Like 15m or 1h30m.")],
    text: Annotated[str, Option(help="What for.")] = "",
) -> None:
    """Record time spent."""
    uid = browsing.find(context().desk, number)
    work_records.log_time(context().desk, uid, parse_duration(time, field="time"), text)
    context().say_incident(uid)


@application.command()
def outage(
    number: Number,
    start: Annotated[str, Option("--from", help="Since when it was down.")],
    end: Annotated[str, Option("--to", help="Until when; nothing while it lasts.")] = "",
    service: Annotated[str, Option(help="Which service; else the incident's own.")] = "",
    planned: Annotated[bool, Option("--planned", help="Planned maintenance.")] = False,
) -> None:
    """Record downtime of a service."""
    desk = context().desk
    found = browsing.incident(desk, number)
    what = service or found.service
    if not what:
        raise InvalidInputError(
            f"{found.number} names no service. Say which one was down with --service.",
            field="service",
        )
    to_at = instant(end, "to") if end else None
    work_records.record_outage(desk, found.id, what, instant(start, "from"), to_at, planned=planned)
    context().say_incident(found.id)


@application.command()
def survey(
    number: Number,
    sent: Annotated[bool, Option("--sent", help="It was sent to the requester now.")] = False,
    answer: Annotated[int | None, Option(help="What was answered: 1 (bad) to 5 (good).")] = None,
) -> None:
    """Record the satisfaction survey: sent, or answered."""
    uid = browsing.find(context().desk, number)
    stakeholders.survey(context().desk, uid, sent=sent, answer=answer)
    context().say_incident(uid)
