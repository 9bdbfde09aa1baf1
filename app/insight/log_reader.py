"""What a log says: span, levels, templates with counts, first and rarest errors, gaps, bursts.

One pass over the lines with bounded memory, in pieces where somebody waits. Templates are mined by
Drain (He et al., ICWS 2017) through drain3, after the time, the level and the name of the program
were taken off and numbers, addresses and ids masked. Lines that are equal once their numbers are
masked are of one form: a form is read once, all its other lines are only counted.
"""

from __future__ import annotations

import heapq
import re
from array import array
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Final

from app.insight import log_times
from app.insight.log_levels import WORDS, is_bad, level_of
from app.insight.log_summary import ERRORS, Burst, Pause, Place, Summary, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from drain3.drain import Drain

    from app.insight.log_text import LogText

TEMPLATES: Final = 5_000
"""Templates that are kept apart; a log with more of them has no templates to speak of."""
NO_TIMES: Final = "no times found"
NO_TIME: Final = -(1 << 62)
"""Stands for the time of a line before the first one that has any."""
PAUSES: Final = 5
SAMPLE_LINES: Final = 400
_LEAST_GAP_MS: Final = 60_000
_GAP_TIMES: Final = 10
"""A gap is so many times the mean time between two lines, and a minute at least."""
_BURST_TIMES: Final = 4
_LEAST_BURST: Final = 10
_BINS: Final = 20_000
_DEPTH: Final = 5
_ALIKE: Final = 0.5
"""Lines whose words are the same at so many places have one template (measured on five logs)."""
_KNOWN: Final = 20_000
_TEXT: Final = 400
"""Characters of a line that are kept and mined."""
_BATCH: Final = 4_000

_HEAD: Final = re.compile(
    r"^[\s\],:|-]*"
    r"(?:\d{1,7}\s+)?"  # a process id
    rf"(?:\[?(?i:{WORDS})\]?[\s:]+)?"
    r"(?:[A-Za-z_]\w*(?:\.\w+)+\s+)?"  # a logger
    r"(?:\[(?:-|[^\]]{36,})\]\s+)?"  # ids of a request
    r"(?:(?:[A-Z]{3,5})\s{2,})?"  # a component in a column
)
_SYSLOG_HEAD: Final = re.compile(r"^ ?\S+ ([\w./-]+(?:\([^)]*\))?)(?:\[\d+\])?: ")
_EVENT: Final = re.compile(r" [A-Z]+ (.*? ID\d+):")
_DATE: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: \d{4})?"
)
_VARIABLE: Final = re.compile(
    r"[0-9](?<![A-Za-z0-9][0-9])(?:[xX][0-9a-fA-F]+|[0-9a-f]*(?:[.:/-][0-9a-f]+)*)(?![A-Za-z0-9])"
)
"""Begins with a digit, which is looked for much faster than what stands before it."""
_MASK: Final = "<*>"


def read(text: LogText, zone: tzinfo, now: datetime, since: datetime | None = None) -> Summary:
    """Read a log to its end and return what it says.

    Args:
        text: the log.
        zone: in which times without an offset are read.
        now: the present, from which the year of times without one is told.
        since: lines before this instant are left out, and those without a time that follow them.

    Raises:
        InvalidInputError: it is damaged, or unpacks to too much.
    """
    batches = text.batches()
    first = next(batches, [])
    times = log_times.guess(first[:SAMPLE_LINES], zone, now)
    told = text.encoding + (" (a guess)" if text.is_guess else "")
    reading = Reading(
        Summary(text.name, told, times.name if times else NO_TIMES),
        times,
        since,
        are_events=text.is_event_log,
    )
    for batch in chain((first,), batches):
        reading.take(batch)
    return reading.finish()


class LineFacts:
    """Of each line: when it was written (ms), its template (see `Reading.number`), if an error.

    A line without a time has that of the line before it. Takes 13 bytes a line.
    """

    def __init__(self) -> None:
        self.times = array("q")
        self.templates = array("i")
        self.errors = bytearray()


class _Form:
    """Lines that are equal once their numbers are masked: what is the same of all of them."""

    __slots__ = ("bad", "count", "level", "number", "words")

    def __init__(self, line: str, level: str, number: int) -> None:
        low = line.lower()
        self.level, self.number = level, number
        self.bad = is_bad(line, level)
        self.words = [word for word in ("error", "fail") if word in low]
        self.count = 0


