"""Rows of an XLSX workbook's first filled sheet, read as a stream: values, not formulas."""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.intake.byte_source import MAX_UNPACKED, Watch
from app.intake.import_record import Record, Rejected
from app.intake.table import SAMPLE_ROWS, Table, unique_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.byte_source import ByteSource

_TICK_ROWS = 64


def is_workbook(source: ByteSource) -> bool:
    """Tell an XLSX file by the part that every workbook has."""
    if not source.head(4).startswith(b"PK\x03\x04"):
        return False
    with source.open() as (stream, _):
        try:
            with zipfile.ZipFile(stream) as archive:
                return "xl/workbook.xml" in archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return False


class XlsxReader:
    """Reads one sheet; the header is the first row that has two filled cells or more."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.sheet = ""
        self.header_row = 0
        self.columns: tuple[str, ...] = ()

    @contextmanager
    def _workbook(self) -> Iterator[Any]:
        import openpyxl  # type: ignore[import-untyped,unused-ignore]

        with self._source.open() as (stream, _):
            try:
                self._refuse_bomb(stream)
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            except (InvalidInputError, MemoryError):
                raise
            except Exception as error:  # openpyxl raises anything on a damaged workbook
                raise InvalidInputError(
                    f"{self._source.name} is damaged and cannot be read; save it again as .xlsx."
                ) from error
            try:
                yield book
            finally:
                book.close()

    def _refuse_bomb(self, stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream) as archive:
            total = sum(info.file_size for info in archive.infolist())
        stream.seek(0, io.SEEK_SET)
        if total > MAX_UNPACKED // 4:
            raise InvalidInputError(f"{self._source.name} unpacks to {total >> 20} MB; split it.")

    def _cells(self, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...] | str]]:
        """Yield numbered rows; a string in their place says why nothing more can be read."""
        number = 0
        rows = sheet.iter_rows(values_only=True)
        while True:
            number += 1
            try:
                cells = next(rows, None)
            except (InvalidInputError, MemoryError):
                raise
            except Exception:  # openpyxl raises anything on a damaged sheet
                yield number, "The workbook is damaged from here on."
                return
            if cells is None:
                return
            yield number, cells

    def find_header(self) -> None:
        """Choose the first sheet with rows, and its header."""
        with self._workbook() as book:
            for sheet in book.worksheets:
                for number, cells in self._cells(sheet):
                    if isinstance(cells, str):
                        raise InvalidInputError(
                            f"{self._source.name} is damaged and cannot be read; save it again as "
                            ".xlsx."
                        )
                    if sum(cell not in (None, "") for cell in cells) >= min(2, len(cells)):
                        names = ["" if cell is None else str(cell) for cell in cells]
                        while names and not names[-1].strip():
                            names.pop()
                        if not names:
                            continue
                        self.sheet, self.header_row = sheet.title, number
                        self.columns = unique_names(names)
                        return
        raise InvalidInputError(f"{self._source.name} has no sheet with rows in it.")

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every row below the header; blank ones are left out."""
        width = len(self.columns)
        with self._workbook() as book:
            sheet = book[self.sheet]
            last = max(sheet.max_row or 1, 1)
            for number, cells in self._cells(sheet):
                if isinstance(cells, str):
                    yield Rejected(number, cells)
                    return
                if not number % _TICK_ROWS:
                    watch.tick(self._source.size * min(number, last) // last)
                if number <= self.header_row or not any(c not in (None, "") for c in cells):
                    continue
                if any(cell not in (None, "") for cell in cells[width:]):
                    yield Rejected(number, f"The row has more cells than the header ({width}).")
                    continue
                values = ["" if cell is None else cell for cell in cells[:width]]
                values += [""] * (width - len(values))
                yield Record(number, dict(zip(self.columns, values, strict=True)))


def open_xlsx(source: ByteSource) -> Table:
    """Open an XLSX workbook."""
    reader = XlsxReader(source)
    reader.find_header()
    sample = []
    for row in reader.rows(Watch()):
        if isinstance(row, Record):
            sample.append(row.values)
        if len(sample) >= SAMPLE_ROWS:
            break
    return Table(
        name=source.name,
        kind="xlsx",
        columns=reader.columns,
        dialect=f"XLSX, sheet {reader.sheet}",
        size=source.size,
        reader=reader,
        sample=sample,
    )
