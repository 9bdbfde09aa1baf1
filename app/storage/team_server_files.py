"""Attached files and replicas on a team's PostgreSQL server, in parts of 1 MiB.

Neither side ever holds a file whole. A file is there when its transaction is committed, never half.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.storage.team_server import TeamServer

PART_BYTES = 1 << 20


class ServerFiles:
    """Files by kind and name; the name says the digest that the content must have."""

    def __init__(self, server: TeamServer) -> None:
        self._server = server

    def names(self, kind: str) -> list[str]:
        """Return the names of all files of a kind."""
        with self._server.transaction() as cursor:
            cursor.execute("SELECT name FROM file WHERE kind = %s ORDER BY name", (kind,))
            return [name for (name,) in cursor]

    def has(self, kind: str, name: str) -> bool:
        """Tell whether a file is there."""
        with self._server.transaction() as cursor:
            cursor.execute("SELECT 1 FROM file WHERE kind = %s AND name = %s", (kind, name))
            return cursor.fetchone() is not None

    def put(self, kind: str, name: str, source: Path) -> None:
        """Keep a file; nothing is sent when it is there already."""
        if self.has(kind, name):
            return
        with self._server.transaction() as cursor, source.open("rb") as file:
            cursor.execute(
                "INSERT INTO file VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1",
                (kind, name, os.fstat(file.fileno()).st_size),
            )
            if cursor.fetchone() is None:
                return  # somebody else was faster with the same file
            for number, part in enumerate(_parts(file)):
                cursor.execute(
                    "INSERT INTO file_part VALUES (%s, %s, %s, %s)", (kind, name, number, part)
                )

    def get(self, kind: str, name: str, target: Path, digest: str) -> bool:
        """Write a file to `target`; False, and no file, when it is not there or not what it says.

        Args:
            kind: "blob" or "snapshot".
            name: its name.
            target: where to write.
            digest: how its SHA-256 must begin, in hexadecimal digits.
        """
        with self._server.transaction() as cursor:
            cursor.execute("SELECT size FROM file WHERE kind = %s AND name = %s", (kind, name))
            row = cursor.fetchone()
            if row is None:
                return False
            found = hashlib.sha256()
            with target.open("wb") as file:
                for number in range(-(-row[0] // PART_BYTES)):
                    cursor.execute(
                        "SELECT content FROM file_part WHERE kind = %s AND name = %s AND part = %s",
                        (kind, name, number),
                    )
                    part = cursor.fetchone()
                    if part is None:
                        break
                    found.update(part[0])
                    file.write(part[0])
        if found.hexdigest().startswith(digest):
            return True
        target.unlink(missing_ok=True)
        return False

    def drop(self, kind: str, name: str) -> None:
        """Remove a file; nothing happens when it is gone."""
        with self._server.transaction() as cursor:
            cursor.execute("DELETE FROM file WHERE kind = %s AND name = %s", (kind, name))


def _parts(file: Any) -> Iterator[bytes]:
    while part := file.read(PART_BYTES):
        yield part
