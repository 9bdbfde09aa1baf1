"""A hundred megabytes: read in bounded memory and time, or refused at once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 100 << 20
MEMORY = 400 << 20
"""Bytes that the whole program may take: four times the file would mean that it was held."""

RUN = """
import re, sys
from app import bootstrap, cli
code = cli.run(sys.argv[1:], bootstrap)
# Not ru_maxrss: a child starts with the peak of the process that it was forked from.
peak = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1)
sys.stderr.write(f"\\npeak={peak}")
sys.exit(code)
"""


def imported(path: Path, tmp_path: Path, *words: str) -> tuple[int, Any, int]:
    """Import in a process of its own; return exit code, document and its peak of memory."""
    line = [sys.executable, "-c", RUN, "import", str(path), "--json", *words]
    line += ["--profile", str(tmp_path / "p"), "--zone", "UTC"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=240)
    peak = int(done.stderr.rpartition("peak=")[2]) * 1024
    return done.returncode, json.loads(done.stdout), peak


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are told in KiB on Linux"),
]


def test_a_csv_of_a_hundred_megabytes_goes_in_within_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    text = "The printer on floor two prints blank pages since the update. " * 80
    with path.open("w", encoding="utf-8") as file:
        file.write("number,title,status,description\n")
        count = 0
        while file.tell() < SIZE:
            count += 1
            file.write(f"T-{count},Printer {count} is down,new,{text}\n")

    code, document, peak = imported(path, tmp_path)

    assert (code, document["created"], document["rejected_count"]) == (0, count, 0)
    assert peak < MEMORY, f"{peak >> 20} MB"


@pytest.mark.parametrize("kind", ["binary", "one line", "rejects", "json"])
def test_a_hundred_megabytes_of_rubbish_end_in_a_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "rubbish.csv"
    block = random.Random(7).randbytes(1 << 20)
    with path.open("wb") as file:
        if kind == "rejects":
            file.write(b"number,title,status\n")
        elif kind == "json":
            file.write(b'{"incidents": [')
        for _ in range(SIZE >> 20):
            if kind == "binary":
                file.write(block)
            elif kind == "rejects":
                file.write(b"x,y,z,too many,cells\n" * (1 << 15))
            else:
                file.write(b"[" * (1 << 20) if kind == "json" else b"x" * (1 << 20))

    code, document, peak = imported(path, tmp_path, "--dry-run")

    if kind == "rejects":
        assert (code, document["created"]) == (0, 0)
        assert document["rejected_count"] == 100 << 15
        assert len(document["rejected"]) == 10_000
    else:
        assert code == 3
        assert document["error"]["message"]
    assert peak < MEMORY, f"{peak >> 20} MB"
