"""What is asked of a file before and while it is imported; each runs in a lane, without widgets.

The person's choices are one value: looking at the file, the dry run and the import all take it, so
what was shown is what is done.
"""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QCoreApplication

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.code_words import word
from app.intake.column_mapping import SUBCATEGORY, ColumnMapping
from app.intake.comments import COMMENTS
from app.intake.export_csv import write_csv
from app.intake.field_values import KINDS
from app.intake.import_record import CUSTOM, Rejected
from app.intake.mappings import MAPPINGS, mapping_by_name
from app.intake.mappings.generic import Generic
from app.intake.table_import import choose_mapping, open_table
from app.intake.user_mapping import UserMapping, is_mapping_file, read_user_mapping
from app.services import import_mappings, importing
from app.ui.importing.incident_preview import first_incidents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.intake.mapping import ImportMapping
    from app.services.desk import Desk
    from app.services.importing import ImportResult

SAMPLE_SHOWN = 20
"""Rows of the preview."""

_CELL = 200
_NO_TARGET = ("id", "number")
SHARED_FIELDS = (SUBCATEGORY, COMMENTS)
"""The fields that several columns may fill."""
FIELDS: tuple[str, ...] = tuple(name for name in (*KINDS, *SHARED_FIELDS) if name not in _NO_TARGET)
"""The fields of an incident that a column can be placed in."""


class Choice(NamedTuple):
    """How a file is to be read; "" stands for what the program guesses."""

    path: str
    mapping: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """Columns that the person placed by hand, and their fields."""
    encoding: str = ""
    delimiter: str = ""
    date_order: str = ""


class Look(NamedTuple):
    """What a file looks like, read by a choice."""

    choice: Choice
    kind: str
    dialect: str
    mapping: str
    title: str
    columns: dict[str, str]
    confidence: float
    editable: bool
    """The columns can be placed by hand; else the mapping reads them by rules of its own."""
    notes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    incidents: tuple[tuple[str, ...], ...] = ()
    """The first rows as the incidents that they would become."""


def known_mappings() -> list[tuple[str, str]]:
    """Return name and title of every mapping."""
    return [(known.name, known.title) for known in MAPPINGS]


def incident_header() -> tuple[str, ...]:
    """Return the columns of the preview of incidents."""
    tr = QCoreApplication.translate
    return (
        tr("ImportDialog", "Row"), tr("ImportDialog", "Old number"), tr("ImportDialog", "Title"),
        tr("ImportDialog", "Status"), tr("ImportDialog", "Priority"),
        tr("ImportDialog", "Requester"), tr("ImportDialog", "Assignee"),
        tr("ImportDialog", "Team"), tr("ImportDialog", "Registered"),
        tr("ImportDialog", "Comments"), tr("ImportDialog", "Why it is rejected"),
    )  # fmt: skip


def custom_target(column: str) -> str:
    """Return the custom field that keeps a column as it is."""
    return CUSTOM + (word(column) or column)


def look(
    choice: Choice,
    cancelled: Callable[[], bool],
    zone: tzinfo = UTC,
    saved: Sequence[tuple[str, UserMapping]] = (),
) -> Look:
    """Open the file and say how it would be read; `saved` are mappings to guess, by their files.

    Raises:
        NotFoundError: there is no such file.
        InvalidInputError: it cannot be read as a table, or not by this mapping.
    """
    if choice.encoding:
        codecs.lookup(choice.encoding)
    table = open_table(
        choice.path,
        encoding=choice.encoding,
        delimiter=choice.delimiter,
        watch=Watch(cancelled=cancelled),
    )
    notes = list(table.notes)
    mapping: ImportMapping
    try:
        mapping, confidence = choose_mapping(table, mapping_of(choice), [own for _, own in saved])
    except InvalidInputError as error:
        if choice.mapping:
            raise
        # Nothing fits: the columns can still be placed by hand.
        mapping, confidence = mapping_by_name("generic"), 0.0
        notes.append(error.message)
    shown = tuple(
        tuple(_text(row.get(column)) for column in table.columns)
        for row in table.sample[:SAMPLE_SHOWN]
    )
    found = mapping.columns(table)
    file = next((file for file, own in saved if own is mapping), "")
    return Look(
        choice,
        table.kind,
        table.dialect,
        file or mapping.name,
        mapping.title,
        {column: found.get(column, "") for column in table.columns},
        confidence,
        _editable(mapping),
        tuple(notes),
        shown,
        first_incidents(table, mapping, zone, choice.date_order),
    )


def mapping_of(choice: Choice) -> str | ImportMapping | None:
    """Return the mapping of a choice: guessed, named, or with columns placed by hand."""
    if not choice.columns:
        return choice.mapping or None
    placed = dict(choice.columns)
    if is_mapping_file(choice.mapping):
        base = read_user_mapping(choice.mapping)
        return replace(base, exact={**(base.exact or {}), **placed})
    known = mapping_by_name(choice.mapping)
    if not isinstance(known, ColumnMapping):
        return known
    # The name stays: it is the key space, so a second import finds the incidents of the first.
    return UserMapping(
        name=known.name,
        title=known.title,
        aliases=known.aliases,
        values=known.values,
        left_out=known.left_out,
        keep_others=known.keep_others,
        exact=placed,
    )


def run(
    desk: Desk,
    choice: Choice,
    *,
    dry_run: bool,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> ImportResult:
    """Import the file as the choice says, or only say what would happen."""
    return importing.import_file(
        desk,
        choice.path,
        mapping=mapping_of(choice),
        dry_run=dry_run,
        date_order=choice.date_order,
        encoding=choice.encoding,
        delimiter=choice.delimiter,
        progress=progress,
        cancelled=cancelled,
    )


def save_mapping(desk: Desk, name: str, choice: Choice, look: Look) -> str:
    """Keep how the columns are placed under a name; return the file, to be chosen again.

    Raises InvalidInputError where the name or the columns cannot be used.
    """
    return str(
        import_mappings.save(
            desk,
            name,
            look.columns,
            base=choice.mapping or look.mapping,
            date_order=choice.date_order,
        )
    )


def save_rejects(choice: Choice, rejected: Sequence[Rejected], target: Path | str) -> int:
    """Write the rejected rows as CSV, each with its line, the reason and its cells.

    Raises:
        WriteError: the file cannot be written; nothing of it is left.
    """
    reasons = {one.line: one.reason for one in sorted(rejected, key=lambda one: one.line)}
    table = open_table(choice.path, encoding=choice.encoding, delimiter=choice.delimiter)
    cells: dict[int, dict[str, Any]] = {}
    for row in table.rows(Watch()):
        if not isinstance(row, Rejected) and row.line in reasons:
            cells[row.line] = row.values
            if len(cells) == len(reasons):
                break
    rows = ({**cells.get(n, {}), "line": n, "reason": why} for n, why in reasons.items())
    others = [column for column in table.columns if column not in ("line", "reason")]
    return write_csv(rows, target, ["line", "reason", *others])


def _editable(mapping: ImportMapping) -> bool:
    """Tell whether a mapping is no more than a list: then nothing is lost by changing the list."""
    if isinstance(mapping, UserMapping):
        return True
    return type(mapping) in (ColumnMapping, Generic) and not getattr(mapping, "inside", "")


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\n", " ")[:_CELL]
