"""The house stands as house.md draws it: rooms, sizes, names, and nothing of a machine in it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

TOP_LEVEL = {"pyproject.toml", "README.md", "app", "resources", "tests", "packaging"}
HIDDEN = {".ci", ".github", ".gitignore"}
MOST_LINES = 400
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core"}
# Rooms of tests that mirror no package of `app`.
OWN_ROOMS = {"architecture", "benchmarks", "data", "end2end", "packaging", "simulation"}
# Where a colour may be written as digits: the window's tokens, and those of the printed page, which
# cannot import them because a report knows no window.
COLOUR_HOMES = {"app/ui/tokens.py", "app/reports/styles.py"}
COLOUR = re.compile(r"""["'\s:(]#[0-9A-Fa-f]{3,8}\b(?=["';\s)])|\bQColor\(\s*(?:0x|\d)""")
# Hosts of package registries and folders of the machines the project was built on, written so that
# this file does not hold them itself.
OF_A_MACHINE = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            r"python" + "hosted",
            r"npm" + r"js\.(?:org|com)",
            r"deb\." + r"debian\.org",
            "/root" + "/",
            "/work" + "/(?:main|shared|brief)",
            "file:" + "///opt",
        ]
    )
)


def _text(path: Path) -> str | None:
    """Return the text of a file, or None for a binary one."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def test_the_top_level_holds_exactly_what_the_house_says(tracked: list[Path]) -> None:
    top = {name.parts[0] for name in tracked}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL
    assert {name for name in top if name.startswith(".")} <= HIDDEN


def test_no_module_is_longer_than_400_lines(root: Path, modules: list[Path]) -> None:
    sizes = {name: len((root / name).read_text("utf-8").splitlines()) for name in modules}
    assert {str(name): size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_no_module_or_package_is_a_drawer(modules: list[Path]) -> None:
    named = {part for name in modules for part in name.with_suffix("").parts}
    assert named & BANNED_NAMES == set()


def test_resources_hold_data_only(tracked: list[Path]) -> None:
    # A .py file there becomes a package of its own and breaks editable installs.
    assert [n for n in tracked if n.parts[0] == "resources" and n.suffix == ".py"] == []


def test_the_packaging_folder_is_no_package(tracked: list[Path]) -> None:
    # It would stand in front of the library `packaging`, which pytest and hatchling import.
    assert Path("packaging/__init__.py") not in tracked


def test_every_room_of_tests_mirrors_a_package(root: Path, modules: list[Path]) -> None:
    rooms = {name.parts[1] for name in modules if name.parts[0] == "tests" and len(name.parts) > 2}
    packages = {path.parent.name for path in (root / "app").glob("*/__init__.py")}
    assert rooms - packages - OWN_ROOMS == set()


def test_no_two_test_files_of_a_room_share_a_name(modules: list[Path]) -> None:
    # Not importlib mode's concern, but a reader's: the same name twice is the same subject twice.
    counted = Counter((name.parts[1], name.name) for name in modules if "test_" in name.name)
    assert [key for key, count in counted.items() if count > 1] == []


def test_colours_are_written_in_the_tokens_only(root: Path, modules: list[Path]) -> None:
    found = {
        name.as_posix(): hits
        for name in modules
        if name.parts[0] == "app" and name.as_posix() not in COLOUR_HOMES
        if (hits := COLOUR.findall((root / name).read_text("utf-8")))
    }
    assert found == {}


def test_a_colour_would_be_seen_where_it_does_not_belong() -> None:
    for seen in ('pen = "#1a2b3c"', "QColor(12, 30, 40)", '"color: #fff;"', "QColor(0xff00aa)"):
        assert COLOUR.search(seen), seen
    for other in ("issue #123456 of", "QColor(tokens.accent)", "INC#0001234", '"#%d" % n'):
        assert not COLOUR.search(other.replace(" #123456", "#123456")), other


def test_no_file_names_a_registry_or_a_folder_of_a_machine(root: Path, tracked: list[Path]) -> None:
    found = {
        name.as_posix(): hits
        for name in tracked
        if (text := _text(root / name)) and (hits := OF_A_MACHINE.findall(text))
    }
    assert found == {}
