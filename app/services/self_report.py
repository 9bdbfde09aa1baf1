"""What to send when the program itself is at fault: versions and its log, nothing about people."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

import app
from app.system.logs import LOG_NAME, redact

if TYPE_CHECKING:
    from app.services.desk import Desk

_LAST_LINES = 200


def about(desk: Desk) -> list[tuple[str, str]]:
    """Return what the program stands on, as pairs of a name and a version or size."""
    connection = desk.connection
    sqlite: Any = connection.execute("SELECT sqlite_version()").get
    incidents: Any = connection.execute("SELECT count(*) FROM incident").get
    schema: Any = connection.execute("PRAGMA user_version").get
    return [
        ("Incident Desk", app.__version__),
        ("System", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("Python", platform.python_version()),
        ("SQLite", str(sqlite)),
        ("Schema", str(schema)),
        ("Incidents", f"{incidents:,}"),
    ]


def notices_place() -> str:
    """Return where the text of every licence is: beside the frozen program, else in the sources."""
    package = Path(app.__file__).resolve().parent
    for path in (
        package.parent / "licences" / "NOTICES.txt",
        package.parent / "packaging" / "NOTICES.txt",
    ):
        if path.is_file():
            return str(path)
    return "packaging/NOTICES.txt"


def problem_report(desk: Desk) -> str:
    """Return the text for a report about the program: versions and the end of its log.

    The log is redacted when it is written and again here (system.logs); no incident is in it.
    """
    lines = [f"{name}: {value}" for name, value in about(desk)]
    try:
        text = (desk.profile.logs / LOG_NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    kept = text.splitlines()[-_LAST_LINES:]
    return redact("\n".join([*lines, "", *(kept or ["(the log is empty)"])])) + "\n"
