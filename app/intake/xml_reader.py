"""Rows of an XML file as a stream: the children of its root that are records, one element each.

Made for ServiceNow's export of a list (`<xml>` or `<unload>` around records, Vancouver release).
expat tells of a document type before anything of it is used: such a file is refused, so no entity
is ever expanded and nothing outside the file is read (XML bombs, external entities).
"""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from app.domain.errors import InvalidInputError
from app.intake.import_record import Record, Rejected
from app.intake.table import SAMPLE_ROWS, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.byte_source import ByteSource, Watch

_CHUNK = 1 << 16
_DEEPEST = 32
_LONGEST = 8 << 20
"""Characters of one record; a longer one is no record of an incident."""
_INCIDENT, _JOURNAL = "incident", "sys_journal_field"
_SHOWN = "display_value"
_START = re.compile(r"\s*<(\?xml|xml|unload|!DOCTYPE)\b", re.IGNORECASE)


class _RefusedError(Exception):
    """The file uses what a table has no need of."""


class _Handler:
    """Gathers the records between the root's tags."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.ready: deque[tuple[int, str, dict[str, str]]] = deque()
        self.root = ""
        self._parser = parser
        self._path: list[str] = []
        self._line = 0
        self._values: dict[str, str] = {}
        self._shown = ""
        self._text: list[str] = []
        self._length = 0
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_told: Any) -> None:
        raise _RefusedError("it declares a document type, which could hide a trap")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        depth = len(self._path)
        if depth > _DEEPEST:
            raise _RefusedError("it is nested too deeply")
        if depth == 1:
            self.root = name
        elif depth == 2:
            self._line, self._values = self._parser.CurrentLineNumber, {}
            self._text, self._shown, self._length = [], "", 0
        elif depth == 3:
            self._text, self._shown = [], attributes.get(_SHOWN, "")

    def _data(self, text: str) -> None:
        if len(self._path) >= 3:
            self._length += len(text)
            if self._length > _LONGEST:
                raise _RefusedError("one of its records is longer than 8 MB")
            self._text.append(text)

    def _end(self, name: str) -> None:
        depth = len(self._path)
        self._path.pop()
        if depth == 3:
            self._values[name] = self._shown or "".join(self._text)
        elif depth == 2 and self._values:
            self.ready.append((self._line, name, self._values))


class XmlReader:
    """Reads the records of one name."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.record = ""

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every record; where the text is damaged, the rest is one rejected row."""
        for line, name, values in self.records(watch):
            if not name:
                yield Rejected(line, f"The XML cannot be read from here on ({values['why']}).")
            elif name == self.record:
                yield Record(line, dict(values))

    def records(self, watch: Watch) -> Iterator[tuple[int, str, dict[str, str]]]:
        """Yield (line, name, fields) of every record; an empty name with `why` ends a bad file."""
        parser = expat.ParserCreate()
        handler = _Handler(parser)
        with self._source.open() as (stream, used):
            while True:
                chunk = stream.read(_CHUNK)
                watch.tick(used())
                why = ""
                try:
                    parser.Parse(chunk, not chunk)
                except expat.ExpatError as error:
                    why = expat.ErrorString(error.code)
                except (_RefusedError, LookupError, ValueError) as error:
                    why = str(error)
                while handler.ready:
                    yield handler.ready.popleft()
                if why:
                    yield parser.CurrentLineNumber, "", {"why": why}
                if why or not chunk:
                    return


def looks_like_xml(head: bytes) -> bool:
    """Tell XML by its first sign."""
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    return bool(_START.match(text))


def open_xml(source: ByteSource, watch: Watch) -> Table:
    """Open an XML file and find the records in it.

    Raises InvalidInputError for what holds none, or declares a document type.
    """
    reader = XmlReader(source)
    counts: Counter[str] = Counter()
    sample: dict[str, list[dict[str, Any]]] = {}
    for line, name, values in reader.records(watch):
        if not name:
            if not counts:
                raise InvalidInputError(
                    f"{source.name} cannot be read as XML: line {line}, {values['why']}."
                )
            break
        counts[name] += 1
        kept = sample.setdefault(name, [])
        if len(kept) < SAMPLE_ROWS:
            kept.append(dict(values))
        if len(counts) > SAMPLE_ROWS:
            break
    if not counts:
        raise InvalidInputError(f"{source.name} is XML without records; nothing can be imported.")
    reader.record = _INCIDENT if _INCIDENT in counts else counts.most_common(1)[0][0]
    journal = None
    if _JOURNAL in counts and reader.record == _INCIDENT:
        journal = XmlReader(source)
        journal.record = _JOURNAL
    others = sum(counts.values()) - counts[reader.record] - (counts[_JOURNAL] if journal else 0)
    notes = [f"{others} other records of the file are not read."] if others else []
    rows = sample[reader.record]
    return Table(
        name=source.name,
        kind="xml",
        columns=tuple(dict.fromkeys(name for row in rows for name in row)),
        dialect=f"XML, records {reader.record}",
        size=source.size,
        reader=reader,
        sample=rows,
        notes=notes,
        journal=journal,
    )
