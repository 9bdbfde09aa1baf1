"""Opens a file of another tool, guesses how it is to be read, and reads incidents out of it.

Runs on a worker thread; progress and cancellation are asked for from that thread. Nothing is
written here: a service takes the incidents one by one.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import InvalidInputError
from app.intake.byte_source import ByteSource, Cancelled, Progress, Watch
from app.intake.csv_reader import open_csv
from app.intake.encoding import Encoding, detect_encoding
from app.intake.import_record import ImportedIncident, ImportPlan, Rejected
from app.intake.json_reader import looks_like_json, open_json
from app.intake.mapping import ImportContext, ImportMapping
from app.intake.mappings import MAPPINGS, mapping_by_name
from app.intake.package import incidents_of_package, is_package
from app.intake.sql_reader import looks_like_sql, open_sql
from app.intake.user_mapping import UserMapping, is_mapping_file, read_user_mapping
from app.intake.xlsx_reader import is_workbook, open_xlsx
from app.intake.xml_reader import looks_like_xml, open_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.intake.table import Table

_LIKELY = 0.15
"""Confidence below which no mapping is guessed."""


def open_table(
    origin: Path | str | bytes,
    *,
    encoding: str = "",
    delimiter: str = "",
    name: str = "",
    watch: Watch | None = None,
) -> Table:
    """Open a CSV, JSON, XML, XLSX or SQL file (also as .xz or .gz) or one of our packages.

    `encoding` and `delimiter` are guessed when they are not given.

    Raises NotFoundError, or InvalidInputError for what is no table.
    """
    watch = watch or Watch()
    source = ByteSource(origin, name=name)
    if is_package(source):
        source = ByteSource(incidents_of_package(source), name=source.name)
    elif is_workbook(source):
        return open_xlsx(source)
    watch.total = watch.total or source.size
    if looks_like_xml(source.head(512)):
        return open_xml(source, watch)
    found = Encoding(encoding) if encoding else detect_encoding(source, watch)
    if looks_like_json(source.head(512), found):
        return open_json(source, found, watch)
    if looks_like_sql(source.head(1 << 16).decode(found.name, "replace")):
        return open_sql(source, found)
    return open_csv(source, found, watch, delimiter=delimiter)


def choose_mapping(
    table: Table, mapping: str | ImportMapping | None, saved: Sequence[UserMapping] = ()
) -> tuple[ImportMapping, float]:
    """Return the named mapping, or the one that fits the table best, with its confidence.

    One of the person's own (`saved`) stands before all others when it was made for these columns.
    """
    if isinstance(mapping, str) and mapping:
        chosen = (
            read_user_mapping(mapping) if is_mapping_file(mapping) else mapping_by_name(mapping)
        )
        return chosen, chosen.confidence(table)
    if mapping is not None and not isinstance(mapping, str):
        return mapping, mapping.confidence(table)
    for own in saved:
        if own.is_made_for(table):
            return own, 1.0
    rated = [(known.confidence(table), known) for known in MAPPINGS]
    confidence, best = max(rated, key=lambda pair: pair[0])
    if confidence < _LIKELY:
        raise InvalidInputError(
            f"No known export has the columns of {table.name} ({', '.join(table.columns[:12])});"
            " name a mapping, or write a mapping file that says which column is the title."
        )
    return best, confidence


def guess_mapping(table: Table, mapping: str | ImportMapping | None = None) -> ImportPlan:
    """Say how the table will be read; raise InvalidInputError when nothing fits."""
    chosen, confidence = choose_mapping(table, mapping)
    return ImportPlan(
        mapping=chosen.name,
        dialect=table.dialect,
        columns=chosen.columns(table),
        confidence=round(confidence, 2),
        notes=list(table.notes),
    )


class IncidentReader:
    """An import about to run: its plan is there at once, iterating it reads the file."""

    def __init__(self, table: Table, mapping: ImportMapping, plan: ImportPlan) -> None:
        self.table = table
        self.mapping = mapping
        self.plan = plan
        self.context = ImportContext(notes=plan.notes)

    def __iter__(self) -> Iterator[ImportedIncident | Rejected]:
        """Read the incidents and the rejected rows, in the order of the file."""
        return self.mapping.read(self.table, self.context)


def read_incidents(
    origin: Path | str | bytes,
    *,
    mapping: str | ImportMapping | None = None,
    zone: tzinfo = UTC,
    date_order: str = "",
    encoding: str = "",
    delimiter: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    name: str = "",
    saved: Sequence[UserMapping] = (),
) -> IncidentReader:
    """Open a file and prepare to read its incidents.

    Local times are of `zone` (a mapping file may name another). `date_order` ("dmy", "mdy") is
    only needed where no value of the file decides. `saved` mappings are guessed too.

    Raises InvalidInputError, NotFoundError, and ImportCancelledError as soon as `cancelled()`
    is true.
    """
    if isinstance(mapping, str) and is_mapping_file(mapping):
        mapping = read_user_mapping(mapping)
    if isinstance(mapping, UserMapping):
        encoding = encoding or mapping.encoding
    watch = Watch(cancelled=cancelled)
    table = open_table(origin, encoding=encoding, delimiter=delimiter, name=name, watch=watch)
    chosen, confidence = choose_mapping(table, mapping, saved)
    if isinstance(chosen, UserMapping):
        date_order = date_order or chosen.date_order
        zone = _zone(chosen) if chosen.zone else zone
    plan = ImportPlan(
        chosen.name, table.dialect, chosen.columns(table), round(confidence, 2), list(table.notes)
    )
    reader = IncidentReader(table, chosen, plan)
    passes = Watch(progress, cancelled, total=2 * table.size)
    reader.context = ImportContext(zone, date_order, passes, plan.notes)
    return reader


def _zone(mapping: UserMapping) -> tzinfo:
    try:
        return ZoneInfo(mapping.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInputError(
            f"The mapping {mapping.name} names the time zone {mapping.zone!r}, which is not known."
        ) from error
