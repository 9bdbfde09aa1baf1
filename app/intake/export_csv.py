"""CSV for spreadsheets (RFC 4180, UTF-8 with BOM): text never runs as a formula.

A text that starts with = + - @ or a tab or line break gets an apostrophe in front, as does one
that starts with an apostrophe before such a sign, so that taking it off again is exact. Numbers
stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from app.intake.import_record import CUSTOM, LIST_SIGNS
from app.intake.safe_write import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs that make a spreadsheet run a cell (OWASP, CSV injection), full-width twins included."""
_IN_LISTS = re.compile(f"[{LIST_SIGNS}]")


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def plain_text(text: str) -> str:
    """Take back what `safe_text` did."""
    if text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS):
        return text[1:]
    return text


def write_csv(
    rows: Iterable[Mapping[str, object]], path: Path | str, columns: Sequence[str] = ()
) -> int:
    """Write rows as CSV and return how many.

    Without `columns` those of the first row are used, its `custom` dict spread into columns
    `custom.NAME`. Raises WriteError; then nothing is left behind.
    """
    count = 0
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        pending = iter(rows)
        first = next(pending, None)
        names = list(columns) if columns else _columns(first)
        if names:
            writer.writerow([safe_text(name) for name in names])
        for row in chain([] if first is None else [first], pending):
            writer.writerow([_cell(_value(row, name)) for name in names])
            count += 1
        text.flush()
        text.detach()
    return count


def _columns(row: Mapping[str, object] | None) -> list[str]:
    names: list[str] = []
    for name, value in (row or {}).items():
        if name == "custom" and isinstance(value, dict):
            names += [CUSTOM + inner for inner in value]
        else:
            names.append(name)
    return names


def _value(row: Mapping[str, object], name: str) -> object:
    if name.startswith(CUSTOM) and name not in row:
        custom = row.get("custom")
        return custom.get(name.removeprefix(CUSTOM)) if isinstance(custom, dict) else None
    return row.get(name)


def _cell(value: object) -> Any:
    """Return a value as csv writes it: numbers bare, instants in ISO 8601, text made safe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return safe_text(json.dumps(value, ensure_ascii=False, default=str))
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, (dict, list, tuple)) for item in value):
            return safe_text(json.dumps(value, ensure_ascii=False, default=str))
        items = [str(item) for item in value]
        if any(item.startswith("[") or _IN_LISTS.search(item) for item in items):
            return safe_text(json.dumps(items, ensure_ascii=False))
        return safe_text(", ".join(items))
    return safe_text(str(value))
