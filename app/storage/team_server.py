"""A connection to the PostgreSQL server that a team shares its journal through.

peewee opens the connection, psycopg 3 speaks with the server; both are loaded when somebody shares
through one, never at the start. Runs on the thread that synchronises; `TeamServer.listen` has a
connection of its own. What the server refuses is said in one sentence (domain.errors, Hub...).
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from app.domain.errors import (
    HubAwayError,
    HubFullError,
    HubNewerError,
    HubRefusedError,
    InvalidInputError,
)
from app.storage.team_server_schema import ROLE, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

OLDEST = 150_000
"""PostgreSQL 15 and newer (sync.md)."""

CONNECT_TIMEOUT_S = 10
ANSWER_TIMEOUT_S = 60
"""How long one statement may take before the server counts as away."""

_NEAR = frozenset({"", "localhost", "127.0.0.1", "::1"})
_REFUSED = ("28", "42501", "3D000")
_FULL = ("53100", "53400")


class Address:
    """Where a team's server is, without the password: `text` can be kept and shown."""

    def __init__(self, url: str) -> None:
        """Read `postgresql://user@host:port/database?sslmode=...`.

        Raises:
            InvalidInputError: it is no such address.
        """
        parts = urlsplit(url.strip())
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in {"postgresql", "postgres"} or port == -1 or not parts.path[1:]:
            raise InvalidInputError(
                f'"{_without_password(url)}" is not the address of a PostgreSQL database. '
                "Write postgresql://user@host/database.",
                field="hub",
            )
        self.host = parts.hostname or ""
        self.port = port
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        """As written in the address; it belongs into the system's keyring and nowhere else."""
        self.database = unquote(parts.path[1:])
        self.options = dict(parse_qsl(parts.query))
        self.options.pop("password", None)
        if "sslmode" not in self.options and self.host not in _NEAR:
            # A password and a team's work cross a network: never in the clear unless asked for.
            self.options["sslmode"] = "require"

    @property
    def text(self) -> str:
        """Return the address in one form, without the password."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        options = f"?{urlencode(self.options)}" if self.options else ""
        return f"postgresql://{user}{host}{port}/{quote(self.database, safe='')}{options}"

    @property
    def place(self) -> str:
        """Return the server and database as people name them."""
        return f"{self.database} on {self.host or 'this computer'}"

    def parameters(self, password: str) -> dict[str, Any]:
        """Return what libpq is told."""
        known: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": password or self.password,
        }
        return {
            **{key: value for key, value in known.items() if value},
            **self.options,
            "dbname": self.database,
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "Incident Desk",
            # A server that went away is noticed, also in the middle of an answer.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "options": f"-c statement_timeout={ANSWER_TIMEOUT_S}s -c search_path={SCHEMA}",
        }


class TeamServer:
    """One station's connection to the server; it is made again after it was lost."""

    def __init__(self, address: Address, password: str = "") -> None:
        self.address = address
        self._password = password
        self._peewee = _peewee_for_postgres()
        self._database: Any = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[psycopg.Cursor[Any]]:
        """Give a cursor inside one transaction; commit on leaving.

        Raises:
            HubAwayError, HubFullError, HubRefusedError: what the server said; nothing was written.
        """
        with self._said():
            connection = self._connected()
            with connection.transaction(), connection.cursor(binary=True) as cursor:
                yield cursor

    def listen(self, channel: str) -> psycopg.Connection[Any]:
        """Return a connection of its own that hears what is told on a channel."""
        with self._said():
            connection: psycopg.Connection[Any] = driver().connect(
                **self.address.parameters(self._password), autocommit=True
            )
            connection.execute(f"LISTEN {channel}")
        return connection

    def close(self) -> None:
        """Let go of the connection."""
        if self._database is not None and not self._database.is_closed():
            self._database.close()

    def _connected(self) -> psycopg.Connection[Any]:
        if self._database is None:
            parameters = self.address.parameters(self._password)
            self._database = self._peewee.PostgresqlDatabase(
                parameters.pop("dbname"), prefer_psycopg3=True, **parameters
            )
        if self._database.is_closed() or self._database.connection().closed:
            self._database.close()
            self._database.connect()
            version = self._database.connection().info.server_version
            if version < OLDEST:
                raise HubNewerError(
                    f"{self.address.place} runs PostgreSQL {version // 10_000}; Incident Desk "
                    f"needs {OLDEST // 10_000} or newer. Ask for an update of the server.",
                    code="server_too_old",
                )
        connection: psycopg.Connection[Any] = self._database.connection()
        return connection

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what the server says into what people can do about it."""
        postgres = driver()
        place = self.address.place
        try:
            yield
        except (postgres.Error, self._peewee.PeeweeException) as error:
            cause = _server_error(error, postgres)
            state = (cause.sqlstate if cause is not None else None) or ""
            words = _words(cause if cause is not None else error)
            if state in _FULL or "No space left" in words:
                raise HubFullError(
                    f"There is no space left in {place}. Your work is kept here and is sent "
                    "when there is space again."
                ) from error
            if state == "42P01":
                raise HubRefusedError(
                    f"You have no right to the team's tables in {place}. Ask its administrator to "
                    f"grant you the role {ROLE}; your work is kept here until then."
                ) from error
            if state.startswith(_REFUSED) or (not state and _is_refusal(words)):
                raise HubRefusedError(
                    f"{place} did not let you in ({words}). Check user, password and "
                    "database, or ask for the right to; your work is kept here until then."
                ) from error
            if isinstance(cause, (postgres.OperationalError, postgres.InterfaceError)):
                self.close()
                raise HubAwayError(f"{place} cannot be reached ({words}).") from error
            raise


def driver() -> Any:
    """Return psycopg, which app.storage keeps away from the start."""
    if sys.modules.get("psycopg", ...) is None:
        del sys.modules["psycopg"]
    import psycopg

    return psycopg


_GIVEN_BY_PEEWEE = ("psycopg", "TransactionStatus", "Json_pg3", "Jsonb_pg3")


def _peewee_for_postgres() -> Any:
    """Return peewee with its PostgreSQL driver, which app.storage keeps away from the start."""
    import peewee

    if getattr(peewee, "psycopg", None) is None:
        psycopg = driver()
        from psycopg.pq import TransactionStatus
        from psycopg.types.json import Json, Jsonb

        for name, value in zip(
            _GIVEN_BY_PEEWEE, (psycopg, TransactionStatus, Json, Jsonb), strict=True
        ):
            setattr(peewee, name, value)
        adapter = peewee.Psycopg3Adapter
        adapter.txn_idle = TransactionStatus.IDLE
        adapter.txn_inerror = TransactionStatus.INERROR
        adapter.txn_unknown = TransactionStatus.UNKNOWN
    return peewee


def _is_refusal(words: str) -> bool:
    """Tell a refused log-in, which comes without a code, from a server that is not there."""
    return any(
        sign in words
        for sign in ("authentication failed", "no password supplied", "does not exist", "pg_hba")
    )


def _server_error(error: BaseException, postgres: Any) -> Any:
    """Return what the driver said, which peewee wraps in an exception of its own."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, postgres.Error):
        seen = seen.__cause__ or seen.__context__
    return seen


def _words(error: BaseException) -> str:
    """Return the sentence in what a server or driver said, without where and how."""
    diagnosed = getattr(getattr(error, "diag", None), "message_primary", None)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    words: str = diagnosed or next(iter(fatal or lines), "no answer")
    return words.removeprefix("connection failed: ").rstrip(".")


def _without_password(url: str) -> str:
    head, at, tail = url.strip().rpartition("@")
    if not at:
        return url.strip()
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}@{tail}"
