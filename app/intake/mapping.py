"""What a mapping is: the knowledge of one other tool's export, and what it is given to read with.

A mapping turns rows into incidents. It surveys the file once (dates, repeated numbers) and then
reads it as a stream, so that memory depends on the incidents that overlap, not on the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.import_record import Record, Rejected
from app.intake.instants import DAY_FIRST, MONTH_FIRST, DateSurvey, InstantReader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from app.intake.import_record import ImportedIncident
    from app.intake.table import Table

    Key = Callable[[dict[str, Any]], str]


@dataclass(slots=True)
class ImportContext:
    """What reading needs beside the table: zone of local times, order of dates, watch, notes."""

    zone: tzinfo = UTC
    date_order: str = ""
    watch: Watch = field(default_factory=Watch)
    notes: list[str] = field(default_factory=list)
    readers: dict[str, InstantReader] = field(default_factory=dict)
    words: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """What the words of this file were read as, by field and word."""
    plan: tuple[tuple[str, str, str], ...] = ()
    """How the columns of this file are read: (column, field, kind)."""
    of_cells: bool = False
    """Whether the file is made of cells (CSV, XLSX), where our exports write text with a mark."""

    def __post_init__(self) -> None:
        if self.date_order not in ("", DAY_FIRST, MONTH_FIRST):
            raise InvalidInputError(
                f"The order of dates is {self.date_order!r}; say dmy (day first) or mdy.",
                field="date_order",
            )


class ImportMapping(Protocol):
    """The knowledge of one kind of export."""

    name: str
    title: str

    def confidence(self, table: Table) -> float:
        """Return 0 to 1: how surely this table is of the kind."""
        ...

    def columns(self, table: Table) -> dict[str, str]:
        """Return the field of each column ("" for a column that is left out)."""
        ...

    def read(self, table: Table, context: ImportContext) -> Iterator[ImportedIncident | Rejected]:
        """Read all incidents."""
        ...


@dataclass(slots=True)
class Survey:
    """What the first pass over a file found."""

    last_line: dict[str, int]
    """Last line of each key whose rows are not together (or that comes again)."""


def survey(table: Table, context: ImportContext, dates: Collection[str], key: Key | None) -> Survey:
    """Read the file once: settle the order of its dates and find keys that come again later."""
    found = DateSurvey()
    last_line: dict[str, int] = {}
    seen: set[int] = set()
    previous = ""
    columns = tuple(dates)
    for row in table.rows(context.watch):
        if isinstance(row, Rejected):
            continue
        values = row.values
        for column in columns:
            found.add(column, values.get(column))
        if key is None:
            continue
        name = key(values)
        if name in last_line:
            last_line[name] = row.line
        elif name != previous and name:
            # Hashes are enough: two keys with one hash only cost a little buffering.
            mark = hash(name)
            if mark in seen:
                last_line[name] = row.line
            seen.add(mark)
        previous = name
    context.watch.pass_done(table.size)
    orders = dict.fromkeys(columns, context.date_order) if context.date_order else found.orders()
    for column in columns:
        context.readers[column] = InstantReader(context.zone, orders.get(column, ""))
    return Survey(last_line)


def grouped(
    table: Table, context: ImportContext, key: Key, last_line: dict[str, int], key_name: str = ""
) -> Iterator[list[Record] | Rejected]:
    """Yield the rows of each incident together, as soon as its last row is read.

    A row without a key is rejected, or stands for itself where no `key_name` is given.
    """
    waiting: dict[str, list[Record]] = {}
    current: list[Record] = []
    current_key = ""
    for row in table.rows(context.watch):
        if isinstance(row, Rejected):
            yield row
            continue
        name = key(row.values)
        if not name:
            yield Rejected(row.line, f"The row has no {key_name}.") if key_name else [row]
            continue
        if name in last_line:
            rows = waiting.setdefault(name, [])
            rows.append(row)
            if row.line >= last_line[name]:
                yield waiting.pop(name)
            continue
        if name != current_key:
            if current:
                yield current
            current, current_key = [], name
        current.append(row)
    if current:
        yield current
    yield from waiting.values()
