"""The first incidents that a file would become, each as one line of texts; read in a lane."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.intake.import_record import ImportedIncident, Record, Rejected
from app.intake.mapping import ImportContext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from app.intake.byte_source import Watch
    from app.intake.mapping import ImportMapping
    from app.intake.table import Table

SHOWN = 10
FIELDS = ("title", "status", "priority", "requester", "assignee", "team", "registered_at")
_CELL = 200


class _Sample:
    """Gives the rows of a sample as a file gives its own."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def rows(self, _watch: Watch) -> Iterator[Record | Rejected]:
        """Give every row; its line is its place."""
        for place, values in enumerate(self._rows, 1):
            yield Record(place, values)


def first_incidents(
    table: Table, mapping: ImportMapping, zone: tzinfo, date_order: str
) -> tuple[tuple[str, ...], ...]:
    """Return (row, old number, fields, comments, why it is rejected) of the first incidents."""
    sampled = replace(table, reader=_Sample(table.sample))
    context = ImportContext(zone, date_order)
    return tuple(_line(one) for one in islice(mapping.read(sampled, context), SHOWN))


def _line(one: ImportedIncident | Rejected) -> tuple[str, ...]:
    if isinstance(one, Rejected):
        return (str(one.line), "", *("" for _ in FIELDS), "", one.reason)
    told = (_text(one.fields.get(field)) for field in FIELDS)
    written = sum(event.kind in ("note", "reply") for event in one.history)
    return (str(one.line), one.external_id, *told, str(written) if written else "", "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    shown = value.strftime("%Y-%m-%d %H:%M") if hasattr(value, "strftime") else str(value)
    return shown.replace("\n", " ").replace("_", " ")[:_CELL]
