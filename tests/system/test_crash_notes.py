"""What was not told yet is told once, and no report holds what somebody wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.system import crash, crash_notes
from app.system.crash_text import without_quotations, without_values
from app.system.logs import LOG_NAME

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("caplog")  # a bug is logged as an error, rightly

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
ABORT = (
    "import faulthandler, sys; from pathlib import Path; from app.system import crash\n"
    "keep = crash.watch_fatal(Path(sys.argv[1]))\n"
)


def _run(code: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", ABORT + code, str(folder)],
        capture_output=True,
        check=False,
        timeout=60,
    )


def _bug(words: str) -> Exception:
    try:
        try:
            {}[words]
        except KeyError as error:
            raise ValueError(f"cannot read {words!r} at 3") from error
    except ValueError as error:
        return error
    raise AssertionError


def test_a_hard_abort_is_told_once_with_its_stacks_and_versions(tmp_path: Path) -> None:
    _run("faulthandler._sigabrt()\n", tmp_path)
    path = crash_notes.take_fault(tmp_path, now=NOW)
    assert path is not None
    assert crash_notes.untold(tmp_path) == [path]
    text = crash_notes.text_of([path])
    for expected in ("Fatal Python error", "Incident Desk: ", "Python: ", "System: "):
        assert expected in text
    crash_notes.mark_told(tmp_path, [path])
    assert crash_notes.take_fault(tmp_path, now=NOW) is None
    assert crash_notes.untold(tmp_path) == []


def test_a_run_that_ends_in_order_leaves_nothing_to_tell(tmp_path: Path) -> None:
    _run("crash.watch_no_more(keep)\n", tmp_path)
    assert list(tmp_path.iterdir()) == []
    _run("import os; os._exit(0)\n", tmp_path)  # killed: no stacks, so nothing is known
    assert crash_notes.take_fault(tmp_path, now=NOW) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("stacks", "told"),
    [
        ("Windows fatal exception: code 0x8001010d\n\nThread 0x1 (most recent call first):", False),
        ("Windows fatal exception: access violation\n\nThread 0x1:", True),
    ],
)
def test_a_fault_that_a_library_of_windows_took_care_of_is_not_told(
    tmp_path: Path, stacks: str, told: bool
) -> None:
    (tmp_path / crash.FATAL_NAME).write_text(stacks, encoding="utf-8")
    assert (crash_notes.take_fault(tmp_path, now=NOW) is not None) is told
    assert not (tmp_path / crash.FATAL_NAME).exists()


def test_the_newest_is_first_and_a_new_one_is_told_beside_told_ones(tmp_path: Path) -> None:
    first = crash.write_crash(tmp_path, _bug("a"), now=NOW)
    crash_notes.mark_told(tmp_path, [first])
    second = crash.write_crash(tmp_path, _bug("b"), now=NOW)
    third = crash.write_crash(tmp_path, _bug("c"), now=NOW)
    os.utime(third, ns=(1, 1))
    assert crash_notes.untold(tmp_path) == [second, third]
    assert crash_notes.forget([second, third])
    assert crash_notes.untold(tmp_path) == []
    assert first.exists()


def test_what_a_message_quotes_is_left_out_of_the_whole_chain() -> None:
    text = without_values(_bug("Printer of Mrs Lovelace"))
    assert "Lovelace" not in text
    assert "KeyError: <text>" in text
    assert "ValueError: cannot read <text> at 3" in text
    assert "test_crash_notes.py" in text
    assert without_values(ValueError("it can't be, or won't it")).count("<text>") == 0
    assert len(without_values(ValueError("x" * 5_000))) < 500


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("'it\\'s \"Lovelace\"' is no number", "<text> is no number"),
        ('near "Lovelace', "near <text>"),
        ("'utf-8' codec can't decode byte 0xff", "<text> codec can't decode byte 0xff"),
        ("UNIQUE constraint failed: incident.number", "UNIQUE constraint failed: incident.number"),
        ("no “Lovelace” and no `Lovelace` here", "no <text> and no <text> here"),
        ("the users' table isn't there", "the users' table isn't there"),
    ],
)
def test_quotations_are_found_however_they_are_written(message: str, left: str) -> None:
    assert without_quotations(message) == left


def test_names_of_the_program_stay() -> None:
    with pytest.raises(AttributeError) as met:
        None.title  # type: ignore[attr-defined]  # noqa: B018
    assert "'NoneType' object has no attribute 'title'" in without_values(met.value)


def test_the_end_of_the_log_comes_along_without_stacks_and_quotations(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = [f"2026-03-09T08:59:00.000Z INFO app.x round {n}" for n in range(100)]
    lines += [
        '2026-03-09T09:00:00.000Z ERROR app.x refused "Printer of Mrs Lovelace"',
        "Traceback (most recent call last):",
        "ValueError: Lovelace",
    ]
    (logs / LOG_NAME).write_text("\n".join(lines), encoding="utf-8")
    path = crash.write_crash(tmp_path / "crashes", _bug("x"), now=NOW, logs=logs)
    text = path.read_text(encoding="utf-8")
    assert "refused <text>" in text
    assert "round 99" in text
    assert "round 9\n" not in text
    assert "Lovelace" not in text
