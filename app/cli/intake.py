"""What the mailbox, the webhook and the syslog port do, by hand: `intake` (cli.md)."""

from __future__ import annotations

import typer

from app.cli import application

intake = typer.Typer(help="Make incidents of mail, alerts and logs.", no_args_is_help=True)
application.add_typer(intake, name="intake")
