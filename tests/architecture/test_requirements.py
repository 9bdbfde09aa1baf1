"""The pins are complete, agree with pyproject.toml, and each comes with its licence."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING, Any

import apsw
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

if TYPE_CHECKING:
    from pathlib import Path

# What a library that is asked for brings along and the program may import by its own name.
PARTS = {
    "shiboken6": {"shiboken6"},
    "playhouse": {"peewee"},
    "asn1crypto": {"asn1crypto"},
    "pyhanko_certvalidator": {"pyhanko-certvalidator"},
}
FILES = [
    "requirements.txt",
    "requirements-sign.txt",
    "requirements-build.txt",
    "requirements-test.txt",
    "requirements-freeze.txt",
]
PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; [^\\]+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+",
    re.MULTILINE,
)


def _pins(text: str) -> dict[str, str]:
    """Return the version of every pinned package; a line that is no pin is a failure."""
    pins = {match[1]: match[2] for match in PIN.finditer(text)}
    assert PIN.sub("", text) == "", "only pins with their hashes belong into the file"
    return pins


@pytest.fixture(scope="module")
def pinned(root: Path) -> dict[str, dict[str, str]]:
    """Give the pins of each file."""
    return {name: _pins((root / "packaging" / name).read_text("utf-8")) for name in FILES}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """Give the project's table of pyproject.toml."""
    read: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return read


def test_the_pins_satisfy_what_the_project_asks_for(
    pinned: dict[str, dict[str, str]], project: dict[str, Any]
) -> None:
    extras = project["optional-dependencies"]
    asked = {
        "requirements.txt": project["dependencies"],
        "requirements-sign.txt": [*project["dependencies"], *extras["sign"]],
        "requirements-build.txt": extras["build"],
        "requirements-test.txt": [
            *project["dependencies"],
            *(line for name, lines in extras.items() for line in lines if name != "freeze"),
        ],
        "requirements-freeze.txt": extras["freeze"],
    }
    for name, lines in asked.items():
        for wanted in map(Requirement, lines):
            version = pinned[name][canonicalize_name(wanted.name)]
            assert wanted.specifier.contains(version), f"{name}: {wanted} but {version}"


def test_all_files_pin_the_same_versions(pinned: dict[str, dict[str, str]]) -> None:
    everything = pinned["requirements-test.txt"]
    for name in FILES:
        agreed = {pin: version for pin, version in pinned[name].items() if pin in everything}
        assert agreed.items() <= everything.items(), name
        # Only the tools that freeze the program are nothing that the tests need.
        assert name == "requirements-freeze.txt" or agreed == pinned[name], name


def test_the_pins_reach_windows_and_linux(root: Path) -> None:
    text = (root / "packaging" / "requirements.txt").read_text("utf-8")
    assert "pywin32-ctypes==0" in text
    assert "; sys_platform == 'win32'" in text
    assert "; sys_platform == 'linux'" in text


def test_every_library_that_ships_brings_its_licence(
    root: Path, pinned: dict[str, dict[str, str]]
) -> None:
    texts = {path.stem for path in (root / "packaging" / "licences").glob("*.txt")}
    assert texts == set(pinned["requirements-sign.txt"])


def test_every_dependency_says_what_it_is_for(root: Path, project: dict[str, Any]) -> None:
    lines = (root / "pyproject.toml").read_text("utf-8").splitlines()
    for wanted in [*project["dependencies"], *project["optional-dependencies"]["sign"]]:
        above = lines[lines.index(f'    "{wanted}",') - 1].strip()
        assert above.startswith("# "), wanted
        assert above.count(";") >= 2, f"{wanted}: what for; licence; upkeep; size"


def test_sqlite_is_new_enough_for_the_journal() -> None:
    # sync.md
    assert Version(apsw.sqlite_lib_version()) >= Version("3.51.3")


def test_every_library_that_the_program_imports_is_asked_for(
    root: Path, project: dict[str, Any]
) -> None:
    lines = [*project["dependencies"], *project["optional-dependencies"]["sign"]]
    asked = {canonicalize_name(Requirement(line).name) for line in lines}
    providers = packages_distributions()
    known = sys.stdlib_module_names | {"app", "_typeshed"}
    unasked = set()
    for path in (root / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.split(".")[0] for name in names} - known:
                sources = {canonicalize_name(source) for source in providers.get(top, [top])}
                if not sources & (asked | PARTS.get(top, set())):
                    unasked.add(f"{path.relative_to(root)}: {top}")
    assert not unasked
