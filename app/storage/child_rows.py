"""Rows of what belongs to an incident and needs a table of its own: attachments and outages.

Notes, people told, time entries, status updates and follow-ups are read from the journal itself
(`timeline`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.storage import contested, mail_rows, search_queue

if TYPE_CHECKING:
    import apsw

    from app.domain.journal_entry import Change

KINDS = frozenset(
    {"note", "attachment", "told", "time_entry", "follow_up", "outage", "status_update"}
)
WITH_ROWS = frozenset({"attachment", "outage"})
_SEARCHED = frozenset({"note", "attachment"})


def apply(
    connection: apsw.Connection, batch: list[tuple[Change, Any]], *, late: bool = False
) -> None:
    """Insert, change or mark deleted the children named in the batch.

    With `late` what is said of a child may have come before the child itself.
    """
    touched: dict[bytes, int] = {}
    for change, value in batch:
        if change.op == "create":
            _create(connection, change, value)
            said_before = late and change.kind in WITH_ROWS
            for field in contested.fields_of(connection, change.entity) if said_before else ():
                told = contested.current(connection, change.entity, field)
                if told is not None:
                    _set(connection, change._replace(field=field), told.value)
        else:
            _set(connection, change, value)
        touched[change.root] = max(touched.get(change.root, 0), change.at)
    searched = {change.root for change, _ in batch if change.kind in _SEARCHED}
    connection.executemany(
        "UPDATE incident SET updated_at = ?2 WHERE uid = ?1 AND updated_at < ?2", touched.items()
    )
    search_queue.put_uids(connection, searched)


def _set(connection: apsw.Connection, change: Change, value: Any) -> None:
    if change.field == "deleted" and change.kind == "attachment":
        connection.execute(  # nothing brings a redacted file back
            "UPDATE attachment SET deleted = ? OR sha256 = '' WHERE uid = ?",
            (bool(value), change.entity),
        )
    elif change.field == "deleted" and change.kind == "outage":
        connection.execute(
            "UPDATE outage SET deleted = ? WHERE uid = ?", (bool(value), change.entity)
        )
    elif change.field == "to_at" and change.kind == "outage":
        connection.execute("UPDATE outage SET to_at = ? WHERE uid = ?", (value, change.entity))


def describe(connection: apsw.Connection, uid: bytes, value: dict[str, Any]) -> None:
    """Give an attachment the name and file that its row says now; one without a file is gone."""
    sha256 = value["sha256"]
    connection.execute(
        "UPDATE attachment SET name = ?, size = ?, sha256 = ?, media_type = ?, "
        "deleted = deleted OR ? WHERE uid = ?",
        (value["name"], value["size"], sha256, value["media_type"], not sha256, uid),
    )


def _create(connection: apsw.Connection, change: Change, value: dict[str, Any] | None) -> None:
    if change.kind not in WITH_ROWS or value is None:
        return
    rowid = connection.execute("SELECT id FROM incident WHERE uid = ?", (change.root,)).get
    if rowid is None:
        return
    if change.kind == "attachment":
        connection.execute(
            "INSERT OR IGNORE INTO attachment VALUES (?,?,?,?,?,?,?,?,?)",
            (
                change.entity,
                rowid,
                value["name"],
                value["size"],
                value["sha256"],
                value["media_type"],
                change.at,
                bytes.fromhex(value["added_by"]) if "added_by" in value else change.author,
                not value["sha256"],
            ),
        )
        mail_rows.put(connection, value.get(mail_rows.FIELD), change.root, change.entity)
    else:
        service = value.get("service")
        connection.execute(
            "INSERT OR IGNORE INTO outage VALUES (?,?,?,?,?,?,0)",
            (
                change.entity,
                rowid,
                bytes.fromhex(service) if service else None,
                value["from_at"],
                value.get("to_at"),
                bool(value.get("planned")),
            ),
        )
