"""Everything that a closure report prints, as plain values: texts, times of a bar, two digests.

The record is made from an incident by `closure_record` and holds no clock, no database row and no
markup, so that the same record always gives the same pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from app.reports.language import language_of

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """The place of the incident's own last change in the audit chain (sync.md)."""

    number: int
    head: str
    """The hash of that entry, hexadecimal."""


@dataclass(frozen=True, slots=True)
class StripFact:
    """One cell of the strip at a glance; `met` colours the value and gives it a tick or a cross."""

    label: str
    value: str
    note: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class ResponseBar:
    """The time from report to restoration against the SLA target; durations in seconds.

    `description` is the whole drawing as a sentence, for a screen reader.
    """

    reported: str
    description: str
    restored_s: int | None = None
    restored: str = ""
    duration: str = ""
    acknowledged_s: int | None = None
    acknowledged: str = ""
    target_s: int | None = None
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A fact with its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event; rows with the same `day` stand below one band."""

    day: str
    time: str
    elapsed: str
    event: str
    by: str
    key: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A follow-up action."""

    action: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class LogExcerpt:
    """Lines of a log that prove something; `provenance` is one sentence on where they are from."""

    lines: tuple[str, ...]
    provenance: str = ""
    first_number: int = 1


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file kept with the record."""

    name: str
    kind: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EvidencePicture:
    """A picture kept with the record, to be printed; without content it is not on this computer."""

    name: str
    size: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Check:
    """An item of the closure checklist."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class SignOff:
    """A line to sign on; the name may be left for the pen."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class ReviewNotes:
    """What a post-incident review tells beyond the closure report; `whys` are five, "" for none."""

    contributing: tuple[str, ...] = ()
    whys: tuple[str, ...] = ()
    went_well: tuple[str, ...] = ()
    went_badly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosureRecord:
    """One incident and its resolution, as the closure report prints it.

    `dated_at` is the closing time, or the last recorded instant of an incident that is not closed;
    it dates the document. `record_json` is the canonical JSON of the incident, which the report
    attaches and whose SHA-256 it prints.
    """

    organisation: str
    number: str
    title: str
    dated_at: datetime
    dated: str
    record_json: bytes
    zone: str
    author: str = ""
    lead: str = ""
    interim: bool = False
    classification: str = "Internal"
    language: str = "en-GB"
    paper: str = "a4"
    strip: tuple[StripFact, ...] = ()
    bar: ResponseBar | None = None
    summary: tuple[str, ...] = ()
    details_left: tuple[Detail, ...] = ()
    details_right: tuple[Detail, ...] = ()
    impact: tuple[str, ...] = ()
    root_cause: tuple[str, ...] = ()
    resolution: tuple[str, ...] = ()
    timeline: tuple[TimelineRow, ...] = ()
    follow_ups: tuple[FollowUpRow, ...] = ()
    excerpt: LogExcerpt | None = None
    files: tuple[EvidenceFile, ...] = ()
    pictures: tuple[EvidencePicture, ...] = ()
    checks: tuple[Check, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    chain: ChainEntry | None = None
    signed: str = ""
    """"NAME, 15 Oct 2026, 16:31 UTC" of a digital signature, printed as page text."""
    review: ReviewNotes | None = None
    """Makes the document a post-incident review."""
    signature_field: str = ""
    """Name of an empty field for that signature; none is made without one."""

    @property
    def record_sha256(self) -> str:
        """Return the digest of the canonical JSON, 64 hexadecimal digits."""
        return sha256(self.record_json).hexdigest()

    @property
    def kind(self) -> str:
        """Name the document in its running heads."""
        words = language_of(self.language)
        if self.review is not None and self.interim:
            return words.text("Interim post-incident review")
        if self.review is not None:
            return words.text("Post-incident review")
        if self.interim:
            return words.text("Interim incident report")
        return words.text("Incident closure report")
