"""backup, restore and audit export as a script sees them."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from app import bootstrap, cli
from app.domain.journal_entry import GENESIS, Change, chain_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("INCIDENT_DESK_NOW", "2026-03-09T09:00:00Z")

    def command(*words: str, profile: str = "p") -> tuple[int, Any]:
        code = cli.run([*words, "--json", "--profile", str(tmp_path / profile)], bootstrap)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return command


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    """Back up one incident with a note and a file."""
    evidence = tmp_path / "evidence.log"
    evidence.write_text("0x80070005\n", encoding="utf-8")
    run("log", "printer down")
    run("note", "1", "Looked at it")
    run("attach", "1", str(evidence))
    code, facts = run("backup", "-o", str(tmp_path / "desk.zip"))
    assert (code, facts["ok"], facts["incidents"], facts["attachments"]) == (0, True, 1, 1)
    return tmp_path / "desk.zip"


def test_a_backup_comes_back_whole_in_a_new_profile(run: Run, saved: Path) -> None:
    before = run("show", "1")[1]

    code, facts = run("restore", str(saved), profile="new")

    assert (code, facts["ok"], facts["incidents"], facts["attachments"]) == (0, True, 1, 1)
    assert run("show", "1", profile="new")[1] == before
    assert run("check", profile="new")[1]["ok"]


def test_a_restored_store_is_a_new_station_and_shares_no_number(run: Run, saved: Path) -> None:
    run("restore", str(saved), profile="new")
    here = run("log", "here")[1]
    there = run("log", "there", profile="new")[1]

    assert here["number"] != there["number"]
    stations = [run("audit", "verify", profile=name)[1]["heads"] for name in ("p", "new")]
    assert len(stations[0]) == 1
    assert len(stations[1]) == 2


def test_a_profile_in_use_is_never_overwritten(run: Run, saved: Path) -> None:
    run("note", "1", "Written after the backup")
    before = run("show", "1")[1]

    code, refused = run("restore", str(saved))

    assert (code, refused["error"]["code"]) == (3, "profile_in_use")
    assert "--profile" in refused["error"]["message"]
    assert run("show", "1")[1] == before


def test_the_copy_that_a_migration_leaves_can_be_restored(
    run: Run, saved: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    with zipfile.ZipFile(saved) as archive, archive.open("incident-desk.sqlite") as part:
        copy.write_bytes(part.read())

    assert run("restore", str(copy), profile="new")[0] == 0
    assert run("show", "1", profile="new")[1]["title"] == "printer down"


def rewritten(source: Path, target: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Copy a backup with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry.startswith(name) else content)
    return target


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("name", ["incident-desk.sqlite", "attachments/"])
def test_a_changed_part_is_refused_and_nothing_is_restored(
    run: Run, saved: Path, tmp_path: Path, name: str
) -> None:
    bad = rewritten(saved, tmp_path / "bad.zip", name, flipped)

    code, refused = run("restore", str(bad), profile="new")

    assert (code, refused["error"]["code"]) == (3, "corrupt")
    assert "does not match its hash" in refused["error"]["message"]
    left = [file for file in (tmp_path / "new").rglob("*") if file.is_file()]
    assert left == []
    assert run("restore", str(saved), profile="new")[0] == 0


def test_a_part_with_a_name_that_leads_elsewhere_is_refused(
    run: Run, saved: Path, tmp_path: Path
) -> None:
    def add_part(content: bytes) -> bytes:
        manifest = json.loads(content)
        facts = {"sha256": hashlib.sha256(b"x").hexdigest(), "size": 1}
        manifest["files"]["../../outside"] = facts
        return json.dumps(manifest).encode()

    bad = rewritten(saved, tmp_path / "bad.zip", "manifest.json", add_part)

    code, refused = run("restore", str(bad), profile="new")

    assert (code, refused["error"]["code"]) == (3, "corrupt")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("content", [b"", b"rubbish\0\1", b"PK\5\6" + bytes(18)])
def test_what_is_no_backup_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "some.bin"
    file.write_bytes(content)

    code, refused = run("restore", str(file), profile="new")

    assert code == 3
    assert "backup" in refused["error"]["message"]
    assert not (tmp_path / "new" / "incident-desk.sqlite").exists()


def test_a_file_that_was_lost_is_named_by_the_backup(run: Run, saved: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "p" / "attachments")

    facts = run("backup", "-o", str(tmp_path / "again.zip"))[1]

    assert not facts["ok"]
    assert facts["missing"] == [hashlib.sha256(b"0x80070005\n").hexdigest()]


def test_the_exported_journal_proves_itself_without_the_program(
    run: Run, saved: Path, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    code, facts = run("audit", "export", "-o", str(path))
    head, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert (code, facts["ok"], facts["written"]) == (0, True, len(lines))
    assert head["heads"] == run("audit", "verify")[1]["heads"]
    previous = GENESIS
    binary = {"station", "action", "entity", "root", "salt", "prevs", "author", "undo_of", "hash"}
    for line in lines:
        digest = bytes.fromhex(line.pop("digest"))
        row = {key: bytes.fromhex(v) if key in binary else v for key, v in line.items()}
        change = Change(**row)
        previous = chain_hash(previous, change, digest)
        assert previous == change.hash
    assert list(head["heads"].values()) == [previous.hex()]


def test_a_backup_that_cannot_be_written_says_so(run: Run, tmp_path: Path) -> None:
    run("log", "printer down")
    code, refused = run("backup", "-o", str(tmp_path / "no" / "such" / "desk.zip"))
    assert (code, refused["error"]["code"]) == (3, "cannot_write")
