"""Faults as machines have them: a disk that is full, a share behind Samba, a server cut off."""

from __future__ import annotations

import contextlib
import ctypes.util
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import KnownError
from app.services import auditing, browsing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import exchange_rows
from app.storage.team_server import Address, TeamServer
from app.sync.postgres_hub import PostgresHub
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.sync import smb_claims
from tests.sync.shares import fill, small_disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.sync.conftest import Cluster

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(name: str, folder: Path | None = None) -> Desk:
        profile = Profile((folder or tmp_path) / name)
        made.append(open_desk(profile, SystemClock(), person=name))
        return made[-1]

    yield make
    for one in made:
        one.close()


def titles(desk: Desk) -> set[str]:
    return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}


def equal_and_whole(*desks: Desk) -> None:
    for desk in (*desks, *desks):
        sharing.sync(desk)
    states = [exchange_rows.vector(desk.connection) for desk in desks]
    assert all(state == states[0] for state in states)
    numbers = [
        sorted(desk.connection.execute("SELECT number, uid, title FROM incident")) for desk in desks
    ]
    assert all(one == numbers[0] for one in numbers)
    assert all(auditing.check(desk)["ok"] for desk in desks)


@pytest.mark.real_share
def test_a_share_that_is_really_full_stops_the_push_and_not_the_pull(
    opened: Callable[..., Desk], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "small", 4) as disk:
        ana, jon = opened("Ana"), opened("Jon")
        sharing.create(ana, str(disk / "share"))
        sharing.join(jon, str(disk / "share"))
        quick_logging.log_lines(jon, ["from Jon"])
        sharing.sync(jon)
        filler = fill(disk)
        quick_logging.log_lines(ana, ["while it is full"])
        told, _ = sharing.sync(ana)
        assert (told["state"], told["waiting"]) == ("hub_full", 1)
        assert sharing.sentence(told) == "The shared folder is full, 1 change waiting"
        assert titles(ana) == {"from Jon", "while it is full"}, "the pull went on"
        assert not list((disk / "share").rglob("*.tmp")), "nothing half is left in the way"
        filler.unlink()
        equal_and_whole(ana, jon)
        assert titles(jon) == {"from Jon", "while it is full"}


@pytest.mark.real_share
def test_a_disk_that_is_really_full_here_refuses_the_edit_whole(
    opened: Callable[..., Desk], tmp_path: Path
) -> None:
    share = str(tmp_path / "share")
    with small_disk(tmp_path / "small", 8) as disk:
        ana, jon = opened("Ana", disk), opened("Jon")
        sharing.create(ana, share)
        sharing.join(jon, share)
        quick_logging.log_lines(ana, ["before"])
        filler = fill(disk)
        kept, refusals = 1, []
        for number in range(200):  # what is left in the write-ahead log is used up first
            try:
                quick_logging.log_lines(ana, [f"edit {number} " + "x" * 500])
                kept += 1
            except KnownError as error:
                refusals.append(error.message)
                if len(refusals) == 3:
                    break
        assert len(refusals) == 3
        assert all("full" in message for message in refusals), refusals
        quick_logging.log_lines(jon, [f"from Jon {n} " + "y" * 2_000 for n in range(200)])
        sharing.sync(jon)
        with pytest.raises(KnownError) as caught:
            sharing.sync(ana)
        assert "full" in caught.value.message
        filler.unlink()
        equal_and_whole(ana, jon)
        assert len(titles(jon)) == kept + 200, "an acknowledged edit is there, a refused one is not"
        ana.close()


