"""A real PostgreSQL server holds what a folder would, to the least rights, through its faults."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import HubAwayError, HubError, HubNewerError, HubRefusedError
from app.domain.publication import fault_of, without
from app.storage.team_server import Address, TeamServer
from app.sync.hub import Erasure, Presence, Snapshot, Span, StationNote, Team
from app.sync.postgres_hub import PostgresHub

from .rows import STATION, chain, piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Cluster

    Open = Callable[..., PostgresHub]

pytestmark = pytest.mark.postgres

OTHER = bytes([7]) * 16
TEAM = Team(bytes([1]) * 16, bytes([2]) * 16, "postgresql", STATION)


@pytest.fixture
def opened(cluster: Cluster, database: str) -> Iterator[Open]:
    hubs: list[PostgresHub] = []

    def make(user: str = "owner", password: str = "") -> PostgresHub:
        hubs.append(PostgresHub(TeamServer(Address(cluster.url(user, database, password)))))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()


@pytest.fixture
def hub(opened: Open) -> PostgresHub:
    made = opened()
    assert made.team() is None
    assert made.found(TEAM) == TEAM == made.team()
    return made


def test_a_team_is_founded_once(hub: PostgresHub) -> None:
    assert hub.found(TEAM._replace(id=OTHER)) == TEAM
    again = TEAM._replace(epoch=OTHER, approve=True)
    assert hub.found(again) == again == hub.team()
    with pytest.raises(HubNewerError, match="Update to sync"):
        hub.found(TEAM._replace(format=99))


def test_rows_come_back_in_order_across_pieces(hub: PostgresHub) -> None:
    rows = chain([2, 1, 3], text='"\u0141\U0001f4a5 \\u0000 %s')
    hub.publish(piece(rows[3:], rows[2].hash))
    assert (hub.holdings()[STATION].last, hub.holdings()[STATION].newest) == (0, 6)
    signed = piece(rows[:3])._replace(key=bytes([5]) * 32, signature=bytes([6]) * 64)
    hub.publish(signed)
    hub.publish(signed)
    assert hub.holdings()[STATION].last == 6
    got = hub.fetch(STATION, 0, 100)
    assert got.pieces == (signed, piece(rows[3:], rows[2].hash))
    assert len(hub.fetch(STATION, 0, 1).pieces) == 1
    assert hub.fetch(STATION, 3, 9).pieces[0].first == 4
    assert hub.fetch(STATION, 6, 9).pieces == ()
    assert hub.hash_at(STATION, 5) == rows[4].hash
    assert hub.hash_at(STATION, 7) is None


def test_another_history_of_the_same_station_is_refused_whole(hub: PostgresHub) -> None:
    hub.publish(piece(chain([2])))
    other = chain([2, 1], text="y")
    with pytest.raises(HubError, match="copied or restored") as refused:
        hub.publish(piece(other))
    assert refused.value.code == "station_copied"
    assert hub.holdings()[STATION].spans == (Span(1, 2),)


def test_lost_rows_are_mended_by_another_station(hub: PostgresHub, cluster: Cluster) -> None:
    rows = chain([2, 1])
    hub.publish(piece(rows))
    with hub._server.transaction() as cursor:  # what an administrator's mistake may do
        cursor.execute("DELETE FROM change")
        cursor.execute("DELETE FROM piece")
    assert hub.holdings() == {}
    hub.mend(OTHER, piece(rows))
    assert hub.fetch(STATION, 0, 9).pieces == (piece(rows),)


def test_a_value_is_blanked_only_when_an_entry_asks_for_it(hub: PostgresHub) -> None:
    rows = chain([1, 1])
    hub.publish(piece(rows))
    asked = f'{{"sseq":1,"station":"{STATION.hex()}"}}'
    ask = chain([1], OTHER)[0]._replace(op="redact", value=asked)
    wanted = {STATION: {1: Erasure(late=False, roots=frozenset([rows[0].root]))}}
    with pytest.raises(HubRefusedError, match="no entry asks"):
        hub.redact(OTHER, {OTHER}, wanted)
    assert hub.fetch(STATION, 0, 9).pieces == (piece(rows),)
    hub.publish(piece([ask]))
    assert hub.redact(OTHER, {OTHER}, wanted) == 1
    assert hub.redact(OTHER, {OTHER}, wanted) == 0
    got = hub.fetch(STATION, 0, 9).pieces[0]
    assert got == without(piece(rows), {1})
    assert fault_of(got) == ""
    assert got.changes[1] == rows[1]


def test_rows_that_were_blanked_before_they_were_sent_keep_their_digests(hub: PostgresHub) -> None:
    blanked = without(piece(chain([1, 1])), {2})
    hub.publish(blanked)
    assert hub.fetch(STATION, 0, 9).pieces == (blanked,)
    assert fault_of(hub.fetch(STATION, 0, 9).pieces[0]) == ""


def test_blocks_notes_and_presence(hub: PostgresHub, opened: Open) -> None:
    assert hub.claim_block(26, STATION)
    assert hub.claim_block(26, STATION)
    assert not opened().claim_block(26, OTHER)
    assert hub.blocks() == {26: STATION}
    note = StationNote(9, bytes([3]) * 32, {OTHER: 4}, "1.0", "here", 5)
    assert hub.note(STATION) is None
    for told in (note._replace(last=8), note):
        hub.write_note(STATION, told)
    assert hub.note(STATION) == note
    hub.say_present(STATION, Presence(4, "Nina"))
    said = Presence(6, "Nina\0", "Nina", bytes(16), True)
    hub.say_present(STATION, said)
    assert hub.presence() == {STATION: said}


def test_a_block_that_all_want_at_once_is_handed_out_once(hub: PostgresHub, opened: Open) -> None:
    start, won = threading.Barrier(4), []

    def claim(station: bytes, own: PostgresHub) -> None:
        start.wait()
        won.extend(first for first in range(1, 1001, 25) if own.claim_block(first, station))
        own.close()

    threads = [threading.Thread(target=claim, args=(bytes([n]) * 16, opened())) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(1, 1001, 25))


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (5 << 20) + 1])
def test_files_are_kept_whole(hub: PostgresHub, tmp_path: Path, size: int) -> None:
    import hashlib

    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"\0\xff" * (size // 2) + b"x" * (size % 2))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert not hub.has_blob(digest)
    assert not hub.get_blob(digest, target)
    hub.put_blob(digest, source)
    hub.put_blob(digest, source)
    assert hub.has_blob(digest)
    assert hub.get_blob(digest, target)
    assert target.read_bytes() == source.read_bytes()
    kept = hub.put_snapshot(77, STATION, source)
    assert hub.snapshots() == [kept] == [Snapshot(77, STATION, kept.name)]
    target.unlink()
    assert hub.get_snapshot(kept, target)
    with hub._server.transaction() as cursor:
        cursor.execute("UPDATE file_part SET content = content || 'x'")
    if size:
        assert not hub.get_snapshot(kept, target)
        assert not target.exists()
    hub.drop_snapshot(kept)
    assert hub.snapshots() == []


def test_a_station_may_add_and_read_and_nothing_else(
    hub: PostgresHub, opened: Open, cluster: Cluster, database: str
) -> None:
    cluster.sql("DROP ROLE IF EXISTS nina", database)
    cluster.sql("CREATE ROLE nina LOGIN PASSWORD 'pw' IN ROLE incident_desk_station", database)
    nina = opened("nina", "pw")
    rows = chain([2])
    nina.publish(piece(rows))
    assert nina.fetch(STATION, 0, 9).pieces == (piece(rows),)
    assert nina.claim_block(1, STATION)
    nina.write_note(STATION, StationNote(1, b"h", {}, "1", "i", 2))
    nina.say_present(STATION, Presence(1, "Nina"))
    for forbidden in (
        "UPDATE change SET value = 'x'",
        "DELETE FROM change",
        "TRUNCATE change",
        "UPDATE piece SET key = ''",
        "DELETE FROM piece",
        "UPDATE team SET approve = false",
        "UPDATE number_block SET station = ''",
        "DELETE FROM number_block",
        "INSERT INTO redaction VALUES ('', 1, '')",
        "DROP TABLE change",
        "ALTER TABLE change ADD COLUMN x int",
    ):
        with (
            pytest.raises(HubRefusedError, match=r"permission denied|must be owner"),
            nina._server.transaction() as cursor,
        ):
            cursor.execute(forbidden)
    cluster.sql("CREATE ROLE outsider LOGIN PASSWORD 'pw'", database)
    try:
        with pytest.raises(HubRefusedError, match="grant you the role incident_desk_station"):
            opened("outsider", "pw").holdings()
    finally:
        nina.close()
        cluster.sql("DROP ROLE outsider; DROP ROLE nina", database)


def test_a_commit_that_comes_late_is_pulled_all_the_same(hub: PostgresHub, opened: Open) -> None:
    """What a pull by a server-wide counter misses (sync.md, pull): it would fail this test."""
    slow, quick = chain([3], OTHER), chain([2])
    late = opened()
    with hub._server.transaction() as cursor:
        cursor.execute("CREATE SEQUENCE counted")
        cursor.execute(
            "CREATE TABLE arrival (id bigint DEFAULT nextval('counted'), station bytea, "
            "sseq bigint)"
        )
        cursor.execute(
            "CREATE FUNCTION arrived() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
            "arrival (station, sseq) VALUES (NEW.station, NEW.sseq); RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER arrives AFTER INSERT ON change FOR EACH ROW EXECUTE FUNCTION arrived()"
        )
    seen: list[tuple[bytes, int]] = []
    naive, last_seen = [], 0

    def pull() -> None:
        nonlocal last_seen
        for station, held in hub.holdings().items():
            after = max((n for of, n in seen if of == station), default=0)
            if held.reach(after) > after:
                for one in hub.fetch(station, after, 100).pieces:
                    seen.extend((c.station, c.sseq) for c in one.changes)
        with hub._server.transaction() as cursor:
            cursor.execute("SELECT id, station, sseq FROM arrival WHERE id > %s", (last_seen,))
            for number, station, sseq in cursor.fetchall():
                naive.append((station, sseq))
                last_seen = max(last_seen, number)

    with late._server.transaction() as cursor:
        # The slow station takes the lower numbers and commits after the quick one.
        late._copy_in(cursor, slow)
        cursor.execute("INSERT INTO piece VALUES (%s, 1, 3, %s, '', '', NULL)", (OTHER, bytes(32)))
        hub.publish(piece(quick))
        pull()
    pull()
    wanted = {(STATION, 1), (STATION, 2), (OTHER, 1), (OTHER, 2), (OTHER, 3)}
    assert set(seen) == wanted
    assert len(seen) == len(wanted)
    assert set(naive) < wanted, "the naive pull was to miss rows: the test proves nothing otherwise"


def test_a_push_wakes_who_waits(hub: PostgresHub, opened: Open) -> None:
    other = opened()
    woken: list[float] = []

    def wait() -> None:
        assert other.wait(20)
        woken.append(time.monotonic())

    thread = threading.Thread(target=wait)
    thread.start()
    while other._news._listener is None:
        time.sleep(0.01)
    time.sleep(0.1)
    assert not woken
    begun = time.monotonic()
    hub.publish(piece(chain([1])))
    thread.join(10)
    assert woken[0] - begun < 5
    thread = threading.Thread(target=wait)
    thread.start()
    other.interrupt()
    thread.join(10)
    assert len(woken) == 2
    assert hub.wait(0.05)


def test_a_server_that_went_away_is_said_and_found_again(
    hub: PostgresHub, cluster: Cluster
) -> None:
    rows = chain([1, 1])
    hub.publish(piece(rows[:1]))
    cluster.stop()
    try:
        for _ in range(2):
            with pytest.raises(HubAwayError, match=r"desk|d\w+ on 127.0.0.1 cannot be reached"):
                hub.publish(piece(rows[1:], rows[0].hash))
        assert hub.wait(0.05)
    finally:
        cluster.start()
    hub.publish(piece(rows[1:], rows[0].hash))
    assert hub.holdings()[STATION].last == 2


def test_a_wrong_password_or_database_is_refused_in_words(
    opened: Open, cluster: Cluster, database: str
) -> None:
    with pytest.raises(
        HubRefusedError, match=r"password authentication failed.*Check user"
    ) as said:
        opened("owner", "wrong").team()
    assert "wrong" not in said.value.message.replace("wrong password", "")
    nowhere = PostgresHub(TeamServer(Address(cluster.url(database="nowhere"))))
    with pytest.raises(HubRefusedError, match='"nowhere" does not exist'):
        nowhere.team()
    nowhere.close()


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(
    cluster: Cluster, database: str
) -> None:
    address = Address(cluster.url(database=database) + "?sslmode=require")
    asked = PostgresHub(TeamServer(address))
    with pytest.raises(HubAwayError, match="SSL"):
        asked.team()
    asked.close()
