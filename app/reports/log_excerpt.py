"""The log excerpt: numbered lines on a pale fill with a rule at the left.

Its own element, because five thousand lines as paragraphs cost ten times as much (pdf.md, 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.reports.elements import Element
from app.reports.structure import Tag
from app.reports.styles import CODE, CODE_NUMBER, PALE, RULE
from app.reports.text import left_out
from app.reports.typeset import Line, Span, break_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.reports.language import Language
    from app.reports.pen import Pen

LINE_LIMIT = 200
"""Above this many lines only the first and the last are printed (closure-report.md, order 6)."""
FIRST_LINES = 120
LAST_LINES = 60
_CHARACTERS = 1_000
"""Characters of one line that are printed."""
_LEAST = 3
"""Lines that stay together at either side of a page end."""
_PAD = 6.5
_BETWEEN = 1.6
_NUMBERS_END = 18.9
_TEXT_START = 29.3


class Entry(NamedTuple):
    """One line of the log, set into the lines of the page; without a number it is a remark."""

    number: str
    lines: list[Line]
    tag: Tag

    @property
    def height(self) -> float:
        """Measure the entry with the space below it."""
        return len(self.lines) * CODE.leading + _BETWEEN


class LogBlock(Element):
    """Numbered lines; `numbers` are set in the muted colour and are no part of the text."""

    def __init__(self, lines: Sequence[str], words: Language, first_number: int = 1) -> None:
        self.space_after = 8
        self.words = words
        self.source = _numbered(lines, words, first_number)
        self._tags = [Tag("P") for _ in self.source]
        self.tag = Tag("Div", self._tags)
        self.opens = True
        self.closes = True
        self._set: tuple[float, list[Entry]] | None = None
        self._digits = max((len(number) for number, _ in self.source), default=1)

    @property
    def _shift(self) -> float:
        """Move the text right when the numbers have more than three digits."""
        return max(0, self._digits - 3) * CODE.size * 0.6

    def entries(self, width: float) -> list[Entry]:
        """Return the entries at a width, set once."""
        if self._set is None or (self.source and self._set[0] != width):
            room = width - _TEXT_START - self._shift - _PAD
            entries = [
                Entry(number, break_lines([Span(text, CODE)], room), tag)
                for (number, text), tag in zip(self.source, self._tags, strict=True)
            ]
            self._set = (width, entries)
        return self._set[1]

    def height(self, width: float) -> float:
        """Measure all entries and the padding of the ends that are not cut."""
        return (
            (_PAD if self.opens else 0)
            + sum(entry.height for entry in self.entries(width))
            + (_PAD if self.closes else 0)
        )

    def least_height(self, width: float) -> float:
        """Measure the first entries that hold three lines together."""
        entries = self.entries(width)
        first = _entries_of(entries, _LEAST)
        if first >= len(entries):
            return min(self.height(width), 4 * CODE.leading * _LEAST)
        return (_PAD if self.opens else 0) + sum(entry.height for entry in entries[:first])

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Cut between entries, three lines at least on either side unless forced."""
        entries = self.entries(width)
        used = _PAD if self.opens else 0.0
        fitting = 0
        for entry in entries:
            if used + entry.height > room + 0.01:
                break
            used += entry.height
            fitting += 1
        least = 1 if force else _LEAST
        fitting = min(fitting, len(entries) - _entries_of(entries[::-1], least))
        if fitting and fitting >= _entries_of(entries, least):
            return [
                self._part(width, entries[:fitting], opens=self.opens, closes=False),
                self._part(width, entries[fitting:], opens=False, closes=self.closes),
            ]
        return self._cut_entry(width, room) if force else []

    def _cut_entry(self, width: float, room: float) -> list[Element]:
        """Cut inside the first entry: it alone is taller than a page."""
        first, *others = self.entries(width)
        fitting = int((room - _PAD - _BETWEEN) / CODE.leading)
        if not 0 < fitting < len(first.lines):
            return []
        rest = [Entry("", first.lines[fitting:], first.tag), *others]
        head = [Entry(first.number, first.lines[:fitting], first.tag)]
        return [
            self._part(width, head, opens=self.opens, closes=False),
            self._part(width, rest, opens=False, closes=self.closes),
        ]

    def _part(self, width: float, entries: list[Entry], *, opens: bool, closes: bool) -> LogBlock:
        part = LogBlock([], self.words)
        part.tag, part.opens, part.closes = self.tag, opens, closes
        part._set = (width, entries)
        part._digits = self._digits
        return part

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw fill, rule, numbers and text."""
        height = self.height(width)
        with pen.artifact():
            pen.fill(x, top - height, width, height, PALE)
            pen.fill(x - 1, top - height, 2, height, RULE)
            # All numbers first: one artifact, so that each line is one stretch of content.
            for entry, below in self._places(top, width):
                shown = break_lines([Span(entry.number, CODE_NUMBER)], 1e6)[0]
                at = x + _NUMBERS_END + self._shift - shown.width
                pen.line(at, below - CODE.size, shown)
        for entry, below in self._places(top, width):
            baseline = below - CODE.size
            with pen.tagged(entry.tag):
                for line in entry.lines:
                    pen.line(x + _TEXT_START + self._shift, baseline, line)
                    baseline -= CODE.leading

    def _places(self, top: float, width: float) -> Iterator[tuple[Entry, float]]:
        """Return each entry with its upper edge."""
        below = top - (_PAD if self.opens else 0)
        for entry in self.entries(width):
            yield entry, below
            below -= entry.height


def _entries_of(entries: Sequence[Entry], least: int) -> int:
    """Count the first entries that hold at least so many lines together."""
    count = 0
    for number, entry in enumerate(entries, start=1):
        count += len(entry.lines)
        if count >= least:
            return number
    return len(entries)


def _numbered(lines: Sequence[str], words: Language, first: int) -> list[tuple[str, str]]:
    """Give each line its number; of many, keep the first and last with a remark between."""
    numbered = [(str(first + index), _shown(line, words)) for index, line in enumerate(lines)]
    if len(numbered) <= LINE_LIMIT:
        return numbered
    count = len(numbered) - FIRST_LINES - LAST_LINES
    remark = words.counted(
        "{n} line left out; the whole log is in the attached record",
        "{n} lines left out; the whole log is in the attached record",
        count,
    )
    return [*numbered[:FIRST_LINES], ("", remark), *numbered[-LAST_LINES:]]


def _shown(line: str, words: Language) -> str:
    line = line.rstrip("\r\n")
    if len(line) <= _CHARACTERS:
        return line
    return f"{line[:_CHARACTERS]} {left_out(len(line) - _CHARACTERS, words)}"
