"""The search index merges its parts seldom, so that few edits pay for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.desk import open_desk
from app.storage import search
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_profile_merges_parts_of_its_indexes_seldom(tmp_path: Path) -> None:
    desk = open_desk(Profile(tmp_path / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")
    for table in ("incident_fts", "incident_trigram"):
        kept = desk.connection.execute(f"SELECT v FROM {table}_config WHERE k = 'automerge'").get
        assert kept == search.MERGED
    desk.close()
