"""A team moves to another hub and back, and nothing of anybody is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, KnownError, WrongHubError
from app.services import browsing, evidence, incidents, moving, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import audit, exchange_rows, invariants
from app.sync.folder_hub import FolderHub
from app.system.clock import to_ms
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path


class MovingClock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def now_ms(self) -> int:
        self.at += timedelta(milliseconds=7)
        return to_ms(self.at)


CLOCK = MovingClock()


def made(tmp_path: Path, name: str) -> Desk:
    return open_desk(Profile(tmp_path / name), CLOCK, person=name)  # type: ignore[arg-type]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    return tmp_path / "old"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


@pytest.fixture
def team(tmp_path: Path, old: Path) -> tuple[Desk, Desk]:
    """Give two people who share through `old`, with work and a file of each."""
    ana, jon = made(tmp_path, "Ana"), made(tmp_path, "Jon")
    quick_logging.log_lines(ana, ["from Ana"])
    sharing.create(ana, str(old))
    sharing.join(jon, str(old))
    (uid,) = quick_logging.log_lines(jon, ["from Jon"]).ids["incident"]
    file = tmp_path / "log.txt"
    file.write_text("it broke at nine")
    evidence.attach(jon, uid, [file])
    for one in (jon, ana, jon):
        sharing.sync(one)
    return ana, jon


def titles(desk: Desk) -> set[str]:
    return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}


def settle(*desks: Desk) -> None:
    """Let everybody exchange until nothing moves, and hold the invariants against each."""
    for _ in range(3):
        for one in desks:
            sharing.sync(one)
    vectors = [exchange_rows.vector(one.connection) for one in desks]
    assert all(vector == vectors[0] for vector in vectors)
    for one in desks:
        assert audit.verify_chains(one.connection).first_bad is None
        assert audit.i4_no_change_is_silently_lost(one.connection) == []
        assert invariants.i7_numbers_are_unique_and_for_ever(one.connection) == []
        assert [note["kind"] for note in sharing.status(one)["health"]] == []


def numbers(desk: Desk) -> list[str]:
    return [row.number for row in browsing.rows(desk, browsing.ids_in(desk, ""))]


def test_everything_is_at_the_new_place_and_the_others_follow(
    team: tuple[Desk, Desk], new: Path, tmp_path: Path
) -> None:
    ana, jon = team
    told = moving.move(ana, str(new))
    assert told["old_place_told"]
    assert sharing.place(ana) == str(new)
    quick_logging.log_lines(ana, ["at the new place"])
    sharing.sync(jon)
    waiting = moving.pending(jon)
    assert waiting is not None
    assert (waiting.place, waiting.by) == (str(new), "Ana")
    moving.move(jon, str(new))
    assert moving.pending(jon) is None
    assert moving.pending(ana) is None
    settle(ana, jon)
    assert titles(ana) == titles(jon) == {"from Ana", "from Jon", "at the new place"}
    mia = made(tmp_path, "Mia")
    sharing.join(mia, str(new))
    sharing.sync(mia)
    assert titles(mia) == titles(ana)
    uid = browsing.ids_in(mia, "from Jon")[0]
    (file,) = browsing.incident(mia, uid).attachments
    assert (mia.profile.attachments / file.sha256[:2] / file.sha256).is_file()


def test_what_is_written_at_the_old_place_meanwhile_comes_along(
    team: tuple[Desk, Desk], new: Path
) -> None:
    ana, jon = team
    moving.move(ana, str(new))
    quick_logging.log_lines(ana, [f"new {n}" for n in range(40)])
    quick_logging.log_lines(jon, [f"old {n}" for n in range(40)])
    for one in (jon, ana, jon, ana):
        sharing.sync(one)
    quick_logging.log_lines(jon, [f"older {n}" for n in range(40)])
    quick_logging.log_lines(ana, [f"newer {n}" for n in range(40)])
    sharing.sync(jon)
    before = set(numbers(jon)) | set(numbers(ana))
    moving.move(jon, str(new))
    settle(ana, jon)
    assert len(titles(ana)) == 162
    assert set(numbers(ana)) == before, "a number once shown never changes"


def test_the_team_may_move_although_the_old_place_is_gone(
    team: tuple[Desk, Desk], old: Path, new: Path
) -> None:
    ana, jon = team
    quick_logging.log_lines(jon, ["not sent yet"])
    old.rename(old.with_name("gone"))
    assert not moving.move(ana, str(new))["old_place_told"]
    moving.move(jon, str(new))
    settle(ana, jon)
    assert titles(ana) == {"from Ana", "from Jon", "not sent yet"}


def test_a_new_place_that_fails_leaves_the_team_where_it_was(
    team: tuple[Desk, Desk], old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.domain.errors import HubAwayError, HubFullError

    ana, jon = team
    quick_logging.log_lines(ana, ["before"])
    real = FolderHub.publish
    for error in (HubFullError("full"), HubAwayError("away")):

        def fail(hub: FolderHub, piece: object, error: Exception = error) -> bool:
            if hub.place == str(new):
                raise error
            return real(hub, piece)  # type: ignore[arg-type]

        monkeypatch.setattr(FolderHub, "publish", fail)
        with pytest.raises(KnownError, match="The team stays where it was"):
            moving.move(ana, str(new))
        assert sharing.place(ana) == str(old)
    monkeypatch.undo()
    settle(ana, jon)
    assert moving.pending(jon) is None
    moving.move(ana, str(new))
    sharing.sync(jon)
    moving.move(jon, str(new))
    settle(ana, jon)
    assert titles(jon) == {"from Ana", "from Jon", "before"}


def test_a_place_of_another_team_the_same_place_and_nobody_are_refused(
    team: tuple[Desk, Desk], old: Path, new: Path, tmp_path: Path
) -> None:
    ana, _ = team
    mia = made(tmp_path, "Mia")
    with pytest.raises(InvalidInputError, match="shares with nobody"):
        moving.move(mia, str(new))
    sharing.create(mia, str(new))
    with pytest.raises(WrongHubError, match="belongs to another team"):
        moving.move(ana, str(new))
    with pytest.raises(InvalidInputError, match="already"):
        moving.move(ana, str(old))
    assert sharing.place(ana) == str(old)


def test_a_team_moves_back(team: tuple[Desk, Desk], old: Path, new: Path) -> None:
    ana, jon = team
    for place in (new, old):
        moving.move(ana, str(place))
        sharing.sync(jon)
        moving.move(jon, str(place))
        (uid,) = quick_logging.log_lines(jon, [f"at {place.name}"]).ids["incident"]
        incidents.add_note(jon, [uid], "noted")
        settle(ana, jon)
    assert sharing.place(ana) == sharing.place(jon) == str(old)
    assert titles(ana) == {"from Ana", "from Jon", "at new", "at old"}
