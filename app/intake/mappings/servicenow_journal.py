"""`servicenow-journal`: comments and work notes of ServiceNow as a table of their own.

Rows of sys_journal_field (Vancouver release), as CSV, XLSX, table JSON or XML, also beside the
incidents in one XML file: `element_id` is the sys_id of the incident, `element` says whether it is
a work note or a comment. They become entries of incidents that are here, never incidents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.incident import EntryKind
from app.intake.code_words import word
from app.intake.field_values import html_to_text, text_of
from app.intake.import_record import ImportedEvent, ImportedIncident, Rejected, RowError
from app.intake.mapping import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.import_record import Record
    from app.intake.mapping import ImportContext
    from app.intake.table import Table

JOURNAL_COLUMNS: Final = (
    "element",
    "element_id",
    "name",
    "value",
    "sys_created_on",
    "sys_created_by",
)
"""What is read of an entry that stands beside its incident in one file."""
_NEEDED: Final = ("element_id", "value", "sys_created_on")
_KINDS: Final = {"work_notes": EntryKind.NOTE, "comments": EntryKind.REPLY}
_TABLES: Final = frozenset(("", "incident", "task"))
_SHOWN: Final = "Incident:"
"""Stands before the number where the file tells names for ids."""
_MARKUP: Final = "[code]"
_LONGEST: Final = 100


class JournalEntry(NamedTuple):
    """One entry, and the sys_id (or number) of the incident that it belongs to."""

    line: int
    incident: str
    event: ImportedEvent


@dataclass(slots=True)
class ServiceNowJournal:
    """One row is one entry of an incident's timeline."""

    name: str = "servicenow-journal"
    title: str = "ServiceNow, comments and work notes"

    def confidence(self, table: Table) -> float:
        """Return near certainty when the columns of the table are there."""
        known = self._columns(table)
        return 0.95 if all(name in known for name in (*_NEEDED, "element")) else 0.0

    def columns(self, table: Table) -> dict[str, str]:
        """Return what each column is: the incident, the instant, the author, the text."""
        fields = {"element_id": "external_id", "value": "description"}
        fields |= {"sys_created_on": "registered_at", "sys_created_by": "requester"}
        return {column: fields.get(word(column), "") for column in table.columns}

    def read(self, table: Table, context: ImportContext) -> Iterator[ImportedIncident | Rejected]:
        """Read every entry as a preview shows it: whose it is, when, by whom, its words."""
        for one in self.entries(table, context):
            if isinstance(one, Rejected):
                yield one
                continue
            fields = {"title": one.event.text.split("\n", 1)[0], "registered_at": one.event.at}
            fields["requester"] = one.event.author
            yield ImportedIncident(one.incident, fields, [one.event], line=one.line)

    def entries(self, table: Table, context: ImportContext) -> Iterator[JournalEntry | Rejected]:
        """Read every entry; a row that is none of an incident is rejected with the reason."""
        known = self._columns(table)
        survey(table, context, [known["sys_created_on"]], None)
        for row in table.rows(context.watch):
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                found = self._entry(row, known, context)
            except RowError as error:
                yield Rejected(row.line, str(error))
            else:
                yield found

    def _columns(self, table: Table) -> dict[str, str]:
        return {word(column): column for column in reversed(table.columns)}

    def _entry(self, row: Record, known: dict[str, str], context: ImportContext) -> JournalEntry:
        def cell(name: str) -> str:
            return _text(row.values.get(known.get(name, ""))).strip()

        table, element = word(cell("name")), word(cell("element"))
        if table not in _TABLES:
            raise RowError(f"It is an entry of {table[:_LONGEST]}, not of an incident.")
        if element not in _KINDS:
            raise RowError(f'It is "{element[:_LONGEST]}", neither a comment nor a work note.')
        incident = cell("element_id").removeprefix(_SHOWN).strip()
        text = _words(cell("value"))
        if not incident:
            raise RowError("It does not say which incident it belongs to (element_id).")
        if not text:
            raise RowError("It has no text.")
        at = context.readers[known["sys_created_on"]].read(row.values.get(known["sys_created_on"]))
        if at is None:
            raise RowError("It does not say when it was written.")
        author = cell("sys_created_by")
        return JournalEntry(row.line, incident, ImportedEvent(at, author, _KINDS[element], text))


def _text(value: Any) -> str:
    """Return a cell as text; of value and display value, as the Table API gives both, the value."""
    if isinstance(value, dict):
        return text_of(value.get("value") or value.get("display_value"))
    return text_of(value)


def _words(text: str) -> str:
    """Return the words of an entry; what stands between [code] marks is HTML there."""
    if _MARKUP not in text:
        return text
    return html_to_text(text.replace(_MARKUP, "").replace("[/code]", "")).strip()
