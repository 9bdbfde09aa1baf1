"""Writes what a command says to stdout and stderr, whatever the terminal can take."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterable

_CONTROLS = {code: 0x2400 + code for code in range(32)} | dict.fromkeys(range(127, 160), 65533)
"""Pictures for control characters: what somebody typed must not steer a terminal."""


class OutputLostError(KnownError):
    """What a command had to say cannot be written to stdout; what it did stays done."""

    code = "cannot_write"


def prepare_streams() -> None:
    """Have a closed stream swallow what is said, and any stream show by code what it lacks.

    A program without a console (Windows), or started with `>&-`, has no stdout at all.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def plain(text: str) -> str:
    """Return text as one line without control characters."""
    return text.translate(_CONTROLS)


def write_document(document: dict[str, Any]) -> None:
    """Write one JSON document to stdout, in ASCII."""
    _write(json.dumps(document, ensure_ascii=True) + "\n")


def write_lines(lines: Iterable[str]) -> None:
    """Write lines for people to stdout."""
    _write("".join(f"{plain(line)}\n" for line in lines))


def write_sentence(sentence: str) -> None:
    """Write a sentence to stderr; one that cannot be written is lost."""
    with suppress(OSError):
        sys.stderr.write(f"{plain(sentence)}\n")
        sys.stderr.flush()


def lose_output(error: OSError) -> None:
    """Write nothing more to stdout, which has failed.

    Raises:
        OutputLostError: it failed otherwise than by a reader who has seen enough.
    """
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # Windows tells a pipe that nobody reads any more by EINVAL.
    if error.errno != errno.EPIPE and not (os.name == "nt" and error.errno == errno.EINVAL):
        raise OutputLostError(
            f"The answer cannot be written ({error.strerror or error}). "
            "What the command did is done; write its answer to another place."
        ) from error


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        lose_output(error)
