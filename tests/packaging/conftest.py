"""What the tests of the packages share: the modules of `packaging/`, which stand in no package."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


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
