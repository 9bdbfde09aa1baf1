"""`report-form`: what users report with, as a page for the intranet or as a window of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from typer import Option

from app.cli import application, context
from app.domain.errors import InvalidInputError
from app.services import report_form
from app.system.faults import MachineError


@application.command("report-form")
def report_form_command(
    page: Annotated[
        Path | None, Option("--html", help="Write the form for the intranet to this file.")
    ] = None,
    mail: Annotated[str, Option(help="The address that reports are sent to.")] = "",
    drop: Annotated[str, Option(help="The folder that reports are put into.")] = "",
) -> None:
    """Write the form for users' own reports, or open it as a window; needs no profile."""
    if page is not None:
        report_form.write_form(page, mail=mail, drop=drop)
        context().say({"path": str(page)}, f"The form is in {page}.")
        return
    if mail and drop:
        raise InvalidInputError("Say one place where reports go: --mail or --drop.")
    opener = context().opener
    if not opener.has_display(sys.platform, os.environ):
        raise MachineError(
            "There is no display to open the form on. Use --html to write it as a page.",
            code="no_display",
        )
    path = opener.run_report_window(mail=mail, drop=drop)
    context().say({"path": path or None}, f"The report is in {path}." if path else "Not sent.")
