"""What an import hands over: plain values that a service writes to the store.

Readers and mappings make these; nothing here knows a database. Names of fields are those of
`app.domain.incident.Incident`; people, teams, categories, services, CIs and locations are names.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.errors import KnownError

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.incident import EntryKind
    from app.domain.incident_record import FieldChange

LIST_SIGNS = ",;\n"
"""Signs between the items of a list that stands in one cell."""
CUSTOM = "custom."
"""Prefix of a custom field, in column names of our exports and in `FieldChange.field`."""


class ImportCancelledError(KnownError):
    """The person stopped the reading; what was handed over before it stays."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("The import was stopped.")


class RowError(Exception):
    """One row that cannot be read; it becomes a `Rejected` and the others go on."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: where it starts (line, or ordinal in JSON) and its cells by column."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken, with the reason in plain words."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """One thing that happened to an imported incident, in the words of the old tool."""

    at: datetime
    author: str
    kind: EntryKind
    text: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedAttachment:
    """A file that the incident had; its bytes are in the package under `sha256`, if anywhere."""

    name: str
    size: int
    sha256: str = ""
    media_type: str = "application/octet-stream"
    added_at: datetime | None = None
    added_by: str = ""


@dataclass(slots=True)
class ImportedIncident:
    """One incident as read, ready to be written.

    `fields` holds only what the file tells: instants as aware datetimes, codes as their StrEnum
    members, names as text (a category is a path with "/"), and `custom` as a dict.
    `own_number` and `own_id` (32 hexadecimal digits) are set when our own export is read.
    """

    external_id: str
    fields: dict[str, Any]
    history: list[ImportedEvent] = field(default_factory=list)
    attachments: tuple[ImportedAttachment, ...] = ()
    line: int = 0
    fingerprint: str = ""
    own_number: str = ""
    own_id: str = ""
    extras: dict[str, Any] = field(default_factory=dict)
    """What only our own JSON has beside fields: people told, follow-ups, time, ticks, outages."""

    def seal(self, *, told: bool = True) -> ImportedIncident:
        """Set `fingerprint`, the SHA-256 of all content but the line, and return the incident.

        Without `told` the history is left out, because it only repeats the fields.
        """
        history = [
            (
                e.at.isoformat(),
                e.author,
                e.kind,
                e.text,
                [(c.field, c.old, c.new) for c in e.changes],
            )
            for e in (self.history if told else ())
        ]
        files = [(a.name, a.size, a.sha256) for a in self.attachments]
        whole = (self.external_id, self.fields, history, files, self.own_number, self.own_id)
        if self.extras:
            whole = (*whole, self.extras)  # type: ignore[assignment]
        # surrogatepass: a lone surrogate from a JSON escape must not stop the import of its row
        text = json.dumps(whole, sort_keys=True, default=str, ensure_ascii=False)
        self.fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self


@dataclass(slots=True)
class ImportPlan:
    """How a file will be read: shown to the person before anything is written.

    `columns` maps a column of the file to a field of the incident ("" where the column is left
    out); `confidence` is 0 to 1; `notes` are sentences about what was guessed or left open.
    """

    mapping: str
    dialect: str
    columns: dict[str, str]
    confidence: float
    notes: list[str] = field(default_factory=list)
