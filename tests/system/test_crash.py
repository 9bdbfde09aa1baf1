"""A bug leaves a file whose path can be told, whatever happens meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.system import crash

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("caplog")  # a bug is logged as an error, rightly

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


def _bug() -> ValueError:
    try:
        raise ValueError("list index of ann@example.com")
    except ValueError as error:
        return error


def test_the_file_says_where_it_happened_and_on_what_machine(tmp_path: Path) -> None:
    path = crash.write_crash(tmp_path / "crashes", _bug(), now=NOW, facts={"schema": "7"})
    text = path.read_text(encoding="utf-8")
    assert path.name == "crash-20260309T090000Z.txt"
    for expected in (
        "_bug",
        "ValueError",
        "schema: 7",
        "Python: ",
        "2026-03-09T09:00:00.000+00:00",
    ):
        assert expected in text
    assert "ann@example.com" not in text


def test_two_bugs_in_one_second_leave_two_files(tmp_path: Path) -> None:
    first = crash.write_crash(tmp_path, _bug(), now=NOW)
    second = crash.write_crash(tmp_path, _bug(), now=NOW)
    assert first != second
    assert first.exists()
    assert second.exists()


def test_only_the_newest_files_are_kept(tmp_path: Path) -> None:
    paths = [crash.write_crash(tmp_path, _bug(), now=NOW) for _ in range(crash.KEPT_FILES + 3)]
    assert len(list(tmp_path.iterdir())) == crash.KEPT_FILES
    assert paths[-1].exists()


def test_a_folder_that_cannot_be_written_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = crash.write_crash(tmp_path / "file", _bug(), now=NOW)
    assert path.parent == tmp_path / "file"


def test_an_exception_of_a_thread_is_written_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[BaseException, Path]] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    crash.install(tmp_path, now=lambda: NOW, on_crash=lambda *what: told.append(what))

    def fail() -> None:
        raise RuntimeError("in a worker")

    thread = threading.Thread(target=fail, name="store")
    thread.start()
    thread.join()
    assert [str(error) for error, _ in told] == ["in a worker"]
    assert "thread: store" in told[0][1].read_text(encoding="utf-8")


def test_a_fault_below_python_leaves_its_stacks(tmp_path: Path) -> None:
    code = (
        "import faulthandler, sys; from pathlib import Path; from app.system import crash\n"
        "keep = crash.watch_fatal(Path(sys.argv[1]))\n"
        "faulthandler._sigabrt()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert "Fatal Python error" in (tmp_path / crash.FATAL_NAME).read_text(encoding="utf-8")
