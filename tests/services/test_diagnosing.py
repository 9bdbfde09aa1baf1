"""Checks of the team: allowed on each computer first, and what they say is evidence."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.intake.configuration_file import read_configuration_text
from app.services import browsing, cataloguing, configuration, diagnosing, incidents, quick_logging
from app.services.undoing import undo

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident import EntityId
    from app.services.desk import Desk

NEVER = threading.Event()


@pytest.fixture
def uid(desk: Desk) -> EntityId:
    """Give an incident."""
    quick_logging.log_lines(desk, ["vpn down @Nina #network/vpn"])
    return browsing.find(desk, "1")


def disk(desk: Desk, folder: Path, **more: object) -> None:
    data = {"check": "disk_space", "target": str(folder), "limit": 0, **more}
    cataloguing.add(desk, "check", "Room", data)


def test_a_check_runs_only_after_somebody_here_allowed_it(
    desk: Desk, uid: EntityId, tmp_path: Path
) -> None:
    disk(desk, tmp_path)
    made = diagnosing.plan(desk, uid, "room")
    assert not made.allowed
    with pytest.raises(InvalidInputError, match="not allowed on this computer"):
        diagnosing.run(desk, uid, "Room", NEVER)
    diagnosing.allow(desk, made)
    made, seen = diagnosing.run(desk, uid, "Room", NEVER)
    assert (made.allowed, seen.ok) == (True, True)

    (item,) = cataloguing.entries(desk, "check")
    cataloguing.change(desk, "check", item.id, {"target": str(tmp_path.parent)})
    assert not diagnosing.plan(desk, uid, "Room").allowed


def test_a_script_that_was_changed_has_to_be_allowed_again(
    desk: Desk, uid: EntityId, tmp_path: Path
) -> None:
    script = tmp_path / "look.py"
    script.write_text(f"#!{sys.executable}\nprint('found it')\n")
    script.chmod(0o755)
    cataloguing.add(desk, "check", "Look", {"check": "script", "target": str(script)})
    diagnosing.allow(desk, diagnosing.plan(desk, uid, "Look"))
    made, seen = diagnosing.run(desk, uid, "Look", NEVER)
    assert seen.output == "found it\n"
    assert len(made.script_sha256) == 64
    script.write_text(f"#!{sys.executable}\nprint('worse')\n")
    with pytest.raises(InvalidInputError, match="not allowed"):
        diagnosing.run(desk, uid, "Look", NEVER)


def test_what_a_check_said_is_a_file_and_a_note_and_one_undo(
    desk: Desk, uid: EntityId, tmp_path: Path
) -> None:
    disk(desk, tmp_path)
    diagnosing.allow(desk, diagnosing.plan(desk, uid, "Room"))
    made, seen = diagnosing.run(desk, uid, "Room", NEVER)
    diagnosing.keep(desk, uid, made, seen)
    found = browsing.incident(desk, uid)
    (file,) = found.attachments
    assert file.name == "check Room 20260309-090000.txt"
    assert (file.added_by, len(file.sha256)) == ("Ana Ruiz", 64)
    note = next(one.text for one in found.timeline if one.text.startswith("Check"))
    assert note.startswith('Check "Room" passed: ')
    assert str(tmp_path) in note
    assert "station" in note
    kept = desk.profile.attachments / file.sha256[:2] / file.sha256
    assert "Run by Ana Ruiz on station" in kept.read_text("utf-8")
    undo(desk)
    assert browsing.incident(desk, uid).attachments == ()


def test_checks_are_those_of_the_category_with_the_item_put_in(desk: Desk, uid: EntityId) -> None:
    cataloguing.add(desk, "check", "Gate", {"check": "ping", "category": "network"})
    cataloguing.add(desk, "category", "hr", {})
    cataloguing.add(desk, "check", "Payroll", {"check": "dns", "target": "pay", "category": "hr"})
    assert [one.name for one in diagnosing.checks(desk, uid)] == ["Gate"]
    with pytest.raises(InvalidInputError, match="needs the configuration item"):
        diagnosing.plan(desk, uid, "Gate")
    cataloguing.add(desk, "ci", "vpn-gate-1", {})
    incidents.edit(desk, [uid], {"ci": "vpn-gate-1"})
    assert diagnosing.plan(desk, uid, "Gate").told == "Ping vpn-gate-1"
    with pytest.raises(NotFoundError, match='no check "Payroll"'):
        diagnosing.plan(desk, uid, "Payroll")


def test_checks_come_from_a_configuration_file(desk: Desk, uid: EntityId) -> None:
    text = '[[check]]\nname = "Mail"\ncheck = "tcp_port"\ntarget = "mail"\nport = 25\n'
    configuration.apply(desk, read_configuration_text(text, "team.toml"))
    assert diagnosing.plan(desk, uid, "Mail").told == "Open a connection to mail, port 25"
    with pytest.raises(InvalidInputError, match="target"):
        read_configuration_text(text.replace('"mail"', '"-x"'), "team.toml")
