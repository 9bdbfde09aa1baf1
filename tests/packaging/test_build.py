"""The front of the build: every command of the list is there, explained, and fails in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def build(packaging_module: Callable[[str], ModuleType]) -> ModuleType:
    """Give the front."""
    return packaging_module("build")


def test_the_commands_are_those_of_the_list_and_each_is_explained(build: ModuleType) -> None:
    wanted = ["freeze", "deb", "nsis", "msi", "dmg", "sbom", "notices", "check"]
    assert list(build.COMMANDS) == wanted
    assert re.findall(r"packaging/build\.py ([a-z]+)", str(build.__doc__)) == wanted


def test_an_unknown_command_names_those_there_are(
    build: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["frieze"]) == 2
    assert "freeze, deb, nsis" in capsys.readouterr().out


def test_what_a_person_can_put_right_is_said_in_one_sentence(
    build: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_name: str) -> None:
        raise build.build_place.BuildError("The disk is full: free some space.")

    monkeypatch.setattr(build.importlib, "import_module", refused)
    assert build.main(["nsis"]) == 1
    assert capsys.readouterr().err == "nsis: The disk is full: free some space.\n"


def test_a_frozen_program_is_kept_while_its_sources_are_the_same(
    packaging_module: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    freeze = packaging_module("build_freeze")
    source, recipe = tmp_path / "app" / "ui" / "desk.py", tmp_path / "packaging" / "build_slim.py"
    for path in (source, recipe, *(recipe.with_name(n) for n in freeze.build_place.REQUIREMENTS)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a = 1\n", "utf-8")
    seen = {freeze.digest(tmp_path)}
    (tmp_path / "README.md").write_text("words", "utf-8")
    source.with_suffix(".pyc").write_bytes(b"compiled")
    assert freeze.digest(tmp_path) in seen
    for changed in (source, recipe, recipe.with_name("requirements-sign.txt")):
        changed.write_text("a = 2\n", "utf-8")
        seen.add(freeze.digest(tmp_path))
    assert len(seen) == 4


def test_freeze_refuses_a_word_that_it_does_not_know(
    packaging_module: Callable[[str], ModuleType],
) -> None:
    freeze = packaging_module("build_freeze")
    with pytest.raises(freeze.BuildError, match="knows one word, --if-changed"):
        freeze.run(["freeze", "--fast"])


def test_the_version_has_one_place(packaging_module: Callable[[str], ModuleType]) -> None:
    assert packaging_module("build_place").version() == app.__version__


def test_the_size_of_a_folder_is_that_of_its_files(
    packaging_module: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "inner" / "b").write_bytes(b"678")
    assert packaging_module("build_place").size_of(tmp_path) == 8
