"""Rows of a JSON file as a stream: an array, an object that holds lists, or one object a line.

The standard parser needs the whole text; here one element at a time is decoded from a sliding
window, so that a large export is never held whole. Nested values of a row stay as they are.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.import_record import Record, Rejected
from app.intake.table import SAMPLE_ROWS, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.intake.byte_source import ByteSource
    from app.intake.encoding import Encoding

_SPACE = re.compile(r"[ \t\r\n]*")
_CHUNK = 1 << 18
_MAX_ELEMENT = 64 << 20
_MAX_DEPTH = 5
_MAX_LINE = 1 << 20
_LIST_NAMES = frozenset(
    ("incidents", "incident", "tickets", "ticket", "issues", "result", "results", "records")
)
_BESIDE = ("problems", "articles")
"""Lists of our own export that are no incidents."""
_TITLE_NAMES = ("title", "subject", "summary", "short_description", "number")

Path = tuple[str, ...]


class _DamagedError(Exception):
    """The JSON breaks at a place; `line` is its line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(slots=True)
class _Element:
    path: Path
    line: int
    value: Any


class _Walker:
    """Walks a document, yielding each element of each list and each value beside the lists."""

    def __init__(self, text: io.TextIOWrapper, tick: Callable[[], None]) -> None:
        self._text = text
        self._tick = tick
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._lines_before = 1
        self._decoder = json.JSONDecoder(parse_constant=lambda _: None)

    def _more(self) -> bool:
        self._tick()
        chunk = self._text.read(max(_CHUNK, len(self._buffer) - self._at))
        if not chunk:
            self._ended = True
            return False
        self._lines_before += self._buffer.count("\n", 0, self._at)
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True

    def line(self) -> int:
        """Return the line of the current place."""
        return self._lines_before + self._buffer.count("\n", 0, self._at)

    def peek(self) -> str:
        """Skip blanks and return the next character, or "" at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _expect(self, wanted: str) -> str:
        char = self.peek()
        if not char or char not in wanted:
            raise _DamagedError(
                self.line(), f"expected one of {wanted!r}, found {char or 'the end'!r}"
            )
        self._at += 1
        return char

    def value(self) -> Any:
        """Decode the next whole value."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise _DamagedError(self.line(), "it is nested too deeply") from error
            except ValueError as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                if len(self._buffer) - self._at > _MAX_ELEMENT or self._ended or not self._more():
                    raise _DamagedError(self.line(), reason) from error
                continue
            # A number at the window's edge may go on behind it.
            if end == len(self._buffer) and not self._ended and self._more():
                continue
            self._at = end
            return value

    def walk(self, path: Path = ()) -> Iterator[_Element]:
        """Walk one value: into objects and lists of objects, whole for everything else."""
        char = self.peek()
        if char == "{" and len(path) < _MAX_DEPTH:
            yield from self._walk_object(path)
        elif char == "[":
            yield from self._walk_list(path)
        else:
            line = self.line()
            yield _Element((*path, "="), line, self.value())

    def _walk_object(self, path: Path) -> Iterator[_Element]:
        self._expect("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if self.peek() != '"':
                raise _DamagedError(self.line(), "a name in quotes was expected")
            key = str(self.value())
            self._expect(":")
            yield from self.walk((*path, key))
            if self._expect(",}") == "}":
                return

    def _walk_list(self, path: Path) -> Iterator[_Element]:
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            self.peek()
            line = self.line()
            yield _Element((*path, "[]"), line, self.value())
            if self._expect(",]") == "]":
                return


class JsonReader:
    """Reads the list at `path` ("[]" last), the whole document (path None), or a value per line."""

    def __init__(self, source: ByteSource, encoding: Encoding, path: Path | None) -> None:
        self._source = source
        self._encoding = encoding
        self.path = path
        self.by_line = False
        """One object a line: a damaged line is rejected alone."""

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every element; where the text is damaged, the rest is one rejected row."""
        if self.by_line:
            yield from self._line_rows(watch)
            return
        try:
            for element in self.elements(watch):
                if element.path != self.path and self.path is not None:
                    continue
                if isinstance(element.value, dict):
                    yield Record(element.line, element.value)
                else:
                    yield Rejected(element.line, "This entry is not an object with named fields.")
        except _DamagedError as damage:
            yield Rejected(damage.line, f"The JSON is damaged from here on ({damage.message}).")

    def _line_rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        with self._source.open() as (raw, used):
            text = io.TextIOWrapper(raw, encoding=self._encoding.name, errors="surrogateescape")
            for number, line in enumerate(text, 1):
                if not number % 256:
                    watch.tick(used())
                if not line.strip():
                    continue
                try:
                    value = json.loads(line, parse_constant=lambda _: None)
                except (ValueError, RecursionError) as error:
                    yield Rejected(number, f"The line is not valid JSON ({error}).")
                    continue
                if isinstance(value, dict):
                    yield Record(number, value)
                else:
                    yield Rejected(number, "The line is not an object with named fields.")
            watch.tick(used())
            text.detach()

    def elements(self, watch: Watch) -> Iterator[_Element]:
        """Walk the document; raise _DamagedError where it breaks."""
        errors = "strict" if self._encoding.name.startswith("utf-16") else "surrogateescape"
        name = self._encoding.name
        with self._source.open() as (raw, used):
            text = io.TextIOWrapper(raw, encoding=name, errors=errors, newline="")
            walker = _Walker(text, lambda: watch.tick(used()))
            count = 0
            while walker.peek():
                if self.path is None:
                    line = walker.line()
                    yield _Element(("[]",), line, walker.value())
                else:
                    yield from walker.walk()
                count += 1
                if not count % 256:
                    watch.tick(used())
            watch.tick(used())
            text.detach()


def looks_like_json(head: bytes, encoding: Encoding) -> bool:
    """Tell JSON by its first sign."""
    text = codecs.decode(head[:512], encoding.name, "replace").lstrip("\ufeff \t\r\n")
    return bool(re.match(r'\{\s*("|\}|$)|\[\s*(\{|\]|\[|"|\d|$)', text))


def open_json(source: ByteSource, encoding: Encoding, watch: Watch) -> Table:
    """Open a JSON file and find the list of records in it."""
    reader = JsonReader(source, encoding, ())
    counts: dict[Path, int] = {}
    top: dict[str, Any] = {}
    beside: dict[str, list[dict[str, Any]]] = {}
    documents = 0
    try:
        with source.open() as (raw, used):
            text = io.TextIOWrapper(
                raw, encoding=encoding.name, errors="surrogateescape", newline=""
            )
            walker = _Walker(text, lambda: watch.tick(used()))
            while walker.peek() and documents < 2:
                documents += 1
                for element in walker.walk():
                    if element.path[-1] == "[]" and isinstance(element.value, dict):
                        counts[element.path] = counts.get(element.path, 0) + 1
                        if len(element.path) == 2 and element.path[0] in _BESIDE:
                            beside.setdefault(element.path[0], []).append(element.value)
                    elif element.path[-1] == "=" and len(element.path) == 2:
                        top[element.path[0]] = element.value
            text.detach()
    except _DamagedError as damage:
        if not counts and documents < 2:
            raise InvalidInputError(
                f"{source.name} is not valid JSON: line {damage.line}, {damage.message}."
            ) from damage
    reader.path = _choose(counts, top, documents, source.name)
    kind = "JSON lines" if documents > 1 else "JSON"
    reader.by_line = documents > 1 and _first_line_is_whole(source, encoding)
    names = (reader.path or ())[:-1]
    where = f", list {'.'.join(names)}" if names else ""
    sample = []
    for row in reader.rows(Watch()):
        if isinstance(row, Record):
            sample.append(row.values)
        if len(sample) >= SAMPLE_ROWS:
            break
    columns = tuple(dict.fromkeys(key for row in sample for key in row))
    packed = f", packed as .{source.packing}" if source.packing else ""
    return Table(
        name=source.name,
        kind="json",
        columns=columns,
        dialect=f"{kind}{where}, {encoding.name.upper()}{packed}",
        size=source.size,
        reader=reader,
        sample=sample,
        beside=beside if reader.path == ("incidents", "[]") else {},
    )


def _first_line_is_whole(source: ByteSource, encoding: Encoding) -> bool:
    text = source.head(_MAX_LINE).decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")
    try:
        json.loads(text.split("\n", 1)[0])
    except (ValueError, RecursionError):
        return False
    return True


def _choose(counts: dict[Path, int], top: dict[str, Any], documents: int, name: str) -> Path | None:
    """Choose the list of records: a known name, a record by itself, or the longest list."""
    if documents > 1:
        return None
    named = [path for path in counts if len(path) == 1 or path[-2].lower() in _LIST_NAMES]
    if named:
        return max(named, key=lambda path: counts[path])
    if any(title in top for title in _TITLE_NAMES):
        return None
    if counts:
        return max(counts, key=lambda path: counts[path])
    if documents == 0:
        raise InvalidInputError(f"{name} holds no JSON value; there is nothing to import.")
    raise InvalidInputError(f"{name} holds no list of objects; there is nothing to import.")
