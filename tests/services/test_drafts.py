"""Drafts are kept at once, survive a killed process, and come back after they were discarded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import NotFoundError
from app.services import drafts
from app.services.desk import Desk, open_desk
from app.storage.rows import ROWS
from app.system.clock import PinnedClock, SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def test_the_last_state_of_a_draft_is_kept(desk: Desk) -> None:
    drafts.save(desk, "n1", "new_incident", {"title": "Printer"})
    drafts.save(desk, "n1", "new_incident", {"title": "Printer \u202eon fire\x01"})
    (kept,) = drafts.all(desk)
    assert kept.data == {"title": "Printer \u202eon fire\x01"}
    assert kept.saved_at == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_several_drafts_live_side_by_side_newest_first(desk: Desk, clock: PinnedClock) -> None:
    drafts.save(desk, "n1", "new_incident", {"title": "One"})
    clock.set(clock.now() + timedelta(seconds=1))
    drafts.save(desk, "n2", "new_incident", {"title": "Two"})
    drafts.save(desk, "note:1", "note", {"text": "Half a no"})
    assert [one.key for one in drafts.all(desk, "new_incident")] == ["n2", "n1"]
    assert drafts.find(desk, "note:1") is not None
    assert drafts.find(desk, "nothing") is None


def test_a_discarded_draft_comes_back_for_a_week(desk: Desk, clock: PinnedClock) -> None:
    drafts.save(desk, "n1", "new_incident", {"title": "One"})
    drafts.discard(desk, "n1")
    assert drafts.all(desk) == []
    assert drafts.restore(desk, "n1").data == {"title": "One"}

    drafts.discard(desk, "n1")
    clock.set(clock.now() + timedelta(days=8))
    drafts.save(desk, "n2", "new_incident", {})
    drafts.discard(desk, "n2")
    with pytest.raises(NotFoundError, match="for a week"):
        drafts.restore(desk, "n1")


def test_a_draft_is_no_fact_of_the_journal(desk: Desk) -> None:
    before = desk.connection.execute("SELECT count(*) FROM change").get
    drafts.save(desk, "n1", "new_incident", {"title": "One"})
    assert desk.connection.execute("SELECT count(*) FROM change").get == before


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is for POSIX")
def test_a_draft_survives_a_killed_process(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    script = textwrap.dedent(
        f"""
        from pathlib import Path
        from app.services import drafts
        from app.services.desk import open_desk
        from app.system.clock import SystemClock
        from app.system.paths import Profile
        desk = open_desk(Profile(Path({str(root)!r})), SystemClock(), person="Ana")
        for n in range(1, 10**9):
            drafts.save(desk, "n1", "new_incident", {{"title": "x" * n}})
            print(n, flush=True)
        """
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = 0
        while said < 20:
            said = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        said = int((process.stdout.read().split() or [str(said)])[-1])
    kept = drafts.find(open_desk(Profile(root), SystemClock(), person="Ana"), "n1")
    assert kept is not None
    assert len(kept.data["title"]) >= said


def test_every_model_has_the_columns_of_its_table(desk: Desk) -> None:
    for model in ROWS:
        table = model._meta.table_name
        found = {
            row[1]: (bool(row[3]), bool(row[5]))
            for row in desk.connection.execute(f"PRAGMA table_info({table})")
        }
        said = {
            field.column_name: (not field.null or field.primary_key, field.primary_key)
            for field in model._meta.sorted_fields
        }
        assert said == found
