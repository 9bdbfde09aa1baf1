"""Full-text search over everything of an incident (speed.md, search at a million rows).

Two FTS5 indexes: words with prefixes, for typing; trigrams for codes, paths and parts of words.
Both are contentless: texts are read back only for the hits that are shown. Text and query are
folded by the same rule, so accents and case never matter. A query is built from quoted words only:
there is no syntax that a user could get wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.folding import fold
from app.system.courtesy import courteously, give_way

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

RANK_WITHIN = 2_000
"""Ranking looks at the newest hits only; ranking all of a common word takes seconds."""

MERGED = 8
"""So many parts of an index are merged into one."""

_WORD = re.compile(r"\w+", re.UNICODE)
_PHRASE = re.compile(r'-?"[^"]*"?|\S+')
_SCRIPT_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class SearchText(NamedTuple):
    """What is searched of one incident; the fields of a hit carry these names."""

    number: str
    title: str
    description: str
    notes: str
    people: str
    other: str


class Hit(NamedTuple):
    """One found incident: its row, the field that matched, text around it with spans to mark."""

    rowid: int
    field: str
    snippet: str
    spans: tuple[tuple[int, int], ...]
    score: float


class SearchResult(NamedTuple):
    """How many incidents match in all, and the hits that are shown."""

    total: int
    hits: tuple[Hit, ...]


Loader = Callable[[Iterable[int]], dict[int, SearchText]]
"""Reads the searchable texts of some incidents."""


class Query(NamedTuple):
    """A line of text as the indexes understand it: phrases to find, phrases to leave out."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    parts: tuple[str, ...]
    """Phrases that have no word characters or a script without spaces: parts of text."""


def create_index(connection: apsw.Connection) -> None:
    """Create the two indexes (part of the first migration)."""
    columns = ", ".join(SearchText._fields)
    connection.execute(
        f"CREATE VIRTUAL TABLE incident_fts USING fts5({columns}, content='', "
        "contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute(
        "CREATE VIRTUAL TABLE incident_trigram USING fts5(text, content='', contentless_delete=1, "
        "detail=none, tokenize='trigram case_sensitive 1')"
    )


def merge_seldom(connection: apsw.Connection) -> None:
    """Let eight small parts of an index gather before they are merged.

    SQLite's own four make every fourth edit pay for a merge (measured: 4.3 ms of processor time for
    an edit on average, 2.0 with eight).
    """
    for table in ("incident_fts", "incident_trigram"):
        connection.execute(f"INSERT INTO {table}({table}, rank) VALUES ('automerge', {MERGED})")


def clear(connection: apsw.Connection) -> None:
    """Empty both indexes, before a rebuild."""
    for table in ("incident_fts", "incident_trigram"):
        connection.execute(f"INSERT INTO {table}({table}) VALUES ('delete-all')")


def index_many(connection: apsw.Connection, rows: Sequence[tuple[int, SearchText]]) -> None:
    """Add incidents that are not in the index yet."""
    folded = []
    for rowid, text in rows:
        give_way()
        folded.append((rowid, tuple(fold(part) for part in text)))
    connection.executemany(
        "INSERT INTO incident_fts(rowid, number, title, description, notes, people, other) "
        "VALUES (?,?,?,?,?,?,?)",
        courteously((rowid, *parts) for rowid, parts in folded),
    )
    connection.executemany(
        "INSERT INTO incident_trigram(rowid, text) VALUES (?,?)",
        courteously((rowid, "\n".join(parts)) for rowid, parts in folded),
    )


def index_incident(connection: apsw.Connection, rowid: int, text: SearchText) -> None:
    """Index an incident again after one of its texts changed."""
    remove(connection, rowid)
    index_many(connection, [(rowid, text)])


def remove(connection: apsw.Connection, rowid: int) -> None:
    """Take an incident out of the index."""
    connection.execute("DELETE FROM incident_fts WHERE rowid = ?", (rowid,))
    connection.execute("DELETE FROM incident_trigram WHERE rowid = ?", (rowid,))


