"""A change reaches the screens that show its kind, once."""

from __future__ import annotations

import pytest

from app.domain.changes import ChangeSet
from app.ui.change_bus import ChangeBus


@pytest.mark.parametrize(
    ("kind", "signal"),
    [
        ("incident", "incidents_changed"),
        ("person", "people_changed"),
        ("team", "people_changed"),
        ("category", "catalogue_changed"),
        ("calendar", "catalogue_changed"),
        ("saved_view", "views_changed"),
        ("setting", "settings_changed"),
        ("draft", "drafts_changed"),
    ],
)
def test_a_kind_is_announced_by_its_own_signal_only(qapp, kind: str, signal: str) -> None:
    bus = ChangeBus()
    heard: list[str] = []
    names = [name for name in dir(ChangeBus) if name.endswith("_changed")]
    for name in names:
        getattr(bus, name).connect(lambda changes, name=name: heard.append(name))
    bus.publish(ChangeSet(ids={kind: (b"x" * 16,)}))
    assert heard == [signal]


def test_one_change_of_two_kinds_reaches_both_and_the_common_signal_once(qapp) -> None:
    bus = ChangeBus()
    heard: list[object] = []
    bus.published.connect(heard.append)
    bus.incidents_changed.connect(heard.append)
    bus.people_changed.connect(heard.append)
    changes = ChangeSet(ids={"incident": (b"a" * 16,), "person": (b"b" * 16,)})
    bus.publish(changes)
    assert heard == [changes, changes, changes]
