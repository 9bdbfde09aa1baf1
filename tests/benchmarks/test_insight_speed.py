"""What the history says, at 100,000 incidents: similar while typing, in 50 ms (issue: insight).

Nothing fails on time.
"""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, recalling
from tests.benchmarks import made_database
from tests.benchmarks.telling import p95, spent_ms, tell_amount

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk

SIMILAR_GOAL_MS = 50.0
TEXTS = 20

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder: Path = tmp_path_factory.mktemp("insight")
    return made_database.make(folder)


def test_similar_while_typing(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    """Ask after each key of twenty titles, of common words and of rare ones."""
    rng = random.Random(5)
    rows = desk.connection.execute("SELECT title FROM incident").fetchall()
    typed = [
        title[:end] for (title,) in rng.sample(rows, TEXTS) for end in range(4, min(len(title), 48))
    ]
    times = [
        spent_ms(partial(recalling.like_text, desk, text, limit=3, typing=True)) for text in typed
    ]
    tell_amount(capsys, record_property, "similar while typing, p95", p95(times), SIMILAR_GOAL_MS)


def test_similar_of_an_incident(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    """Ask as the detail does when somebody goes down the list."""
    ids = browsing.ids_in(desk, "status:any", limit=100)
    times = [spent_ms(partial(recalling.like_incident, desk, uid)) for uid in ids]
    tell_amount(capsys, record_property, "similar of an incident, p95", p95(times), SIMILAR_GOAL_MS)
