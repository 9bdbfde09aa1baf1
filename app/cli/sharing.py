"""Commands for sharing: share, sync, conflicts, resolve-conflict, doctor (cli.md)."""

from __future__ import annotations

import os
import time
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli import application, context
from app.services import browsing, choosing, diagnosis, recovery, sharing
from app.system.clock import clock_of_environment, system_zone_name
from app.system.paths import choose_profile

share = typer.Typer(help="Share with a team through a folder.", no_args_is_help=True)
application.add_typer(share, name="share")

Hub = Annotated[str, Argument(help="A folder that the whole team can reach.")]
WATCH_S = 5.0


@share.command()
def create(
    hub: Hub,
    approve: Annotated[
        bool, Option("--approve", help="Each further station must be admitted here.")
    ] = False,
    kind: Annotated[str, Option(help="folder, cloud or usb.")] = "folder",
) -> None:
    """Begin a team in a folder and publish this profile's work there."""
    told = sharing.create(context().desk, hub, kind=kind, approve=approve)
    context().say(told, f"The team is in {hub}. Others join with: share join {hub}")


@share.command()
def join(hub: Hub) -> None:
    """Join the team of a folder; what is here is added to its work."""
    told = sharing.join(context().desk, hub)
    lines = [f"{told['pulled']} changes received, {told['pushed']} sent."]
    if told["state"] == "waiting_for_approval" or not _approved(told):
        lines.append(f"Have this station admitted with: share approve {told['code']}")
    context().say(told, *lines)


def _approved(told: dict[str, Any]) -> bool:
    return all(one["approved"] for one in told["stations"] if one["own"])


@share.command()
def leave() -> None:
    """Stop sharing; everything stays on this computer."""
    context().say(sharing.leave(context().desk), "This profile shares with nobody now.")


@share.command()
def status() -> None:
    """Tell how sharing stands: what waits, who is in the team, what needs a look."""
    told = sharing.status(context().desk)
    context().say(told, sharing.sentence(told), *_notes(told))


@share.command()
def approve(code: Annotated[str, Argument(help="The code that the new station shows.")]) -> None:
    """Admit a waiting station; only where the team was begun."""
    told, _ = sharing.approve(context().desk, code)
    context().say(told, f"The station {told['code']} is admitted with the next sync.")


@share.command()
def rebuild(hub: Hub) -> None:
    """Publish everything again after the shared folder was wiped."""
    told = sharing.rebuild(context().desk, hub)
    context().say(told, f"{told['pushed']} changes published in {hub}")


@share.command()
def recover() -> None:
    """Start a damaged profile again from the shared folder, with its unsent changes."""
    profile = choose_profile(context().profile or None, os.environ)
    told = recovery.recover(profile, clock_of_environment(os.environ), zone=system_zone_name())
    context().say(told, told["text"], answer=told["ok"])


@application.command()
def sync(
    once: Annotated[bool, Option("--once", help="One exchange (the default).")] = False,
    watch: Annotated[bool, Option("--watch", help="Go on until stopped.")] = False,
) -> None:
    """Exchange changes with the team: send, receive, repair."""
    del once
    told, _ = sharing.sync(context().desk)
    while watch:
        time.sleep(WATCH_S)
        told, _ = sharing.sync(context().desk)
    context().say(told, sharing.sentence(told), *_notes(told), answer=told["state"] != "offline")


def _notes(told: dict[str, Any]) -> list[str]:
    lines = [note["text"] for note in told["health"]]
    lines += [f"Held back: {one['place']}: {one['reason']}" for one in told["quarantine"]]
    if told["conflicts"]:
        lines.append(f"{told['conflicts']} incidents with a conflict; list them with: conflicts")
    return lines


@application.command()
def conflicts() -> None:
    """List the fields of which two people said different things."""
    found = choosing.every(context().desk)
    lines = [
        f"{one['number']}  {one['field']}: "
        + " / ".join(f"{v['value']} ({v['author']})" for v in one["values"])
        for one in found
    ]
    context().say({"total": len(found), "conflicts": found}, *(lines or ["There is no conflict."]))


@application.command(name="resolve-conflict")
def resolve_conflict(
    number: Annotated[str, Argument(help="The incident's number.")],
    field: Annotated[str, Argument(help="The field, as conflicts names it.")],
    keep: Annotated[str, Option(help="mine, theirs, or a value.")],
) -> None:
    """Choose the value of a field in conflict."""
    uid = browsing.find(context().desk, number)
    choosing.resolve(context().desk, uid, field, keep)
    context().say_incident(uid)


@application.command()
def doctor(
    hub: Annotated[str, Argument(help="A shared folder; else the one in use.")] = "",
) -> None:
    """Test this computer and the share for what sharing needs."""
    told = diagnosis.examine(context().desk, hub, unique=f"{os.getpid()}")
    lines = (
        f"{'ok' if one['ok'] else 'NOT OK'}  {one['name']}: {one['detail']}"
        for one in told["checks"]
    )
    context().say(told, *lines, answer=told["ok"])
