"""Rows of a delimited text file as a stream, with a way back after a bad row.

A quote that is never closed would swallow the rest of the file. So the physical lines of a record
are kept until it is whole: when it turns out wrong, its first line alone is judged, and reading
goes on with the next one.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from typing import TYPE_CHECKING, Any

from app.intake.byte_source import Watch
from app.intake.dialect import FIELD_LIMIT, Dialect, guess_dialect
from app.intake.import_record import Record, Rejected
from app.intake.table import SAMPLE_ROWS, Table, unique_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.byte_source import ByteSource
    from app.intake.encoding import Encoding

_SAMPLE_BYTES = 1 << 18
_TICK_ROWS = 32


class _Lines:
    """The physical lines of a file, with push-back; `taken` are those of the current record."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._stream)
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """Keep only the first line of the record; the others will be read again."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class CsvReader:
    """Reads a delimited file by its dialect."""

    def __init__(self, source: ByteSource, dialect: Dialect, encoding: Encoding) -> None:
        self._source = source
        self._dialect = dialect
        self._encoding = encoding
        self.columns: tuple[str, ...] = ()

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every row; rows of another width than the header's are rejected by line."""
        columns = self.columns
        width = len(columns)
        header = self._dialect.header
        for count, (line, cells) in enumerate(self._cells(watch)):
            if header and count == 0:
                continue
            if isinstance(cells, str):
                yield Rejected(line, cells)
            elif not any(cells):
                continue
            elif len(cells) == width:
                yield Record(line, dict(zip(columns, cells, strict=True)))
            elif _fits(cells, width):
                yield Record(line, dict(zip(columns, cells, strict=False)))
            else:
                yield Rejected(line, _width(cells, width))

    def first_row(self, watch: Watch) -> list[str]:
        """Return the cells of the first row."""
        for _, cells in self._cells(watch):
            if not isinstance(cells, str):
                return cells
        return []

    def _cells(self, watch: Watch) -> Iterator[tuple[int, list[str] | str]]:
        """Cut records into cells; a string in their place says why a line is not a row."""
        csv.field_size_limit(FIELD_LIMIT)
        strict: dict[str, Any] = {**self._dialect.reader_options(), "strict": True}
        lax: dict[str, Any] = self._dialect.reader_options()
        wide = self._dialect.encoding.startswith(("utf-16", "utf-32"))
        errors = "replace" if wide else "surrogateescape"
        bad_bytes = self._encoding.bad_bytes or not self._encoding.sure
        width = len(self.columns)
        with self._source.open() as (raw, used):
            text = io.TextIOWrapper(raw, encoding=self._dialect.encoding, errors=errors, newline="")
            lines = _Lines(iter(text))
            taken = lines.taken
            line = 1
            if self._dialect.sep_line:
                next(lines)
                line = 2
                taken.clear()
            reader = csv.reader(lines, **strict)
            count = 0
            while True:
                cells: list[str] | str
                try:
                    cells = next(reader)
                except StopIteration:
                    if not taken:
                        break
                    cells = ""
                except csv.Error:
                    cells = ""
                if isinstance(cells, str) or (len(taken) > 1 and width and not _fits(cells, width)):
                    lines.give_back()
                    reader = csv.reader(lines, **strict)
                    cells = _one_line(taken[0], lax, width)
                if cells:
                    if bad_bytes and _has_lone_bytes(taken):
                        cells = f"The row has bytes that are not {self._dialect.encoding.upper()}."
                    yield line, cells
                line += len(taken)
                taken.clear()
                count += 1
                if not count % _TICK_ROWS:
                    watch.tick(used())
            watch.tick(used())
            text.detach()


def _one_line(line: str, options: dict[str, Any], width: int) -> list[str] | str:
    """Judge a line by itself, forgiving stray quotes when its width is right."""
    try:
        cells = next(csv.reader([line.rstrip("\r\n")], **options), [])
    except csv.Error as error:
        return f"The row cannot be read: {error}."
    if cells and width and not _fits(cells, width):
        return "A quote in this row is not closed." if '"' in line else _width(cells, width)
    return cells


def _fits(cells: list[str], width: int) -> bool:
    """Tell whether a row has the header's width, apart from empty cells at its end."""
    return len(cells) == width or (len(cells) > width and not any(cells[width:]))


def _width(cells: list[str], width: int) -> str:
    has = "1 column" if len(cells) == 1 else f"{len(cells)} columns"
    return f"The row has {has} where the header has {width}."


def _has_lone_bytes(lines: list[str]) -> bool:
    """Tell whether a byte did not fit the encoding (it came as a lone surrogate)."""
    try:
        for line in lines:
            if not line.isascii():
                line.encode()
    except UnicodeEncodeError:
        return True
    return False


def open_csv(source: ByteSource, encoding: Encoding, watch: Watch, *, delimiter: str = "") -> Table:
    """Open a delimited text file, guessing its dialect from its first rows."""
    head = source.head(_SAMPLE_BYTES)
    sample = head.decode(encoding.name, "replace")
    if len(head) == _SAMPLE_BYTES:
        sample = sample[: sample.rfind("\n") + 1] or sample
    dialect = guess_dialect(
        sample,
        encoding=encoding.name,
        packing=source.packing,
        sure=encoding.sure,
        delimiter=delimiter,
    )
    reader = CsvReader(source, dialect, encoding)
    first = reader.first_row(watch)
    while first and dialect.header and not first[-1].strip():
        first.pop()
    names = first if dialect.header else [""] * len(first)
    reader.columns = unique_names(names)
    notes = []
    if not encoding.sure:
        notes.append(f"The encoding was guessed as {encoding.name}; look at the accents.")
    return Table(
        name=source.name,
        kind="csv",
        columns=reader.columns,
        dialect=dialect.describe(),
        size=source.size,
        reader=reader,
        sample=_sample(reader),
        notes=notes,
    )


def _sample(reader: CsvReader) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    for row in reader.rows(Watch()):
        if isinstance(row, Record):
            result.append(row.values)
        if len(result) >= SAMPLE_ROWS:
            break
    return result
