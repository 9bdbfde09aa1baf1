"""A bug leaves a file that its reader can send on: where it happened, without the person's data.

The command line prints the path and exits with 70 (cli.md); the window shows it in its
error dialog.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from app.system.paths import make_private_folder, open_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

KEPT_FILES = 20
FATAL_NAME = "fatal.txt"

_log = logging.getLogger(__name__)


def write_crash(
    folder: Path,
    error: BaseException,
    *,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    logs: Path | None = None,
) -> Path:
    """Write `error` with its traceback to a new file in `folder` and return its path.

    `facts` are lines such as the schema; of the log in `logs` the last lines are taken along. Never
    raises: a crash file that cannot be written ends as the path where it would have been, and the
    traceback goes to the log.
    """
    from app.system.crash_text import crash_text  # only a bug needs it; the window starts without

    path = new_crash_file(folder, now, crash_text(error, now, facts or {}, logs))
    _log.error("A bug was met; see %s", path.name, exc_info=error)
    return path


def new_crash_file(folder: Path, now: datetime, text: str) -> Path:
    """Write a text to a new crash file and return its path, also when it cannot be written."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    path = folder / f"crash-{stamp}.txt"
    with suppress(Exception):
        make_private_folder(folder)
        for attempt in range(2, 1000):
            try:
                with open(
                    path, "x", encoding="utf-8", errors="replace", opener=open_private
                ) as file:
                    file.write(text)
                break
            except FileExistsError:
                path = folder / f"crash-{stamp}-{attempt}.txt"
        _forget_old(folder)
    return path


def install(
    folder: Path,
    *,
    now: Callable[[], datetime],
    facts: Mapping[str, str] | None = None,
    logs: Path | None = None,
    on_crash: Callable[[BaseException, Path], None] | None = None,
) -> None:
    """Write a crash file for every exception that nobody caught, in every thread.

    `on_crash` is told on the thread where it happened.
    """

    def handle(error: BaseException) -> None:
        path = write_crash(folder, error, now=now(), facts=facts, logs=logs)
        if on_crash is not None:
            on_crash(error, path)

    def on_main(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        handle(error.with_traceback(trace))

    def on_thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and not isinstance(caught.exc_value, SystemExit):
            handle(caught.exc_value)

    sys.excepthook = on_main
    threading.excepthook = on_thread


def watch_fatal(folder: Path) -> IO[str] | None:
    """Have a fault below Python (in Qt, in SQLite) leave its stacks in `folder`; keep the result.

    The file must stay open as long as the process; None when it cannot be made.
    """
    try:
        make_private_folder(folder)
        file = open(folder / FATAL_NAME, "a", encoding="utf-8", opener=open_private)  # noqa: SIM115
        faulthandler.enable(file)
    except Exception:
        _log.warning("Faults below Python will not be recorded", exc_info=True)
        return None
    return file


def watch_no_more(file: IO[str] | None) -> None:
    """End what `watch_fatal` began, for a program that ends in order: its file goes."""
    if file is None:
        return
    faulthandler.disable()
    file.close()
    with suppress(OSError):
        os.unlink(file.name)  # noqa: PTH108 (the name is text)


def _forget_old(folder: Path) -> None:
    files = sorted(folder.glob("crash-*.txt"), key=lambda file: file.stat().st_mtime_ns)
    for file in files[:-KEPT_FILES]:
        file.unlink(missing_ok=True)
