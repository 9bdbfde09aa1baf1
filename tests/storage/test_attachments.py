"""Evidence: kept once by its SHA-256 under a safe name, or refused before anything is copied."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError, StoreError
from app.domain.incident_record import IncidentDraft
from app.services import browsing, configuration, evidence, inspecting, logging_incidents
from app.services.desk import Desk, open_desk
from app.storage import attachments
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(Profile(tmp_path / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")
    logging_incidents.log(desk, IncidentDraft(title="Printer down"))
    yield desk
    desk.close()


def stored_files(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.profile.attachments.rglob("*") if path.is_file())


def test_a_file_of_300_mb_is_refused_before_it_is_copied(desk: Desk, tmp_path: Path) -> None:
    large = tmp_path / "dump.bin"
    with large.open("wb") as file:
        file.truncate(300 * 1024 * 1024)

    with pytest.raises(InvalidInputError, match="has 300 MB; at most 50 MB fit"):
        evidence.attach(desk, browsing.find(desk, "1"), [large])

    assert stored_files(desk) == []
    assert browsing.incident(desk, "1").attachments == ()


def test_the_largest_size_is_a_setting_of_the_team(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "two.bin"
    file.write_bytes(bytes(2 * 1024 * 1024))
    configuration.set_setting(desk, "files.limit_mb", 1)
    with pytest.raises(InvalidInputError, match="at most 1 MB"):
        evidence.attach(desk, browsing.find(desk, "1"), [file])
    configuration.set_setting(desk, "files.limit_mb", 2)
    evidence.attach(desk, browsing.find(desk, "1"), [file])
    assert browsing.incident(desk, "1").attachments[0].size == 2 * 1024 * 1024


def test_several_files_are_attached_all_or_none(desk: Desk, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("fine", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="cannot be read"):
        evidence.attach(desk, browsing.find(desk, "1"), [good, tmp_path / "gone.txt"])
    assert browsing.incident(desk, "1").attachments == ()


def test_an_empty_file_is_kept(desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.touch()
    evidence.attach(desk, browsing.find(desk, "1"), [empty])
    kept = browsing.incident(desk, "1").attachments[0]
    assert (kept.size, kept.sha256) == (0, hashlib.sha256(b"").hexdigest())
    assert attachments.read(desk.profile.attachments, kept.sha256) == b""


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("../x", "x"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/passwd", "passwd"),
        ("a:b?.txt", "a_b_.txt"),
        ("trailing. ", "trailing"),
        ("...", "file"),
        ("", "file"),
        ("line\nbreak.txt", "line_break.txt"),
        ("exe\u202etxt.doc", "exe_txt.doc"),
        ("x" * 500 + ".log", "x" * 116 + ".log"),
    ],
)
def test_a_name_is_safe_on_every_system(desk: Desk, given: str, kept: str) -> None:
    evidence.attach(desk, browsing.find(desk, "1"), [(given, b"content")])

    name = browsing.incident(desk, "1").attachments[0].name

    assert name == kept
    assert len(name) <= attachments.NAME_LIMIT


def test_the_same_bytes_are_kept_once(desk: Desk) -> None:
    uid = browsing.find(desk, "1")
    evidence.attach(desk, uid, [("a.txt", b"same"), ("b.txt", b"same")])
    assert [file.name for file in browsing.incident(desk, "1").attachments] == ["a.txt", "b.txt"]
    assert stored_files(desk) == [hashlib.sha256(b"same").hexdigest()]


def test_a_saved_copy_never_takes_the_place_of_another_file(desk: Desk, tmp_path: Path) -> None:
    kept = evidence.store_files(desk, [("log.txt", b"new")])[0]
    (tmp_path / "log.txt").write_text("mine", encoding="utf-8")

    path = attachments.export_to(desk.profile.attachments, kept, tmp_path)

    assert path.name == "log (2).txt"
    assert path.read_bytes() == b"new"
    assert (tmp_path / "log.txt").read_text(encoding="utf-8") == "mine"


def test_altered_and_missing_bytes_are_told(desk: Desk) -> None:
    kept = evidence.store_files(desk, [("log.txt", b"genuine")])[0]
    place = attachments.path_of(desk.profile.attachments, kept.sha256)
    place.write_bytes(b"altered")
    with pytest.raises(StoreError, match="was altered"):
        attachments.read(desk.profile.attachments, kept.sha256)
    place.unlink()
    with pytest.raises(NotFoundError, match="is missing"):
        attachments.read(desk.profile.attachments, kept.sha256)


def test_folders_and_devices_are_no_evidence(desk: Desk, tmp_path: Path) -> None:
    uid = browsing.find(desk, "1")
    with pytest.raises(InvalidInputError, match="is not a file"):
        evidence.attach(desk, uid, [tmp_path])
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InvalidInputError, match="is not a file"):
            evidence.attach(desk, uid, [tmp_path / "pipe"])


def test_a_removed_file_keeps_its_bytes_and_undo_brings_it_back(desk: Desk) -> None:
    uid = browsing.find(desk, "1")
    evidence.attach(desk, uid, [("log.txt", b"genuine")])
    file = browsing.incident(desk, "1").attachments[0]
    evidence.remove_attachment(desk, uid, file.id)
    assert browsing.incident(desk, "1").attachments == ()
    assert attachments.read(desk.profile.attachments, file.sha256) == b"genuine"
    assert inspecting.inspect(desk, uid).incident.attachments == ()
