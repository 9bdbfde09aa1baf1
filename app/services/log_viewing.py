"""Opens a log of an incident for the viewer: its lines, what they say, and two logs as one.

All work is done in pieces of some milliseconds, in whichever lane asks for them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, datetime
from itertools import compress, islice
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError
from app.insight import log_reader, log_times
from app.insight.log_lines import LogLines
from app.insight.log_reader import NO_TIME, LineFacts, Reading
from app.insight.log_summary import Summary
from app.insight.log_text import LogText
from app.services.viewing import BEGINNING
from app.storage import attachments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta

    from app.domain.incident_record import Attachment
    from app.insight.log_times import TimeFormat
    from app.services.desk import Desk

ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp437")
_FIRST_S: Final = 0.02
_PACKED: Final = (".gz", ".xz", ".zip")


LogSummary = Summary


class Progress(NamedTuple):
    """How far a log was read: its lines, how many of them were looked at, whether that is all."""

    lines: int
    read: int
    done: bool


class OpenLog:
    """A log that is read on with `work`; lines are numbered from 0 here."""

    def __init__(self, file: Attachment, text: LogText, zone: ZoneInfo, now: datetime) -> None:
        self.file, self.zone = file, zone
        self._now, self._text = now, text
        self._verifying: Iterator[None] = iter(())
        self._batches: Iterator[list[str]] | None = None
        self.lines = LogLines(text)
        self.lines.grow(_FIRST_S)
        self._sample = list(islice(self._first_lines(), log_reader.SAMPLE_LINES))
        self.formats = log_times.formats(self._sample, zone, now)
        best = log_times.guess(self._sample, zone, now)
        self.time_format = best.name if best is not None else log_reader.NO_TIMES
        self._begin(best)

    @property
    def encoding(self) -> str:
        """Return the encoding that is read."""
        return self._text.encoding

    @property
    def is_guess(self) -> bool:
        """Tell whether the encoding is a guess."""
        return self._text.is_guess

    @property
    def is_event_log(self) -> bool:
        """Tell whether it is an event log of Windows, which has no encoding to choose."""
        return self._text.is_event_log

    @property
    def has_times(self) -> bool:
        """Tell whether lines have times that are understood."""
        return self.time_format != log_reader.NO_TIMES

    def read_as(self, encoding: str) -> OpenLog:
        """Return this log read in another encoding."""
        text = LogText(self._text.origin, self._text.name)
        text.encoding, text.is_guess = encoding, False
        return OpenLog(self.file, text, self.zone, self._now)

    def take_times(self, name: str) -> OpenLog:
        """Read the times in another format, by its name; `work` has to be done again."""
        fresh = log_times.formats(self._sample, self.zone, self._now)
        found = next((one for one in fresh if one.name == name), None)
        self.time_format = found.name if found is not None else log_reader.NO_TIMES
        self._begin(found)
        return self

    def verify(self, verifying: Iterator[None]) -> None:
        """Have the file compared with its digest, before more of it is read."""
        self._verifying = verifying

    def work(self, seconds: float) -> Progress:
        """Read on for about so long.

        Raises:
            StoreError: the content of the file no longer matches its digest.
            InvalidInputError: the log is damaged, or unpacks to too much.
        """
        until = monotonic() + seconds
        for _ in self._verifying:
            if monotonic() >= until:
                return Progress(self.lines.count, 0, False)
        if self.lines.grow(seconds):
            return Progress(self.lines.count, 0, False)
        if self._batches is None:
            self._batches = self.lines.batches()
        more = self._reading.work(self._batches, seconds)
        return Progress(self.lines.count, self._reading.lines_taken, not more)

    def summary(self) -> Summary:
        """Return what was found so far."""
        found = self._reading.finish()
        return replace(found, errors=list(found.errors))

    def rows_of(self, template: int) -> array[int]:
        """Return the lines of a template."""
        kept = self.facts.templates
        return array("q", [n for n, one in enumerate(kept) if one == template])

    def errors(self) -> array[int]:
        """Return the lines that tell of errors."""
        return array("q", compress(range(len(self.facts.errors)), self.facts.errors))

    def line_at(self, at: datetime) -> int:
        """Return the first line that was written at an instant or after it; the last for none."""
        place = bisect_left(self.facts.times, round(at.timestamp() * 1000))
        return max(0, min(place, self.lines.count - 1))

    def time_of(self, line: int) -> datetime | None:
        """Return when a line was written, as the reader's clock shows it; None when not known."""
        times = self.facts.times
        if line >= len(times) or times[line] == NO_TIME:
            return None
        return datetime.fromtimestamp(times[line] / 1000, UTC).astimezone(self.zone)

    def _begin(self, times: TimeFormat | None) -> None:
        self.facts = LineFacts()
        told = Summary(self.file.name, self._text.encoding, self.time_format)
        self._reading = Reading(told, times, facts=self.facts, are_events=self._text.is_event_log)
        self._batches = None

    def _first_lines(self) -> Iterator[str]:
        for batch in self.lines.batches():
            yield from batch


def open_log(desk: Desk, file: Attachment) -> OpenLog | None:
    """Open a file as a log; None for one that is none: no text, or a short one without times.

    Its content is compared with its digest by the first `work`.

    Raises:
        NotFoundError: the file is missing on this computer.
        InvalidInputError: it is a packed log or an event log of Windows that cannot be read.
    """
    if file.media_type.startswith("image/") or not file.size:
        return None
    path = attachments.present(desk.profile.attachments, file.sha256)
    is_log = file.name.lower().endswith((*_PACKED, ".evtx"))
    try:
        found = OpenLog(file, LogText(path, file.name), ZoneInfo(desk.store.zone), desk.now())
    except InvalidInputError:
        if is_log:
            raise
        return None
    found.verify(attachments.verified(desk.profile.attachments, file.sha256))
    return found if found.has_times or is_log or file.size > BEGINNING else None


def merged(first: OpenLog, second: OpenLog, later: timedelta) -> array[int]:
    """Return the lines of two logs by time, each as its number doubled, plus 1 for the second log.

    `later` is added to the times of the second log. The order within a log stays; a line without a
    time stays behind the one before it.
    """
    shift = round(later.total_seconds() * 1000)
    ours, theirs = first.facts.times, second.facts.times
    found = array("q")
    at, end = 0, len(theirs)
    for line, when in enumerate(ours):
        while at < end and _shifted(theirs, at, shift) < when:
            found.append(at * 2 + 1)
            at += 1
        found.append(line * 2)
    found.extend(range(at * 2 + 1, end * 2 + 1, 2))
    return found


def _shifted(times: Sequence[int], at: int, shift: int) -> int:
    when = times[at]
    return when if when == NO_TIME else when + shift
