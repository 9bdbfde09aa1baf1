"""What the tests of the packages share: the modules of `packaging/`, which stand in no package."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
BUILD_S = 1_500


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of the clone."""
    return ROOT


@pytest.fixture(scope="session")
def packaging_module() -> Iterator[Callable[[str], ModuleType]]:
    """Give a function that imports a module of `packaging/` by its name."""
    folder = str(ROOT / "packaging")
    sys.path.insert(0, folder)
    yield importlib.import_module
    sys.path.remove(folder)


@pytest.fixture(scope="session")
def build() -> Callable[..., str]:
    """Give a function that runs a command of `packaging/build.py` and returns what it prints."""

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "packaging/build.py", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def frozen(build: Callable[..., str]) -> Path:
    """Give the frozen program, which all tests share; it is made anew when a source changed."""
    build("freeze", "--if-changed")
    return ROOT / "dist" / "incident-desk" / "incident-desk"
