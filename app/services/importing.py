"""Takes the incidents of another tool into the store: once each, all under one undo.

Runs on a worker thread with a desk of its own. A file is read as a stream and written in batches,
each one transaction of at most `BATCH` incidents; all of them are one action, so one undo takes the
whole import back. The key and fingerprint of every record are in the journal, so a second run, also
after a cut-off, adds only what is missing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.intake.import_record import ImportCancelledError, ImportedIncident, Rejected
from app.intake.mappings.servicenow_journal import JOURNAL_COLUMNS, ServiceNowJournal
from app.intake.table_import import read_incidents
from app.services import import_mappings, journal_joining
from app.services.import_values import Prepared, prepare
from app.services.import_writing import BatchWriter, look_up
from app.services.values import custom_fields
from app.system.courtesy import give_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from app.domain.incident import EntityId
    from app.intake.byte_source import Cancelled, Progress
    from app.intake.mapping import ImportMapping
    from app.intake.table_import import IncidentReader
    from app.services.desk import Desk

BATCH = 500
"""Incidents of one transaction (sync.md: at most 500 rows at a time)."""

REJECTS_KEPT = 10_000
"""Rejected rows that are listed; more are only counted, so that a file of rubbish is bounded."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do (`dry_run`); `cancelled`: what was in before stays in."""

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    rejected_count: int
    events: int
    mapping: str
    dialect: str
    columns: dict[str, str]
    confidence: float
    notes: tuple[str, ...]
    dry_run: bool
    cancelled: bool
    changes: ChangeSet

    def to_json(self) -> dict[str, Any]:
        """Return the document of cli.md (`import`)."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"line": one.line, "reason": one.reason} for one in self.rejected],
            "rejected_count": self.rejected_count,
            "events": self.events,
            "mapping": self.mapping,
            "dialect": self.dialect,
            "columns": self.columns,
            "notes": list(self.notes),
            "dry_run": self.dry_run,
            "cancelled": self.cancelled,
        }

    def sentence(self) -> str:
        """Say in one sentence what happened."""
        done = "would be" if self.dry_run else "were" if self.created != 1 else "was"
        parts = [f"{_count(self.created)} {done} created", f"{self.updated:,} updated"]
        parts.append(f"{self.unchanged:,} unchanged")
        if self.rejected_count:
            rows = "row" if self.rejected_count == 1 else "rows"
            parts.append(f"{self.rejected_count:,} {rows} rejected")
        said = ", ".join(parts) + "."
        if self.cancelled:
            kept = "what was in stays in" if self.created or self.updated else "nothing was changed"
            said = f"The import was stopped; {kept}. {said}"
        return said


def _count(number: int) -> str:
    return f"{number:,} incident" + ("" if number == 1 else "s")


@dataclass(slots=True)
class _Tally:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    events: int = 0
    rejected_count: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def reject(self, one: Rejected) -> None:
        self.read += 1
        self.rejected_count += 1
        if len(self.rejected) < REJECTS_KEPT:
            self.rejected.append(one)


def import_file(
    desk: Desk,
    path: Path | str | bytes,
    *,
    mapping: str | ImportMapping | None = None,
    dry_run: bool = False,
    zone: str = "",
    date_order: str = "",
    encoding: str = "",
    delimiter: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ImportResult:
    """Import a CSV, JSON, XLSX or package file.

    Args:
        desk: who imports, where.
        path: the file (or its bytes), also packed as .xz or .gz.
        mapping: a mapping, its name (also of a saved one), or that of a file; else it is guessed.
        dry_run: only say what would happen; nothing is written.
        zone: the IANA zone of local times, if not the workstation's.
        date_order: "dmy" or "mdy" where no value of the file decides.
        encoding: how text is encoded, where the guess is wrong.
        delimiter: the sign between two cells, where the guess is wrong.
        progress: told how far it is.
        cancelled: asked often; True stops between batches, and what is in stays in.

    Raises:
        NotFoundError: there is no such file or mapping.
        InvalidInputError: the file cannot be read as a whole; nothing was written.
        StoreError: the database refused; the batches before stay, and another run adds the rest.
    """
    zone = zone or desk.store.zone
    if isinstance(mapping, str):
        mapping = import_mappings.named(desk, mapping)
    tally = _Tally()
    name = "data" if isinstance(path, bytes) else str(path).replace("\\", "/").rpartition("/")[2]
    stopped = False
    try:
        reader = read_incidents(
            path,
            mapping=mapping,
            zone=ZoneInfo(zone),
            date_order=date_order,
            encoding=encoding,
            delimiter=delimiter,
            progress=progress,
            cancelled=cancelled,
            saved=() if mapping else [own for _, own in import_mappings.to_guess(desk)],
        )
    except ImportCancelledError:
        return _result(tally, None, ChangeSet(), dry_run=dry_run, cancelled=True)
    if isinstance(reader.mapping, ServiceNowJournal):
        return _join_only(desk, reader, f"Import {name}", tally, dry_run, cancelled)
    writer = BatchWriter(desk, f"Import {name}", reader.plan.mapping, path)
    records = _prepared(reader, desk, zone, tally)
    seen: Counter[str] = Counter()
    if not dry_run:
        writer.write_beside(reader.table.beside)
    try:
        while batch := list(islice(records, BATCH)):
            if cancelled is not None and cancelled():
                raise ImportCancelledError
            _distinct(batch, seen)
            if dry_run:
                _judge(desk, reader.plan.mapping, batch, tally)
            else:
                done = writer.write(batch)
                tally.created += done.created
                tally.updated += done.updated
                tally.unchanged += done.unchanged
        if not dry_run:
            writer.link()
            _join_beside(desk, reader, writer, tally, cancelled)
    except ImportCancelledError:
        stopped = True
    reader.plan.notes += writer.notes()
    return _result(tally, reader.plan, writer.changes(), dry_run=dry_run, cancelled=stopped)


def _join_only(
    desk: Desk,
    reader: IncidentReader,
    title: str,
    tally: _Tally,
    dry_run: bool,
    cancelled: Cancelled | None,
) -> ImportResult:
    """Import a file that holds nothing but entries of incidents that are here."""
    journal, stopped, changes = ServiceNowJournal(), False, ChangeSet()
    entries = journal.entries(reader.table, reader.context)
    try:
        done = journal_joining.join(
            desk, entries, title, tally.reject, dry_run=dry_run, cancelled=cancelled
        )
    except ImportCancelledError:
        stopped = True
    else:
        tally.read += done.read
        tally.events, tally.updated = done.added, len(done.touched)
        tally.unchanged = done.read - done.added
        changes = ChangeSet(done.action, title, {"incident": done.touched})
    return _result(tally, reader.plan, changes, dry_run=dry_run, cancelled=stopped)


def _join_beside(
    desk: Desk,
    reader: IncidentReader,
    writer: BatchWriter,
    tally: _Tally,
    cancelled: Cancelled | None,
) -> None:
    """Put the entries that stand beside the incidents of a file into them, within its action."""
    if reader.table.journal is None:
        return
    table = replace(reader.table, reader=reader.table.journal, columns=JOURNAL_COLUMNS)
    entries = ServiceNowJournal().entries(table, reader.context)
    done = journal_joining.join(
        desk, entries, writer.title, tally.reject, action_id=writer.action_id, cancelled=cancelled
    )
    tally.events += done.added
    writer.touch(done)


def _result(
    tally: _Tally, plan: Any, changes: ChangeSet, *, dry_run: bool, cancelled: bool
) -> ImportResult:
    return ImportResult(
        read=tally.read,
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        rejected=tuple(tally.rejected),
        rejected_count=tally.rejected_count,
        events=tally.events,
        mapping="" if plan is None else plan.mapping,
        dialect="" if plan is None else plan.dialect,
        columns={} if plan is None else plan.columns,
        confidence=0.0 if plan is None else plan.confidence,
        notes=() if plan is None else tuple(plan.notes),
        dry_run=dry_run,
        cancelled=cancelled,
        changes=changes,
    )


def _prepared(
    reader: Iterable[ImportedIncident | Rejected], desk: Desk, zone: str, tally: _Tally
) -> Iterator[Prepared]:
    matrix, codes = desk.rules.matrix, desk.rules.codes
    own_fields = {fold(one.name): one for one in custom_fields(desk.connection)}
    for one in reader:
        give_way()
        if isinstance(one, Rejected):
            tally.reject(one)
            continue
        try:
            prepared = prepare(one, matrix, zone, own_fields, codes)
        except InvalidInputError as error:
            tally.reject(Rejected(one.line, error.message))
            continue
        tally.read += 1
        tally.events += len(one.history)
        yield prepared


def _distinct(batch: list[Prepared], seen: Counter[str]) -> None:
    """Tell records without a key apart that are equal: the second one is a record too."""
    for index, one in enumerate(batch):
        if one.key.startswith("="):
            seen[one.key] += 1
            if seen[one.key] > 1:
                batch[index] = one._replace(key=f"{one.key}#{seen[one.key]}")


def _judge(desk: Desk, mapping: str, batch: list[Prepared], tally: _Tally) -> None:
    """Count what writing the batch would do."""
    known = look_up(desk, mapping, batch)
    for one in batch:
        found = known.get(one.key)
        if found is None or found.deleted:
            tally.created += 1
        elif found.fingerprint in ("", one.fingerprint):
            tally.unchanged += 1
        else:
            tally.updated += 1


def made_by(result: ImportResult) -> tuple[EntityId, ...]:
    """Return the incidents that an import created or changed."""
    return result.changes.ids.get("incident", ())
