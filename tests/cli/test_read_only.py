"""A profile that may only be looked at: reads work, each write is one sentence (ux.md, states)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.system.paths import Profile
from tests.cli.conftest import CODES, Line

ROOT = Path(__file__).parents[2]
WRITES = (
    ("log", "another one"),
    ("note", "1", "looked"),
    ("set", "1", "title=Other"),
    ("resolve", "1", *CODES, "--notes", "x"),
    ("undo",),
    ("config", "set", "sla.warn_percent", "60"),
    ("config", "set", "appearance.theme", "dark"),
    ("confirm", "1", "--by", "Nina"),
    ("rebuild",),
)
READS = (
    ("list",),
    ("show", "1"),
    ("search", "printer"),
    ("metrics",),
    ("config", "get", "people"),
    ("due", "--start", "2026-03-09T09:00:00Z", "--target", "8h"),
    ("audit", "verify"),
    ("check",),
)
AS_ANOTHER = """
import os, sys
from app import bootstrap, cli
commands = (["list"], ["show", "1"], ["search", "printer"], ["note", "1", "x"])
cli.run(["--profile", sys.argv[2], "log", "printer"], bootstrap)
for words in commands:  # what is imported late is imported while the interpreter can be read
    cli.run(["--profile", sys.argv[2], *words], bootstrap)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for words in commands:
    print("code", cli.run(["--profile", sys.argv[1], *words], bootstrap), flush=True)
"""


@pytest.fixture
def looking(line: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Give a profile with an incident whose file cannot be written."""
    line.done("log", "printer down @nina")
    monkeypatch.setattr(Profile, "is_read_only", property(Profile.exists))
    return line


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_a_write_is_refused_in_a_sentence(looking: Line, words: tuple[str, ...]) -> None:
    before = looking.done("show", "1")
    sentence = looking.refused(*words)
    assert sentence.startswith("read_only: incident-desk.sqlite is read-only. Nothing was written")
    assert looking.done("show", "1") == before


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_looking_works(looking: Line, words: tuple[str, ...]) -> None:
    looking.done(*words)


def test_an_export_and_a_report_of_what_can_only_be_looked_at(
    looking: Line, tmp_path: Path
) -> None:
    assert looking.done("export", "-o", str(tmp_path / "all.csv"))["written"] == 1
    assert looking.done("report", "1", "-o", str(tmp_path / "one.pdf"))["pages"] >= 1


def test_a_person_who_is_a_reader_looks_and_does_not_write(line: Line, tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    team.write_text('[[person]]\nname = "Rita Reader"\nrole = "Reader"\n')
    line.done("config", "import", str(team))
    number = line.done("log", "printer down @nina")["number"]
    reader = ("--as", "Rita Reader")
    assert line.done(*reader, "list")["total"] == 1
    line.done(*reader, "config", "set", "appearance.theme", "dark")
    for words in (("log", "x"), ("note", number, "x"), ("config", "import", str(team))):
        sentence = line.refused(*reader, *words)
        assert 'Rita Reader has the role "Reader", which looks and does not write' in sentence
    line.done("note", number, "Somebody else writes")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions work differently there")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_file_or_folder_without_the_right_to_write_is_looked_at(
    line: Line, tmp_path: Path, what: str
) -> None:
    line.done("log", "printer down @nina")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        folder = place / "p"
        line.profile.rename(folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o444)
        if what == "folder":
            for path in [folder, *(one for one in folder.rglob("*") if one.is_dir())]:
                path.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", AS_ANOTHER, str(folder), str(tmp_path / "warm")],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        for path in [folder, *(one for one in folder.rglob("*") if one.is_dir())]:
            path.chmod(0o755)
    codes = [one for one in done.stdout.splitlines() if one.startswith("code ")]
    assert codes == ["code 0", "code 0", "code 0", "code 3"], done.stdout + done.stderr[-800:]
    assert "is read-only. Nothing was written" in done.stderr
