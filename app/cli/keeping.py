"""Commands that keep the record safe: backup, restore, check, rebuild, audit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from app.cli import application, context
from app.cli.progress import progress_bar
from app.services import auditing, keeping
from app.system.paths import choose_profile

audit = typer.Typer(help="Check and hand out the journal.", no_args_is_help=True)
application.add_typer(audit, name="audit")


@application.command()
def backup(
    output: Annotated[Path, Option("-o", "--output", help="A .zip file.")],
) -> None:
    """Write a verified copy of everything to one file."""
    found = keeping.backup(context().desk, output)
    context().say(
        found, f"{found['incidents']:,} incidents, {found['attachments']:,} files to {output}"
    )


@application.command()
def restore(
    file: Annotated[Path, Argument(help="What backup wrote, or a copy of a database.")],
) -> None:
    """Bring a backup into a new profile (--profile); a profile in use is never overwritten."""
    profile = choose_profile(context().profile or None, os.environ)
    found = keeping.restore(profile, file)
    sound = auditing.check(context().desk)
    context().say(
        {**found, "ok": sound["ok"]},
        f"{found['incidents']:,} incidents are in {profile.directory}",
        answer=sound["ok"],
    )


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
    desk = context().desk
    with progress_bar("Rebuilding") as told:
        count = auditing.rebuild(desk, progress=told)
    context().say({"ok": True, "entries": count}, f"Rebuilt from {count} entries.")


@audit.command(name="export")
def export_audit(
    output: Annotated[Path, Option("-o", "--output", help="One JSON document per line.")],
) -> None:
    """Write every journal row with its hashes, for others to check."""
    found = auditing.export(context().desk, output)
    context().say(found, f"{found['written']:,} entries written to {output}", answer=found["ok"])
