"""What several actions touched, told as one."""

from __future__ import annotations

from app.domain.changes import ChangeSet, together
from app.domain.incident import EntityId

ONE, TWO, THREE = (EntityId(bytes([n]) * 16) for n in (1, 2, 3))


def test_each_thing_is_told_once_in_the_order_of_the_actions() -> None:
    first = ChangeSet(EntityId(b"a" * 16), "Log", {"incident": (TWO, ONE)}, ("INC-1",))
    second = ChangeSet(EntityId(b"b" * 16), "Note", {"incident": (ONE, THREE), "alert": (ONE,)})
    told = together([first, second])
    assert told == ChangeSet(None, "", {"incident": (TWO, ONE, THREE), "alert": (ONE,)})


def test_nothing_together_is_nothing() -> None:
    assert together([]) == ChangeSet()
