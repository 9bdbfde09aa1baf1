"""Order and kinds of the timeline, chosen by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.incident import EntryKind
from app.services import browsing, evidence, incidents
from app.ui.detail.timeline_choice import GROUPS

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel


@pytest.fixture
def worked(panel: DetailPanel, desk: Desk) -> DetailPanel:
    uid = browsing.find(desk, "1")
    incidents.add_note(desk, [uid], "a note")
    incidents.add_note(desk, [uid], "a reply", kind=EntryKind.REPLY)
    incidents.edit(desk, [uid], {"impact": 1})
    evidence.attach(desk, uid, [("a.log", b"x")])
    panel.show_incident(uid)
    return panel


def told(panel: DetailPanel) -> list[str]:
    model = panel.timeline.entries
    return [
        model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
    ]


def test_every_kind_is_in_one_group_besides_all() -> None:
    parts = [kinds for name, kinds in GROUPS.items() if name != "all"]
    assert sorted(kind for kinds in parts for kind in kinds) == sorted(EntryKind)


@pytest.mark.parametrize(
    ("name", "words"),
    [("notes", "a note"), ("replies", "a reply"), ("files", "a.log"), ("changes", "Impact")],
)
def test_a_kind_alone_is_shown(worked: DetailPanel, name: str, words: str) -> None:
    everything = told(worked)
    worked.choice.kind_actions[name].trigger()
    shown = told(worked)
    assert 0 < len(shown) < len(everything)
    assert any(words in line for line in shown)
    others = {"a note", "a reply", "a.log"} - {words}
    assert not any(other in line for line in shown for other in others)
    worked.choice.kind_actions["all"].trigger()
    assert told(worked) == everything


def test_the_oldest_entry_stands_first_when_asked(worked: DetailPanel, desk: Desk) -> None:
    newest_first = told(worked)
    worked.choice.oldest_first.trigger()
    assert told(worked) == newest_first[::-1]
    worked._bench.bus.publish(incidents.add_note(desk, [browsing.find(desk, "1")], "the last word"))
    assert "the last word" in told(worked)[-1]


def test_the_choice_holds_for_the_next_incident(worked: DetailPanel, desk: Desk) -> None:
    worked.choice.kind_actions["notes"].trigger()
    worked.show_incident(browsing.find(desk, "2"))
    assert told(worked) == []
