"""Rules that ruff has no word for, and the settings without which its own would not bite."""

from __future__ import annotations

import ast
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RULES = "E F W I N D UP B C4 PTH T20 SIM RUF PERF RET SLF PT TC"
READS_A_CLOCK = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


@pytest.fixture(scope="module")
def tools(root: Path) -> dict[str, Any]:
    """Give the settings of the tools."""
    read: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]
    return read


def _clock_readings(source: str) -> list[str]:
    """Return every call such as `datetime.now()` or `date.today()`."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READS_A_CLOCK
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time", "dt"}
    ]


def test_the_domain_is_told_the_time(root: Path, modules: list[Path]) -> None:
    found = {
        name.as_posix(): readings
        for name in modules
        if name.parts[:2] == ("app", "domain")
        if (readings := _clock_readings((root / name).read_text("utf-8")))
    }
    assert found == {}


def test_a_reading_of_the_clock_would_be_seen() -> None:
    assert _clock_readings("at = datetime.now(UTC)") == ["datetime.now"]
    assert _clock_readings("at = clock.now()") == []


def test_every_public_thing_must_have_a_docstring(tools: dict[str, Any]) -> None:
    lint = tools["ruff"]["lint"]
    missing = {"D1", "D100", "D101", "D102", "D103", "D104", "D106"}
    everywhere = set(lint["ignore"])
    for pattern, rules in lint["per-file-ignores"].items():
        if pattern.startswith("app"):
            everywhere |= set(rules)
    assert "D" in lint["select"]
    assert everywhere & missing == set()


def test_the_tools_are_as_strict_as_the_house(tools: dict[str, Any]) -> None:
    assert " ".join(tools["ruff"]["lint"]["select"]) == RULES
    assert tools["ruff"]["line-length"] == 100
    assert tools["mypy"]["strict"] is True
    pytest_settings = tools["pytest"]["ini_options"]
    for flag in ("--strict-markers", "--strict-config", "--import-mode=importlib"):
        assert flag in pytest_settings["addopts"].split()
    assert pytest_settings["filterwarnings"][0] == "error"
    assert pytest_settings["xfail_strict"] is True
    assert pytest_settings["qt_log_level_fail"] == "WARNING"


def test_an_ignored_rule_names_its_code(root: Path, modules: list[Path]) -> None:
    bare = ("# type: " + "ignore", "# no" + "qa")
    found = [
        f"{name.as_posix()}:{number}"
        for name in modules
        for number, line in enumerate((root / name).read_text("utf-8").splitlines(), 1)
        for mark in bare
        if mark in line and line.split(mark, 1)[1][:1] not in ("[", ":")
    ]
    assert found == []
