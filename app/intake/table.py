"""A table from outside, whatever its file format: columns, a sample and rows read as a stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.byte_source import Watch
    from app.intake.import_record import Record, Rejected

SAMPLE_ROWS = 200


class RowReader(Protocol):
    """Reads all rows of a file, from the beginning each time."""

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every row; raise ImportCancelledError when the watch says so."""
        ...


@dataclass(slots=True)
class Table:
    """A file that was opened: what it is called, how it is written, and how to read its rows."""

    name: str
    kind: str
    """"csv", "json" or "xlsx"."""
    columns: tuple[str, ...]
    dialect: str
    size: int
    reader: RowReader
    sample: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What our own export tells beside the incidents: problems and articles."""

    journal: RowReader | None = None
    """Reads the comments and work notes that stand beside the incidents as records of their own."""

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every row from the beginning."""
        return self.reader.rows(watch)


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Make column names distinct: a repeated one becomes `Comment (2)`, an empty one `column 3`."""
    seen: dict[str, int] = {}
    result = []
    for position, raw in enumerate(names, 1):
        name = raw.strip() or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result)
