"""What a command says arrives whatever stdout and stderr are, and a dead one is no bug (cli.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.domain.incident_record import IncidentDraft
from app.services import logging_incidents

ROOT = Path(__file__).parents[2]
TITLE = "Café “printer” 日本語 ↯ down"
posix = pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes the streams here")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a profile with one incident; nothing here writes to it."""
    folder = tmp_path_factory.mktemp("streams") / "profile"
    desk = bootstrap.open_profile(str(folder), person="Ana Ruiz")
    logging_incidents.log(desk, IncidentDraft(title=TITLE))
    desk.close()
    return folder


def shell(profile: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell; `desk` in it is the program on the profile."""
    program = f'desk() {{ "{sys.executable}" -m app --profile "{profile}" "$@"; }}\n'
    return subprocess.run(
        ["/bin/bash", "-c", program + line], cwd=ROOT, capture_output=True, text=True,
        encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "encoding", "shown"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "ascii", r"Caf\xe9 \u201cprinter\u201d \u65e5"),
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252", r"Café “printer” \u65e5"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-8", "Caf"),
    ],
)
def test_a_terminal_that_lacks_a_character_shows_its_code(
    profile: Path, environment: dict[str, str], encoding: str, shown: str
) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "app", "--profile", str(profile), *words],
            cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=True,
        )  # fmt: skip

    assert shown in run("show", "1").stdout.decode(encoding)
    assert json.loads(run("show", "1", "--json").stdout.decode("ascii"))["title"] == TITLE
    assert "--start" in run("due", "--help").stdout.decode(encoding)


@posix
@pytest.mark.parametrize("words", ["list", "list --json", "--help"])
def test_a_reader_who_has_seen_enough_is_no_error(profile: Path, words: str) -> None:
    done = shell(profile, f"desk {words} | true; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("0\n", "")


@posix
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("desk list >&-", 0),
        ("desk show 77 --json >&-", 3),
        ("desk show 77 2>&-", 3),
        ("desk show --json 2>&-", 2),
        ("desk show 77 2>/dev/full", 3),
    ],
)
def test_a_stream_that_is_closed_changes_no_exit_code(profile: Path, line: str, code: int) -> None:
    done = shell(profile, line)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert not list((profile / "crashes").iterdir())


@posix
def test_nobody_is_asked_where_there_is_no_stdin(profile: Path) -> None:
    done = shell(profile, "desk set 1 priority=P1 <&-")
    assert done.returncode == 3
    assert "--reason" in done.stderr


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full is Linux's")
@pytest.mark.parametrize("words", ["list", "list --json", "--help"])
def test_an_answer_that_does_not_fit_is_a_known_error(profile: Path, words: str) -> None:
    done = shell(profile, f"desk {words} >/dev/full")
    assert done.returncode == 3
    assert done.stderr.startswith("The answer cannot be written (No space left on device).")
    assert done.stderr.count("\n") == 1


@posix
def test_bytes_that_are_no_utf_8_are_kept_as_marks(profile: Path, tmp_path: Path) -> None:
    done = shell(tmp_path / "own", r"desk --json log $'caf\xe9 \xff down'")
    assert json.loads(done.stdout)["title"] == "caf� � down"


@posix
def test_bytes_that_are_no_utf_8_are_searched_and_filtered_for(profile: Path) -> None:
    assert shell(profile, r"desk search $'\xff\xfe'").returncode == 1
    listed = shell(profile, r"desk --json list --filter $'tag:\xff custom.\xff:\xff \xff'")
    assert (listed.returncode, json.loads(listed.stdout)["total"]) == (0, 0)


def test_text_cannot_steer_the_terminal(profile: Path) -> None:
    made: dict[str, Any] = {"env": os.environ.copy(), "cwd": ROOT, "capture_output": True}
    words = [sys.executable, "-m", "app", "--profile", str(profile), "show", "\x1b[2J\a77"]
    done = subprocess.run(words, check=False, **made)
    assert done.returncode == 3
    assert b"\x1b" not in done.stderr
    assert b"\a" not in done.stderr
