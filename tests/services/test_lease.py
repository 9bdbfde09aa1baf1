"""The lease of a team: one station holds it, a silent one is replaced, parallel claims converge."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.services import lease, sharing
from app.services.desk import Desk, open_desk
from app.storage import lease_rows
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

Team = tuple[Desk, Desk, PinnedClock]
TERM = timedelta(seconds=lease.TERM_S)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """Give two stations that share a folder, and the clock of both."""
    clock = PinnedClock(MONDAY)
    first = open_desk(Profile(tmp_path / "a"), clock, person="Ana Ruiz")
    sharing.create(first, str(tmp_path / "hub"))
    second = open_desk(Profile(tmp_path / "b"), clock, person="Bo Lund")
    sharing.join(second, str(tmp_path / "hub"))
    return first, second, clock


def held(desk: Desk) -> bool:
    return lease.held(desk, lease.MAIL)


def exchange(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            sharing.sync(desk)


def rows(desk: Desk) -> int:
    found = desk.connection.execute("SELECT count(*) FROM change WHERE kind = 'station_lease'").get
    return int(found)


def test_a_profile_that_shares_with_nobody_holds_it_and_writes_nothing(desk: Desk) -> None:
    assert held(desk)
    assert rows(desk) == 0


def test_a_claim_counts_when_the_team_can_see_it(team: Team) -> None:
    first, second, _ = team
    assert not held(first)
    sharing.sync(first)
    assert held(first)
    exchange(second)
    assert not held(second)
    assert rows(second) == 1


def test_it_is_renewed_only_when_it_is_due(team: Team) -> None:
    first, second, clock = team
    held(first)
    exchange(first, second)
    clock.set(clock.now() + timedelta(seconds=lease.RENEW_S - 1))
    assert held(first)
    assert rows(first) == 1
    clock.set(clock.now() + timedelta(seconds=2))
    assert held(first)  # the earlier claim still holds while the new one is on its way
    assert rows(first) == 2
    exchange(first, second)
    clock.set(clock.now() + TERM - timedelta(seconds=1))
    assert not held(second)
    known = lease.holder(second, lease.MAIL)
    assert known is not None
    assert (known.station, known.here) == (first.store.station, False)


def test_a_silent_holder_is_replaced_after_its_term_and_no_sooner(team: Team) -> None:
    first, second, clock = team
    held(first)
    exchange(first, second)
    clock.set(clock.now() + TERM - timedelta(seconds=1))
    assert not held(second)
    clock.set(clock.now() + timedelta(seconds=1))
    assert not held(second)  # its claim is not on the hub yet
    sharing.sync(second)
    assert held(second)
    exchange(first)
    assert not held(first)


def test_a_holder_that_the_team_cannot_see_stops_by_itself(team: Team) -> None:
    first, second, clock = team
    held(first)
    exchange(first, second)
    clock.set(clock.now() + TERM - timedelta(seconds=1))
    assert held(first)
    clock.set(clock.now() + timedelta(seconds=1))
    assert not held(first)


def test_a_holder_that_ends_gives_it_up_at_once(team: Team) -> None:
    first, second, _ = team
    held(first)
    exchange(first, second)
    lease.release(first, lease.MAIL)
    exchange(first, second)
    assert lease.holder(second, lease.MAIL) is None
    held(second)
    sharing.sync(second)
    assert held(second)


def test_two_parallel_claims_end_in_the_first(team: Team) -> None:
    first, second, clock = team
    held(second)
    clock.set(clock.now() + timedelta(seconds=1))
    held(first)
    assert len(lease_rows.claims(first.connection, lease.MAIL)) == 1
    exchange(first, second)
    assert len(lease_rows.claims(first.connection, lease.MAIL)) == 2
    assert (held(first), held(second)) == (False, True)
    clock.set(clock.now() + timedelta(seconds=lease.RENEW_S))
    held(second)
    exchange(second, first)
    assert len(lease_rows.claims(first.connection, lease.MAIL)) == 1
    assert (held(first), held(second)) == (False, True)


def test_one_kind_of_work_is_no_other(team: Team) -> None:
    first, second, _ = team
    held(first)
    exchange(first, second)
    lease.held(second, "alerts")
    exchange(second, first)
    assert lease.held(second, "alerts")
    assert held(first)


def test_a_clock_that_is_a_day_ahead_does_not_keep_it_for_a_day(team: Team, tmp_path: Path) -> None:
    _, second, clock = team
    ahead = open_desk(Profile(tmp_path / "a"), PinnedClock(MONDAY + timedelta(days=1)))
    held(ahead)
    exchange(ahead, second)
    assert not held(second)
    clock.set(clock.now() + TERM)
    held(second)
    sharing.sync(second)
    assert held(second)


def test_a_killed_holder_is_replaced(team: Team, tmp_path: Path) -> None:
    _, second, clock = team
    program = f"""
        import sys, time
        from datetime import datetime
        from pathlib import Path
        from app.services import lease, sharing
        from app.services.desk import open_desk
        from app.system.clock import PinnedClock
        from app.system.paths import Profile

        clock = PinnedClock(datetime.fromisoformat({MONDAY.isoformat()!r}))
        desk = open_desk(Profile(Path({str(tmp_path / "a")!r})), clock)
        lease.held(desk, lease.MAIL)
        sharing.sync(desk)
        print(lease.held(desk, lease.MAIL), flush=True)
        time.sleep(600)
    """
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline().strip() == "True"
        os.kill(holder.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    exchange(second)
    assert not held(second)
    clock.set(clock.now() + TERM)
    held(second)
    sharing.sync(second)
    assert held(second)
