"""Rows of an SQL dump as a stream, as `mysqldump` and `mariadb-dump` write them. Nothing is run.

Only what INSERT ... VALUES lists is taken, and the names of columns that CREATE TABLE tells. What a
dump says beside that (comments, SET, LOCK, DROP) is passed over; any other statement is told as a
rejected row. Each row is `{"table": name, "fields": {column: value}}`.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.import_record import Record, Rejected
from app.intake.table import SAMPLE_ROWS, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

    from app.intake.byte_source import ByteSource
    from app.intake.encoding import Encoding

_CHUNK = 1 << 18
_LONGEST = 8 << 20
"""Characters of one value or statement head; more is a quote that was never closed."""
_BLANK = re.compile(r"(?:\s+|--[^\n]*\n|#[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_COMMENTS = ("/*", "--", "#")
_WORD = re.compile(r"[A-Za-z_]+")
_INSERT = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+`?([\w.$-]+)`?\s*(?:\(([^()']*)\))?\s*VALUES?\s*",
    re.IGNORECASE,
)
_CREATE = re.compile(
    r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`?([\w.$-]+)`?\s*\(", re.IGNORECASE
)
_COLUMN = re.compile(r"^\s*`([^`\n]+)`\s", re.MULTILINE)
_QUOTED = r"""'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\.|"")[^"\\]*)*\""""
_PIECE = re.compile(
    rf"""(?:_binary\s+|_utf8mb4\s+|[NX](?='))?({_QUOTED})|([^\s,()'";]+)""", re.DOTALL
)
_STATEMENT = re.compile(
    rf"""(?:[^;'"`/\-#]++|{_QUOTED}|`[^`]*`|/\*.*?\*/|--[^\n]*\n|[/\-#])*+;""", re.DOTALL
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "b": "\b", "Z": "\x1a"}
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_USUAL = frozenset(
    ("set", "lock", "unlock", "drop", "use", "start", "begin", "commit", "create", "alter")
)
_LOOKS = re.compile(
    r"\A\ufeff?\s*(?:--|/\*|#|(?:CREATE|INSERT|DROP|SET|USE|START|LOCK)\s)", re.IGNORECASE
)
_TELLS = re.compile(r"^\s*(?:/\*!|INSERT\s+INTO\s|CREATE\s+TABLE\s|-- \w+ dump)", re.I | re.M)


class _DamagedError(Exception):
    """The dump cannot be followed from here on."""


class _Scanner:
    """A window that slides over the text."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._window = ""
        self._at = 0
        self._before = 1
        self._ended = False

    def line(self) -> int:
        return self._before + self._window.count("\n", 0, self._at)

    def _more(self) -> bool:
        if self._ended:
            return False
        left = len(self._window) - self._at
        if left > _LONGEST:
            raise _DamagedError("a quote or a statement is never ended")
        chunk = self._text.read(max(_CHUNK, left))
        self._before += self._window.count("\n", 0, self._at)
        self._window, self._at = self._window[self._at :] + chunk, 0
        self._ended = not chunk
        return bool(chunk)

    def peek(self) -> str:
        """Pass over blanks and comments; return the next sign, or "" at the end."""
        while True:
            found = _BLANK.match(self._window, self._at)
            self._at = found.end() if found else self._at
            rest = self._window[self._at : self._at + 3]
            # A comment that is still there is not ended in this window.
            if len(rest) == 3 and not rest.startswith(_COMMENTS):
                return rest[:1]
            if not self._more():
                last = rest.startswith(("--", "#"))
                self._at = len(self._window) if last else self._at
                return "" if last else rest[:1]

    def take(self, pattern: re.Pattern[str]) -> Match[str] | None:
        """Take what the pattern finds here, reading on until it is whole."""
        while True:
            found = pattern.match(self._window, self._at)
            if (found is None or found.end() == len(self._window)) and self._more():
                continue
            if found is not None:
                self._at = found.end()
            return found

    def sees(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether the pattern stands here."""
        if len(self._window) - self._at < 4096:
            self._more()
        return pattern.match(self._window, self._at) is not None

    def expect(self, signs: str) -> str:
        sign = self.peek()
        if not sign or sign not in signs:
            raise _DamagedError(f"expected {' or '.join(signs)}, found {sign or 'the end'}")
        self._at += 1
        return sign


