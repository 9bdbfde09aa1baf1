"""Parent and child incidents: one parent, one level, resolved together in one action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import Status
from app.services import browsing, families, moves, quick_logging, undoing
from app.storage import rebuild
from tests.services.conftest import SOLVED

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.services.desk import Desk


def logged(desk: Desk, count: int) -> list[EntityId]:
    lines = [f"mail is slow {n}" for n in range(count)]
    return list(quick_logging.log_lines(desk, lines).ids["incident"])


def test_children_name_their_parent_and_another_one_takes_its_place(desk: Desk) -> None:
    parent, other, *children = logged(desk, 4)
    families.set_parent(desk, children, parent)
    assert {one.id for one in families.children_of(desk, parent)} == set(children)
    families.set_parent(desk, children[:1], other)
    found = families.parent_of(desk, children[0])
    assert found is not None
    assert found.id == other
    assert [one.id for one in families.children_of(desk, parent)] == children[1:]
    rebuild.rebuild(desk.store)
    assert [one.id for one in families.children_of(desk, other)] == children[:1]
    undoing.undo(desk)
    assert len(families.children_of(desk, parent)) == 2
    families.set_parent(desk, children, None)
    assert families.children_of(desk, parent) == []
    assert browsing.incident(desk, children[0]).watchers == ()


def test_a_family_has_one_level(desk: Desk) -> None:
    parent, child, third = logged(desk, 3)
    families.set_parent(desk, [child], parent)
    with pytest.raises(InvalidInputError, match="its own parent"):
        families.set_parent(desk, [parent], parent)
    with pytest.raises(InvalidInputError, match="is itself a child"):
        families.set_parent(desk, [third], child)
    with pytest.raises(InvalidInputError, match="children of its own"):
        families.set_parent(desk, [parent], third)
    changes = families.set_parent(desk, [parent, child], third)
    assert len(changes.refused) == 1
    assert families.children_of(desk, third)[0].id == child


def test_resolving_the_parent_resolves_its_open_children(desk: Desk) -> None:
    parent, *children = logged(desk, 4)
    families.set_parent(desk, children, parent)
    moves.resolve(desk, children[:1], SOLVED, take_up=True)
    before = browsing.incident(desk, children[0]).resolved_at
    changes = families.resolve_family(desk, parent, SOLVED)
    assert set(changes.ids["incident"]) == {parent, *children[1:]}
    statuses = {browsing.incident(desk, uid).status for uid in (parent, *children)}
    assert statuses == {Status.RESOLVED}
    assert browsing.incident(desk, children[0]).resolved_at == before
    undoing.undo(desk)
    assert browsing.incident(desk, parent).status is Status.NEW
    assert browsing.incident(desk, children[1]).status is Status.NEW
    assert browsing.incident(desk, children[0]).status is Status.RESOLVED


def test_a_parent_that_cannot_be_resolved_leaves_its_children(desk: Desk) -> None:
    parent, child = logged(desk, 2)
    families.set_parent(desk, [child], parent)
    moves.resolve(desk, [parent], SOLVED, take_up=True)
    with pytest.raises(InvalidInputError, match="Resolved already"):
        families.resolve_family(desk, parent, SOLVED)
    assert browsing.incident(desk, child).status is Status.NEW
