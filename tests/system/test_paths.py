"""The data directory: where it is, that it is private, and what is said when it cannot be used."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from app.system.faults import MachineError
from app.system.paths import (
    PROFILE_VARIABLE,
    Profile,
    choose_profile,
    default_profile,
    demo_profile,
)

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")


def test_a_profile_holds_everything_in_one_directory(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "p")
    profile.create()
    names = {entry.name for entry in profile.directory.iterdir()}
    assert names == {"attachments", "drafts", "logs", "crashes", "backups"}
    assert profile.database == tmp_path / "p" / "incident-desk.sqlite"
    assert not profile.exists()


@posix
def test_only_the_owner_can_read_a_new_profile(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "deep" / "p")
    profile.create()
    for folder in profile.folders:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_creating_twice_changes_nothing(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    profile.create()
    (profile.drafts / "a.json").write_text("{}")
    profile.create()
    assert (profile.drafts / "a.json").read_text() == "{}"


def test_the_given_directory_wins_over_the_environment(tmp_path: Path) -> None:
    environ = {PROFILE_VARIABLE: str(tmp_path / "env")}
    assert choose_profile(tmp_path / "arg", environ).directory == tmp_path / "arg"
    assert choose_profile(None, environ).directory == tmp_path / "env"
    assert choose_profile(None, {}) == default_profile()
    assert choose_profile(None, {PROFILE_VARIABLE: ""}) == default_profile()


def test_a_relative_directory_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert choose_profile("here", {}).directory == tmp_path / "here"


def test_the_demo_never_lives_in_the_real_profile() -> None:
    demo, real = demo_profile().directory, default_profile().directory
    assert demo != real
    assert real not in demo.parents
    assert demo not in real.parents


@pytest.mark.parametrize("given", ["", "   ", "a\0b"])
def test_a_path_that_is_none_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(MachineError, match="profile"):
        choose_profile(given, {})


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(MachineError) as caught:
        Profile(tmp_path / "notes.txt" / "p").create()
    assert str(tmp_path / "notes.txt") in caught.value.message
    assert "--profile" in caught.value.message
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_where_the_profile_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("mine")
    with pytest.raises(MachineError, match="is a file"):
        Profile(tmp_path / "p").create()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "full"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EIO, "cannot be used"),
    ],
)
def test_what_is_in_the_way_is_said_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(MachineError, match=words):
        Profile(tmp_path).create()
    monkeypatch.undo()
    assert not list(tmp_path.glob(".writable*"))
