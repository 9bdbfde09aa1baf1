"""Who may import whom: the contracts of pyproject.toml hold, and each of them can break."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINT = (
    "import sys; from importlinter.cli import lint_imports; "
    "sys.exit(lint_imports(no_cache=True, no_logo=True))"
)
QT = {"PySide6", "shiboken6", "pytestqt"}
# Rooms of tests that may open windows; a benchmark measures one against the bare toolkit.
ROOMS_WITH_QT = {"ui", "end2end", "benchmarks"}
# One offence for each contract, in the order of pyproject.toml.
OFFENCES = {
    "Layers point downwards": ("storage", "import app.services"),
    "Qt lives in app.ui only": ("services", "from PySide6.QtCore import QObject"),
    "The database lives in app.storage only": ("services", "import peewee"),
    "The team's server is spoken to in app.storage only": ("services", "import psycopg"),
    "Screens talk to services, never to the database": ("ui", "import app.storage"),
    "A report is built from plain values": ("reports", "import app.storage"),
    "The domain is pure: no input or output, no threads, no clock, no chance": (
        "domain",
        "import random",
    ),
}
PACKAGES = ["domain", "system", "storage", "reports", "services", "ui"]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False
    )


def _imported(path: Path) -> Iterator[str]:
    """Yield the first word of every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_every_contract_is_kept(root: Path) -> None:
    done = _lint(root)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OFFENCES)
def test_each_contract_is_broken_by_its_offence(name: str, root: Path, tmp_path: Path) -> None:
    for package in ("", *PACKAGES):
        folder = tmp_path / "app" / package
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    package, offence = OFFENCES[name]
    (tmp_path / "app" / package / "offence.py").write_text(offence, "utf-8")
    shutil.copy(root / "pyproject.toml", tmp_path)
    done = _lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{name} BROKEN" in " ".join(done.stdout.split())


def test_each_contract_has_an_offence_here(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts] == list(OFFENCES)


def test_every_package_of_the_program_has_its_layer(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {word.strip("() ") for layer in layers for word in layer.split("|")}
    rooms = {path.stem for path in (root / "app").glob("*.py")} - {"__init__"}
    rooms |= {path.parent.name for path in (root / "app").glob("*/__init__.py")}
    assert rooms - named == set()


def test_the_domain_imports_the_standard_library_only(root: Path, modules: list[Path]) -> None:
    allowed = sys.stdlib_module_names | {"app"}
    found = {
        name.as_posix(): strange
        for name in modules
        if name.parts[:2] == ("app", "domain")
        if (strange := set(_imported(root / name)) - allowed)
    }
    assert found == {}


def test_tests_without_a_window_import_no_qt(root: Path, modules: list[Path]) -> None:
    found = [
        name.as_posix()
        for name in modules
        if name.parts[0] == "tests" and name.parts[1] not in ROOMS_WITH_QT
        if QT & set(_imported(root / name))
    ]
    assert found == []


@pytest.mark.parametrize("module", ["app.cli", "app.__main__"])
def test_the_command_line_starts_without_qt(module: str, root: Path) -> None:
    path = root.joinpath(*module.split("."))
    if not path.with_suffix(".py").exists() and not path.is_dir():
        pytest.skip(f"{module} is not written yet")
    probe = (
        f"import sys, {module}; "
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'shiboken6')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
