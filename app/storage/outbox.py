"""Letters that wait on this workstation to be handed to the mail server.

Each step of a letter is one committed update that names the state it comes from, so that of two
processes only one goes on, and a killed one leaves behind how far it had come.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.letter import OPEN, LetterState, Recipient

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import apsw

LEASE_MS = 300_000
"""A process that has said nothing of a letter for so long is taken for dead."""
KEPT_MS = 90 * 86_400_000
"""Letters that have ended are forgotten after so long."""

REPORT, REPLY = "report", "reply"
"""What a letter is: one with the report of a closed incident, or a reply to the requester."""
DRAFTS = "outgoing"
"""The folder of a profile in which letters stand that a mail program opens."""

_COLUMNS = (
    "message_id, incident, number, action, person, state, subject, body, recipients, made_at, "
    "due_at, tries, problem, ended_at, kind"
)


class KeptLetter(NamedTuple):
    """One letter without its bytes; instants in milliseconds."""

    message_id: str
    incident: bytes
    number: str
    action: bytes
    person: bytes
    state: LetterState
    subject: str
    body: str
    recipients: tuple[Recipient, ...]
    made_at: int
    due_at: int
    tries: int = 0
    problem: str = ""
    ended_at: int | None = None
    kind: str = REPORT


def _letter(row: Sequence[Any]) -> KeptLetter:
    known = KeptLetter(*row)
    people = tuple(Recipient(*one) for one in json.loads(row[8]))
    return known._replace(state=LetterState(row[5]), recipients=people)


def _people(recipients: Sequence[Recipient]) -> str:
    return json.dumps([list(one) for one in recipients])


def add(connection: apsw.Connection, letter: KeptLetter) -> None:
    """Put a letter into the outbox, and forget those that ended long ago."""
    connection.execute("DELETE FROM outbox WHERE ended_at < ?", (letter.made_at - KEPT_MS,))
    values = letter._replace(recipients=_people(letter.recipients))  # type: ignore[arg-type]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO outbox ({_COLUMNS}) VALUES ({marks})", values)


def every(connection: apsw.Connection) -> list[KeptLetter]:
    """Return all letters, those that wait first, then the newest."""
    marks = ", ".join(f"'{state}'" for state in sorted(OPEN))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox ORDER BY state NOT IN ({marks}), made_at DESC, message_id"
    )
    return [_letter(row) for row in rows]


def find(connection: apsw.Connection, message_id: str) -> KeptLetter | None:
    """Return a letter by its Message-ID."""
    row: Any = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE message_id = ?", (message_id,)
    ).get
    return None if row is None else _letter(row)


def content(connection: apsw.Connection, message_id: str) -> bytes | None:
    """Return the bytes of a letter that was written already."""
    found: bytes | None = connection.execute(
        "SELECT message FROM outbox WHERE message_id = ?", (message_id,)
    ).get
    return found


def keep_content(connection: apsw.Connection, message_id: str, message: bytes) -> None:
    """Keep the bytes of a letter: every try sends the same."""
    connection.execute("UPDATE outbox SET message = ? WHERE message_id = ?", (message, message_id))


def claim(connection: apsw.Connection, now_ms: int, token: str) -> KeptLetter | None:
    """Take the letter that is due longest, for the process that holds `token`."""
    row: Any = connection.execute(
        "UPDATE outbox SET state = ?, claim = ?, due_at = ? WHERE message_id = (SELECT message_id "
        "FROM outbox WHERE state = ? AND due_at <= ? ORDER BY due_at, message_id LIMIT 1) "
        "RETURNING message_id",
        (LetterState.SENDING, token, now_ms + LEASE_MS, LetterState.WAITING, now_ms),
    ).fetchall()
    return find(connection, row[0][0]) if row else None


def begin_handing_over(connection: apsw.Connection, message_id: str, token: str) -> bool:
    """Note that the end of the letter is sent now; False when it is another's by now."""
    connection.execute(
        "UPDATE outbox SET state = ? WHERE message_id = ? AND state = ? AND claim = ?",
        (LetterState.HANDING_OVER, message_id, LetterState.SENDING, token),
    )
    return bool(connection.changes())


