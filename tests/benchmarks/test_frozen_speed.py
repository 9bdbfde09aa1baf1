"""How much slower the frozen program opens than the same code from its sources, both warm."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

import pytest

from app.services import sample_loading
from app.system.paths import Profile
from tests.benchmarks.starting import ROOT, seconds_to_list

if TYPE_CHECKING:
    from pathlib import Path

FROZEN = ROOT / "dist" / "incident-desk" / "incident-desk"
MOST = 1.5
ROUNDS = 3

pytestmark = [pytest.mark.benchmark]


@pytest.mark.skipif(sys.platform != "linux", reason="measured where the program is frozen here")
def test_the_frozen_program_opens_almost_as_fast_as_its_sources(tmp_path: Path) -> None:
    if not FROZEN.is_file():
        pytest.skip("nothing is frozen here: python packaging/build.py freeze")
    profile = str(tmp_path / "profile")
    sample_loading.load(Profile(tmp_path / "profile"), datetime.now(UTC), "UTC")
    ways = {"sources": (sys.executable, "-m", "app"), "frozen": (str(FROZEN),)}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):  # in turns, so that a busy moment meets both
        for name, program in ways.items():
            seconds = seconds_to_list(profile, program)
            if number:  # the first of each fills the caches
                spent[name].append(seconds)
    frozen, sources = median(spent["frozen"]), median(spent["sources"])
    ratio = frozen / sources
    print(
        f"frozen start {frozen:.2f} s, from sources {sources:.2f} s: {ratio:.2f} x, "
        f"{ratio / MOST:.2f} of the limit"
    )
    assert len(spent["frozen"]) == len(spent["sources"]) == ROUNDS
