"""Every command explains itself, each argument and each option, the common ones included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import typer

from app import bootstrap, cli
from app.cli import exchange, keeping, life, lists, records, team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Line

REGISTERED = (exchange, keeping, life, lists, records, team)
LOCAL = (
    *("demo", "log", "list", "show", "set", "note", "attach", "pending", "resume", "resolve"),
    *("close", "reopen", "cancel", "merge", "undo", "search", "due", "metrics", "import"),
    *("export", "report", "backup", "restore", "check", "rebuild"),
)


def commands(found: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, found
    for name, one in getattr(found, "commands", {}).items():
        yield from commands(one, *path, name)


ALL = dict(commands(typer.main.get_command(cli.application)))


def test_the_commands_of_the_page_are_there() -> None:
    assert REGISTERED
    wanted = {(name,) for name in LOCAL}
    wanted |= {("audit", "verify"), ("audit", "export")}
    wanted |= {("config", "get"), ("config", "set"), ("config", "import")}
    assert wanted <= set(ALL)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_a_command_explains_each_argument_and_option(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ALL[path]
    assert command.help or not path
    assert [one.name for one in command.params if not one.help] == []

    assert cli.run([*path, "--help"], bootstrap) == 0

    said = capsys.readouterr()
    assert said.err == ""
    options = [one for param in command.params for one in param.opts if one.startswith("--")]
    for word in (*options, "--help", "--profile DIR", "--as NAME", "--zone ZONE", "--json"):
        assert re.search(rf"(?<!\S){word}\b", said.out), word


def test_help_with_json_is_one_document(line: Line) -> None:
    assert "Usage: incident-desk show" in line.done("show", "--help")["help"]
    assert "--profile DIR" in line.done("--help")["help"]
