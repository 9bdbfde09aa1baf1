"""A mapping that is mostly a list: which column is which field, and what its words mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

from app.domain.incident import CancelReason, EntryKind, PendingReason, Status
from app.domain.incident_record import FieldChange
from app.intake.code_words import word
from app.intake.comments import COMMENTS, document_text, read_comments
from app.intake.field_values import INSTANTS, KINDS, custom, store_value, text_of
from app.intake.import_record import CUSTOM, ImportedEvent, ImportedIncident, Rejected, RowError
from app.intake.instants import DAY_FIRST, MONTH_FIRST, InstantReader
from app.intake.mapping import ImportContext, grouped, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.import_record import Record
    from app.intake.table import Table

SUBCATEGORY = "subcategory"
"""A pseudo field: a further level of the category's path."""

_REPEATING = frozenset({"name", "status", "priority", "code", "level"})
"""Kinds whose words come again and again in a file."""
_WORDS_KEPT = 1 << 16
_REPEATED = re.compile(r" \(\d+\)$")


@dataclass(slots=True)
class ColumnMapping:
    """One row is one incident; columns are found by name, whatever their case and spacing."""

    name: str
    title: str
    aliases: dict[str, str]
    """Column in snake_case -> field; earlier ones win where several name one field."""
    marks: tuple[str, ...] = ()
    """Columns (snake_case) that tell this tool; all of them present is near certainty."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Field -> word in snake_case -> code, before the words that all tools share."""
    left_out: frozenset[str] = frozenset()
    keep_others: bool = True
    """Keep columns without a home as custom fields."""
    inside: str = ""
    """An object of a JSON record whose entries are columns too."""
    inside_marks: tuple[str, ...] = ()
    """Columns that tell this tool in its JSON, where `inside` is an object."""

    def confidence(self, table: Table) -> float:
        """Return how many of the marks are there, a little less than one that looks deeper."""
        words = {word(column) for column in table.columns}
        if self.inside_marks and all(mark in words for mark in self.inside_marks):
            return 0.9 if self._nested(table) else 0.0
        if not self.marks:
            return 0.0
        return 0.9 * sum(mark in words for mark in self.marks) / len(self.marks)

    def columns(self, table: Table) -> dict[str, str]:
        """Return the field of each column."""
        order = {alias: place for place, alias in enumerate(self.aliases)}
        chosen: dict[str, tuple[int, str]] = {}
        result: dict[str, str] = {}
        for column in (*table.columns, *self._nested(table)):
            name = word(column)
            target = self.aliases.get(name, "")
            again = self.aliases.get(word(_REPEATED.sub("", column)), "")
            if column.startswith(CUSTOM):
                result[column] = column
            elif again == COMMENTS or (again != target and KINDS.get(again) == "list"):
                result[column] = again
            elif target in (*KINDS, SUBCATEGORY) and self._fits(table, column, target):
                place = order[name]
                if target == SUBCATEGORY:
                    result[column] = target
                elif target not in chosen or place < chosen[target][0]:
                    if target in chosen:
                        result[chosen[target][1]] = self._other(chosen[target][1])
                    chosen[target] = (place, column)
                    result[column] = target
                else:
                    result[column] = self._other(column)
            elif target.startswith(CUSTOM):
                result[column] = target
            else:
                result[column] = self._other(column)
        # Levels of the category stand in the order of their names in `aliases`, not of the file.
        levels = [column for column, target in result.items() if target == SUBCATEGORY]
        for column in sorted(levels, key=lambda column: order[word(column)]):
            result[column] = result.pop(column)
        return result

    def _nested(self, table: Table) -> tuple[str, ...]:
        """Return the names inside the object that this tool wraps its fields in."""
        found: dict[str, None] = {}
        for row in table.sample if self.inside else ():
            wrapped = row.get(self.inside)
            if isinstance(wrapped, dict):
                found.update(dict.fromkeys(map(str, wrapped)))
        return tuple(name for name in found if name not in table.columns)

    def _other(self, column: str) -> str:
        name = word(_REPEATED.sub("", column)) or column
        if name in self.left_out or not self.keep_others:
            return ""
        return CUSTOM + (word(column) or column)

    def _fits(self, table: Table, column: str, target: str) -> bool:
        """Tell whether a column called like an instant holds dates at all."""
        if KINDS.get(target) != "instant":
            return True
        readers = [InstantReader(UTC, order) for order in (DAY_FIRST, MONTH_FIRST)]
        good = bad = 0
        for row in table.sample[:50]:
            value = row.get(column)
            if value in (None, "") or (isinstance(value, str) and not value.strip()):
                continue
            if any(_reads(reader, value) for reader in readers):
                good += 1
            else:
                bad += 1
        return good >= bad

    def read(self, table: Table, context: ImportContext) -> Iterator[ImportedIncident | Rejected]:
        """Read every incident; of rows with one key the last counts and the others are told."""
        columns = self.columns(table)
        context.of_cells = table.kind in ("csv", "xlsx")
        dates = [column for column, target in columns.items() if target in INSTANTS]
        keys = [column for column, target in columns.items() if target == "external_id"]
        if not keys:
            survey(table, context, dates, None)
            for row in table.rows(context.watch):
                yield row if isinstance(row, Rejected) else self._one(row, columns, context)
            return

        def key(values: dict[str, Any]) -> str:
            return self.key(values, keys[0])

        last = survey(table, context, dates, key).last_line
        for rows in grouped(table, context, key, last):
            if isinstance(rows, Rejected):
                yield rows
                continue
            for early in rows[:-1]:
                if early.values != rows[-1].values:
                    yield Rejected(
                        early.line,
                        f"{key(early.values)} comes again in line {rows[-1].line};"
                        " the later row was taken.",
                    )
            yield self._one(rows[-1], columns, context)

    def _one(
        self, row: Record, columns: dict[str, str], context: ImportContext
    ) -> ImportedIncident | Rejected:
        try:
            return self.incident(row, columns, context)
        except RowError as error:
            return Rejected(row.line, str(error))

    def incident(
        self, row: Record, columns: dict[str, str], context: ImportContext
    ) -> ImportedIncident:
        """Read one row; raise RowError when it cannot be taken."""
        fields: dict[str, Any] = {}
        levels: list[str] = []
        told: list[ImportedEvent] = []
        values = row.values
        if self.inside and isinstance(values.get(self.inside), dict):
            values = {**values[self.inside], **values}
        for column, target, kind in _plan(context, columns):
            value = values.get(column)
            if value is None or value == "":
                continue
            value = self.cell(target, value)
            if value is None or value == "":
                continue
            if kind == "instant":
                moment = self._instant(column, value, context)
                if moment is not None:
                    fields[target] = moment
            elif kind == "words" and type(value) is str:
                self._store_word(fields, target, value, context)
            elif target == COMMENTS:
                told += self._comments(fields, column, value, context)
            elif kind == "list" and target in fields:
                before = fields.pop(target)
                store_value(fields, target, value)
                fields[target] = tuple(dict.fromkeys((*before, *fields.get(target, ()))))
            elif kind == "text" and isinstance(value, dict) and value.get("type") == "doc":
                fields[target] = document_text(value).strip()
            elif target == SUBCATEGORY:
                levels.append(text_of(value).strip())
            elif kind == "text" and type(value) is str and target not in self.values:
                fields[target] = value
            else:
                store_value(fields, target, self._word(target, value))
        path = [fields["category"].replace(" > ", "/")] if "category" in fields else []
        if levels or path:
            fields["category"] = "/".join(level for level in (*path, *levels) if level)
        found = self.finish(row, fields)
        if told:
            found.history = sorted([*found.history, *told], key=lambda event: event.at)
            found.seal()
        return found

    def _comments(
        self, fields: dict[str, Any], column: str, value: Any, context: ImportContext
    ) -> list[ImportedEvent]:
        """Read comments; what is not written in a known way is kept as a custom field."""
        try:
            return read_comments(value, InstantReader(context.zone, context.date_order))
        except RowError:
            custom(fields)[word(column) or column] = text_of(value)
            return []

    def _store_word(
        self, fields: dict[str, Any], target: str, value: str, context: ImportContext
    ) -> None:
        """Store a code or name, which a file repeats in row after row: each is read once."""
        key = (target, value)
        known = context.words.get(key)
        if known is None:
            known = {}
            store_value(known, target, self._word(target, value))
            if len(context.words) < _WORDS_KEPT:
                context.words[key] = known
        for field_name, read in known.items():
            if field_name == "custom":
                custom(fields).update(read)
            elif field_name == target:
                fields[field_name] = read
            else:
                fields.setdefault(field_name, read)

    def key(self, values: dict[str, Any], column: str) -> str:
        """Return what tells the incident of a row from others, "" for nothing."""
        return text_of(values.get(column)).strip()

    def cell(self, target: str, value: Any) -> Any:
        """Return a cell as it is to be read (a mapping may clean it first)."""
        return value

    def _instant(self, column: str, value: Any, context: ImportContext) -> Any:
        try:
            return context.readers[column].read(value)
        except RowError as error:
            raise RowError(f"{column}: {error}") from error

    def _word(self, target: str, value: Any) -> Any:
        known = self.values.get(target)
        if not known:
            return value
        return known.get(word(text_of(value)), value)

    def finish(self, row: Record, fields: dict[str, Any]) -> ImportedIncident:
        """Complete an incident: title, key and the history that its instants tell."""
        external_id = str(fields.pop("external_id", "")).strip()
        if not fields.get("title"):
            first = str(fields.get("description", "")).strip().split("\n", 1)[0]
            if not first:
                raise RowError("The row has no title.")
            fields["title"] = first[:200]
        settle_status(fields)
        history = history_of(fields)
        return ImportedIncident(external_id, fields, history, line=row.line).seal(told=False)


