"""Which schema a database file has, without the steps that would bring it to another.

A file that is up to date is opened at every start, so this imports nothing of the migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    import apsw

APPLICATION_ID = 0x1DE5_0001
"""Stands in the file's header, so that a foreign SQLite file is never taken for ours."""
NEWEST = 15
"""The schema of this program: the version of the last migration, which a test compares."""


def schema_of(connection: apsw.Connection, path: Path) -> int:
    """Return the schema of a database; raises StoreError when it is newer or not ours."""
    version = int(connection.pragma("user_version"))
    if version > NEWEST:
        raise StoreError(
            f"{path.name} was written by a newer Incident Desk (schema {version}, this program "
            f"knows {NEWEST}). Nothing was changed; update the program to open it.",
            code="newer",
        )
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    ours = int(connection.pragma("application_id")) == APPLICATION_ID
    if tables and not ours:
        raise StoreError(
            f"{path.name} is a database of another program. Nothing was changed; "
            "choose another folder for Incident Desk.",
            code="foreign",
        )
    return version
