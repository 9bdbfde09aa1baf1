"""A dropped file is taken when it has stopped growing, and put away afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.intake.drop_folder import DropFolder

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: DropFolder) -> list[str]:
    return [path.name for path, _ in folder.ready()]


def test_a_file_is_taken_at_the_second_look(tmp_path: Path) -> None:
    folder = DropFolder(tmp_path)
    file = tmp_path / "a.json"
    file.write_bytes(b"{")
    assert names(folder) == []
    file.write_bytes(b"{}")
    assert names(folder) == []
    assert list(folder.ready()) == [(file, b"{}")]
    assert names(folder) == ["a.json"]  # until it is put away


def test_files_are_put_away_and_none_is_overwritten(tmp_path: Path) -> None:
    folder = DropFolder(tmp_path)
    for body in (b"1", b"2"):
        (tmp_path / "a.json").write_bytes(body)
        folder.put_away(tmp_path / "a.json", taken=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "done").iterdir()} == {
        "a.json": b"1",
        "a-2.json": b"2",
    }


def test_links_folders_and_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.json").symlink_to(secret)
    (inbox / "folder.json").mkdir()
    (inbox / "half.json.part").write_text("x")
    (inbox / ".hidden").write_text("x")
    folder = DropFolder(inbox)
    assert names(folder) == names(folder) == []


def test_a_folder_that_is_gone_gives_nothing(tmp_path: Path) -> None:
    assert names(DropFolder(tmp_path / "none")) == []
