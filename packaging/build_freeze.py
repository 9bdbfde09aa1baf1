"""Command `freeze`: the program in one folder, with its own Python.

    python packaging/build.py freeze [--if-changed]

With `--if-changed` a folder that was made from the same sources is kept as it is.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from typing import TYPE_CHECKING

import build_notices
import build_place
from build_place import BUILD, DIST, FROZEN, PACKAGING, ROOT, BuildError

if TYPE_CHECKING:
    from pathlib import Path

MOST_MB = 190
MADE_FROM = BUILD / "frozen-from"
"""Holds the hash of what the folder was made from."""


def run(words: list[str]) -> int:
    """Freeze the program into `dist/incident-desk` and say how large it is."""
    asked = set(words[1:])
    if asked - {"--if-changed"}:
        raise BuildError("freeze knows one word, --if-changed: leave the others out.")
    wanted = digest(ROOT)
    known = MADE_FROM.read_text("ascii") if FROZEN.is_dir() and MADE_FROM.is_file() else ""
    if asked and known == wanted:
        print(f"{FROZEN}: made from the same sources before")
        return 0
    build_notices.refuse_stale()
    MADE_FROM.unlink(missing_ok=True)
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
    MADE_FROM.write_text(wanted, "ascii")
    return 0


def digest(root: Path) -> str:
    """Return one hash of this Python and every source that the frozen program is made from."""
    hashed = hashlib.sha256(sys.version.encode())
    for path in sorted((*root.glob("app/**/*"), *root.glob("resources/**/*"), *_recipe(root))):
        if path.is_file() and path.suffix != ".pyc":
            hashed.update(f"{path.relative_to(root).as_posix()}\0".encode())
            hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def _recipe(root: Path) -> list[Path]:
    names = ("*.spec", "entry.py", "build_slim.py", "LICENSE", "NOTICES.txt", "*/incident-desk.ic*")
    found = [path for name in names for path in (root / "packaging").glob(name)]
    return [*found, *(root / "packaging" / name for name in build_place.REQUIREMENTS)]
