"""Command `freeze`: the program in one folder, with its own Python."""

from __future__ import annotations

import shutil
import sys

import build_notices
import build_place
from build_place import BUILD, DIST, FROZEN, PACKAGING, BuildError

MOST_MB = 190


def run(_words: list[str]) -> int:
    """Freeze the program into `dist/incident-desk` and say how large it is."""
    build_notices.refuse_stale()
    shutil.rmtree(FROZEN, ignore_errors=True)
    spec = PACKAGING / "incident-desk.spec"
    words = ["--noconfirm", "--log-level", "WARN", "--distpath", str(DIST)]
    build_place.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            *words,
            "--workpath",
            str(BUILD / "freeze"),
            str(spec),
        ],
        # The same sources make the same hashes of strings, and so the same files.
        PYTHONHASHSEED="1",
    )
    megabytes = build_place.size_of(FROZEN) / 1e6
    print(f"{FROZEN}: {megabytes:.0f} MB")
    if megabytes > MOST_MB:
        raise BuildError(
            f"The folder is {megabytes:.0f} MB, more than {MOST_MB}: see what came in with "
            "`du -a dist/incident-desk | sort -n` and leave it out in build_slim.py."
        )
    return 0
