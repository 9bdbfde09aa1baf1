"""What the documents and the CI tell people to type exists."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from app.system import paths

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

SCRIPT = re.compile(r"packaging/dev\.py ([a-z]+)")
PROGRAM = re.compile(r"`incident-desk ([a-z][a-z-]*)")


def _typed(root: Path, pattern: re.Pattern[str], *names: str) -> set[str]:
    texts = [(root / name).read_text("utf-8") for name in names]
    return {word for text in texts for word in pattern.findall(text)}


def test_the_commands_of_the_readme_and_the_ci_exist(root: Path, dev: ModuleType) -> None:
    typed = _typed(root, SCRIPT, "README.md", ".ci/run", ".github/workflows/tests.yml")
    assert {"start", "test", "check"} <= typed
    assert typed <= set(dev.COMMANDS)


def test_every_command_of_the_script_is_explained(root: Path, dev: ModuleType) -> None:
    explained = set(SCRIPT.findall(dev.__doc__ or ""))
    assert explained == set(dev.COMMANDS) == _typed(root, SCRIPT, "README.md")


def test_the_program_is_named_as_the_readme_says(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "incident-desk"
    assert project["scripts"] == {"incident-desk": "app.__main__:main"}


def test_the_commands_of_the_program_in_the_readme_exist(root: Path) -> None:
    if not (root / "app" / "__main__.py").exists():
        pytest.skip("app/__main__.py is not written yet")
    typed = _typed(root, PROGRAM, "README.md")
    assert typed
    for word in sorted(typed):
        done = subprocess.run(
            [sys.executable, "-m", "app", word, "--help"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"incident-desk {word}: {done.stderr}"


def test_the_readme_names_the_folders_where_data_lives(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    assert f"`%LOCALAPPDATA%\\{paths.APP_NAME}`" in text
    assert f"`~/Library/Application Support/{paths.APP_NAME}`" in text
    assert f"`~/.local/share/{paths.APP_NAME}`" in text
    assert f"`{paths.PROFILE_VARIABLE}`" in text
    assert f"{paths.APP_NAME}-demo" == paths.DEMO_NAME


def test_the_readme_shows_the_packages_of_the_program(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    for package in (root / "app").glob("*/__init__.py"):
        assert re.search(rf"\b{package.parent.name}\b", text), package.parent.name


def test_actions_of_others_are_pinned_by_commit(root: Path) -> None:
    used = [
        line.split("uses:", 1)[1].strip()
        for path in (root / ".github" / "workflows").glob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert used
    for line in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", line), line


def test_the_changelog_has_a_place_for_the_next_line(root: Path) -> None:
    text = (root / "packaging" / "CHANGELOG.md").read_text("utf-8")
    assert "## Unreleased\n" in text
