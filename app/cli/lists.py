"""Commands that look: list, show, search, due."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from app.cli import application, context, printing
from app.domain import filter_language, sla
from app.domain.calendar import Calendar
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.folding import fold
from app.domain.incident_json import incident_to_json, instant_json
from app.domain.incident_record import INSTANTS
from app.domain.instants import parse_instant, parse_span, zone_named
from app.services import browsing


@application.command(name="list")
def list_incidents(
    filter_text: Annotated[str, Option("--filter", help="The filter language.")] = "",
    sort: Annotated[str, Option(help="sla, priority, -registered, ...; - turns it round.")] = "sla",
    limit: Annotated[int, Option(min=0, help="At most so many.")] = 50,
) -> None:
    """List incidents by the filter language."""
    desk = context().desk
    _check_sort(sort)
    read = filter_language.parse(filter_text)
    for problem in read.problems:
        printing.write_sentence(f"Note: {problem.text}")
    total = browsing.counts(desk, [filter_text])[0]
    ids = browsing.ids_in(desk, filter_text, sort=read.sort or sort, limit=limit)
    found = [browsing.incident(desk, uid) for uid in ids]
    told = [incident_to_json(i, conflicts=browsing.conflicts(desk, i.id)) for i in found]
    context().say(
        {"total": total, "incidents": told},
        *(f"{i.number}  {i.priority}  {i.status:<12} {i.title}" for i in found),
        f"{len(found)} of {total}",
    )


def _check_sort(text: str) -> None:
    for part in text.split(","):
        if part.lstrip("-") not in browsing.SORTS:
            known = ", ".join(browsing.SORTS)
            raise InvalidInputError(f'Nothing sorts by "{part}". Use: {known}.', field="sort")


@application.command()
def show(
    number: Annotated[str, Argument(help="The incident's number, with or without INC-.")],
) -> None:
    """Show one incident with timeline, clocks and SLA trace."""
    found = browsing.incident(context().desk, number)
    clock = found.resolution_clock
    conflicts = browsing.conflicts(context().desk, found.id)
    context().say(
        incident_to_json(found, conflicts=conflicts),
        f"{found.number}  {found.priority}  {found.status}  {found.title}",
        *(
            f"{name.removesuffix('_at').replace('_', ' ').capitalize()}: {instant_json(at)}"
            for name in INSTANTS
            if (at := getattr(found, name)) is not None
        ),
        *(clock.trace if clock is not None else ()),
        *(
            f"Conflict in {one['field']}: {value['value']} ({value['author']}, {value['at']})"
            for one in conflicts
            for value in one["values"]
        ),
        *(
            f"{e.at.isoformat(timespec='minutes')}  {e.author}: {e.kind} {e.text}".rstrip()
            for e in found.timeline
        ),
    )


@application.command()
def search(
    text: Annotated[str, Argument(help="Words, quoted phrases, beginnings of words.")],
    limit: Annotated[int, Option(min=1, help="At most so many.")] = 50,
) -> None:
    """Search everything; exit code 1 without a hit."""
    desk = context().desk
    result = browsing.find_text(desk, text, limit=limit)
    hits = [
        {"number": number, "field": hit.field, "snippet": hit.snippet, "score": hit.score}
        for hit in result.hits
        if (number := browsing.number_of_row(desk, hit.rowid))
    ]
    context().say(
        {"total": result.total, "hits": hits},
        *(f"{hit['number']}  {hit['snippet']}" for hit in hits),
        answer=bool(hits),
    )


@application.command()
def due(
    start: Annotated[str, Option(help="When the clock started.")],
    target: Annotated[str, Option(help="How long: 90m, 8h, 1h30m, 2d (working days).")],
    calendar: Annotated[str, Option(help="A calendar's name or its JSON file.")] = "",
    pause: Annotated[list[str] | None, Option(help="FROM..TO; may be repeated.")] = None,
    stop: Annotated[str, Option(help="When it stopped: was the target met?")] = "",
) -> None:
    """Do the SLA arithmetic by itself."""
    chosen = _calendar(calendar)
    zone = zone_named(context().zone) if context().zone else chosen.zone_info
    answer = sla.due(
        parse_instant(start, zone, field="start"),
        target,
        chosen,
        [parse_span(one, zone) for one in pause or []],
        stop_at=parse_instant(stop, zone, field="stop") if stop else None,
    )
    context().say(answer.to_json(), *answer.trace)


def _calendar(text: str) -> Calendar:
    path = Path(text)
    if text and path.is_file():
        try:
            return Calendar.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, OSError) as error:
            raise InvalidInputError(
                f"{path.name} is not a calendar file: {error}. Write it as JSON with name, zone "
                "and open."
            ) from error
    if not text:
        return context().desk.rules.calendar("")
    known = context().desk.rules.calendars
    if fold(text) not in known:
        names = ", ".join(one.name for one in known.values())
        raise NotFoundError(f'There is no calendar or file "{text}". Calendars: {names}.')
    return known[fold(text)]