def _plan(context: ImportContext, columns: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return (column, field, how to read it) of the columns that are read; made once a file."""
    if not context.plan:
        context.plan = tuple(
            (column, target, "words" if (kind := KINDS.get(target, "")) in _REPEATING else kind)
            for column, target in columns.items()
            if target
        )
    return context.plan


def settle_status(fields: dict[str, Any]) -> None:
    """Make a status out of the instants where the file has none, and give one its reason."""
    if "status" not in fields:
        if "closed_at" in fields:
            fields["status"] = Status.CLOSED
        elif "resolved_at" in fields:
            fields["status"] = Status.RESOLVED
    status = fields.get("status")
    if status is Status.PENDING:
        fields.setdefault("pending_reason", PendingReason.CALLER)
    else:
        fields.pop("pending_reason", None)
    if status is Status.CANCELLED:
        fields.setdefault("cancel_reason", CancelReason.UNNECESSARY)


def history_of(fields: dict[str, Any]) -> list[ImportedEvent]:
    """Return the events that the instants of an incident tell, in order; authors are not known."""
    opened = fields.get("registered_at")
    if opened is None:
        return []
    author = str(fields.get("requester", ""))
    steps = [
        (fields[name], status)
        for name, status in (
            ("acknowledged_at", Status.IN_PROGRESS),
            ("resolved_at", Status.RESOLVED),
            ("closed_at", Status.CLOSED),
            ("cancelled_at", Status.CANCELLED),
        )
        if name in fields
    ]
    final = fields.get("status", Status.NEW)
    start = Status.NEW if steps else final
    first = FieldChange("status", "", start.value)
    events = [ImportedEvent(opened, author, EntryKind.CREATED, "Opened", (first,))]
    before = start
    for at, status in steps:
        change = FieldChange("status", before.value, status.value)
        words = status.value.replace("_", " ").capitalize()
        events.append(ImportedEvent(at, "", EntryKind.STATUS, words, (change,)))
        before = status
    return events


def comments_of(history: list[ImportedEvent]) -> list[ImportedEvent]:
    """Return what people wrote, of a history."""
    return [event for event in history if event.kind in (EntryKind.NOTE, EntryKind.REPLY)]


def _reads(reader: InstantReader, value: Any) -> bool:
    try:
        return reader.read(value) is not None
    except RowError:
        return False
