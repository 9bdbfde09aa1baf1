"""A desk on a Monday morning; the invariants of sync.md are held against each store left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.lifecycle import Given
from app.services.desk import Desk, open_desk
from app.storage import audit, invariants
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
"""When the desk of the tests opens: 09:00 in London, in winter."""
SOLVED = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.ASSISTANCE,
    cause_class=CauseClass.HUMAN,
    resolution="Turned it on",
)
_CHEAP = 3_000
"""Journal rows that are checked after a test; what imports more has its own checks."""


@pytest.fixture
def clock() -> PinnedClock:
    """Give a clock that stands at Monday morning until a test moves it."""
    return PinnedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    """Give the desk of Ana Ruiz in London on a new profile."""
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="Europe/London")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Function) -> None:
    """Fail a test that leaves a journal in which an invariant is broken."""
    desk = getattr(item, "funcargs", {}).get("desk")
    if not isinstance(desk, Desk):
        return
    rows: Any = desk.connection.execute("SELECT count(*) FROM change").get
    if rows > _CHEAP:
        return
    assert audit.verify_chains(desk.connection).first_bad is None
    assert audit.i4_no_change_is_silently_lost(desk.connection) == []
    assert audit.i5_vectors_are_contiguous(desk.connection)
    assert invariants.i7_numbers_are_unique_and_for_ever(desk.connection) == []
    assert audit.i9_groups_are_whole(desk.connection) == []
