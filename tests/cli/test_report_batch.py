"""`report --filter`: the reports of many incidents, from the line to the files."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.services.report_batch import WORTH_PROCESSES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def test_a_folder_takes_one_file_each_and_a_pdf_takes_all(line: Line, tmp_path: Path) -> None:
    for text in ("printer jams", "vpn drops", "mail is slow"):
        line.done("log", text)
    told = line.done("report", "--filter", "-vpn", "-o", str(tmp_path / "out"))
    assert told["files"] == ["INC-000001.pdf", "INC-000003.pdf"]
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == told["files"]
    told = line.done(
        "report", "--filter", "status:new", "-o", str(tmp_path / "all.pdf"), "--paper", "letter"
    )
    assert told["written"] == 3
    assert (tmp_path / "all.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--filter", "status:closed", "-o", "{out}"), "No incident matches"),
        (("--filter", "vpn", "-o", "{out}/none/deep"), "cannot be made"),
        (("--filter", "vpn", "-o", "{out}.pdf", "--paper", "a0"), "no paper"),
    ],
)
def test_what_cannot_be_done_is_said(
    line: Line, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    line.done("log", "vpn drops")
    out = str(tmp_path / "out")
    assert sentence in line.refused("report", *(word.replace("{out}", out) for word in words))
    assert not list(tmp_path.glob("out*"))


def test_a_number_and_a_filter_are_too_much(line: Line, tmp_path: Path) -> None:
    line.done("log", "vpn drops")
    assert line("report", "1", "--filter", "vpn", "-o", str(tmp_path / "x"))[0] == 2


@pytest.mark.timeout(120)
def test_the_program_itself_starts_its_workers(line: Line, tmp_path: Path) -> None:
    for place in range(WORTH_PROCESSES):
        line.done("log", f"printer {place} jams")
    words = ("--profile", str(line.profile), "report", "--filter", "printer")
    words = (*words, "-o", str(tmp_path / "out"))
    done = subprocess.run(
        [sys.executable, "-m", "app", "--json", *words],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert json.loads(done.stdout)["written"] == WORTH_PROCESSES
