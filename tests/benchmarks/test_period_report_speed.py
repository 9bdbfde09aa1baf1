"""A period report of 500 pages: time, memory and size as ratios to their limits (pdf.md 8, 13).

Each size is made in a process of its own, whose peak is its own. Nothing fails on time but the
stretch in which it cannot be stopped, which is the processor's time of this thread.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES, ROWS = 500, 16_950
TIME_LIMIT_S, MEMORY_LIMIT_MB, SIZE_LIMIT, CANCEL_LIMIT_S = 10.0, 350.0, 4_000_000, 0.2

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]

MAKE = """
import json, re, sys, time
from datetime import UTC, datetime
from pathlib import Path
from app.reports.language import ENGLISH
from app.reports.period_parts import (
    Bar, BarChart, HeatMap, LineChart, NumberTable, Part, PeriodRecord, Series)
from app.reports.period_record import LIST_HEAD, LIST_STARTS
from app.reports.period_report import period_report_bytes
from app.reports.record_parts import StripFact

count, path = int(sys.argv[1]), Path(sys.argv[2])
teams = ("Network", "Service desk", "Applications")
rows = tuple(
    (
        f"INC-2026-{at:05}",
        f"Printer {at} on floor {at % 7} prints nothing after the update of {at % 30} March",
        f"P{1 + at % 4}", teams[at % 3], f"{1 + at % 28} Mar 2026",
        f"{at % 40} h {at % 60:02} min", ("Met", "Missed")[at % 9 == 0],
    )
    for at in range(count)
)
days = tuple(f"{day} Mar" for day in range(1, 32))
sevens = tuple((day, "7") for day in days)
table = NumberTable(("Day", "Opened"), sevens, (0.0, 0.5), frozenset({1}))
parts = (
    Part("Trend", "It rose", LineChart(days, (Series("Opened", (7,) * 31),), "A line."), (table,)),
    Part("SLA", "Met", BarChart((Bar("P1", 0.9, "90%"),), "A bar.", 0.95, "target"), (table,)),
    Part("Heat", "Mondays", HeatMap(days[:24], days[:7], ((3,) * 24,) * 7, "A map."), (table,)),
)
record = PeriodRecord(
    "Kestrel Freight IT", "Incidents, March 2026", "March 2026", datetime(2026, 4, 1, tzinfo=UTC),
    json.dumps(rows, indent=1).encode(), "Europe/London", "All incidents.",
    (StripFact("Opened", f"{count:,}"),), parts, tuple(map(ENGLISH.of, LIST_HEAD)), LIST_STARTS,
    rows,
)
longest, last = 0.0, time.thread_time()
def beat(part):
    global longest, last
    now = time.thread_time()
    longest, last = max(longest, now - last), now
period_report_bytes(record.__class__(**{
    name: getattr(record, name) for name in record.__slots__ if name != "incidents"
} | {"incidents": rows[:100]}))
longest, last = 0.0, time.thread_time()
began, used = time.perf_counter(), time.process_time()
pdf, pages = period_report_bytes(record, beat)
beat(1.0)  # a stop in the last stretch is heard at its end
path.write_bytes(pdf)
# Not ru_maxrss: a child starts with the peak of the process that it was forked from.
peak_kb = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1))
print(json.dumps({
    "pages": pages, "size": len(pdf), "wall": time.perf_counter() - began,
    "used": time.process_time() - used, "longest": longest,
    "peak": peak_kb / 1024,
}))
"""


def _made(rows: int, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(rows), str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=280,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_period_report_of_500_pages(
    tmp_path: Path, failed_rules: Callable[[bytes], list[str]]
) -> None:
    path = tmp_path / "period.pdf"
    plain = _made(200, path)
    big = _made(ROWS, path)
    per_row = (big["used"] - plain["used"]) / (ROWS - 200)
    print(
        f"\n{big['pages']} pages, {ROWS:,} incidents: {big['used']:.1f} s of the processor "
        f"({big['used'] / TIME_LIMIT_S:.2f} of the limit, {big['wall']:.1f} s in all), "
        f"{per_row * 1000:.2f} ms a row, {big['peak']:.0f} MB "
        f"({big['peak'] / MEMORY_LIMIT_MB:.2f}), {big['size'] / 1e6:.2f} MB on disk "
        f"({big['size'] / SIZE_LIMIT:.2f}), longest stretch without a brake "
        f"{big['longest'] * 1000:.0f} ms ({big['longest'] / CANCEL_LIMIT_S:.2f})"
    )
    assert big["pages"] >= PAGES
    assert big["peak"] <= MEMORY_LIMIT_MB
    assert big["size"] <= SIZE_LIMIT
    assert failed_rules(path.read_bytes()) == []