def settle(
    connection: apsw.Connection,
    message_id: str,
    token: str,
    state: LetterState,
    *,
    problem: str = "",
    due_at: int = 0,
    tried: bool = True,
    recipients: Sequence[Recipient] | None = None,
    ended_at: int | None = None,
) -> bool:
    """Write how a try of the process that holds `token` ended; False when it is another's."""
    connection.execute(
        "UPDATE outbox SET state = ?1, claim = '', problem = ?2, due_at = ?3, tries = tries + ?4, "
        "recipients = coalesce(?5, recipients), ended_at = ?6, "
        "message = CASE WHEN ?1 = 'sent' THEN NULL ELSE message END "
        "WHERE message_id = ?7 AND claim = ?8 AND state IN ('sending', 'handing_over')",
        (
            state,
            problem,
            due_at,
            int(tried),
            None if recipients is None else _people(recipients),
            ended_at,
            message_id,
            token,
        ),
    )
    return bool(connection.changes())


def move(
    connection: apsw.Connection,
    message_ids: Collection[str],
    state: LetterState,
    *,
    of: Collection[LetterState],
    due_at: int = 0,
    problem: str = "",
    ended_at: int | None = None,
) -> int:
    """Bring letters that are in one of the states `of` to another; return how many were."""
    moved = 0
    marks = ", ".join("?" * len(of))
    for message_id in message_ids:
        connection.execute(
            f"UPDATE outbox SET state = ?, due_at = ?, problem = ?, ended_at = ?, claim = '' "
            f"WHERE message_id = ? AND state IN ({marks})",
            (state, due_at, problem, ended_at, message_id, *sorted(of)),
        )
        moved += connection.changes()
    return moved


def of_action(connection: apsw.Connection, action: bytes) -> list[str]:
    """Return the letters that an action put here."""
    rows = connection.execute("SELECT message_id FROM outbox WHERE action = ?", (action,))
    return [message_id for (message_id,) in rows]


def replies(connection: apsw.Connection, incident: bytes) -> dict[bytes, KeptLetter]:
    """Return the replies of this workstation on an incident, by the timeline's entry."""
    columns = ", ".join(f"o.{name}" for name in _COLUMNS.split(", "))
    rows: Any = connection.execute(
        f"SELECT {columns}, c.entity FROM outbox o JOIN change c ON c.root = o.incident "
        "AND c.action = o.action AND c.kind = 'note' AND c.op = 'create' "
        "WHERE o.incident = ? AND o.kind = ?",
        (incident, REPLY),
    ).fetchall()
    return {row[-1]: _letter(row[:-1]) for row in rows}


def recover(connection: apsw.Connection, now_ms: int, unsure: str, *, alone: bool) -> None:
    """Take up what a process left that was killed.

    What the server cannot have had waits again; what it may have had is `unsure`, with that word of
    explanation. Without `alone` only what nobody has touched for a while is taken up.
    """
    before = now_ms + LEASE_MS + 1 if alone else now_ms
    connection.execute(
        "UPDATE outbox SET state = ?, claim = '', due_at = ? WHERE state = ? AND due_at < ?",
        (LetterState.WAITING, now_ms, LetterState.SENDING, before),
    )
    connection.execute(
        "UPDATE outbox SET state = ?, claim = '', problem = ?, ended_at = NULL "
        "WHERE state = ? AND due_at < ?",
        (LetterState.UNSURE, unsure, LetterState.HANDING_OVER, before),
    )


def forget(connection: apsw.Connection, incident: bytes) -> None:
    """Forget the letters of an incident, those that wait too: they hold what is to be gone."""
    connection.execute("DELETE FROM outbox WHERE incident = ?", (incident,))


def next_due(connection: apsw.Connection) -> int | None:
    """Return when the next letter is due, None when none waits."""
    found: int | None = connection.execute(
        "SELECT min(due_at) FROM outbox WHERE state = ?", (LetterState.WAITING,)
    ).get
    return found
