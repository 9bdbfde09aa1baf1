"""Commands that learn from the team's history: patterns, similar (cli.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from typer import Argument, Option

from app.cli import application, context
from app.domain.instants import parse_instant
from app.services import patterns as recurring
from app.services import recalling

patterns = typer.Typer(help="Recurring groups of incidents.", invoke_without_command=True)
application.add_typer(patterns, name="patterns")

At = Annotated[str, Option(help="The end of the seven days that are looked at; else now.")]
Group = Annotated[str, Argument(help="A group as `patterns` names it, like category:network/vpn.")]


@patterns.callback()
def show(run: typer.Context, at: At = "") -> None:
    """Tell what recurs more often than is usual, with the arithmetic."""
    if run.invoked_subcommand is not None:
        return
    found = recurring.recurring(context().desk, _instant(at))
    flagged = [one for one in found if one.pattern.is_flagged and not one.is_dismissed]
    context().say(
        {"patterns": [one.to_json() for one in found]},
        *(
            f"{one.pattern.group}  {one.pattern.arithmetic()}  {', '.join(one.numbers)}"
            for one in flagged
        ),
        f"{len(flagged)} of {len(found)} recurring groups are more than chance.",
    )


@patterns.command()
def dismiss(group: Group, at: At = "") -> None:
    """Dismiss a pattern until another incident joins it."""
    recurring.dismiss(context().desk, group, _instant(at))
    found = recurring.find(context().desk, group, _instant(at))
    context().say(
        found.to_json(), f"{found.pattern.group} is dismissed until an incident joins it."
    )


@application.command()
def similar(
    number: Annotated[str, Argument(help="An incident.")] = "",
    text: Annotated[str, Option(help="Words, instead of an incident.")] = "",
    limit: Annotated[int, Option(help="How many at most.", min=1)] = recalling.SHOWN,
) -> None:
    """Find incidents like another one or like a text, each with its reason."""
    found = recalling.asked(context().desk, number, text, limit=limit)
    context().say(
        {"similar": [one.to_json() for one in found]},
        *(
            f"{one.facts.number}  {one.score:.2f}  {one.facts.title}\n    {one.reason}"
            for one in found
        ),
        *(() if found else ["Nothing like it so far."]),
    )


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    zone = ZoneInfo(context().zone or context().desk.store.zone)
    return parse_instant(text, zone, field="at")
