"""What a log says: span, levels, templates with counts, first and rarest errors, gaps, bursts.

One pass over the lines with bounded memory. Templates are mined by Drain (He et al., ICWS 2017)
through drain3, after the time, the level and the name of the program were taken off and numbers,
addresses and ids masked; lines that are equal then are looked up and not mined again.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.instants import iso_or_none
from app.insight import log_times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from app.insight.log_text import LogText

TEMPLATES: Final = 5_000
"""Templates that are kept apart; a log with more of them has no templates to speak of."""
NO_TIMES: Final = "no times found"
ERRORS: Final = 20
"""First errors that are kept."""
PAUSES: Final = 5
_SAMPLE_LINES: Final = 400
_LEAST_GAP: Final = timedelta(seconds=60)
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

_LEVELS: Final = "TRACE|VERBOSE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|CRIT|CRITICAL|ALERT|FATAL"
_LEVELS_ALL: Final = f"{_LEVELS}|SEVERE|EMERG|EMERGENCY|PANIC"
_LEVEL: Final = re.compile(
    rf"\[(?i:\w+:)?((?i:{_LEVELS_ALL}))\]|(?<![\w.-])({_LEVELS_ALL})(?![\w.-])"
    rf"|^\W{{0,3}}((?i:{_LEVELS_ALL}))(?=[\s:])|(?:\b(?:level|severity)[=:]\s?\"?(\w+))"
    rf"|(?:(?<=[\s])((?i:{_LEVELS_ALL}))(?=:\s))"
)
_LEVEL_NEXT: Final = re.compile(rf"[\s\]\[,:|-]{{0,4}}((?i:{_LEVELS_ALL}))(?=[\]\s:])")
"""The level stands right behind the time in most logs, where it is found at once."""
_LEVEL_WITHIN: Final = 80
BAD_LEVELS: Final = frozenset(
    ("ERR", "ERROR", "CRIT", "CRITICAL", "ALERT", "FATAL", "SEVERE", "EMERG", "EMERGENCY", "PANIC")
)
_BAD_WORD: Final = re.compile(
    r"\b(error|fatal|critical|panic|exception|traceback|fail(ed|ure|s)?)\b", re.IGNORECASE
)

_HEAD: Final = re.compile(
    r"^[\s\],:|-]*"
    r"(?:\d{1,7}\s+)?"  # a process id
    rf"(?:\[?(?i:{_LEVELS_ALL})\]?[\s:]+)?"
    r"(?:[A-Za-z_]\w*(?:\.\w+)+\s+)?"  # a logger
    r"(?:\[(?:-|[^\]]{36,})\]\s+)?"  # ids of a request
    r"(?:(?:[A-Z]{3,5})\s{2,})?"  # a component in a column
)
_SYSLOG_HEAD: Final = re.compile(r"^ ?\S+ ([\w./-]+(?:\([^)]*\))?)(?:\[\d+\])?: ")
_DATE: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: \d{4})?"
)
_VARIABLE: Final = re.compile(
    r"[0-9](?<![A-Za-z0-9][0-9])(?:[xX][0-9a-fA-F]+|[0-9a-f]*(?:[.:/-][0-9a-f]+)*)(?![A-Za-z0-9])"
)
"""Begins with a digit, which is looked for much faster than what stands before it."""
_MASK: Final = "<*>"


class Place(NamedTuple):
    """One line of a log: its number from 1, when it was written, and its text."""

    line: int
    at: datetime | None
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {"line": self.line, "at": iso_or_none(self.at), "text": self.text}


class Pause(NamedTuple):
    """A time in which nothing was written, and the number of the line that ended it."""

    length: timedelta
    begins: datetime
    ends: datetime
    line: int

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "from": iso_or_none(self.begins),
            "to": iso_or_none(self.ends),
            "seconds": int(self.length.total_seconds()),
            "line": self.line,
        }


@dataclass(slots=True)
class Template:
    """Lines of one form: how many, how many of them errors, the first of them."""

    text: str
    first: Place
    count: int = 0
    errors: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "template": self.text,
            "count": self.count,
            "errors": self.errors,
            "first_line": self.first.line,
            "example": self.first.text,
        }


class Burst(NamedTuple):
    """A span in which far more was written than is usual in this log."""

    begins: datetime
    seconds: int
    lines: int

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {"from": iso_or_none(self.begins), "seconds": self.seconds, "lines": self.lines}


@dataclass(slots=True)
class Summary:
    """What one pass over a log has found."""

    name: str
    encoding: str
    time_format: str
    lines: int = 0
    timed: int = 0
    begins: datetime | None = None
    ends: datetime | None = None
    levels: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    """Lines with "error" and with "fail" in them, in whatever case."""
    error_lines: int = 0
    errors: list[Place] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)
    gaps: list[Pause] = field(default_factory=list)
    bursts: list[Burst] = field(default_factory=list)

    @property
    def rarest_errors(self) -> list[Template]:
        """Return the templates of errors, the rarest first."""
        bad = [one for one in self.templates if one.errors]
        return sorted(bad, key=lambda one: (one.count, one.first.line))

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "file": self.name,
            "encoding": self.encoding,
            "time_format": self.time_format,
            "lines": self.lines,
            "from": iso_or_none(self.begins),
            "to": iso_or_none(self.ends),
            "levels": dict(self.levels.most_common()),
            "error_lines": self.error_lines,
            "errors": [one.to_json() for one in self.errors],
            "rarest_errors": [one.to_json() for one in self.rarest_errors[:ERRORS]],
            "templates": [one.to_json() for one in self.templates],
            "gaps": [one.to_json() for one in self.gaps],
            "bursts": [one.to_json() for one in self.bursts],
        }


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
    lines = text.lines()
    sample = list(islice(lines, _SAMPLE_LINES))
    times = log_times.guess(sample, zone, now)
    told = text.encoding + (" (a guess)" if text.is_guess else "")
    summary = Summary(text.name, told, times.name if times else NO_TIMES)
    places = _places(chain(sample, lines), times, since)
    return _Pass(summary, is_syslog=times is not None and "no year" in times.name).over(places)


def level_of(line: str, start: int = 0) -> str:
    """Return the level that a line names behind its time, as it is written there; else ""."""
    quick = _LEVEL_NEXT.match(line, start)
    if quick is not None:
        return quick[1]
    found = _LEVEL.search(line[start : start + _LEVEL_WITHIN])
    return "" if found is None else next(filter(None, found.groups()), "")


def level_span(line: str) -> tuple[int, int] | None:
    """Return where the level of a line begins and ends; None for a line that names none."""
    found = _LEVEL.search(line[: _LEVEL_WITHIN * 2])
    if found is None:
        return None
    group = next(place for place in range(1, found.re.groups + 1) if found[place])
    return found.span(group)


def is_bad(line: str, level: str) -> bool:
    """Tell an error: by its level, and where a line names none by its words."""
    return level.upper() in BAD_LEVELS if level else _BAD_WORD.search(line) is not None


class _Line(NamedTuple):
    number: int
    at: datetime | None
    text: str
    rest: int
    """Where the text behind the time begins."""


def _places(
    lines: Iterable[str], times: log_times.TimeFormat | None, since: datetime | None
) -> Iterator[_Line]:
    """Give lines their number and their time; leave out what is before `since`."""
    shown = since is None
    for number, line in enumerate(lines, 1):
        found = times.read(line) if times is not None else None
        if found is None:
            if shown:
                yield _Line(number, None, line, 0)
            continue
        at, rest = found
        shown = since is None or at >= since
        if shown:
            yield _Line(number, at, line, rest)


class _Pass:
    """One pass: what is counted on the way, in memory that does not grow with the log."""

    def __init__(self, summary: Summary, *, is_syslog: bool) -> None:
        from drain3.drain import Drain  # takes a third of a second to load

        self._found = summary
        self._is_syslog = is_syslog
        self._drain = Drain(depth=_DEPTH, sim_th=_ALIKE, max_clusters=TEMPLATES)
        self._known: dict[str, int] = {}
        self._templates: dict[int, Template] = {}
        self._pauses: list[tuple[timedelta, int, Pause]] = []
        self._bins: Counter[int] = Counter()
        self._bin_s = 60

    def over(self, lines: Iterable[_Line]) -> Summary:
        """Take all lines and return what they say."""
        found, last = self._found, None
        for line in lines:
            found.lines += 1
            level = level_of(line.text, line.rest)
            if level:
                found.levels[level] += 1
            bad = is_bad(line.text, level)
            self._count_words(line.text)
            self._mine(line, bad=bad)
            if bad:
                found.error_lines += 1
                if len(found.errors) < ERRORS:
                    found.errors.append(Place(line.number, line.at, line.text[:_TEXT]))
            if line.at is not None:
                self._time(line, last)
                last = line.at
        self._finish()
        return found

    def _count_words(self, text: str) -> None:
        low = text.lower()
        if "error" in low:
            self._found.words["error"] += 1
        if "fail" in low:
            self._found.words["fail"] += 1

    def _mine(self, line: _Line, *, bad: bool) -> None:
        content = self._content(line)
        if not content:
            return
        key = self._known.get(content)
        if key is None:
            cluster, _ = self._drain.add_log_message(content)
            key = cluster.cluster_id
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[content] = key
            one = self._templates.get(key)
            if one is None:
                if len(self._templates) >= TEMPLATES * 2:
                    self._forget()
                    self._known[content] = key
                first = Place(line.number, line.at, line.text[:_TEXT])
                one = self._templates[key] = Template("", first)
            one.text = cluster.get_template()
        one = self._templates[key]
        one.count += 1
        one.errors += bad

    def _content(self, line: _Line) -> str:
        rest = line.text[line.rest : line.rest + _TEXT]
        head = _SYSLOG_HEAD.match(rest) if self._is_syslog else None
        if head is None:
            head = _HEAD.match(rest)
        content = rest[head.end() :] if head is not None else rest
        if " 20" in content or " 19" in content:
            content = _DATE.sub(_MASK, content)
        return _VARIABLE.sub(_MASK, content).strip()

    def _forget(self) -> None:
        """Drop the rarer half of the templates, so that memory stays bounded."""
        kept = sorted(self._templates.items(), key=lambda pair: -pair[1].count)[:TEMPLATES]
        self._templates = dict(kept)
        self._known.clear()

    def _time(self, line: _Line, last: datetime | None) -> None:
        at = line.at
        if at is None:
            return
        found = self._found
        found.timed += 1
        found.begins = at if found.begins is None else min(found.begins, at)
        found.ends = at if found.ends is None else max(found.ends, at)
        if last is not None and at - last >= _LEAST_GAP:
            pause = Pause(at - last, last, at, line.number)
            push = heapq.heappush if len(self._pauses) < PAUSES else heapq.heappushpop
            push(self._pauses, (pause.length, -line.number, pause))
        self._bins[int(at.timestamp()) // self._bin_s] += 1
        if len(self._bins) > _BINS:
            self._bin_s *= 10
            wider: Counter[int] = Counter()
            for place, count in self._bins.items():
                wider[place // 10] += count
            self._bins = wider

    def _finish(self) -> None:
        found = self._found
        found.templates = sorted(
            self._templates.values(), key=lambda one: (-one.count, one.first.line)
        )
        if found.begins is None or found.ends is None:
            return
        mean = (found.ends - found.begins) / max(1, found.timed - 1)
        found.gaps = [
            pause
            for _, _, pause in sorted(self._pauses, reverse=True)
            if pause.length >= mean * _GAP_TIMES
        ]
        usual = found.timed / len(self._bins)
        least = max(_LEAST_BURST, usual * _BURST_TIMES)
        zone = found.begins.tzinfo
        found.bursts = [
            Burst(datetime.fromtimestamp(place * self._bin_s, zone), self._bin_s, count)
            for place, count in self._bins.most_common(PAUSES)
            if count >= least
        ]
