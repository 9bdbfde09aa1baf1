"""Commands for the report and the team: report, config, demo."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from app.cli import application, context
from app.services import configuration, demonstration, reporting

config = typer.Typer(help="Read and change settings.", no_args_is_help=True)
application.add_typer(config, name="config")


@application.command()
def report(
    number: str,
    output: Annotated[Path, Option("-o", "--output")],
    paper: Annotated[str, Option(help="a4 or letter.")] = "",
) -> None:
    """Write an incident's closure report as a PDF."""
    facts = reporting.write_report(context().desk, number, output, paper=paper, zone=context().zone)
    context().say(facts, str(facts["path"]))


@config.command()
def get(key: str) -> None:
    """Print a setting."""
    value: Any = configuration.get_setting(context().desk, key)
    context().say({key: value}, str(value))


@config.command(name="set")
def set_setting(key: str, value: str) -> None:
    """Change a setting."""
    configuration.set_setting(context().desk, key, value)
    now: Any = configuration.get_setting(context().desk, key)
    context().say({key: now}, f"{key} = {now}")


@config.command(name="import")
def import_file(path: Path) -> None:
    """Take over people, teams, categories, matrix, calendars, targets from one file."""
    result = configuration.import_file(context().desk, path)
    counts = {kind: len(ids) for kind, ids in result.ids.items()}
    words = ", ".join(f"{n} {kind}" for kind, n in counts.items()) or "nothing new"
    context().say({"changed": counts}, f"Imported: {words}.")


@application.command()
def demo(
    headless: Annotated[bool, Option("--headless")] = False,
    out: Annotated[Path, Option(help="Where the report and the picture go.")] = Path("demo"),
) -> None:
    """Open the window on sample data; with no display do the whole job and say where it is."""
    opener = context().opener
    if not headless and opener.has_display(sys.platform, os.environ):
        demonstration.open_window(opener)
        return
    result = demonstration.run_headless(opener, out)
    context().say(result, *(f"{name}: {value}" for name, value in result.items()))
