"""Which mail is in which incident, told by its Message-ID, and mails that were not taken in.

A mail's original is an attachment whose journal row names the Message-ID, so every station knows
which mails are in already. The quarantine is this workstation's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

FIELD = "message_id"
"""The key in an attachment's journal value under which a mail's original names itself."""
IGNORED, HELD, UNREADABLE, TAKEN = "ignored", "held", "unreadable", "taken"
"""States of a kept mail; `TAKEN` is one that a person let in later."""
DISCARDED = "discarded"
"""A kept mail that a person does not want; its original stays, and so it can be taken back."""
_COLUMNS = "message_id, state, reason, source, sender, subject, incident, sha256, size, received_at"


class KeptMail(NamedTuple):
    """A mail that was not taken in, with the reason; `incident` is the one that it claims."""

    message_id: str
    state: str
    reason: str
    source: str
    sender: str
    subject: str
    incident: bytes | None
    sha256: str
    size: int
    received_at: int


def put(connection: apsw.Connection, message_id: Any, incident: bytes, attachment: bytes) -> None:
    """Note that the original of a mail is attached to an incident."""
    if isinstance(message_id, str) and message_id:
        connection.execute(
            "INSERT OR IGNORE INTO mail_message VALUES (?,?,?)", (message_id, incident, attachment)
        )


def incident_of(connection: apsw.Connection, message_ids: Sequence[str]) -> bytes | None:
    """Return the incident that holds a mail with one of these ids; the last id counts most."""
    for message_id in reversed(message_ids):
        found: bytes | None = connection.execute(
            "SELECT m.incident FROM mail_message m JOIN incident i ON i.uid = m.incident "
            "WHERE m.message_id = ? ORDER BY i.deleted, m.attachment LIMIT 1",
            (message_id,),
        ).get
        if found is not None:
            return found
    return None


def incident_of_letter(connection: apsw.Connection, message_ids: Sequence[str]) -> bytes | None:
    """Return the incident of the letter of ours that has one of these ids."""
    for message_id in reversed(message_ids):
        found: bytes | None = connection.execute(
            "SELECT incident FROM outbox WHERE message_id = ?", (message_id,)
        ).get
        if found is not None:
            return found
    return None


def incident_of_token(connection: apsw.Connection, token: str) -> bytes | None:
    """Return the incident of the letter of ours that carries this token."""
    found: bytes | None = connection.execute(
        "SELECT incident FROM outbox WHERE instr(message_id, ?) LIMIT 1", (f".{token}@",)
    ).get
    return found


def message_ids(connection: apsw.Connection, incident: bytes) -> list[str]:
    """Return the ids of the mails that came into an incident, the oldest first."""
    rows: Any = connection.execute(
        "SELECT message_id FROM mail_message WHERE incident = ? ORDER BY attachment", (incident,)
    )
    return [message_id for (message_id,) in rows]


def keep(connection: apsw.Connection, mail: KeptMail) -> None:
    """Keep a mail in the quarantine; one that is there already stays as it is."""
    marks = ",".join("?" * len(mail))
    connection.execute(f"INSERT OR IGNORE INTO mail_quarantine ({_COLUMNS}) VALUES ({marks})", mail)


def kept(connection: apsw.Connection, message_id: str) -> KeptMail | None:
    """Return a mail of the quarantine."""
    row: Any = connection.execute(
        f"SELECT {_COLUMNS} FROM mail_quarantine WHERE message_id = ?", (message_id,)
    ).get
    return None if row is None else KeptMail._make(row)


def every_kept(connection: apsw.Connection) -> list[KeptMail]:
    """Return the quarantine, the newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM mail_quarantine ORDER BY received_at DESC, message_id"
    )
    return [KeptMail._make(row) for row in rows]


def count_waiting(connection: apsw.Connection) -> int:
    """Return how many kept mails wait for a person."""
    found: Any = connection.execute(
        "SELECT count(*) FROM mail_quarantine WHERE state IN (?, ?)", (HELD, UNREADABLE)
    ).get
    return int(found)


def settle(connection: apsw.Connection, message_id: str, state: str) -> None:
    """Note what a person decided about a kept mail."""
    connection.execute(
        "UPDATE mail_quarantine SET state = ? WHERE message_id = ?", (state, message_id)
    )


def addresses(connection: apsw.Connection, incident: bytes) -> set[str]:
    """Return the addresses of those who take part in an incident, as its people are known now."""
    rows: Any = connection.execute(
        "SELECT lower(p.data ->> 'mail') FROM incident i JOIN catalogue_item p ON p.uid IN "
        "(i.requester, i.assignee) WHERE i.uid = ?1 AND p.data ->> 'mail' != '' "
        "UNION SELECT lower(r.value ->> 1) FROM outbox o, json_each(o.recipients) r "
        "WHERE o.incident = ?1",
        (incident,),
    )
    return {address for (address,) in rows if address}


def people_with(connection: apsw.Connection, address: str) -> list[tuple[bytes, str]]:
    """Return the people in use that have this address, the one made first before others."""
    rows: Any = connection.execute(
        "SELECT uid, name FROM catalogue_item WHERE kind = 'person' AND deleted = 0 "
        "AND lower(data ->> 'mail') = ? ORDER BY uid",
        (address.lower(),),
    )
    return list(rows)
