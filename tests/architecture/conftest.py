"""What the tests of the house's rules look at: the files of the project, not those of a machine."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of the clone."""
    return ROOT


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Give every file that the project owns, relative to the clone; skip outside a git clone."""
    try:
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={root}", "ls-files", "-z"],
            cwd=root,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git clone, so nothing says which files are the project's")
    names = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    return [name for name in names if (root / name).is_file()]


@pytest.fixture(scope="session")
def modules(tracked: list[Path]) -> list[Path]:
    """Give every Python file of the project, relative to the clone."""
    found = [name for name in tracked if name.suffix == ".py"]
    assert found
    return found


@pytest.fixture(scope="session")
def dev(root: Path) -> ModuleType:
    """Give the set-up script as a module; it stands in no package."""
    spec = importlib.util.spec_from_file_location("dev", root / "packaging" / "dev.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
