"""A watched log file: each line once, over rotation, truncation, restarts and failures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import StoreError
from app.intake.log_follower import LogFollower
from app.services import alert_intake, configuration, log_watch
from app.storage import alert_rows

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk


def look(desk: Desk, path: Path) -> list[str]:
    """Take all that is there, as a process does that was started a moment ago."""
    follower = LogFollower(path, log_watch.position(desk, path))
    seen: list[str] = []
    while True:
        read = follower.read()
        log_watch.take(desk, path, read)
        follower.accept(read.position)
        if not read.lines:
            return seen
        seen += [line.decode() for line in read.lines]


def append(path: Path, data: str, encoding: str = "utf-8") -> None:
    with path.open("ab") as opened:
        opened.write(data.encode(encoding))


@pytest.fixture
def log(desk: Desk, tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(b"of old\n")
    assert look(desk, path) == []
    return path


def test_only_whole_new_lines_are_taken_once(desk: Desk, log: Path) -> None:
    append(log, "one\ntwo\r\nthr")
    assert look(desk, log) == ["one", "two"]
    append(log, "ee\n")
    assert look(desk, log) == ["three"]
    assert look(desk, log) == []


def test_the_rest_of_a_rotated_file_comes_before_the_new_one(desk: Desk, log: Path) -> None:
    append(log, "one\n")
    assert look(desk, log) == ["one"]
    append(log, "two\nno end")
    log.rename(log.with_name("app.log.1"))
    append(log, "three\n")
    assert look(desk, log) == ["two", "no end", "three"]
    assert look(desk, log) == []


@pytest.mark.parametrize(
    ("first", "second"), [("app.log.2", "app.log.1"), ("app-1.log", "app-2.log"),
                          ("app.log-20260308", "app.log-20260309")],
)  # fmt: skip
def test_what_was_rotated_twice_between_two_looks_is_read_in_its_order(
    desk: Desk, log: Path, first: str, second: str
) -> None:
    append(log, "one\n")
    assert look(desk, log) == ["one"]
    append(log, "two\n")
    log.rename(log.with_name(first))
    append(log, "three\n")
    log.rename(log.with_name(second))
    append(log, "four\n")
    for number, path in enumerate((log.with_name(first), log.with_name(second), log)):
        os.utime(path, ns=(number, 10**18 + number))
    append(log.with_name("app-errors.log"), "of another log\n")
    append(log.with_name("app.log.bak"), "a copy\n")
    assert look(desk, log) == ["two", "three", "four"]
    assert look(desk, log) == []


def test_a_file_that_was_cut_is_read_from_its_start(desk: Desk, log: Path) -> None:
    append(log, "one\n" * 20)
    assert len(look(desk, log)) == 20
    log.write_bytes(b"")
    append(log, "new\n")
    assert look(desk, log) == ["new"]
    log.write_bytes(b"other and longer\n" * 20)  # grown past the old place between two looks
    assert len(look(desk, log)) == 20


def test_a_file_that_comes_later_is_read_from_its_start(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "later.log"
    assert look(desk, path) == []
    append(path, "first\n")
    assert look(desk, path) == ["first"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_wide_log_is_read_by_its_mark(desk: Desk, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wide.log"
    assert look(desk, path) == []
    append(path, "\ufeffgr\u00fcn \U0001f600\r\nhal", encoding)
    assert look(desk, path) == ["gr\u00fcn \U0001f600"]
    append(path, "f\n", encoding)
    assert look(desk, path) == ["half"]


def test_counts_go_on_after_a_restart_and_nothing_is_counted_twice(desk: Desk, log: Path) -> None:
    configuration.set_setting(desk, "alerts.syslog", {"Disk": "notice 3/1h *disk*"})
    append(log, "app: disk bad\napp: disk bad\n")
    look(desk, log)
    assert alert_rows.total(desk.connection) == 0
    append(log, "app: disk bad\n")
    look(desk, log)
    assert alert_rows.total(desk.connection) == 1


def test_what_could_not_be_written_comes_again(
    desk: Desk, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(log, "<2>app: down\n")

    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(alert_intake, "take", full)
        with pytest.raises(StoreError):
            look(desk, log)
    assert look(desk, log) == ["<2>app: down"]
    assert alert_rows.total(desk.connection) == 1
