"""Commands for the record and the team: report, audit, check, rebuild, config, demo."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from app.cli import application, context
from app.services import auditing, configuration, demonstration, reporting

config = typer.Typer(help="Read and change settings.", no_args_is_help=True)
audit = typer.Typer(help="Check and hand out the journal.", no_args_is_help=True)
application.add_typer(config, name="config")
application.add_typer(audit, name="audit")


@application.command()
def report(
    number: str,
    output: Annotated[Path, Option("-o", "--output")],
    paper: Annotated[str, Option(help="a4 or letter.")] = "",
) -> None:
    """Write an incident's closure report as a PDF."""
    facts = reporting.write_report(context().desk, number, output, paper=paper, zone=context().zone)
    context().say(facts, str(facts["path"]))


@audit.command()
def verify() -> None:
    """Check every hash chain; name the first bad entry."""
    found = auditing.verify(context().desk)
    bad = found["first_bad"]
    line = f"{found['entries']} entries, every chain holds"
    if bad:
        line = f"Entry {bad['sseq']} of station {bad['station']}: {bad['reason']}."
    context().say(found, line, answer=found["ok"])


@application.command()
def check() -> None:
    """Check the database: integrity, chains, and that what is shown follows from the journal."""
    found = auditing.check(context().desk)
    lines = (f"{'ok' if one['ok'] else 'NOT OK'}  {one['name']}" for one in found["checks"])
    context().say(found, *lines, answer=found["ok"])


@application.command()
def rebuild() -> None:
    """Build everything that is shown anew from the journal."""
    count = auditing.rebuild(context().desk)
    context().say({"ok": True, "entries": count}, f"Rebuilt from {count} entries.")


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
