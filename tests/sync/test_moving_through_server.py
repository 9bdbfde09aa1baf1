"""A team moves from a folder to a real server and back; everybody's work goes along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import HubAwayError, HubRefusedError
from app.services import beginning, browsing, moving, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import audit, exchange_rows, invariants
from app.system import secrets
from app.system.clock import to_ms
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Cluster

pytestmark = pytest.mark.postgres


class MovingClock:
    """A clock that goes on by itself."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def now_ms(self) -> int:
        self.at += timedelta(milliseconds=7)
        return to_ms(self.at)


CLOCK = MovingClock()


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give a key store of the test's own."""
    kept: dict[str, str] = {}
    monkeypatch.setattr(secrets, "get_secret", kept.get)
    monkeypatch.setattr(secrets, "set_secret", kept.__setitem__)
    return kept


@pytest.fixture
def team(tmp_path: Path) -> tuple[Desk, Desk]:
    made = [
        open_desk(Profile(tmp_path / name), CLOCK, person=name)  # type: ignore[arg-type]
        for name in ("Ana", "Jon")
    ]
    (tmp_path / "share").mkdir()
    sharing.create(made[0], str(tmp_path / "share"))
    sharing.join(made[1], str(tmp_path / "share"))
    return made[0], made[1]


def titles(desk: Desk) -> set[str]:
    return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}


def test_a_team_moves_from_a_folder_to_a_server_and_back(
    cluster: Cluster, database: str, team: tuple[Desk, Desk], safe: dict[str, str], tmp_path: Path
) -> None:
    ana, jon = team
    url, folder = cluster.url(database=database), str(tmp_path / "share")
    written: set[str] = set()
    for place in (url, folder, url):
        for one in team:
            words = f"{one.person.name} before {len(written)}"
            quick_logging.log_lines(one, [words])
            written.add(words)
        moving.move(ana, place)
        quick_logging.log_lines(jon, [f"stayed {len(written)}"])
        written.add(f"stayed {len(written)}")
        sharing.sync(jon)
        waiting = moving.pending(jon)
        assert waiting is not None
        assert cluster.password not in waiting.place
        moving.move(jon, place)
        for _ in range(2):
            for one in team:
                told, _done = sharing.sync(one)
                assert (told["state"], told["waiting"]) == ("in_sync", 0)
        assert titles(ana) == titles(jon) == written
        vectors = [exchange_rows.vector(one.connection) for one in team]
        assert vectors[0] == vectors[1]
        for one in team:
            assert audit.verify_chains(one.connection).first_bad is None
            assert invariants.i7_numbers_are_unique_and_for_ever(one.connection) == []
            assert moving.pending(one) is None
    assert sharing.place(ana).startswith("postgresql://")
    assert cluster.password not in sharing.place(ana)
    assert list(safe.values()) == [cluster.password]


def test_a_server_that_does_not_let_us_in_moves_nobody(
    cluster: Cluster, database: str, team: tuple[Desk, Desk], safe: dict[str, str], tmp_path: Path
) -> None:
    ana, _ = team
    with pytest.raises((HubRefusedError, HubAwayError)):
        moving.move(ana, cluster.url(database=database, password="no"))
    assert sharing.place(ana) == str(tmp_path / "share")
    assert sharing.sync(ana)[0]["state"] == "in_sync"


def test_the_first_minute_tests_a_server(
    cluster: Cluster, database: str, safe: dict[str, str]
) -> None:
    found = beginning.examine(cluster.url(database=database), unique="x", now_ms=0)
    assert found.usable
    assert not found.has_team
    assert found.checks[-1]["detail"].endswith("lets you in. You begin a team there.")
