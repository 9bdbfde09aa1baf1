"""Two profiles share through a real server, with the same services as through a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, WrongHubError
from app.services import (
    auditing,
    browsing,
    choosing,
    diagnosis,
    incidents,
    quick_logging,
    sharing,
)
from app.services.desk import Desk, open_desk
from app.storage import exchange_rows
from app.system import secrets
from app.system.clock import PinnedClock
from app.system.faults import MachineError
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Cluster

pytestmark = pytest.mark.postgres


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give a key store of the test's own."""
    kept: dict[str, str] = {}
    monkeypatch.setattr(secrets, "get_secret", kept.get)
    monkeypatch.setattr(secrets, "set_secret", kept.__setitem__)
    return kept


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(name: str) -> Desk:
        clock = PinnedClock(datetime(2026, 3, 9, 9, len(made), tzinfo=UTC))
        made.append(open_desk(Profile(tmp_path / name), clock, person=name))
        return made[-1]

    yield make
    for one in made:
        one.close()


def titles(desk: Desk) -> set[str]:
    return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}


def test_two_profiles_share_and_settle_a_conflict(
    cluster: Cluster, database: str, desk: Callable[[str], Desk], safe: dict[str, str]
) -> None:
    ana, jon = desk("Ana"), desk("Jon")
    url = cluster.url(database=database)
    quick_logging.log_lines(ana, ["printer jams"])
    sharing.create(ana, url)
    sharing.join(jon, url)
    kept = sharing.place(jon)
    assert cluster.password not in kept
    assert safe == {kept: cluster.password}
    assert titles(jon) == {"printer jams"}

    uid = browsing.ids_in(jon, "")[0]
    incidents.edit(ana, [uid], {"title": "from Ana"})
    incidents.edit(jon, [uid], {"title": "from Jon"})
    for one in (ana, jon, ana):
        told, _ = sharing.sync(one)
        assert told["state"] == "in_sync"
    assert [v.value for v in choosing.of_incident(ana, uid)[0].values] == [
        v.value for v in choosing.of_incident(jon, uid)[0].values
    ]
    choosing.resolve(jon, uid, "title", "mine")
    for one in (jon, ana):
        sharing.sync(one)
    assert titles(ana) == titles(jon) == {"from Jon"}
    assert choosing.of_incident(ana, uid) == ()
    assert sharing.status(ana)["waiting"] == 0


def test_a_second_team_in_one_database_is_refused(
    cluster: Cluster, database: str, desk: Callable[[str], Desk], safe: dict[str, str]
) -> None:
    ana, jon = desk("Ana"), desk("Jon")
    sharing.create(ana, cluster.url(database=database))
    with pytest.raises(WrongHubError, match="There is a team in"):
        sharing.create(jon, cluster.url(database=database))
    assert sharing.place(jon) == ""


def test_the_doctor_tells_of_the_server(
    cluster: Cluster, database: str, desk: Callable[[str], Desk], safe: dict[str, str]
) -> None:
    ana = desk("Ana")
    told = diagnosis.examine(ana, cluster.url(database=database), unique="x")
    assert told["checks"][-1]["detail"].endswith("lets you in; no team is there yet.")
    told = diagnosis.examine(ana, cluster.url(database=database, password="no"), unique="x")
    assert not told["ok"]
    assert "password authentication failed" in told["checks"][-1]["detail"]
    with pytest.raises(InvalidInputError, match="is not the address"):
        sharing.create(ana, "postgresql://nowhere")


def test_without_a_key_store_nothing_is_made_on_the_server(
    cluster: Cluster, database: str, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_name: str, _secret: str) -> None:
        raise MachineError("This computer keeps no passwords.")

    monkeypatch.setattr(secrets, "set_secret", refuse)
    ana, url = desk("Ana"), cluster.url(database=database)
    with pytest.raises(MachineError):
        sharing.create(ana, url)
    assert sharing.place(ana) == ""
    told = diagnosis.examine(ana, url, unique="x")
    assert told["checks"][-1]["detail"].endswith("no team is there yet.")


def test_a_server_and_a_profile_put_back_together_keep_both_stories(
    cluster: Cluster, database: str, desk: Callable[[str], Desk], safe: dict[str, str]
) -> None:
    """A table holds one row under a number, so what the server holds keeps it."""
    ana, jon = desk("Ana"), desk("Jon")
    url = cluster.url(database=database)
    sharing.create(ana, url)
    sharing.join(jon, url)
    for one in (ana, jon, ana):
        sharing.sync(one)
    station = ana.store.station
    last = exchange_rows.vector(ana.connection)[station][0]
    ana.close()
    before = ana.profile.database.read_bytes()
    ana = desk("Ana")
    quick_logging.log_lines(ana, ["printer jams", "no mail"])
    sharing.sync(ana)
    sharing.sync(jon)
    assert titles(jon) == {"printer jams", "no mail"}

    ana.close()
    ana.profile.database.write_bytes(before)
    named = f"WHERE station = '\\x{station.hex()}' AND"
    for sql in (
        f"DELETE FROM incident_desk.change {named} sseq > {last}",
        f"DELETE FROM incident_desk.piece {named} last > {last}",
        f"UPDATE incident_desk.note SET seen = replace(seen, '{station.hex()}', '{'0' * 32}')",
        f"DELETE FROM incident_desk.note {named} true",
    ):
        cluster.sql(sql, database)
    ana = desk("Ana")
    quick_logging.log_lines(ana, ["disk full"])
    for one in (ana, jon, ana, jon, ana):
        assert sharing.sync(one)[0]["state"] == "in_sync"
    assert titles(ana) == titles(jon) == {"printer jams", "no mail", "disk full"}
    assert ana.store.station == station
    assert [note.kind for note in exchange_rows.notes(jon.connection)].count("forked") == 1
    assert all(auditing.check(one)["ok"] for one in (ana, jon))
