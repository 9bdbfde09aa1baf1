"""The program's own log: a few rotating files in the profile that may be shown to anybody.

Callers log templates, ids and counts. What a person typed, names and addresses do not belong in a
log; `Redaction` is the net under that rule, not the rule itself. Safe to use from every thread.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from app.system.faults import MachineError
from app.system.paths import make_private_folder, open_private

if TYPE_CHECKING:
    from io import TextIOWrapper

LOG_NAME = "incident-desk.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 5
ROOT_LOGGER = "app"

_REDACTIONS = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@]+@"), r"\1<hidden>@"),
    (re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+\.[^\s<>\"'(),:;]+"), "<mail>"),
    (
        re.compile(
            r"(?i)\b(password|passwd|pwd|secret|token|api[_-]?key|authorization)\b"
            r"(['\"]?\s*[=:]\s*['\"]?)(?:(?:bearer|basic)\s+)?[^\s'\",;]+"
        ),
        r"\1\2<hidden>",
    ),
)


def redact(text: str) -> str:
    """Return `text` without addresses, passwords and the name of the home folder."""
    with suppress(RuntimeError):
        home = str(Path.home())
        if len(home) > 1:
            text = text.replace(home, "~")
    for pattern, instead in _REDACTIONS:
        text = pattern.sub(instead, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Write one record as text, redacted, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of `record`."""
        return redact(super().format(record))


class PrivateRotatingFile(RotatingFileHandler):
    """A rotating file for this person only that another process may have open at the same time."""

    def _open(self) -> TextIOWrapper:
        opened: TextIOWrapper = open(  # noqa: SIM115 (the handler closes it)
            self.baseFilename, "a", encoding="utf-8", errors="replace", opener=open_private
        )
        return opened

    def doRollover(self) -> None:  # noqa: N802 (override of the standard library)
        """Start the next file; go on with this one where the other process forbids (Windows)."""
        try:
            super().doRollover()
        except OSError:
            if self.stream is None:
                self.stream = self._open()


def start_log(folder: Path, level: int = logging.INFO) -> logging.Handler:
    """Send what the program logs to `folder`; a second call for it changes nothing.

    A folder that cannot be written costs the log, not the program.
    """
    logger = logging.getLogger(ROOT_LOGGER)
    target = str((folder / LOG_NAME).absolute())
    for present in logger.handlers:
        if isinstance(present, PrivateRotatingFile) and present.baseFilename == target:
            return present
    handler: logging.Handler
    try:
        make_private_folder(folder)
        handler = PrivateRotatingFile(target, maxBytes=MAX_BYTES, backupCount=KEPT_FILES)
    except (MachineError, OSError):
        handler = logging.NullHandler()
    form = RedactingFormatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s")
    form.converter = time.gmtime
    form.datefmt = "%Y-%m-%dT%H:%M:%S"
    handler.setFormatter(form)
    logger.addHandler(handler)
    logger.setLevel(level)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Close what `start_log` opened."""
    logging.getLogger(ROOT_LOGGER).removeHandler(handler)
    handler.close()
