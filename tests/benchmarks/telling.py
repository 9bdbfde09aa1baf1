"""How benchmarks say what they measured: measure, limit of the same run, ratio, goal."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def tell(
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
    what: str,
    measure: float,
    limit: float,
    goal: float,
    unit: str = "ms",
) -> None:
    """Print a measure beside its limit and record it; being slow is no failure."""
    ratio = measure / limit
    met = "met" if ratio <= goal else "NOT MET"
    record_property(what, f"{ratio:.2f}x, goal {goal}x, {met}")
    with capsys.disabled():
        print(
            f"\n  {what}: {measure:.3f} {unit} / {limit:.3f} {unit} = {ratio:.2f}x "
            f"(goal <= {goal}x, {met})"
        )


def tell_amount(
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
    what: str,
    measure: float,
    goal: float,
    unit: str = "ms",
) -> None:
    """Print a measure beside a goal that is an amount, with the share of it that was used."""
    tell(capsys, record_property, f"{what}, against {goal:g} {unit}", measure, goal, 1.0, unit)


def spent_ms(act: Callable[[], Any]) -> float:
    """Return the milliseconds that a call took."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def processor_ms(act: Callable[[], Any]) -> float:
    """Return the milliseconds of the processor that a call took, in all threads."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def paired(ours: Callable[[], Any], limit: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the medians (ms) of two calls made in turn, so that noise falls on both."""
    pairs = []
    for turn in range(times):
        if turn % 2:
            pairs.append((spent_ms(ours), spent_ms(limit)))
        else:
            other = spent_ms(limit)
            pairs.append((spent_ms(ours), other))
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
    )


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[int(len(values) * 0.95)]
