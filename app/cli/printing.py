"""Writes what a command says to stdout and stderr, whatever the terminal can take."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_CONTROLS = {code: 0x2400 + code for code in range(32)} | dict.fromkeys(range(127, 160), 65533)
"""Pictures for control characters: what somebody typed must not steer a terminal."""


def accept_every_character() -> None:
    """Have a terminal that lacks a character show its code and not stop the program."""
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
    """Write a sentence to stderr."""
    sys.stderr.write(f"{plain(sentence)}\n")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough: `list | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
