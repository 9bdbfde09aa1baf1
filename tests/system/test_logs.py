"""The log holds what the program did and nothing about the people in it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest

from app.system.logs import LOG_NAME, MAX_BYTES, PrivateRotatingFile, redact, start_log, stop_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def log_folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with a started log."""
    handler = start_log(tmp_path / "logs")
    yield tmp_path / "logs"
    stop_log(handler)


def test_what_is_logged_can_be_read(log_folder: Path) -> None:
    logging.getLogger("app.storage.journal").info("replayed %d entries", 42)
    text = (log_folder / LOG_NAME).read_text(encoding="utf-8")
    assert "INFO app.storage.journal replayed 42 entries" in text
    assert text.split(" ", 1)[0].endswith("Z")


@pytest.mark.usefixtures("caplog")
def test_addresses_passwords_and_the_home_folder_are_cut_out(log_folder: Path) -> None:
    log = logging.getLogger("app.intake")
    log.info("mail from Ann.Lee@example.com password=hunter2 token: abc123")
    try:
        raise ValueError("no such mailbox bob@example.org")
    except ValueError:
        log.exception("hub postgresql://bob:secret@db/desk")
    text = (log_folder / LOG_NAME).read_text(encoding="utf-8")
    for private in ("example.com", "example.org", "hunter2", "abc123", "secret", "bob"):
        assert private not in text
    assert "postgresql://<hidden>@db/desk" in text


def test_the_home_folder_becomes_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "ann"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "ann"))
    assert redact(f"{tmp_path / 'ann'}/x.csv") == "~/x.csv"


def test_codes_and_paths_stay_as_they_are() -> None:
    text = "error 0x80070005 at /var/log/syslog, SQLite 3.54.1, 12 tokens"
    assert redact(text) == text


def test_the_log_rotates_and_keeps_only_a_few_files(log_folder: Path) -> None:
    log = logging.getLogger("app.load")
    for _ in range(8 * MAX_BYTES // 100_000):
        log.info("x" * 100_000)
    files = sorted(file.name for file in log_folder.iterdir())
    assert LOG_NAME in files
    assert len(files) == 6
    assert all(file.stat().st_size <= MAX_BYTES for file in log_folder.iterdir())


def test_work_goes_on_when_the_next_file_cannot_be_started(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "in use by another process")

    monkeypatch.setattr(PrivateRotatingFile, "rotate", refuse)
    log = logging.getLogger("app.load")
    log.info("x" * MAX_BYTES)
    log.info("still here")
    assert "still here" in (log_folder / LOG_NAME).read_text(encoding="utf-8")


def test_starting_twice_writes_each_line_once(log_folder: Path) -> None:
    start_log(log_folder)
    logging.getLogger("app.x").info("once")
    assert (log_folder / LOG_NAME).read_text(encoding="utf-8").count("once") == 1


def test_a_folder_that_cannot_be_made_costs_only_the_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    handler = start_log(tmp_path / "file" / "logs")
    logging.getLogger("app.x").info("nobody reads this")
    stop_log(handler)
    assert isinstance(handler, logging.NullHandler)


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")
def test_only_the_owner_can_read_the_log(log_folder: Path) -> None:
    logging.getLogger("app.x").info("line")
    assert (log_folder / LOG_NAME).stat().st_mode & 0o077 == 0