def read_query(text: str) -> Query:
    """Read what somebody typed: words, "phrases", and -words to leave out."""
    wanted, unwanted, parts = [], [], []
    # Half a character (a byte that is no UTF-8 on a command line) becomes a mark, as in texts.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for raw in _PHRASE.findall(text.replace("\x00", " ")):
        minus = raw.startswith("-") and len(raw) > 1
        phrase = fold(raw[1:] if minus else raw).strip('" ')
        if not phrase:
            continue
        if _SCRIPT_WITHOUT_SPACES.search(phrase) or _says_little_in_words(phrase):
            parts.append(phrase)
        elif minus:
            unwanted.append(phrase)
        else:
            wanted.append(phrase)
    return Query(tuple(wanted), tuple(unwanted), tuple(parts))


def _says_little_in_words(phrase: str) -> bool:
    """Tell whether signs carry the meaning, as in `C++`; single letters would find everything."""
    words = _WORD.findall(phrase)
    return not words or (len(phrase) > 2 and all(len(word) == 1 for word in words))


def _quoted(phrase: str, *, prefix: bool) -> str:
    words = " ".join(_WORD.findall(phrase))
    return f'"{words}"' + ("*" if prefix else "")


def _match(query: Query, *, typing: bool) -> str:
    last = len(query.wanted) - 1
    terms = [
        _quoted(phrase, prefix=typing and index == last)
        for index, phrase in enumerate(query.wanted)
    ]
    match = " AND ".join(terms)
    for phrase in query.unwanted:
        match += f" NOT {_quoted(phrase, prefix=False)}"
    return match


def text_clause(words: Sequence[str]) -> tuple[str, list[Any]]:
    """Return a condition on `i.id` for the free words of a filter, with its values."""
    query = read_query(" ".join(f'"{word}"' if " " in word else word for word in words))
    clauses, values = [], []
    if query.wanted:
        clauses.append("i.id IN (SELECT rowid FROM incident_fts WHERE incident_fts MATCH ?)")
        values.append(_match(query, typing=True))
    for part in query.parts:
        clause, value = _part_clause(part)
        clauses.append(f"i.id IN ({clause})")
        values.append(value)
    return (" AND ".join(clauses) or "1"), values


def _part_clause(part: str) -> tuple[str, str]:
    if len(part) >= 3:
        trigrams = [part[i : i + 3].replace('"', '""') for i in range(len(part) - 2)]
        match = " AND ".join(f'"{t}"' for t in dict.fromkeys(trigrams))
        return "SELECT rowid FROM incident_trigram WHERE incident_trigram MATCH ?", match
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return (
        "SELECT s.id FROM incident s JOIN incident_detail t ON t.id = s.id "
        "WHERE s.title || ' ' || t.description LIKE ? ESCAPE '\\'",
        f"%{escaped}%",
    )


def search(
    connection: apsw.Connection,
    text: str,
    *,
    loaders: Sequence[Loader],
    limit: int = 50,
    newest_first: bool = True,
    rank_within: int = RANK_WITHIN,
    count_all: bool = True,
) -> SearchResult:
    """Search everything, newest first or best first within the newest hits.

    Args:
        connection: the thread's connection.
        text: what was typed; anything is allowed.
        loaders: read the texts of hits, for snippets and for verifying codes and paths: each more
            of them than the one before, the last all. A hit is read by the next one only when its
            texts do not show every phrase yet.
        limit: how many hits to show.
        newest_first: order by age; else by rank within the newest `rank_within` hits.
        rank_within: how many of the newest hits ranking looks at.
        count_all: tell how many match in all; without it counting stops past `rank_within`, which
            is what keeps a key quick among a million incidents.
    """
    query = read_query(text)
    if not (query.wanted or query.parts):
        return SearchResult(0, ())
    clauses, values = [], []
    if query.wanted:
        clauses.append("rowid IN (SELECT rowid FROM incident_fts WHERE incident_fts MATCH ?)")
        values.append(_match(query, typing=True))
    for part in query.parts:
        clause, value = _part_clause(part)
        clauses.append(f"rowid IN ({clause})")
        values.append(value)
    where = " AND ".join(clauses)
    if query.wanted and not query.parts:
        where = "incident_fts MATCH ?"
    counted = f"SELECT count(*) FROM incident_fts WHERE {where}"
    if not count_all:
        some = f"SELECT 1 FROM incident_fts WHERE {where} LIMIT {rank_within + 1}"
        counted = f"SELECT count(*) FROM ({some})"
    total: Any = connection.execute(counted, values).get
    if not total:
        return _inside_words(connection, query, loaders[-1], limit)
    rank = "bm25(incident_fts, 10, 8, 2, 1, 3, 1)" if where.startswith("incident_fts") else "0.0"
    order = "rowid DESC" if newest_first or total > rank_within else rank
    rows: Any = connection.execute(
        f"SELECT rowid, {rank if total <= rank_within else '0.0'} FROM incident_fts "
        f"WHERE {where} ORDER BY {order} LIMIT ?",
        [*values, limit],
    ).fetchall()
    texts: dict[int, SearchText] = {}
    found: dict[int, tuple[str, tuple[tuple[int, int], ...]]] = {}
    phrases = len(query.wanted) + len(query.parts)
    dim = [rowid for rowid, _ in rows]
    for load in loaders:
        read = load(dim)
        texts |= read
        found |= {rowid: _best_spans(text, query) for rowid, text in read.items()}
        dim = [rowid for rowid in read if len(found[rowid][1]) < phrases]
        if not dim:
            break
    hits = [
        _snippet(rowid, found[rowid][0], getattr(texts[rowid], found[rowid][0]), found[rowid][1],
                 -score)
        for rowid, score in rows
        if rowid in texts
    ]  # fmt: skip
    return SearchResult(total, tuple(hits))


