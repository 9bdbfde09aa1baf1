"""Brings a database file to the schema of this program, or refuses it with a sentence.

Each migration runs in one transaction with `PRAGMA user_version`, after a copy of the file was put
beside it; a file of a newer program is never touched (house.md, habits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import apsw

from app.storage import schema, search
from app.storage.migrations import (
    m0001_journal_and_incidents,
    m0002_import_keys,
    m0003_drafts,
    m0004_query_plans,
    m0005_search_queue,
    m0006_sharing,
    m0007_issued_reports_and_outbox,
    m0008_redaction,
    m0009_review_and_survey,
    m0010_not_understood,
    m0011_mail,
    m0012_alerts,
    m0013_major_incidents,
    m0014_replies,
    m0015_received_alerts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.storage.database import Database


class Migration(NamedTuple):
    """One step of the schema: its version, its name and what it does."""

    version: int
    name: str
    run: Callable[[apsw.Connection], None]


def _step(
    statements: Sequence[str], then: Callable[[apsw.Connection], None] | None = None
) -> Callable[[apsw.Connection], None]:
    """Return what runs the statements, and then what is no statement."""

    def run(connection: apsw.Connection) -> None:
        for statement in statements:
            connection.execute(statement)
        if then is not None:
            then(connection)

    return run


MIGRATIONS = (
    Migration(
        1,
        "journal and incidents",
        _step(m0001_journal_and_incidents.STATEMENTS, search.create_index),
    ),
    Migration(2, "import keys", _step(m0002_import_keys.STATEMENTS)),
    Migration(3, "drafts", _step(m0003_drafts.STATEMENTS)),
    Migration(4, "query plans", _step(m0004_query_plans.STATEMENTS, search.merge_seldom)),
    Migration(5, "search queue", _step(m0005_search_queue.STATEMENTS)),
    Migration(6, "sharing", _step(m0006_sharing.STATEMENTS)),
    Migration(7, "issued reports and outbox", _step(m0007_issued_reports_and_outbox.STATEMENTS)),
    Migration(8, "redaction", _step(m0008_redaction.STATEMENTS)),
    Migration(9, "review and survey", _step(m0009_review_and_survey.STATEMENTS)),
    Migration(10, "not understood", _step(m0010_not_understood.STATEMENTS)),
    Migration(11, "mail", _step(m0011_mail.STATEMENTS)),
    Migration(12, "alerts", _step(m0012_alerts.STATEMENTS)),
    Migration(13, "major incidents", _step(m0013_major_incidents.STATEMENTS)),
    Migration(14, "replies", _step(m0014_replies.STATEMENTS)),
    Migration(15, "received alerts", _step(m0015_received_alerts.STATEMENTS)),
)


def bring_up_to_date(database: Database, path: Path) -> None:
    """Migrate the file at `path`; raises StoreError when it is newer or not ours."""
    connection = database.connection()
    version = schema.schema_of(connection, path)
    if version == schema.NEWEST:
        return
    if version:
        _copy_beside(connection, path, version)
    with database.atomic("IMMEDIATE"):  # all of them: nobody finds a file that is half made
        # Another process may have been faster.
        version = int(connection.pragma("user_version"))
        for migration in MIGRATIONS:
            if migration.version > version:
                migration.run(connection)
                connection.pragma("application_id", schema.APPLICATION_ID)
                connection.pragma("user_version", migration.version)


def make_first(path: Path) -> None:
    """Make an empty file of the first schema, for a test of all later steps."""
    connection = apsw.Connection(str(path))
    try:
        with connection:
            MIGRATIONS[0].run(connection)
            connection.pragma("application_id", schema.APPLICATION_ID)
            connection.pragma("user_version", MIGRATIONS[0].version)
    finally:
        connection.close()


def _copy_beside(connection: apsw.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.stem}.before-schema-{schema.NEWEST}.from-{version}{path.suffix}")
    target = apsw.Connection(str(copy))
    try:
        with target.backup("main", connection, "main") as backup:
            backup.step(-1)
    finally:
        target.close()
