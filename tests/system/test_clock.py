"""The clock and zone of the computer, and the clock that a run may pin."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.system.clock import (
    NOW_VARIABLE,
    PinnedClock,
    SystemClock,
    clock_of_environment,
    from_ms,
    system_zone_name,
    to_ms,
)
from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def test_the_computers_clock_gives_aware_utc() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= SystemClock().now() <= datetime.now(UTC)
    assert SystemClock().now().tzinfo is UTC


def test_a_pinned_clock_stands_still_but_its_order_moves_on() -> None:
    instant = datetime(2026, 3, 9, 9, tzinfo=UTC)
    clock = PinnedClock(instant)
    ordered = [clock.next_ms() for _ in range(5)]
    assert clock.now() == instant
    assert clock.now_ms() == to_ms(instant)
    assert ordered == [to_ms(instant) + n for n in range(5)]


def test_order_never_runs_back_when_a_pinned_clock_is_set_back() -> None:
    clock = PinnedClock(datetime(2026, 3, 9, 9, tzinfo=UTC))
    first = clock.next_ms()
    clock.set(datetime(2026, 3, 8, tzinfo=UTC))
    assert clock.next_ms() > first
    assert clock.now() == datetime(2026, 3, 8, tzinfo=UTC)


def test_the_systems_order_never_ties() -> None:
    clock = SystemClock()
    ordered = [clock.next_ms() for _ in range(1000)]
    assert ordered == sorted(set(ordered))


def test_a_naive_instant_cannot_be_pinned() -> None:
    with pytest.raises(ValueError, match="aware"):
        PinnedClock(datetime(2026, 3, 9))


@given(st.integers(min_value=-(10**13), max_value=10**14))
def test_milliseconds_survive_the_way_there_and_back(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-09T09:00:00Z", datetime(2026, 3, 9, 9, tzinfo=UTC)),
        ("2026-03-09T10:00:00+01:00", datetime(2026, 3, 9, 9, tzinfo=UTC)),
        (" 2026-03-09T09:00:00.250Z ", datetime(2026, 3, 9, 9, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_the_environment_pins_the_clock(text: str, instant: datetime) -> None:
    assert clock_of_environment({NOW_VARIABLE: text}).now() == instant


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-03-09T09:00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00+14:00"]
)
def test_an_instant_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MachineError, match="2026-03-09T09:00:00Z"):
        clock_of_environment({NOW_VARIABLE: text})


@pytest.mark.parametrize("environ", [{}, {NOW_VARIABLE: " "}])
def test_without_the_variable_time_runs(environ: Mapping[str, str]) -> None:
    assert isinstance(clock_of_environment(environ), SystemClock)


@pytest.mark.parametrize("name", ["Europe/London", "Asia/Kolkata"])
def test_the_zone_is_the_one_the_computer_says(name: str) -> None:
    code = "from app.system.clock import *; print(system_zone_name(), system_zone())"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TZ": name},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [name, name]


@pytest.mark.parametrize("name", ["Mars/Olympus", "/no/such/file", ""])
def test_a_zone_that_nobody_knows_is_utc_rather_than_a_crash(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def broken() -> str:
        return name

    monkeypatch.setenv("TZ", name or "nowhere")
    monkeypatch.setattr("tzlocal.get_localzone_name", broken)
    assert system_zone_name() == "UTC"


def test_the_zone_is_told_by_the_link_of_the_computer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    linked = {"/etc/localtime": "/usr/share/zoneinfo/Europe/London"}
    monkeypatch.setattr("os.path.realpath", lambda path: linked.get(path, path))
    monkeypatch.setattr("app.system.clock.TOLD_ZONE", tmp_path / "timezone")
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "Asia/Tokyo")
    assert system_zone_name() == "Europe/London"
    (tmp_path / "timezone").write_text("Europe/Paris\n")
    assert system_zone_name() == "Asia/Tokyo"
    linked["/etc/localtime"] = "/usr/share/zoneinfo/posix/Europe/London"
    (tmp_path / "timezone").unlink()
    assert system_zone_name() == "Asia/Tokyo"


def test_milliseconds_of_another_offset_are_the_same_instant() -> None:
    there = datetime(2026, 3, 9, 10, tzinfo=timezone(timedelta(hours=1)))
    assert to_ms(there) == to_ms(datetime(2026, 3, 9, 9, tzinfo=UTC))
