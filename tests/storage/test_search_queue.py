"""An edit leaves the search index for later; a search finds what was edited all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw
import pytest

from app.domain.incident_record import IncidentDraft
from app.domain.listing import ListQuery
from app.services import auditing, browsing, incidents, logging_incidents
from app.services.desk import Desk, open_desk
from app.storage import search_queue
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident import EntityId


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(Profile(tmp_path / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")


def edited(desk: Desk) -> EntityId:
    uid = logging_incidents.log(desk, IncidentDraft(title="Printer down")).ids["incident"][0]
    incidents.edit(desk, [uid], {"title": "Scanner down"})
    incidents.add_note(desk, [uid], "Replaced the fuser")
    return uid


def found(desk: Desk, text: str) -> int:
    return len(browsing.find_text(desk, text).hits)


def test_an_edit_is_found_by_the_next_search(desk: Desk) -> None:
    edited(desk)
    assert search_queue.is_behind(desk.connection)
    assert [found(desk, word) for word in ("scanner", "fuser", "printer")] == [1, 1, 0]
    assert not search_queue.is_behind(desk.connection)


def test_the_words_of_a_filter_find_it_too(desk: Desk) -> None:
    edited(desk)
    assert sum(g.count for g in browsing.groups(desk, ListQuery("scanner", "", "sla"))) == 1


def test_an_idle_moment_indexes_what_waits_and_says_when_nothing_is_left(desk: Desk) -> None:
    edited(desk)
    assert browsing.index_some(desk) == 1
    assert browsing.index_some(desk) == 0


def test_a_search_beside_a_long_write_goes_on_with_the_index_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queue, "PATIENCE_MS", 10)
    edited(desk)
    other = apsw.Connection(str(desk.profile.database))
    other.execute("BEGIN IMMEDIATE")
    assert found(desk, "printer") == 1
    other.execute("ROLLBACK")
    assert found(desk, "printer") == 0
    assert found(desk, "scanner") == 1


def test_a_rebuild_leaves_nothing_behind(desk: Desk) -> None:
    edited(desk)
    auditing.rebuild(desk)
    assert not search_queue.is_behind(desk.connection)
    assert found(desk, "fuser") == 1
