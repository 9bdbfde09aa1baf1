"""What a team has set decides at the command line too: taught formats, mailboxes, order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line

TEAM = """
[alerts.formats]
"Backup tool" = "title=/job/name state=/job/result id=/job/key host=/on"
[alerts.routing]
"host=db*" = "Databases"
"host=*" = "Desk"
[[team]]
name = "Databases"
[[team]]
name = "Desk"
[[mailbox]]
name = "Sales"
server = "imap.example.org"
user = "sales"
[[mailbox]]
name = "Help"
server = "imap.example.org"
user = "help"
"""
PAYLOAD = {"job": {"name": "Backup failed", "result": "broken", "key": 7}, "on": "db1"}


@pytest.fixture
def team(line: Line, tmp_path: Path) -> Path:
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    line.done("config", "import", str(path))
    return path


def test_a_taught_format_opens_joins_and_resolves(line: Line, team: Path, tmp_path: Path) -> None:
    path = tmp_path / "alert.json"
    told = []
    for result in ("broken", "broken", "ok"):
        job = {**PAYLOAD["job"], "result": result}  # type: ignore[dict-item]
        path.write_text(json.dumps({**PAYLOAD, "job": job}))
        told += line.done("intake", "alert", str(path))["results"]
    assert [one["action"] for one in told] == ["opened", "joined", "closed"]
    assert {one["source"] for one in told} == {"backup_tool"}
    shown = line.done("show", told[0]["number"])
    assert (shown["title"], shown["team"], shown["status"]) == (
        "Backup failed", "Databases", "resolved",
    )  # fmt: skip
    named = line.done("intake", "alert", "--format", "backup-tool", str(path))["results"]
    assert named[0]["action"] == "ignored"
    assert "backup_tool" in line.refused("intake", "alert", "--format", "nonsense", str(path))


def test_the_order_of_rules_is_a_setting(line: Line, team: Path) -> None:
    key = "alerts.routing_order"
    assert line.done("config", "get", key) == {key: ["host=db*", "host=*"]}
    line.done("config", "set", key, "host=*, host=db*")
    assert line.done("config", "get", key) == {key: ["host=*", "host=db*"]}


@pytest.mark.parametrize("key", ["pending.pausing", "matrix.rows", "alerts.routing_order"])
def test_a_setting_that_is_a_list_is_printed(line: Line, key: str) -> None:
    assert isinstance(line.done("config", "get", key)[key], list)


def test_a_mailbox_that_nobody_knows_is_refused_with_those_that_are(line: Line, team: Path) -> None:
    refused = line.refused("intake", "serve", "--mailbox", "Sales", "--mailbox", "nobody")
    assert 'There is no mailbox "nobody". Known: Help, Sales.' in refused
    assert "several mailboxes" in line.refused("intake", "serve", "--mailbox", "imap.example.org")
