"""A place is tested before there is a profile, and the first start joins or founds a team."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.services import beginning, browsing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path


def now_ms() -> int:
    """Return the true time: the times of files are compared with it, so it cannot be pinned."""
    return int(datetime.now(UTC).timestamp() * 1000)


def made(tmp_path: Path, name: str) -> Desk:
    return open_desk(Profile(tmp_path / name), PinnedClock(datetime.now(UTC)), person=name)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


def names(found: beginning.Examined, *, ok: bool) -> set[str]:
    return {str(check["name"]) for check in found.checks if check["ok"] is ok}


def test_a_good_folder_passes_every_test_and_is_left_as_it_was(hub: Path) -> None:
    found = beginning.examine(str(hub), unique="x", now_ms=now_ms())
    assert found.usable
    assert not found.has_team
    assert names(found, ok=True) >= {"exclusive create", "rename", "read back", "clock", "team"}
    assert list(hub.iterdir()) == []


def test_a_missing_folder_is_refused_and_a_wrong_clock_is_a_warning(hub: Path) -> None:
    missing = beginning.examine(str(hub / "no"), unique="x", now_ms=now_ms())
    assert not missing.usable
    late = beginning.examine(str(hub), unique="x", now_ms=now_ms() + 3_600_000)
    assert late.usable
    assert names(late, ok=False) == {"clock"}


def test_a_server_that_is_not_there_is_said_in_its_sentence() -> None:
    found = beginning.examine("postgresql://ana@127.0.0.1:1/team", unique="x", now_ms=now_ms())
    assert not found.usable
    assert names(found, ok=False) == {"server"}


def test_the_first_one_founds_and_the_second_joins(hub: Path, tmp_path: Path) -> None:
    ana = made(tmp_path, "Ana")
    beginning.begin(ana, str(hub))
    quick_logging.log_lines(ana, ["printer down"])
    sharing.sync(ana)
    assert beginning.examine(str(hub), unique="x", now_ms=now_ms()).has_team
    jon = made(tmp_path, "Jon")
    beginning.begin(jon, str(hub))
    assert [row.title for row in browsing.rows(jon, browsing.ids_in(jon, ""))] == ["printer down"]


def test_a_second_try_after_half_of_one_works(hub: Path, tmp_path: Path) -> None:
    ana = made(tmp_path, "Ana")
    beginning.begin(ana, str(hub))
    beginning.begin(ana, str(hub))
    assert sharing.place(ana) == str(hub)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        (("db", "desk", "ana", ""), "postgresql://ana@db/desk"),
        ((" db:5433 ", "desk", "ana", "p@:w"), "postgresql://ana:p%40%3Aw@db:5433/desk"),
        (("db", "my desk", "a/b", ""), "postgresql://a%2Fb@db/my%20desk"),
        (("", "desk", "ana", "x"), ""),
        (("db", "", "ana", "x"), ""),
        (("db", "desk", " ", "x"), ""),
    ],
)
def test_the_fields_of_a_server_become_an_address(
    fields: tuple[str, str, str, str], place: str
) -> None:
    assert beginning.server_address(*fields) == place