class Reading:
    """One pass: what is counted on the way, in memory that does not grow with the log."""

    def __init__(
        self,
        summary: Summary,
        times: log_times.TimeFormat | None,
        since: datetime | None = None,
        *,
        facts: LineFacts | None = None,
        are_events: bool = False,
    ) -> None:
        """Begin; with `facts`, those of each line are kept (and memory grows by them).

        The template of a line that is an event of Windows is its provider and the id of the event.
        """
        self.summary, self.facts = summary, facts
        self._are_events = are_events
        self._times = times
        self._since_ms = None if since is None else round(since.timestamp() * 1000)
        self._shown = since is None
        self._is_syslog = times is not None and "no year" in times.name
        self._drain: Drain | None = None
        self._forms: dict[str, _Form] = {}
        self._known: dict[str, int] = {}
        self._events: dict[str, int] = {}
        self._templates: dict[int, Template] = {}
        self._pauses: list[tuple[int, int, Pause]] = []
        self._bins: Counter[int] = Counter()
        self._bin_ms = 60_000
        self._number = 0
        self._last_ms = self._from_ms = self._to_ms = NO_TIME

    @property
    def lines_taken(self) -> int:
        """Return how many lines were read so far, those before `since` included."""
        return self._number

    def work(self, batches: Iterator[list[str]], seconds: float) -> bool:
        """Take batches for about so long; tell whether more are left."""
        until = monotonic() + seconds
        for batch in batches:
            for start in range(0, len(batch), _BATCH):
                self.take(batch[start : start + _BATCH])
            if monotonic() >= until:
                return True
        return False

    def take(self, lines: Iterable[str]) -> None:
        """Take the next lines."""
        forms, facts, bin_ms = self._forms, self.facts, self._bin_ms
        read = None if self._times is None else self._times.read_ms
        mask, number, last = _VARIABLE.sub, self._number, self._last_ms
        place = run = taken = timed = start = rest = 0
        for line in lines:
            number += 1
            found = None if read is None else read(line)
            if found is None:
                rest = 0
                if not self._shown:
                    continue
            else:
                at, start, rest = found
                if self._since_ms is not None:
                    self._shown = at >= self._since_ms
                    if not self._shown:
                        continue
                timed += 1
                if at - last >= _LEAST_GAP_MS and last != NO_TIME:
                    self._pause(last, at, number)
                elif at < last or last == NO_TIME:
                    self._widen(last)
                    self._widen(at)
                last = at
                if at // bin_ms != place:
                    if run:
                        self._bins[place] += run
                    place, run = at // bin_ms, 0
                run += 1
            taken += 1
            if not rest:
                key = line
            elif start > 1:  # what stands before the time may tell of an error too
                key = f"{line[:start]}{line[rest:]}"
            else:
                key = line[rest:]
            if len(key) <= _TEXT:
                key = mask(_MASK, key)
            form = forms.get(key)
            if form is None:
                at_ms = NO_TIME if found is None else last
                form = self._form(key, Place(number, _instant(at_ms), line), rest)
            form.count += 1
            if form.bad and len(self.summary.errors) < ERRORS:
                at_ms = NO_TIME if found is None else last
                self.summary.errors.append(Place(number, _instant(at_ms), line[:_TEXT]))
            if facts is not None:
                facts.times.append(last)
                facts.templates.append(form.number)
                facts.errors.append(form.bad)
        if run:
            self._bins[place] += run
        self._number, self._last_ms = number, last
        self.summary.lines += taken
        self.summary.timed += timed
        self._widen(last)
        self._coarsen()

    def finish(self) -> Summary:
        """Return what was found; more lines may still be taken after it."""
        self._count()
        found = self.summary
        found.begins, found.ends = _instant(self._from_ms), _instant(self._to_ms)
        found.templates = sorted(
            self._templates.values(), key=lambda one: (-one.count, one.first.line)
        )
        if found.begins is None or found.ends is None:
            return found
        mean = (found.ends - found.begins) / max(1, found.timed - 1)
        found.gaps = [
            pause
            for _, _, pause in sorted(self._pauses, reverse=True)
            if pause.length >= mean * _GAP_TIMES
        ]
        usual = found.timed / len(self._bins)
        least = max(_LEAST_BURST, usual * _BURST_TIMES)
        found.bursts = [
            Burst(_real_instant(place * self._bin_ms), self._bin_ms // 1000, count)
            for place, count in self._bins.most_common(PAUSES)
            if count >= least
        ]
        return found

    def _form(self, key: str, first: Place, rest: int) -> _Form:
        """Read a line of a form that was not met before, or not lately."""
        level = level_of(first.text, rest)
        number = self._mine(self._content(first.text, rest), first)
        form = _Form(first.text, level, number)
        if len(self._forms) >= _KNOWN:
            self._count()
            self._forms.clear()
        self._forms[key] = form
        return form

    def _mine(self, content: str, first: Place) -> int:
        """Return the number of the template of a line, 0 for a line that has no content."""
        if not content:
            return 0
        number = self._known.get(content)
        if number is not None:
            return number
        number, template = self._clustered(content)
        if len(self._known) >= _KNOWN:
            self._known.clear()
        self._known[content] = number
        one = self._templates.get(number)
        if one is None:
            if len(self._templates) >= TEMPLATES * 2:
                self._forget()
                self._known[content] = number
            one = Template("", Place(first.line, first.at, first.text[:_TEXT]), number=number)
            self._templates[number] = one
        one.text = template
        return number

    def _clustered(self, content: str) -> tuple[int, str]:
        """Return the number of the template that Drain finds for a content, and the template."""
        if self._are_events:
            return self._events.setdefault(content, len(self._events) + 1), content
        if self._drain is None:
            from drain3.drain import Drain  # takes a third of a second to load

            self._drain = Drain(depth=_DEPTH, sim_th=_ALIKE, max_clusters=TEMPLATES)
        cluster, _ = self._drain.add_log_message(content)
        return cluster.cluster_id, cluster.get_template()

    def _content(self, line: str, start: int) -> str:
        rest = line[start : start + _TEXT]
        if self._are_events:
            event = _EVENT.match(rest)
            return event[1] if event is not None else ""
        head = _SYSLOG_HEAD.match(rest) if self._is_syslog else None
        if head is None:
            head = _HEAD.match(rest)
        content = rest[head.end() :] if head is not None else rest
        if " 20" in content or " 19" in content:
            content = _DATE.sub(_MASK, content)
        return _VARIABLE.sub(_MASK, content).strip()

    def _count(self) -> None:
        """Add what was counted by form since the last time."""
        found = self.summary
        for form in self._forms.values():
            count, form.count = form.count, 0
            if form.level:
                found.levels[form.level] += count
            for word in form.words:
                found.words[word] += count
            found.error_lines += count * form.bad
            one = self._templates.get(form.number)
            if one is not None:
                one.count += count
                one.errors += count * form.bad

    def _forget(self) -> None:
        """Drop the rarer half of the templates, so that memory stays bounded."""
        self._count()
        kept = sorted(self._templates.items(), key=lambda pair: -pair[1].count)[:TEMPLATES]
        self._templates = dict(kept)
        self._known.clear()
        self._forms.clear()

    def _widen(self, at_ms: int) -> None:
        if at_ms != NO_TIME:
            self._from_ms = at_ms if self._from_ms == NO_TIME else min(self._from_ms, at_ms)
            self._to_ms = max(self._to_ms, at_ms)

    def _pause(self, begins: int, ends: int, line: int) -> None:
        length = ends - begins
        if len(self._pauses) < PAUSES or length > self._pauses[0][0]:
            pause = Pause(
                timedelta(milliseconds=length), _real_instant(begins), _real_instant(ends), line
            )
            push = heapq.heappush if len(self._pauses) < PAUSES else heapq.heappushpop
            push(self._pauses, (length, -line, pause))

    def _coarsen(self) -> None:
        """Take wider spans to count lines in, when a log goes over more of them than is kept."""
        while len(self._bins) > _BINS:
            self._bin_ms *= 10
            wider: Counter[int] = Counter()
            for place, count in self._bins.items():
                wider[place // 10] += count
            self._bins = wider


def _real_instant(at_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)


def _instant(at_ms: int) -> datetime | None:
    return None if at_ms == NO_TIME else _real_instant(at_ms)