class Samba:
    """A Samba server on loopback for one folder, spoken to by smbclient."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self._port = folder, port

    @property
    def url(self) -> str:
        """Return how libsmbclient names it."""
        return f"smb://127.0.0.1:{self._port}/team"

    def says(self, *commands: str) -> str:
        """Let a client do something and return what it printed."""
        done = subprocess.run(
            ["smbclient", "//127.0.0.1/team", "-N", "-p", str(self._port), "-m", "SMB3_11",
             "-c", "; ".join(commands)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr


@pytest.fixture
def samba(tmp_path: Path) -> Iterator[Samba]:
    server = shutil.which("smbd") or "/usr/sbin/smbd"
    if not Path(server).exists() or shutil.which("smbclient") is None or os.geteuid() != 0:
        pytest.skip("a Samba share needs root, smbd and smbclient (Debian: samba, smbclient)")
    folder = Path(f"/tmp/desk-smb-{secrets.token_hex(6)}")
    share = folder / "share"
    share.mkdir(parents=True)
    folder.chmod(0o755)
    share.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = "\n".join(
        f"{name} = {folder}/{name.replace(' ', '-')}"
        for name in ("private dir", "lock directory", "state directory", "cache directory",
                     "pid directory", "ncalrpc dir")
    )  # fmt: skip
    for line in places.splitlines():
        Path(line.partition("= ")[2]).mkdir()
    config = folder / "smb.conf"
    config.write_text(
        f"[global]\n{places}\nsmb ports = {port}\ninterfaces = 127.0.0.1\n"
        "bind interfaces only = yes\nmap to guest = Bad User\nserver min protocol = SMB3\n"
        "disable spoolss = yes\nload printers = no\n"
        f"log file = {folder}/log\n[team]\npath = {share}\nguest ok = yes\n"
        "read only = no\nforce user = root\n"
    )
    process = subprocess.Popen(
        [server, "-F", "--no-process-group", "-s", str(config)],
        start_new_session=True,  # it ends its whole group when it ends
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    made = Samba(share, port)
    try:
        for _ in range(60):
            if "blocks" in made.says("ls"):
                break
            if process.poll() is not None:
                pytest.skip("smbd does not start here")
            time.sleep(0.25)
        else:
            pytest.skip("smbd does not answer here")
        yield made
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.real_share
@pytest.mark.timeout(120)
def test_what_samba_does_with_a_hub_folder(
    samba: Samba, opened: Callable[..., Desk], tmp_path: Path
) -> None:
    """A hub under a Samba server: made here, carried to another folder and back by a client."""
    ana = opened("Ana")
    quick_logging.log_lines(ana, ["printer jams"])
    sharing.create(ana, str(samba.folder))
    local = tmp_path / "carried"
    local.mkdir()
    told = samba.says("recurse ON", "prompt OFF", f"lcd {local}", "mget *")
    assert "NT_STATUS" not in told, told
    jon = opened("Jon")
    sharing.join(jon, str(local))
    assert titles(jon) == {"printer jams"}, "what a client reads over SMB is a whole hub"

    # Exclusive create: of many clients that make one folder or rename to one name, one wins.
    source = tmp_path / "claim"
    source.write_text("claim")
    results: list[str] = []
    barrier = threading.Barrier(6)

    def claims(number: int) -> None:
        samba.says(f"put {source} claim-{number}")
        barrier.wait()
        results.append(samba.says(f"rename claim-{number} block-26"))

    threads = [threading.Thread(target=claims, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [told for told in results if "NT_STATUS" not in told]
    assert len(won) == 1, results
    assert all("NT_STATUS_OBJECT_NAME_COLLISION" in told for told in results if told not in won)
    made = [samba.says("mkdir num-51") for _ in range(2)]
    assert "NT_STATUS" not in made[0]
    assert "NT_STATUS_OBJECT_NAME_COLLISION" in made[1]

    # A finished file takes its name over an older one: the rename that `head.json` needs.
    (samba.folder / "head.json").write_text("old")
    samba.says(f"put {source} head.tmp")
    assert "NT_STATUS" not in samba.says("rename head.tmp head.json -f")
    assert (samba.folder / "head.json").read_text() == "claim"


@pytest.mark.real_share
@pytest.mark.timeout(120)
def test_of_many_clients_of_a_samba_share_one_makes_each_file(samba: Samba) -> None:
    """What a claim of a number block rests on: exclusive create is exclusive over SMB."""
    if ctypes.util.find_library("smbclient") is None:
        pytest.skip("libsmbclient is missing (Debian: libsmbclient)")
    names = [str(1 + 25 * block) for block in range(100)]
    clients = [
        subprocess.Popen(
            [sys.executable, str(Path(smb_claims.__file__)), samba.url, *names[at:], *names[:at]],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for at in range(0, 96, 16)
    ]  # fmt: skip
    for client in clients:
        assert client.stdout is not None
        assert client.stdout.readline() == "ready\n", client.communicate(timeout=10)[1]
    for client in clients:
        assert client.stdin is not None
        client.stdin.write("now\n")
        client.stdin.flush()
    done = [client.communicate(timeout=100) for client in clients]
    assert all(client.returncode == 0 for client in clients), [text for _, text in done]
    won = [made.split() for made, _ in done]
    assert sorted(name for made in won for name in made) == sorted(names), "each once, none twice"
    assert len([made for made in won if made]) > 1, "nobody raced"
    for client, made in zip(clients, won, strict=True):
        assert {(samba.folder / name).read_text() for name in made} <= {str(client.pid)}


class Proxy:
    """A way to a server that can be cut after so many bytes, in the middle of anything."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.left: int | None = None
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, sent: int | None) -> None:
        """Cut all ways once the clients have sent so many bytes; None lets everything through."""
        self.left = sent

    def close(self) -> None:
        self._listener.close()
        self._cut()

    def _cut(self) -> None:
        for one in self._open:
            cut(one)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.left is not None and self.left <= 0:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._to))
            self._open += [near, far]
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while data := source.recv(4_096):
                if counted and self.left is not None:
                    data, self.left = data[: self.left], self.left - len(data)
                target.sendall(data)
                if counted and self.left is not None and self.left <= 0:
                    self._cut()
                    return
        except OSError:
            pass
        cut(source)
        cut(target)


def cut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@pytest.mark.postgres
@pytest.mark.timeout(240)
def test_a_server_cut_off_at_any_byte_of_a_push_gets_it_whole_or_not_at_all(
    cluster: Cluster, database: str, opened: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", cluster.password)
    proxy = Proxy(cluster.port)
    ana, jon = opened("Ana"), opened("Jon")
    near = f"postgresql://owner@127.0.0.1:{proxy.port}/{database}"
    sharing.create(ana, near)
    sharing.join(jon, f"postgresql://owner@127.0.0.1:{cluster.port}/{database}")
    direct = PostgresHub(TeamServer(Address(cluster.url(database=database))))
    station = ana.store.station
    offline = 0
    for turn, cut in enumerate((500, 1_500, 2_500, 4_000, 6_000, 9_000, 14_000, 20_000)):
        quick_logging.log_lines(ana, [f"turn {turn} line {n} " + "z" * 200 for n in range(20)])
        last = exchange_rows.vector(ana.connection)[station][0]
        before = direct.holdings()[station].newest
        proxy.cut_after(cut)
        told, _ = sharing.sync(ana)
        offline += told["state"] == "offline"
        held = direct.holdings()[station]
        assert held.newest in (before, last), "a piece is there whole or not at all"
        assert held.newest == held.last
        proxy.cut_after(None)
    assert offline >= 4, "the cuts came too late to prove anything"
    equal_and_whole(ana, jon)
    assert len(titles(jon)) == 8 * 20
    direct.close()
    proxy.close()
