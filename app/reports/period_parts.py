"""Everything that a period report prints, as plain values: findings, charts, tables, a list.

Made by `period_record`; holds no clock, no database row and no markup, so that the same record
always gives the same pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from app.reports.record_parts import ChainEntry, StripFact


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: its name and a value for each label of the axis."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """One or two lines over time, from zero."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length as a share of the axis, and the words at its end."""

    name: str
    share: float
    words: str
    missed: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars from zero; `target` is a share of the axis, `target_words` its name."""

    bars: tuple[Bar, ...]
    description: str
    target: float | None = None
    target_words: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Counts by row and column, dark where there are many."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]
    description: str


Chart = LineChart | BarChart | HeatMap


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Rows of a table; the first column names the row, `numbers` are set right.

    `starts` are the left edges of the columns as shares of the width.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    starts: tuple[float, ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its title, what was found in a sentence, a chart, its tables, notes below."""

    title: str
    finding: str
    chart: Chart | None = None
    tables: tuple[NumberTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """A period as its report prints it.

    `incidents` are rows of cells, one line each; `record_json` holds every figure and is attached.
    """

    organisation: str
    title: str
    covers: str
    dated_at: datetime
    record_json: bytes
    zone: str
    lead: str
    strip: tuple[StripFact, ...]
    parts: tuple[Part, ...]
    list_head: tuple[str, ...]
    list_starts: tuple[float, ...]
    incidents: tuple[tuple[str, ...], ...]
    author: str = ""
    classification: str = "Internal"
    language: str = "en-GB"
    paper: str = "a4"
    file_name: str = "period"
    list_note: str = ""
    """Says so when the list is cut off."""
    signed: str = ""
    signature_field: str = ""

    @property
    def number(self) -> str:
        """Name what the report is of."""
        return self.covers

    @property
    def chain(self) -> ChainEntry | None:
        """Return no entry of the audit chain: a period has none of its own."""
        return None

    @property
    def record_sha256(self) -> str:
        """Return the digest of the attached figures, 64 hexadecimal digits."""
        return sha256(self.record_json).hexdigest()
