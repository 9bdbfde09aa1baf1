"""What a crash file says: versions, where it happened, and the end of our own log.

No text of an incident may be in it. A stack holds files, lines and names of functions, never
values. The message of an exception may quote a value, so whatever stands in quotation marks there
is left out, and a long message is cut. Of the log only the first line of each record is taken (no
stack with its message), again without quotations: the log is written from templates, ids and
counts (system.logs). `redact` takes addresses, passwords and the home folder out of all of it.
"""

from __future__ import annotations

import platform
import re
import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

import app
from app.system.logs import LOG_NAME, redact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

LOG_LINES = 50
HEADLINE = "Incident Desk met a bug. Please look through this file before you send it on."
_LOG_BYTES = 200_000
_LONGEST = 300
_CHAIN = 10
_QUOTED = re.compile(
    r""""(?:\\.|[^"\\])*(?:"|\Z)|(?<!\w)'(?:\\.|[^'\\])*(?:'(?!\w)|\Z)"""
    + "|“[^”]*”?|«[^»]*»?|`[^`]*`?",
    re.DOTALL,
)
"""As Python and people quote; a quotation that never ends goes on to the end."""
_NAMES = (AttributeError, ImportError, NameError)
"""Exceptions that quote names of the program, never what somebody wrote."""
_RECORD = re.compile(r"\d{4}-\d\d-\d\dT\S+Z [A-Z]+ ")


def crash_text(
    error: BaseException, now: datetime, facts: Mapping[str, str], logs: Path | None = None
) -> str:
    """Return the text of a crash file for an exception."""
    return _report(now, facts, without_values(error), logs)


def fault_text(stacks: str, now: datetime, facts: Mapping[str, str], logs: Path | None) -> str:
    """Return the text of a crash file for the stacks that a fault below Python left."""
    said = "The program was stopped by a fault below Python; these are its stacks.\n\n"
    return _report(now, facts, said + stacks, logs)


def without_values(error: BaseException) -> str:
    """Return the stacks of an exception and of what led to it, without what its messages quote."""
    chain: list[BaseException] = [error]
    while len(chain) < _CHAIN:
        last = chain[-1]
        led = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
        if led is None or led in chain:
            break
        chain.append(led)
    parts = []
    for one in reversed(chain):
        stack = "".join(traceback.format_tb(one.__traceback__))
        name = f"{type(one).__module__}.{type(one).__qualname__}".removeprefix("builtins.")
        said = "(its message cannot be read)"
        with suppress(Exception):
            said = str(one) if isinstance(one, _NAMES) else without_quotations(str(one))
        parts.append(f"Traceback (most recent call last):\n{stack}{name}: {said[: 2 * _LONGEST]}\n")
    return "\nwhich led to\n\n".join(parts)


def without_quotations(message: str) -> str:
    """Return a message without what stands in quotation marks in it, cut when it is long."""
    text = _QUOTED.sub("<text>", message[: 10 * _LONGEST])
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."


def last_log_lines(logs: Path | None) -> list[str]:
    """Return the last records of the program's own log, one line each; [] without a log."""
    if logs is None:
        return []
    try:
        with (logs / LOG_NAME).open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _LOG_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    records = [line for line in text.splitlines() if _RECORD.match(line)]
    return [without_quotations(line) for line in records[-LOG_LINES:]]


def versions() -> dict[str, str]:
    """Return the versions of the program and of what carries it; only what is loaded is asked."""
    found = {"Incident Desk": app.__version__, "Python": platform.python_version()}
    pyside = sys.modules.get("PySide6")
    if pyside is not None:
        found["Qt"] = str(getattr(pyside, "__version__", ""))
    apsw = sys.modules.get("apsw")
    if apsw is not None:
        found["SQLite"] = str(apsw.sqlite_lib_version())
    found["System"] = platform.platform()
    return found


def _report(now: datetime, facts: Mapping[str, str], body: str, logs: Path | None) -> str:
    lines = [
        HEADLINE,
        f"time: {now.isoformat(timespec='milliseconds')}",
        *(f"{name}: {value}" for name, value in {**versions(), **facts}.items()),
        f"thread: {threading.current_thread().name}",
        "",
        body,
    ]
    if logs is not None:
        lines += ["", "The end of the program's log:", *(last_log_lines(logs) or ["(empty)"])]
    return redact("\n".join(lines)) + "\n"
