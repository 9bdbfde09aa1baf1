"""Commands that learn from the team's history: patterns, and problems from them (cli.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from typer import Argument, Option

from app.cli import application, context
from app.domain.instants import parse_instant
from app.services import patterns as recurring
from app.services import problems

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


@patterns.command("open-problem")
def open_problem(
    group: Group,
    at: At = "",
    name: Annotated[str, Option(help="What the problem is called; else after the group.")] = "",
) -> None:
    """Open a problem from a pattern, with all its incidents."""
    desk = context().desk
    opened = problems.open_from_pattern(desk, group, _instant(at), name)
    (uid,) = opened.ids["problem"]
    found = problems.details(desk, uid, with_pattern=False)
    numbers = [one.number for one in found.incidents]
    context().say(
        {
            "problem": found.problem.name,
            "status": str(found.problem.status),
            "group": found.problem.pattern,
            "incidents": numbers,
        },
        f'Problem "{found.problem.name}" opened with {len(numbers)} incidents.',
    )


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    zone = ZoneInfo(context().zone or context().desk.store.zone)
    return parse_instant(text, zone, field="at")
