"""JSON exports, written as a stream so that a large store is never held whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from app.intake.safe_write import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_json(document: Mapping[str, object], path: Path | str) -> int:
    """Write a document and return how many entries its lists hold.

    A value that is an iterator is written as a list, entry by entry. Raises WriteError; then
    nothing is left behind.
    """
    with whole_file(path) as file:
        return stream_json(document, file)


def stream_json(document: Mapping[str, object], file: IO[bytes]) -> int:
    """Write a document to an open binary file; return how many entries its lists hold."""
    count = 0
    file.write(b"{")
    for place, (name, value) in enumerate(document.items()):
        file.write((b"" if place == 0 else b",") + b"\n" + _encoded(name) + b": ")
        if isinstance(value, (Iterator, list, tuple)):
            file.write(b"[")
            for position, entry in enumerate(value):
                file.write((b"" if position == 0 else b",") + b"\n" + _encoded(entry))
                count += 1
            file.write(b"\n]")
        else:
            file.write(_encoded(value))
    file.write(b"\n}\n")
    return count


def _encoded(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; its JSON escape has.
        return json.dumps(value, default=_plain).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
