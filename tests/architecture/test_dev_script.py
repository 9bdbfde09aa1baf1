"""The set-up script: what it says where it cannot go on, and when it has nothing to do."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture
def clone(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty clone with the files that the script reads, and point the script at it."""
    packaging = tmp_path / "packaging"
    packaging.mkdir()
    for name in ("requirements.txt", "requirements-test.txt", "requirements-build.txt"):
        (packaging / name).write_text(f"# {name}\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", "utf-8")
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").write_text("version = 3.11.7\n", "utf-8")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "PACKAGING", packaging)
    monkeypatch.setattr(dev, "VENV", venv)
    monkeypatch.setattr(dev, "STAMP", venv / "incident-desk-setup.json")
    monkeypatch.setattr(dev, "PYTHON", venv / "bin" / "python")
    return tmp_path


@pytest.fixture
def ran(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the commands that the script would run, each with success."""
    commands: list[list[str]] = []

    def pretend(command: list[str], **_more: str) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(dev, "run", pretend)
    return commands


def test_it_parses_on_old_pythons_and_needs_nothing_installed(dev: ModuleType) -> None:
    source = Path(str(dev.__file__)).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            assert str(node.module).split(".")[0] in sys.stdlib_module_names
            assert node.module != "__future__", "an old Python would refuse the file itself"


def test_a_second_run_installs_nothing(dev: ModuleType, clone: Path, ran: list[list[str]]) -> None:
    dev.install(clone / "packaging" / "requirements.txt")
    first = len(ran)
    dev.install(clone / "packaging" / "requirements.txt")
    assert (first, len(ran)) == (2, 2)


@pytest.mark.parametrize("changed", ["packaging/requirements.txt", "pyproject.toml"])
def test_a_change_of_the_pins_or_the_project_installs_anew(
    changed: str, dev: ModuleType, clone: Path, ran: list[list[str]]
) -> None:
    dev.install(clone / "packaging" / "requirements.txt")
    (clone / changed).write_text("# another line\n", "utf-8")
    dev.install(clone / "packaging" / "requirements.txt")
    assert len(ran) == 4


def test_a_damaged_stamp_installs_anew(dev: ModuleType, clone: Path, ran: list[list[str]]) -> None:
    dev.STAMP.write_text("{half", "utf-8")
    dev.install(clone / "packaging" / "requirements.txt")
    assert len(ran) == 2
    assert json.loads(dev.STAMP.read_text("utf-8")).keys() == {"requirements.txt"}


def test_a_failed_installation_is_no_finished_one(
    dev: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "run", lambda _command: 1)
    with pytest.raises(SystemExit, match="could not be installed; pip's own reason is above"):
        dev.install(clone / "packaging" / "requirements.txt")
    assert not dev.STAMP.exists()


def test_packages_are_installed_by_hash_only(
    dev: ModuleType, clone: Path, ran: list[list[str]]
) -> None:
    dev.install(clone / "packaging" / "requirements.txt")
    assert "--require-hashes" in ran[0]
    assert "--no-build-isolation" in ran[1]


def test_a_python_without_venv_gets_the_line_to_type(
    dev: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(dev, "apt_install", lambda _packages: False)
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    with pytest.raises(SystemExit, match=f"sudo apt-get install {package}"):
        dev.make_venv()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes libraries from packages")
@pytest.mark.parametrize(
    ("apt", "sentence"),
    [
        ("/usr/bin/apt-get", r"Qt cannot load .*libEGL.*Type this line.*\n.*install libegl1 "),
        (None, r"libEGL.*package manager\. Debian's names .* libegl1 "),
    ],
)
def test_a_missing_library_is_named_with_what_to_do(
    apt: str | None, sentence: str, dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Traceback\nImportError: libEGL.so.1: cannot open shared object file"
    monkeypatch.setattr(dev, "succeeds", lambda _command: (False, said))
    monkeypatch.setattr(dev, "apt_install", lambda _packages: False)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: apt)
    with pytest.raises(SystemExit, match=sentence):
        dev.see_to_qt_libraries(window=False)


def test_only_quick_tests_run_unless_all_are_asked_for(
    dev: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prepare_tests", "make_venv"):
        monkeypatch.setattr(dev, name, lambda: None)
    monkeypatch.setattr(dev, "see_to_test_programs", lambda **_: None)
    monkeypatch.setattr(dev, "see_to_qt_libraries", lambda **_: None)
    dev.test([])
    dev.test(["-k", "calendar"])
    dev.test(["-n0"])
    dev.test(["--all", "-rs"])
    dev.test(["-m", "slow"])
    given = [command[3:] for command in ran]
    quick = "not slow and not benchmark and not real_window and not packaging and not marathon"
    alone = "(benchmark or real_window or packaging) and not marathon"
    together = "not benchmark and not real_window and not packaging and not marathon"
    assert given == [
        ["-m", quick, "-n", "auto"],
        ["-m", quick, "-k", "calendar"],
        ["-m", quick, "-n0"],
        ["-m", alone, "-rs"],
        ["-m", together, "-n", "auto", "-rs"],
        ["-m", "slow"],
    ]


@pytest.mark.parametrize(
    ("alone", "together", "code"), [(0, 0, 0), (5, 0, 0), (1, 0, 1), (0, 1, 1), (5, 5, 5)]
)
def test_all_tests_end_with_the_code_of_what_failed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, alone: int, together: int, code: int
) -> None:
    monkeypatch.setattr(dev, "prepare_tests", lambda: None)
    monkeypatch.setattr(dev, "see_to_test_programs", lambda **_: None)
    monkeypatch.setattr(dev, "see_to_qt_libraries", lambda **_: None)
    codes = iter([alone, together])
    monkeypatch.setattr(dev, "run", lambda *_words, **_more: next(codes))
    assert dev.test(["--all"]) == code


def test_an_unknown_command_names_those_there_are(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["strat"]) == 2
    assert "start, test, check, bench, pin" in capsys.readouterr().out
