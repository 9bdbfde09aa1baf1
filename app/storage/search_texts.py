"""What the search index holds of an incident, read from its rows and its journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.storage import search
from app.storage.search import SearchText

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    return {rowid: text for rowid in rowids if (text := _load_one(connection, rowid)) is not None}


def load_rows(connection: apsw.Connection, rowids: Iterable[int]) -> dict[int, SearchText]:
    """Read the searchable text of incidents without their notes, which are in the journal."""
    return {
        rowid: text
        for rowid in rowids
        if (text := _load_one(connection, rowid, notes=False)) is not None
    }


_MAIN = """SELECT i.uid, i.number, coalesce(i.external_id, ''), i.title, d.description,
    (SELECT group_concat(name, ' ') FROM catalogue_item
        WHERE uid IN (i.requester, i.assignee, i.team)),
    (SELECT group_concat(name, char(10)) FROM catalogue_item
        WHERE uid IN (i.category, i.service, i.ci, i.location)),
    d.root_cause, d.workaround, d.resolution, d.detection, d.contributing_factors,
    (SELECT group_concat(tag, char(10)) FROM incident_tag WHERE incident = i.id),
    (SELECT group_concat(value, char(10)) FROM custom_value WHERE incident = i.id),
    (SELECT group_concat(name, char(10)) FROM attachment WHERE incident = i.id AND deleted = 0)
    FROM incident i JOIN incident_detail d ON d.id = i.id WHERE i.id = ?"""


def _load_one(connection: apsw.Connection, rowid: int, *, notes: bool = True) -> SearchText | None:
    row = connection.execute(_MAIN, (rowid,)).get
    if row is None:
        return None
    uid, number, external, title, description, people, *other = row
    return SearchText(
        number=f"{number} {external}".strip(),
        title=title,
        description=description,
        notes="\n".join(_notes(connection, uid)) if notes else "",
        people=people or "",
        other="\n".join(filter(None, other)),
    )


def _notes(connection: apsw.Connection, uid: bytes) -> list[str]:
    notes: list[str] = []
    for kind, value in connection.execute(
        "SELECT kind, value FROM change WHERE root = ? AND op = 'create' AND kind IN "
        "('incident', 'note') ORDER BY hlc, station",
        (uid,),
    ):
        if value is None:
            continue
        content = json.loads(value)
        if kind == "note":
            notes.append(content.get("text", ""))
        else:
            notes += _told(content)
    return [note for note in notes if note]
