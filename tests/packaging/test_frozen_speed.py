"""How much slower the frozen program opens than the same code from its sources, both warm."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

import pytest

from app.services import sample_loading
from app.system.paths import Profile
from tests.benchmarks.starting import seconds_to_list
from tests.benchmarks.telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST = 1.5
ROUNDS = 3

pytestmark = [pytest.mark.benchmark, pytest.mark.packaging, pytest.mark.timeout(1_800)]


@pytest.mark.skipif(sys.platform != "linux", reason="measured where the program is frozen here")
def test_the_frozen_program_opens_almost_as_fast_as_its_sources(
    frozen: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    profile = str(tmp_path / "profile")
    sample_loading.load(Profile(tmp_path / "profile"), datetime.now(UTC), "UTC")
    ways = {"sources": (sys.executable, "-m", "app"), "frozen": (str(frozen),)}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):  # in turns, so that a busy moment meets both
        for name, program in ways.items():
            seconds = seconds_to_list(profile, program)
            if number:  # the first of each fills the caches
                spent[name].append(seconds)
    warm = {name: median(seconds) for name, seconds in spent.items()}
    tell(
        capsys,
        record_property,
        "start of the frozen program, against its sources",
        warm["frozen"],
        warm["sources"],
        MOST,
        "s",
    )
    assert len(spent["frozen"]) == len(spent["sources"]) == ROUNDS
