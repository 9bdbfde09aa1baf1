"""The folder holds what the design says, believes only whole files, and overwrites none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import (
    HubAwayError,
    HubError,
    HubFullError,
    HubNewerError,
    HubRefusedError,
    WrongHubError,
)
from app.sync.folder_hub import FolderHub
from app.sync.hub import Holdings, Hub, Presence, Span, StationNote, Team
from app.sync.hub_files import RealFiles

from .rows import STATION, chain, piece

if TYPE_CHECKING:
    from pathlib import Path

OTHER = bytes([7]) * 16
TEAM = Team(bytes([1]) * 16, bytes([2]) * 16, "folder", STATION)


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return FolderHub(RealFiles(tmp_path), str(tmp_path), "one")


def files(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def test_a_team_is_founded_once(hub: Hub) -> None:
    assert hub.team() is None
    assert hub.found(TEAM) == TEAM == hub.team()
    assert hub.found(TEAM._replace(id=OTHER)) == TEAM
    again = TEAM._replace(epoch=OTHER)
    assert hub.found(again) == again == hub.team()


def test_a_foreign_newer_or_unlabelled_folder_is_refused(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "team.json").write_text("[]")
    with pytest.raises(WrongHubError):
        hub.team()
    (tmp_path / "team.json").unlink()
    (tmp_path / "st").mkdir()
    with pytest.raises(HubError, match="has lost its file"):
        hub.team()
    with pytest.raises(HubNewerError, match="Update to sync"):
        hub.found(TEAM._replace(format=99))


def test_rows_come_back_in_order_across_pieces(hub: Hub, tmp_path: Path) -> None:
    rows = chain([2, 1, 3])
    hub.publish(piece(rows[3:], rows[2].hash))
    assert hub.holdings()[STATION].last == 0
    hub.publish(piece(rows[:3]))
    hub.publish(piece(rows[:3]))
    assert hub.holdings() == {STATION: Holdings((Span(1, 3), Span(4, 6)))}
    got = hub.fetch(STATION, 0, 100)
    assert [c for p in got.pieces for c in p.changes] == rows
    assert len(hub.fetch(STATION, 0, 1).pieces) == 1
    assert hub.fetch(STATION, 3, 9).pieces[0].first == 4
    assert hub.hash_at(STATION, 5) == rows[4].hash
    assert hub.hash_at(STATION, 7) is None
    assert len(files(tmp_path)) == 2


def test_a_file_cut_short_is_told_and_a_mended_one_read_instead(hub: Hub, tmp_path: Path) -> None:
    rows = chain([2, 1])
    hub.publish(piece(rows))
    [name] = files(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:700])
    fresh = FolderHub(RealFiles(tmp_path), "it", "two")
    got = fresh.fetch(STATION, 0, 9)
    assert got.pieces == ()
    assert [(f.place, f.rows) for f in got.faults] == [(name, Span(1, 3))]
    fresh.mend(OTHER, piece(rows))
    assert f"st/{OTHER.hex()}/repair/{STATION.hex()}/" in " ".join(files(tmp_path))
    assert [c for p in fresh.fetch(STATION, 0, 9).pieces for c in p.changes] == rows
    fresh.publish(piece(rows))  # the owner writes its own again under the same name
    assert FolderHub(RealFiles(tmp_path), "it", "three").hash_at(STATION, 3) == rows[2].hash


def test_a_pack_takes_the_place_of_its_segments(hub: Hub, tmp_path: Path) -> None:
    rows = chain([1, 1, 1, 1])
    previous = bytes(32)
    for row in rows:
        hub.publish(piece([row], previous))
        previous = row.hash
    hub.replace(piece(rows[:3]))
    assert [n.split("/")[2] for n in files(tmp_path)] == ["pack", "seg"]
    assert [c for p in hub.fetch(STATION, 0, 9).pieces for c in p.changes] == rows


def test_names_off_the_pattern_links_and_devices_are_ignored(hub: Hub, tmp_path: Path) -> None:
    rows = chain([1])
    hub.publish(piece(rows))
    [name] = files(tmp_path)
    folder = (tmp_path / name).parent
    whole = (tmp_path / name).read_bytes()
    (folder / "._1-1-0123456789abcdef.sqlite").write_bytes(b"x")
    (folder / "1-1-0123456789abcdef (conflicted copy).sqlite").write_bytes(whole)
    (folder / "one-9.tmp").write_bytes(b"")
    os.symlink(tmp_path / name, folder / "2-2-0123456789abcdef.sqlite")  # noqa: PTH211
    os.mkfifo(folder / "3-3-0123456789abcdef.sqlite")
    (tmp_path / "st" / "STATION").mkdir()
    assert hub.holdings() == {STATION: Holdings((Span(1, 1),))}


def test_a_block_is_handed_out_once(hub: Hub) -> None:
    assert hub.claim_block(26, STATION)
    assert hub.claim_block(26, STATION)
    assert not hub.claim_block(26, OTHER)
    assert list(hub.blocks()) == [26]


class Lenient(RealFiles):
    """A share through FUSE that lets another computer make the same file at the same time."""

    def create(self, path: str, content: bytes) -> None:
        super().create(path, content)
        (self.root / path).write_bytes(OTHER.hex().encode())


def test_a_claim_is_believed_only_once_it_is_read_back(tmp_path: Path) -> None:
    lenient = FolderHub(Lenient(tmp_path), str(tmp_path), "one")
    assert not lenient.claim_block(26, STATION)
    assert FolderHub(RealFiles(tmp_path), str(tmp_path), "two").claim_block(26, OTHER)


def test_blobs_and_snapshots_are_verified(hub: Hub, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"evidence")
    sha = "d18a5e5ba1e1c0d1f1c3" + "0" * 44
    assert not hub.get_blob(sha, target)
    hub.put_blob(sha, source)  # a wrong digest, as of a file that was altered
    assert hub.has_blob(sha)
    assert not hub.get_blob(sha, target)
    assert not target.exists()
    one = hub.put_snapshot(5, STATION, source)
    two = hub.put_snapshot(6, STATION, source)
    assert list(hub.snapshots()) == [two, one]
    assert hub.get_snapshot(one, target)
    assert target.read_bytes() == b"evidence"
    hub.drop_snapshot(one)
    assert not hub.get_snapshot(one, target)


def test_notes_and_presence_are_hints(hub: Hub, tmp_path: Path) -> None:
    told = StationNote(3, bytes(32), {OTHER: 4}, "1.0", "here", 99)
    assert hub.note(STATION) is None
    hub.write_note(STATION, told)
    assert hub.note(STATION) == told
    hub.say_present(STATION, Presence(5, "Desk"))
    assert hub.presence() == {STATION: Presence(5, "Desk")}
    said = Presence(6, "Desk", "Nina", OTHER, True)
    hub.say_present(STATION, said)
    assert hub.presence() == {STATION: said}
    file = tmp_path / "presence" / STATION.hex()
    file.write_text('{"at": 7, "name": "an older program"}')
    assert hub.presence() == {STATION: Presence(7, "an older program")}
    for damaged in (b"\xff", b"[]", b'{"at": 1, "name": "x", "viewing": "zz"}'):
        file.write_bytes(damaged)
        assert hub.presence() == {}


class Broken(RealFiles):
    """Fails every call with one error."""

    number = 0

    def entries(self, folder: str) -> list:  # type: ignore[type-arg]
        raise OSError(self.number, "broken")

    def create(self, path: str, content: bytes) -> None:
        raise OSError(self.number, "broken")


@pytest.mark.parametrize(
    ("number", "kind"), [(28, HubFullError), (13, HubRefusedError), (5, HubAwayError)]
)
def test_what_the_system_refuses_is_told(tmp_path: Path, number: int, kind: type[HubError]) -> None:
    broken = Broken(tmp_path)
    broken.number = number
    hub = FolderHub(broken, "the share", "one")
    with pytest.raises(kind, match="the share"):
        hub.holdings()
    with pytest.raises(kind):
        hub.publish(piece(chain([1])))
    assert files(tmp_path) == []


def test_a_share_that_is_away_is_not_an_empty_one(tmp_path: Path) -> None:
    hub = FolderHub(RealFiles(tmp_path / "gone"), "the share", "one")
    for ask in (hub.team, hub.holdings, hub.blocks):
        with pytest.raises(HubAwayError):
            ask()
    with pytest.raises(HubAwayError):
        hub.publish(piece(chain([1])))
