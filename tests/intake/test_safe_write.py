"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.intake.safe_write import WriteError, whole_file

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_appears_when_the_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with whole_file(path) as file:
        file.write(b"new")
        assert not path.exists()

    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


def test_an_error_in_the_block_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")

    def fail() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "choose another folder"),
        (errno.EIO, "was not written"),
    ],
)
def test_what_the_disk_refuses_is_told_in_a_sentence(
    tmp_path: Path, number: int, says: str
) -> None:
    def fail() -> None:
        with whole_file(tmp_path / "out.csv"):
            raise OSError(number, os.strerror(number))

    with pytest.raises(WriteError, match=says):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_and_a_folder_in_the_way_are_told(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="is not there"), whole_file(tmp_path / "no" / "x.csv"):
        pass
    with pytest.raises(InvalidInputError, match="is a folder"), whole_file(tmp_path):
        pass
