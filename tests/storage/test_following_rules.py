"""Rows of the catalogue move the clocks in the lists just where they change what clocks follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.services import cataloguing, configuration
from app.storage import clocks
from tests.storage.test_remote import clock, log, meet, station

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident import EntityId
    from app.services.desk import Desk

__all__ = ["clock", "station"]


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many incidents each refresh of all open ones brought up to date."""
    counts: list[int] = []
    refresh = clocks.refresh_open

    def noted(*arguments: Any) -> int:
        counts.append(refresh(*arguments))
        return counts[-1]

    monkeypatch.setattr(clocks, "refresh_open", noted)
    return counts


def shown(desk: Desk, uid: EntityId) -> tuple[Any, ...]:
    row: Any = desk.connection.execute(
        "SELECT target_s, due_at, warn_at FROM incident WHERE uid = ?", (uid,)
    ).get
    return tuple(row)


def two_hours(desk: Desk) -> None:
    found = next(one for one in cataloguing.entries(desk, "target") if one.name == "P4 resolution")
    cataloguing.change(desk, "target", found.id, {"target": "2h"})


def no_weekends(desk: Desk) -> None:
    found = next(one for one in cataloguing.entries(desk, "calendar") if one.name == "Office hours")
    cataloguing.change(desk, "calendar", found.id, {"open": {"tue": ["09:00-17:00"]}})


def warn_early(desk: Desk) -> None:
    configuration.set_setting(desk, "sla.warn_percent", 10)


@pytest.mark.parametrize("edit", [two_hours, no_weekends, warn_early])
def test_an_edited_rule_moves_the_lists_here_and_at_a_colleague(
    station: Callable[[str], Desk], edit: Callable[[Desk], None]
) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    meet(ana, jon)
    before = shown(ana, uid)
    assert shown(jon, uid) == before

    edit(ana)
    meet(ana, jon)

    assert shown(ana, uid) != before
    assert shown(jon, uid) == shown(ana, uid)


def test_rows_that_move_no_clock_leave_the_open_incidents_alone(
    station: Callable[[str], Desk], refreshed: list[int]
) -> None:
    ana, jon = station("Ana"), station("Jon")
    log(ana)
    refreshed.clear()

    meet(ana, jon)  # the defaults of each come to the other
    configuration.set_setting(ana, "reopen.window", "14d")
    meet(ana, jon)
    assert refreshed == []

    warn_early(ana)
    assert refreshed == [1]
