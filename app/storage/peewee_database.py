"""peewee on the connections that are open already; imported at the first query that wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playhouse.apsw_ext import APSWDatabase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import apsw


class SharedConnections(APSWDatabase):
    """A database of peewee that takes the calling thread's own connection."""

    def __init__(self, path: Path, connection: Callable[[], apsw.Connection]) -> None:
        super().__init__(str(path))
        self._own = connection

    def _connect(self) -> apsw.Connection:
        connection = self._own()
        self._add_conn_hooks(connection)
        return connection