class SqlReader:
    """Reads all inserted rows."""

    def __init__(self, source: ByteSource, encoding: Encoding) -> None:
        self._source = source
        self._encoding = encoding

    def rows(self, watch: Watch) -> Iterator[Record | Rejected]:
        """Read every row of every table; other statements are rejected by their line."""
        columns: dict[str, tuple[str, ...]] = {}
        with self._source.open() as (raw, used):
            text = io.TextIOWrapper(raw, self._encoding.name, errors="replace")
            scanner = _Scanner(text)
            try:
                while scanner.peek():
                    watch.tick(used())
                    yield from self._statement(scanner, columns, watch)
            except _DamagedError as damage:
                yield Rejected(scanner.line(), f"The dump cannot be read from here on ({damage}).")
            text.detach()

    def _statement(
        self, scanner: _Scanner, columns: dict[str, tuple[str, ...]], watch: Watch
    ) -> Iterator[Record | Rejected]:
        line = scanner.line()
        if scanner.sees(_INSERT):
            yield from self._inserted(scanner, columns, watch)
            return
        word = scanner.take(_WORD) if scanner.sees(_WORD) else None
        creates = word is not None and word[0].lower() == "create"
        whole = scanner.take(_STATEMENT)
        if whole is None:
            raise _DamagedError("a statement is not ended")
        name = word[0].lower() if word else ""
        if creates and (found := _CREATE.match("CREATE" + whole[0])):
            columns[found[1]] = tuple(_COLUMN.findall(whole[0]))
        elif (word or whole[0].strip() != ";") and name not in _USUAL:
            said = name.upper() or "a statement"
            yield Rejected(line, f"{said} is no INSERT of a dump; it was passed over, not run.")

    def _inserted(
        self, scanner: _Scanner, columns: dict[str, tuple[str, ...]], watch: Watch
    ) -> Iterator[Record | Rejected]:
        head = scanner.take(_INSERT)
        if head is None:
            raise _DamagedError("an INSERT is cut off")
        table = head[1]
        named = tuple(
            part.strip(' `"\n\r\t') for part in (head[2] or "").split(",") if part.strip()
        )
        names = named or columns.get(table, ())
        while True:
            line = scanner.line()
            scanner.expect("(")
            values = self._values(scanner)
            if not names:
                yield Rejected(
                    line, f"The columns of {table} are not told; dump with CREATE TABLE."
                )
            elif len(values) != len(names):
                yield Rejected(line, f"The row has {len(values)} values for {len(names)} columns.")
            else:
                fields = dict(zip(names, values, strict=True))
                yield Record(line, {"table": table, "fields": fields})
            if scanner.expect(",;") == ";":
                return

    def _values(self, scanner: _Scanner) -> list[Any]:
        values: list[Any] = []
        while True:
            scanner.peek()
            piece = scanner.take(_PIECE)
            if piece is None:
                raise _DamagedError("a value is no text, number or NULL")
            values.append(_value(piece))
            if scanner.expect(",)") == ")":
                return values


def _value(piece: Match[str]) -> Any:
    if piece[1] is not None:
        return _ESCAPED.sub(lambda m: _ESCAPES.get(m[1], m[1]) if m[1] else "'", piece[1][1:-1])
    word = piece[2]
    if word.upper() in ("NULL", "DEFAULT"):
        return None
    try:
        return int(word)
    except ValueError:
        return word


def looks_like_sql(head: str) -> bool:
    """Tell a dump by how it begins."""
    return bool(_LOOKS.match(head) and _TELLS.search(head))


def open_sql(source: ByteSource, encoding: Encoding) -> Table:
    """Open a dump; raise InvalidInputError when nothing is inserted in it."""
    reader = SqlReader(source, encoding)
    sample: list[dict[str, Any]] = []
    reason = "it inserts no rows"
    for row in reader.rows(Watch()):
        if isinstance(row, Record):
            sample.append(row.values)
        else:
            reason = f"line {row.line}, {row.reason}"
        if len(sample) >= SAMPLE_ROWS:
            break
    if not sample:
        raise InvalidInputError(f"{source.name} is an SQL dump without rows to read: {reason}")
    return Table(
        name=source.name,
        kind="sql",
        columns=("table", "fields"),
        dialect=f"SQL dump, {encoding.name.upper()}",
        size=source.size,
        reader=reader,
        sample=sample,
    )
