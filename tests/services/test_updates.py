"""A new version is told once, from the team's folder or an address, and only when wanted."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import app
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.notification import NotificationKind, SyncWatch
from app.domain.version_note import VersionNote
from app.services import configuration, notifying, sharing, updates
from app.services.desk import Desk, open_desk
from app.system.clock import to_ms
from app.system.paths import Profile
from app.system.version_file import NAME

if TYPE_CHECKING:
    from pathlib import Path


class MovingClock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def now_ms(self) -> int:
        return to_ms(self.at)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def desk(tmp_path: Path, clock: MovingClock) -> Desk:
    return open_desk(Profile(tmp_path / "p"), clock, person="Ana Ruiz")  # type: ignore[arg-type]


@pytest.fixture
def hub(desk: Desk, tmp_path: Path) -> Path:
    hub = tmp_path / "hub"
    hub.mkdir()
    sharing.create(desk, str(hub))
    configuration.set_setting(desk, "updates.source", "folder")
    return hub


def told(desk: Desk) -> list[str]:
    looked = notifying.look(desk, SyncWatch())
    return [one.number for one in looked.fresh if one.kind is NotificationKind.NEW_VERSION]


def test_nothing_is_looked_at_until_the_team_wants_it(desk: Desk) -> None:
    assert updates.due(desk) is None
    assert updates.source(desk) is None
    assert desk.store.local(updates.CHECKED) is None


def test_a_version_in_the_folder_is_told_once_and_listed_with_its_page(
    desk: Desk, hub: Path
) -> None:
    (hub / NAME).write_text("9.1 https://example.org/desk Prints faster.", "utf-8")
    where = updates.due(desk)
    assert where is not None
    assert updates.take(desk, updates.read(where))
    assert told(desk) == ["9.1"]
    assert told(desk) == []
    (notice,) = notifying.look(desk, SyncWatch()).shelf
    assert (notice.text, notice.address) == ("Prints faster.", "https://example.org/desk")
    assert not updates.take(desk, updates.read(where))
    assert updates.take(desk, VersionNote("9.2"))
    assert told(desk) == ["9.2"]
    assert not updates.take(desk, VersionNote("9.1"))


def test_it_is_looked_at_once_a_day_also_when_the_clock_was_set_back(
    desk: Desk, hub: Path, clock: MovingClock
) -> None:
    del hub
    assert updates.due(desk) is not None
    clock.at += timedelta(hours=23, minutes=59)
    assert updates.due(desk) is None
    clock.at += timedelta(minutes=1)
    assert updates.due(desk) is not None
    clock.at -= timedelta(days=2)
    assert updates.due(desk) is not None


def test_the_same_and_an_older_version_are_not_told(desk: Desk) -> None:
    for version in (app.__version__, "0.0.9"):
        assert not updates.take(desk, VersionNote(version))
        assert "nothing to tell" in updates.sentence(VersionNote(version))
    assert "will be told" in updates.sentence(VersionNote("9.1"))
    assert told(desk) == []


def test_an_upgrade_between_the_look_and_the_notice_is_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert updates.take(desk, VersionNote("9.1"))
    monkeypatch.setattr(app, "__version__", "9.1.0")
    assert told(desk) == []


def test_who_does_not_want_this_kind_is_not_told(desk: Desk) -> None:
    configuration.set_setting(desk, "notifications.kinds", ["assigned"])
    assert updates.take(desk, VersionNote("9.1"))
    assert told(desk) == []


def test_a_broken_or_huge_file_is_refused(desk: Desk, hub: Path) -> None:
    where = updates.source(desk)
    assert where is not None
    for content in (b"<html>", b"9.1 " + b"x" * 1_000_000):
        (hub / NAME).write_bytes(content)
        with pytest.raises(InvalidInputError):
            updates.read(where)


def test_a_place_that_is_not_there_is_told(desk: Desk) -> None:
    configuration.set_setting(desk, "updates.source", "folder")
    with pytest.raises(NotFoundError, match="no folder"):
        updates.source(desk)
    configuration.set_setting(desk, "updates.source", "address")
    with pytest.raises(NotFoundError, match="https://"):
        updates.source(desk)
    for address in ("http://example.org/v", "file:///v", "example.org"):
        with pytest.raises(InvalidInputError, match="https://"):
            configuration.set_setting(desk, "updates.address", address)
    configuration.set_setting(desk, "updates.address", "https://example.org/v.txt")
    assert updates.source(desk) == updates.Source(address="https://example.org/v.txt")


def test_no_start_waits_for_the_network_to_be_imported() -> None:
    code = "import sys, app.services.notifying; print('urllib.request' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
