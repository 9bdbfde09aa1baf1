"""A PostgreSQL cluster of the tests' own, on loopback, thrown away afterwards."""

from __future__ import annotations

import importlib.metadata
import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from app.storage.team_server import driver

if TYPE_CHECKING:
    from collections.abc import Iterator


class Cluster(NamedTuple):
    """A running server: its programs, its data, its port, and its owner's password."""

    programs: Path
    data: Path
    port: int
    password: str
    before: tuple[str, ...]

    def url(self, user: str = "owner", database: str = "desk", password: str = "") -> str:
        """Return the address of a database for a user."""
        secret = password or self.password
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def control(self, *words: str) -> None:
        """Start or stop it."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", *words)

    def run(self, program: str, *words: str) -> None:
        """Run one of its programs as the user who may."""
        subprocess.run(
            [*self.before, str(self.programs / program), *words],
            check=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def start(self) -> None:
        """Start it on its port."""
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories= "
        options += "-c fsync=off -c max_connections=50"
        self.control("-l", str(self.data / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, as a machine that goes away."""
        self.control("-m", "immediate", "stop")

    def sql(self, text: str, database: str = "desk") -> None:
        """Let its owner say something."""
        with driver().connect(self.url(database=database), autocommit=True) as connection:
            connection.execute(text)


def _programs() -> Path | None:
    folders = [Path(found).parent for found in [shutil.which("pg_ctl")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (f for f in folders if (f / "initdb").is_file() and (f / "postgres").is_file()), None
    )


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a server, or skip where PostgreSQL or its driver is missing."""
    try:
        importlib.metadata.version("psycopg")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("psycopg is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = tmp_path_factory.mktemp("cluster")
    before: tuple[str, ...] = ()
    if os.name == "posix" and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        if shutil.which("setpriv") is None:
            pytest.skip("PostgreSQL does not run as root, and setpriv is missing")
        before = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        folder = Path(f"/tmp/desk-{secrets.token_hex(6)}")
        folder.mkdir()
        os.chown(folder, 65534, 65534)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    password = secrets.token_hex(12)
    made = Cluster(programs, folder / "data", port, password, before)
    secret = folder / "secret"
    secret.write_text(password)
    if before:
        os.chown(secret, 65534, 65534)
    words = ["-D", str(made.data), "-U", "owner", "-A", "scram-sha-256", "-E", "UTF8"]
    try:
        made.run("initdb", *words, "--locale=C", "-N", "--pwfile", str(secret))
        made.start()
        yield made
        made.stop()
    finally:
        if before:
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """Give the name of an empty database."""
    name = f"d{secrets.token_hex(6)}"
    cluster.sql(f"CREATE DATABASE {name}", "postgres")
    yield name
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)", "postgres")
