"""A disk that is full, read-only or locked, and a file that is no good: one sentence, exit 3."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from app.storage import database as database_module
from app.storage.schema import NEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Line

EVERY = [
    ("log", "door open"),
    ("list",),
    ("show", "1"),
    ("set", "1", "impact=1"),
    ("note", "1", "text"),
    ("search", "printer"),
    ("metrics",),
    ("undo",),
    ("audit", "verify"),
    ("check",),
    ("rebuild",),
    ("config", "get", "files.limit_mb"),
]


SENTENCES = {
    "rubbish": "corrupt: incident-desk.sqlite is not an Incident Desk database. "
    "Choose another folder, or move the file away.",
    "newer": "newer: incident-desk.sqlite was written by a newer Incident Desk (schema 99, "
    f"this program knows {NEWEST}). Nothing was changed; update the program to open it.",
    "foreign": "foreign: incident-desk.sqlite is a database of another program. "
    "Nothing was changed; choose another folder for Incident Desk.",
}
FULL = {"disk_full", "cannot_write", "profile", "report_not_written"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 8 MB, where this process may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("a small disk is mounted on Linux")
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("this process may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(place: Path, left: int) -> None:
    """Fill a disk but for some bytes."""
    facts = os.statvfs(place)
    (place / "filler").write_bytes(bytes(max(0, facts.f_bavail * facts.f_frsize - left)))


@pytest.mark.parametrize("left", [0, 65_536, 131_072])
def test_a_full_disk_loses_nothing_and_leaves_nothing_half(
    small_disk: Path, line: Line, tmp_path: Path, left: int
) -> None:
    line.profile = small_disk / "profile"
    line.done("log", "printer down @nina")
    before = line.done("audit", "verify")
    shown = line.done("show", "1")
    evidence = tmp_path / "evidence.bin"
    evidence.write_bytes(os.urandom(800_000))
    table = tmp_path / "table.csv"
    rows = "".join(f"T-{n},Door {n} {'x' * 400},new\n" for n in range(800))
    table.write_text(f"number,title,status\n{rows}", encoding="utf-8")
    fill(small_disk, left)
    out = str(small_disk / "out")

    for words in (
        ("note", "1", "long " * 60_000),
        ("attach", "1", str(evidence)),
        ("import", str(table)),
        ("backup", "-o", f"{out}.zip"),
        ("report", "1", "-o", f"{out}.pdf"),
        ("audit", "export", "-o", f"{out}.jsonl"),
    ):
        code, told = line(*words)
        if code == 0 and left and words[0] in {"backup", "report", "audit"}:
            Path(words[-1]).unlink()  # what is small may find its place
            if words[0] == "report":
                before = line.done("audit", "verify")  # that it was issued is a fact of its own
            continue
        assert code == 3, (words, told)
        assert told["error"]["code"] in FULL, (words, told)
        assert told["error"]["message"].endswith(".")

    (small_disk / "filler").unlink()
    assert sorted(one.name for one in small_disk.iterdir()) == ["profile"]
    stored = [one for one in (line.profile / "attachments").rglob("*") if one.is_file()]
    assert stored == []
    after = line.done("audit", "verify")
    assert after["heads"] == before["heads"]
    assert line.done("show", "1")["timeline"] == shown["timeline"]
    assert line.done("import", str(table))["created"] == 800
    assert line.done("check")["ok"]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize("what", ["rubbish", "newer", "foreign"])
def test_a_file_that_is_no_good_is_left_as_it_is(
    line: Line, what: str, words: tuple[str, ...]
) -> None:
    line.profile.mkdir()
    file = line.profile / "incident-desk.sqlite"
    if what == "rubbish":
        file.write_bytes(b"not a database at all " * 500)
    else:
        connection = apsw.Connection(str(file))
        connection.execute("CREATE TABLE songs (title TEXT)")
        if what == "newer":
            connection.pragma("user_version", 99)
        connection.close()
    before = file.read_bytes()

    refusal = line.refused(*words)

    assert refusal == SENTENCES[what]
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "words", [("log", "door open"), ("set", "1", "impact=1"), ("undo",), ("rebuild",)], ids=" ".join
)
def test_a_locked_file_is_waited_for_and_then_told(
    line: Line, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    line.done("log", "printer down")
    line.done("set", "1", "impact=2")
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_S", 0.2)
    other = apsw.Connection(str(line.profile / "incident-desk.sqlite"))
    other.execute("BEGIN IMMEDIATE")
    refusal = line.refused(*words)
    # Who only looks is not kept waiting by somebody who writes.
    assert line.done("show", "1")["impact"] == 2
    other.execute("ROLLBACK")
    other.close()
    assert refusal == (
        "locked: Another program is holding incident-desk.sqlite. Nothing was written; "
        "close it and try again."
    )
    assert line.done("list")["total"] == 1


def test_a_file_where_the_profile_should_be_is_named(line: Line) -> None:
    line.profile.write_text("in the way", encoding="utf-8")
    assert line.refused("list") == (
        f"profile: The data folder {line.profile} cannot be made because "
        f"{line.profile} is a file: choose another folder with --profile."
    )
