"""What another station shares as a check runs here only after somebody here has allowed it."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.services import browsing, cataloguing, diagnosing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.incident import EntityId

NEVER = threading.Event()

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script of the test begins with #!")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Give two profiles that share one folder, with an incident that both have."""
    clock = PinnedClock(datetime(2026, 3, 9, 9, tzinfo=UTC))
    ana, jon = (open_desk(Profile(tmp_path / name), clock, person=name) for name in ("Ana", "Jon"))
    quick_logging.log_lines(ana, ["vpn down @Nina"])
    sharing.create(ana, str(tmp_path / "hub"))
    sharing.join(jon, str(tmp_path / "hub"))
    exchange(ana, jon)
    yield ana, jon
    ana.close()
    jon.close()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Give a script that leaves a trace of having run, on a drive that both stations see."""
    found = tmp_path / "look.py"
    write(found, "looked")
    return found


def write(script: Path, word: str) -> None:
    lines = f"#!{sys.executable}\nimport pathlib\npathlib.Path(__file__ + '.ran').touch()\n"
    script.write_text(f"{lines}print('{word}')\n")
    script.chmod(0o755)


def exchange(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            sharing.sync(desk)


def incident(desk: Desk) -> EntityId:
    return browsing.find(desk, "1")


def ran(script: Path) -> bool:
    trace = script.with_name(f"{script.name}.ran")
    found = trace.exists()
    trace.unlink(missing_ok=True)
    return found


def allow_and_run(desk: Desk) -> str:
    diagnosing.allow(desk, diagnosing.plan(desk, incident(desk), "Look"))
    return diagnosing.run(desk, incident(desk), "Look", NEVER)[1].output


def refused(desk: Desk, script: Path) -> bool:
    with pytest.raises(InvalidInputError, match="not allowed on this computer"):
        diagnosing.run(desk, incident(desk), "Look", NEVER)
    return not ran(script)


def test_a_script_is_allowed_on_each_station_and_again_after_each_change(
    two: tuple[Desk, Desk], script: Path
) -> None:
    ana, jon = two
    cataloguing.add(ana, "check", "Look", {"check": "script", "target": str(script)})
    assert allow_and_run(ana) == "looked\n"
    assert ran(script)
    exchange(ana, jon)
    assert refused(jon, script), "what was allowed on one station is not allowed on another"
    assert allow_and_run(jon) == "looked\n"
    assert ran(script)

    (check,) = cataloguing.entries(ana, "check")
    cataloguing.change(ana, "check", check.id, {"arguments": ["--all"]})
    exchange(ana, jon)
    assert refused(jon, script), "another station changed what the check does"
    assert allow_and_run(jon) == "looked\n"
    assert ran(script)

    write(script, "something else")
    for desk in two:
        assert refused(desk, script), "the script itself was changed"
    assert allow_and_run(jon) == "something else\n"
    assert ran(script)
    assert refused(ana, script)


def test_a_check_that_another_station_made_a_script_is_asked_for_again(
    two: tuple[Desk, Desk], script: Path
) -> None:
    ana, jon = two
    cataloguing.add(ana, "check", "Look", {"check": "disk_space", "target": str(script.parent)})
    exchange(ana, jon)
    diagnosing.allow(jon, diagnosing.plan(jon, incident(jon), "Look"))
    assert diagnosing.plan(jon, incident(jon), "Look").allowed
    (check,) = cataloguing.entries(ana, "check")
    cataloguing.change(ana, "check", check.id, {"check": "script", "target": str(script)})
    exchange(ana, jon)
    assert refused(jon, script)
