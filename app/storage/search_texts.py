"""What the search index holds of an incident, read from its rows and its journal."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.storage import search
from app.storage.search import SearchText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import apsw


FIELDS = frozenset(
    [
        "title",
        "description",
        "requester",
        "assignee",
        "team",
        "category",
        "service",
        "ci",
        "location",
        "root_cause",
        "workaround",
        "resolution",
        "detection",
        "contributing_factors",
        "business_effect",
        "external_id",
        "deleted",
        "verified_by",
    ]
)
"""A change of one of these fields changes what a search finds."""

_PEOPLE = ("requester", "assignee", "team")
_PLACES = ("category", "service", "ci", "location")
_LONG = ("root_cause", "workaround", "resolution", "detection", "contributing_factors")


def index_created(
    connection: apsw.Connection, ids: Sequence[int], batch: Sequence[tuple[object, Any]]
) -> None:
    """Add freshly created incidents to the index."""
    names = _names(connection, batch)
    search.index_many(
        connection,
        [
            (rowid, _text_of_create(value, names))
            for rowid, (_, value) in zip(ids, batch, strict=True)
        ],
    )


def _names(connection: apsw.Connection, batch: Sequence[tuple[object, Any]]) -> dict[str, str]:
    wanted = {
        value[field] for _, value in batch for field in (*_PEOPLE, *_PLACES) if value.get(field)
    }
    return {
        uid: connection.execute(
            "SELECT name FROM catalogue_item WHERE uid = ?", (bytes.fromhex(uid),)
        ).get
        or ""
        for uid in wanted
    }


def _text_of_create(value: dict[str, Any], names: dict[str, str]) -> SearchText:
    notes = _told(value)
    other = [names.get(value.get(field) or "", "") for field in _PLACES]
    other += [value[field] for field in _LONG if value.get(field)]
    other += value.get("tags", ())
    other += [v for v in value.get("custom", {}).values() if isinstance(v, str)]
    return SearchText(
        number=f"{value['number']} {value.get('external_id') or ''}".strip(),
        title=value.get("title", ""),
        description=value.get("description") or "",
        notes="\n".join(notes),
        people=" ".join(filter(None, (names.get(value.get(f) or "", "") for f in _PEOPLE))),
        other="\n".join(filter(None, other)),
    )


def _told(value: dict[str, Any]) -> list[str]:
    """Return the texts of a history, each once: other tools say "Updated" many times over."""
    return list(dict.fromkeys(event[3] for event in value.get("history", ()) if event[3]))


def reindex(connection: apsw.Connection, rowid: int) -> None:
    """Index an incident again after one of its texts changed; a deleted one leaves the index."""
    deleted = connection.execute("SELECT deleted FROM incident WHERE id = ?", (rowid,)).get
    if deleted:
        search.remove(connection, rowid)
        return
    text = load(connection, [rowid]).get(rowid)
    if text is not None:
        search.index_incident(connection, rowid, text)


def load(connection: apsw.Connection, rowids: Iterable[int]) -> dict[int, SearchText]:
    """Read the searchable text of incidents, for indexing and for snippets."""
    texts: dict[int, SearchText] = {}
    for some in _batched(rowids, AT_ONCE):
        rows = _rows(connection, some)
        notes = _notes(connection, [uid for uid, _ in rows.values()])
        for rowid, (uid, text) in rows.items():
            texts[rowid] = text._replace(notes="\n".join(notes.get(uid, ())))
    return texts


def load_rows(connection: apsw.Connection, rowids: Iterable[int]) -> dict[int, SearchText]:
    """Read the searchable text of incidents without their notes, which are in the journal."""
    return {
        rowid: text
        for some in _batched(rowids, AT_ONCE)
        for rowid, (_, text) in _rows(connection, some).items()
    }


def load_heads(connection: apsw.Connection, rowids: Iterable[int]) -> dict[int, SearchText]:
    """Read no more than number, title and description of incidents: most hits show in these."""
    return {
        rowid: SearchText(f"{number} {external}".strip(), title, description, "", "", "")
        for some in _batched(rowids, AT_ONCE)
        for rowid, number, external, title, description in connection.execute(
            f"""SELECT i.id, i.number, coalesce(i.external_id, ''), i.title, d.description
                FROM incident i JOIN incident_detail d ON d.id = i.id
                WHERE i.id IN ({_marks(some)})""",
            some,
        )
    }


AT_ONCE = 500
"""Incidents read by one statement."""

_MAIN = """SELECT i.id, i.uid, i.number, coalesce(i.external_id, ''), i.title, d.description,
    (SELECT group_concat(name, ' ') FROM catalogue_item
        WHERE uid IN (i.requester, i.assignee, i.team)),
    (SELECT group_concat(name, char(10)) FROM catalogue_item
        WHERE uid IN (i.category, i.service, i.ci, i.location)),
    d.root_cause, d.workaround, d.resolution, d.detection, d.contributing_factors,
    (SELECT group_concat(tag, char(10)) FROM incident_tag WHERE incident = i.id),
    (SELECT group_concat(value, char(10)) FROM custom_value WHERE incident = i.id),
    (SELECT group_concat(name, char(10)) FROM attachment WHERE incident = i.id AND deleted = 0)
    FROM incident i JOIN incident_detail d ON d.id = i.id WHERE i.id IN """


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _rows(
    connection: apsw.Connection, rowids: tuple[int, ...]
) -> dict[int, tuple[bytes, SearchText]]:
    """Return id and searchable text, but for the notes, of incidents by their rows."""
    found = {}
    for row in connection.execute(f"{_MAIN}({_marks(rowids)})", rowids):
        rowid, uid, number, external, title, description, people, *other = row
        text = SearchText(
            number=f"{number} {external}".strip(),
            title=title,
            description=description,
            notes="",
            people=people or "",
            other="\n".join(filter(None, other)),
        )
        found[rowid] = (uid, text)
    return found


def _notes(connection: apsw.Connection, uids: list[bytes]) -> dict[bytes, list[str]]:
    notes: dict[bytes, list[str]] = {}
    for root, kind, value in connection.execute(
        "SELECT root, kind, value FROM said WHERE op = 'create' AND kind IN ('incident', 'note') "
        f"AND root IN ({_marks(uids)}) ORDER BY hlc, station",
        uids,
    ):
        if value is None:
            continue
        content = json.loads(value)
        told = [content.get("text", "")] if kind == "note" else _told(content)
        notes.setdefault(root, []).extend(filter(None, told))
    return notes


def _batched(values: Iterable[int], size: int) -> Iterator[tuple[int, ...]]:
    """Return values in tuples of at most `size`."""
    rest = iter(values)
    while some := tuple(islice(rest, size)):
        yield some
