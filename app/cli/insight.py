"""Commands that learn from the team's history: patterns, similar, suggest, logs (cli.md)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from typer import Argument, Option

from app.cli import application, context
from app.domain.instants import format_elapsed, parse_instant, show_local, show_span
from app.services import answering, browsing, problems, reading_logs, recalling, suggesting
from app.services import patterns as recurring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.insight.log_summary import Summary

_SHOWN, _RAREST = 20, 5

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


@application.command()
def similar(
    number: Annotated[str, Argument(help="An incident.")] = "",
    text: Annotated[str, Option(help="Words, instead of an incident.")] = "",
    limit: Annotated[int, Option(help="How many at most.", min=1)] = recalling.SHOWN,
) -> None:
    """Find incidents, articles and known errors like an incident or a text, with reasons."""
    desk = context().desk
    found = recalling.asked(desk, number, text, limit=limit)
    if number:
        answers = answering.to_incident(desk, browsing.find(desk, number))
    else:
        answers = answering.to_text(desk, text)
    context().say(
        {"similar": [*(one.to_json() for one in found), *(one.to_json() for one in answers)]},
        *(
            line
            for one in found
            for line in (
                f"{one.facts.number}  {one.score:.2f}  {one.facts.title}",
                f"    {one.reason}",
            )
        ),
        *(
            line
            for one in answers
            for line in (
                f"{one.writing.code or 'Known error'}  {one.score:.2f}  {one.writing.title}",
                f"    {one.reason}",
            )
        ),
        *(() if found or answers else ["Nothing like it so far."]),
    )


@application.command()
def suggest(
    text: Annotated[str, Option(help="What is wrong.")],
) -> None:
    """Suggest category and team from a text, learnt from the team's own history."""
    found = suggesting.suggest(context().desk, text)
    lines = [
        f"{kind}  {one.value}  {one.score:.0%}  {one.reason}"
        for kind, some in (("category", found.category), ("team", found.team))
        for one in some
    ]
    if not found.has_enough:
        lines.append(
            f"Not enough history: {found.learnt} incidents have a category, {found.needed} "
            "are needed."
        )
    context().say(found.to_json(), *lines)


@application.command()
def logs(
    file: Annotated[
        Path, Argument(help="A log, also of Windows (.evtx); .gz, .xz and .zip are unpacked.")
    ],
    since: Annotated[str, Option(help="Leave out what is older than this instant.")] = "",
) -> None:
    """Tell what a log says: span, templates with counts, errors, gaps, bursts."""
    found = reading_logs.read_file(context().desk, file, since)
    context().say(found.to_json(), *_told(found, ZoneInfo(context().desk.store.zone)))


def _told(found: Summary, zone: ZoneInfo) -> Iterator[str]:
    """Say a log in lines for people."""
    yield f"{found.lines} lines, {found.encoding}; times: {found.time_format}"
    if found.begins is not None and found.ends is not None:
        yield show_span(found.begins, found.ends, zone)
    if found.levels:
        yield ", ".join(f"{level} {count}" for level, count in found.levels.most_common())
    yield f"{len(found.templates)} templates:"
    for one in found.templates[:_SHOWN]:
        yield f"{one.count:8}  {one.text}"
    if found.errors:
        first = found.errors[0]
        yield f"{found.error_lines} errors; the first, line {first.line}: {first.text}"
        yield "The rarest errors:"
        for one in found.rarest_errors[:_RAREST]:
            yield f"{one.count:8}  line {one.first.line}: {one.first.text}"
    for gap in found.gaps:
        yield f"Nothing for {format_elapsed(gap.length.total_seconds())} before line {gap.line}"
    for burst in found.bursts:
        yield f"{burst.lines} lines in {burst.seconds} s from {show_local(burst.begins, zone)}"


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    zone = ZoneInfo(context().zone or context().desk.store.zone)
    return parse_instant(text, zone, field="at")
