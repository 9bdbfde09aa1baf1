"""Holds the invariants of sync.md against the store that each test of the services leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.services.desk import Desk
from app.storage import audit, invariants

if TYPE_CHECKING:
    from typing import Any

_CHEAP = 3_000
"""Journal rows that are checked after a test; what imports more has its own checks."""


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