def _inside_words(
    connection: apsw.Connection,
    query: Query,
    load_texts: Loader,
    limit: int,
) -> SearchResult:
    """Look inside words, where no word begins with what was typed; hits are verified."""
    phrases = [p for p in (*query.wanted, *query.parts) if len(p) >= 3]
    if len(phrases) != len(query.wanted) + len(query.parts) or query.unwanted:
        return SearchResult(0, ())
    clauses = [_part_clause(phrase) for phrase in phrases]
    where = " AND ".join(f"rowid IN ({clause})" for clause, _ in clauses)
    rows: Any = connection.execute(
        f"SELECT rowid FROM incident_trigram WHERE {where} ORDER BY rowid DESC LIMIT ?",
        [*(value for _, value in clauses), RANK_WITHIN],
    ).fetchall()
    texts = load_texts([rowid for (rowid,) in rows[: limit * 4]])
    hits = [
        _hit(rowid, text, query, 0.0)
        for rowid, text in texts.items()
        if all(any(phrase in fold(part) for part in text) for phrase in phrases)
    ]
    return SearchResult(len(hits), tuple(hits[:limit]))


def _hit(rowid: int, text: SearchText, query: Query, score: float) -> Hit:
    best, spans = _best_spans(text, query)
    return _snippet(rowid, best, getattr(text, best), spans, score)


def _best_spans(text: SearchText, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the field that shows most of what was asked, the first of equals, and where."""
    phrases = (*query.wanted, *query.parts)
    best = "title"
    best_spans: tuple[tuple[int, int], ...] = ()
    for name, part in zip(SearchText._fields, text, strict=True):
        spans = _spans(part, phrases)
        if len(spans) > len(best_spans):
            best, best_spans = name, spans
            if len(spans) == len(phrases):
                break
    return best, best_spans


def _spans(text: str, phrases: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return where phrases stand in a text; offsets hold when folding keeps its length."""
    folded = fold(text)
    if len(folded) != len(text):
        folded = text.lower()
    spans = []
    for phrase in phrases:
        start = folded.find(phrase)
        if start >= 0:
            spans.append((start, start + len(phrase)))
    return tuple(sorted(spans))


def _snippet(
    rowid: int, field: str, text: str, spans: tuple[tuple[int, int], ...], score: float
) -> Hit:
    begin = max(0, spans[0][0] - 40) if spans else 0
    end = min(len(text), begin + 120)
    before = "\u2026" if begin else ""
    shift = len(before) - begin
    shown = before + text[begin:end].replace("\n", " ") + ("\u2026" if end < len(text) else "")
    inside = tuple((a + shift, b + shift) for a, b in spans if begin <= a and b <= end)
    return Hit(rowid, field, shown, inside, score)
