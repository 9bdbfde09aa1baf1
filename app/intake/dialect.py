"""How a delimited text file is written: separator, quotes, escape, header (RFC 4180 and its kin).

Every candidate is tried on the first rows; the one that cuts them into the most even columns wins.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_OWN_HEADER = re.compile('\ufeff?"?id"?([,;\t])"?number"?\\1"?title"?\\1"?description"?\\1')
"""How a CSV that we wrote begins, also after a spreadsheet has saved it again."""
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_NUMBER_OR_DATE = re.compile(r"^[\s\d.,:/+%€$£TZ-]*\d[\s\d.,:/+%€$£TZ-]*$")
_ROWS_TRIED = 200

FIELD_LIMIT = 4 << 20
"""Characters of the longest cell that is read; a longer one is a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is cut into cells."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    header: bool = True
    sep_line: bool = False
    """The first line is Excel's `sep=;`."""
    packing: str = ""
    sure: bool = True

    def describe(self) -> str:
        """Say the dialect in words, as it is shown before an import."""
        parts = [f"CSV, {_NAMES.get(self.delimiter, repr(self.delimiter))}-separated"]
        parts.append(self.encoding.upper() + ("" if self.sure else " (guessed)"))
        parts.append("with header" if self.header else "no header")
        if self.quote != '"':
            parts.append(f"quote {self.quote}")
        if self.escape:
            parts.append("backslash escapes")
        if self.packing:
            parts.append(f"packed as .{self.packing}")
        return ", ".join(parts)

    def reader_options(self) -> dict[str, str | bool | None]:
        """Return the arguments for `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "escapechar": self.escape,
            "doublequote": self.escape is None,
        }


def guess_dialect(
    sample: str,
    *,
    encoding: str = "utf-8",
    packing: str = "",
    sure: bool = True,
    delimiter: str = "",
) -> Dialect:
    """Guess how `sample`, the beginning of a file (whole lines), is cut into cells.

    A `delimiter` that is given is not guessed.
    """
    sep = _SEP_LINE.match(sample)
    if sep:
        sample = sample[sep.end() :]
    given = (delimiter,) if delimiter else ()
    delimiters = given or ((sep.group(1),) if sep else _DELIMITERS)
    quotes = ["'", '"'] if _single_quoted(sample) else ['"']
    escapes: list[str | None] = [None, "\\"] if '\\"' in sample else [None]
    own = _OWN_HEADER.match(sample)
    if own:  # nothing to guess, whatever signs stand in the texts
        delimiters, quotes, escapes = (own.group(1),), ['"'], [None]
    best, best_score = Dialect(), -1.0
    for delimiter in delimiters:
        for quote in quotes:
            for escape in escapes:
                tried = Dialect(encoding, delimiter, quote, escape, sep_line=bool(sep))
                score = _evenness(sample, tried)
                if score > best_score:
                    best, best_score = tried, score
    rows = _cut(sample, best)
    return Dialect(
        encoding,
        best.delimiter,
        best.quote,
        best.escape,
        header=_has_header(rows),
        sep_line=best.sep_line,
        packing=packing,
        sure=sure,
    )


def _single_quoted(sample: str) -> bool:
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip()
    return len(first) > 2 and first[0] == first[-1] == "'"


def _cut(sample: str, dialect: Dialect) -> list[list[str]]:
    """Cut the first rows; a row that the sample's end broke off is left out."""
    csv.field_size_limit(FIELD_LIMIT)
    options = dialect.reader_options()
    reader = csv.reader(io.StringIO(sample, newline=""), **options)  # type: ignore[arg-type]
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) >= _ROWS_TRIED:
                break
    except csv.Error:
        pass
    return rows


def _evenness(sample: str, dialect: Dialect) -> float:
    """Score a dialect: the share of rows as wide as the first, and a little for more columns."""
    rows = _cut(sample, dialect)
    if not rows:
        return -1.0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width == 1:
        return 0.1
    even = count / len(rows)
    agrees = 0.2 if len(rows[0]) == width else 0.0
    loose = sum(cell.count(dialect.quote) % 2 for row in rows for cell in row) / len(rows)
    return even + agrees + min(width, 50) / 500 - min(loose, 1.0) * 0.3


def _has_header(rows: list[list[str]]) -> bool:
    """Tell a header: its cells are distinct words, none a number, a date or empty."""
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    while first and not first[-1]:
        first.pop()
    if not first or any(_NUMBER_OR_DATE.match(cell) for cell in first):
        return False
    return sum(not cell for cell in first) * 2 < len(first)
