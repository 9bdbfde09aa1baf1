"""Commands that only look or write rows load none of the heavy parts: no Qt, no PDF, no server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("PySide6", "shiboken6", "reportlab", "pikepdf", "pypdfium2", "psycopg", "openpyxl", "PIL")
PROGRAM = """
import sys
from app import bootstrap, cli
code = cli.run(sys.argv[1:], bootstrap)
loaded = {name.partition(".")[0] for name, module in sys.modules.items() if module}
sys.stderr.write(f"{code} {sorted(loaded & set(%r))}")
"""


def loaded_by(profile: Path, *words: str) -> str:
    """Run a command in a process of its own; return its exit code and what it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM % (HEAVY,), "--json", "--profile", str(profile), *words],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stderr


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a profile with one incident, logged in a process that is looked at like the others."""
    folder = tmp_path_factory.mktemp("light") / "profile"
    assert loaded_by(folder, "log", "printer down @nina") == "0 []"
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", "1"),
        ("set", "1", "impact=2"),
        ("search", "printer"),
        ("note", "1", "Looked at it"),
        ("due", "--start", "2026-03-09T09:00Z", "--target", "8h"),
        ("metrics",),
        ("audit", "verify"),
    ],
)
def test_nothing_heavy_is_loaded(profile: Path, words: tuple[str, ...]) -> None:
    assert loaded_by(profile, *words) == "0 []"
