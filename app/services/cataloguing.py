"""What an administrator does to the team's lists: add, change, rename and remove, one undo each.

Items name each other by name, so a rename goes on to whatever names the item, branches of a tree
included, and a removal takes the name out of it. What cannot do without the item refuses that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.calendar import Calendar
from app.domain.closure import DEFAULT_CHECKLIST, MAJOR_CHECKLIST
from app.domain.closure_code import CODE_TYPES
from app.domain.configuration import (
    CALENDAR_KIND,
    MADE_REFERENCES,
    REFERENCES,
    Configuration,
    calendar_to_data,
    read_item,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.folding import fold
from app.services.configuration import changes_of, current
from app.services.values import clean_text
from app.storage import catalogue, catalogue_uses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.storage.catalogue import Item
    from app.storage.journal import Action

FIELD_KIND: Final = "custom_field"
_TREES: Final = frozenset({"category", "location"})
"""Kinds whose names are paths, so that a rename moves what lies below."""
_PLACES: Final = tuple((kind, field, "location") for kind, field in MADE_REFERENCES)
_NAMED_IN: Final = (
    *REFERENCES,
    *_PLACES,
    ("team", "lead", "person"),
    ("service", "owner", "person"),
    ("service", "owner", "team"),
)
"""Which field of which kind names an item of which other kind."""
_NEEDED: Final = frozenset(
    {("target", "calendar"), (FIELD_KIND, "category"), ("check", "category")}
)
"""Fields that mean something else when they are empty, so a removal may not empty them."""
_SETTINGS: Final = {
    "team": ("team.default", "takes the incidents for which nobody names a team"),
    CALENDAR_KIND: ("sla.default_calendar", "is the usual calendar"),
}
_BY_NAME: Final = {one.key: one.name for one in (DEFAULT_CHECKLIST, MAJOR_CHECKLIST)}
"""Checklists that the program finds by their names."""
_WORDS: Final = {
    "ci": "configuration item",
    FIELD_KIND: "custom field",
    "fix_type": "fix type",
    "cause_class": "cause class",
}


class Entry(NamedTuple):
    """One item as its list shows it: with how many incidents and which other items name it."""

    id: EntityId
    name: str
    data: dict[str, Any]
    incidents: int = 0
    named_by: tuple[str, ...] = ()


class Neighbour(NamedTuple):
    """An item that names another one, and in which field."""

    kind: str
    item: Item
    field: str


def kind_word(kind: str) -> str:
    """Return what a kind is called in a sentence."""
    return _WORDS.get(kind, kind)


def entries(desk: Desk, kind: str) -> list[Entry]:
    """Return all items of a kind by name, with what names them."""
    connection = desk.connection
    named: dict[str, list[str]] = {}
    for other, field in _naming(kind):
        for item in catalogue.every(connection, other):
            if name := str(item.data.get(field) or ""):
                named.setdefault(fold(name), []).append(f"{kind_word(other)} {item.name}")
    by_name: dict[str, int] | None = None
    if kind == FIELD_KIND:
        by_name = catalogue_uses.incidents_by_field(connection)
    elif kind in CODE_TYPES:
        by_name = catalogue_uses.incidents_by_code(connection, kind)
    by_id = catalogue_uses.incidents_by_item(connection, kind)
    return [
        Entry(
            item.id,
            item.name,
            item.data,
            by_id.get(item.id, 0) if by_name is None else by_name.get(item.name, 0),
            tuple(dict.fromkeys(named.get(fold(item.name), ()))),
        )
        for item in catalogue.every(connection, kind)
    ]


def names(desk: Desk, kind: str) -> list[str]:
    """Return the names of a kind, in the order of the alphabet."""
    return [item.name for item in catalogue.every(desk.connection, kind)]


def add(desk: Desk, kind: str, name: str, data: Mapping[str, Any]) -> ChangeSet:
    """Add an item; one that was removed under this name comes back and keeps its incidents.

    Raises:
        InvalidInputError: the item cannot be used as given, or the name is taken.
    """
    name, checked = _checked(desk, kind, name, data)
    _refuse_taken(desk, kind, name, None)
    title = f"Add {kind_word(kind)} {name}"
    former = catalogue.find_deleted(desk.connection, kind, name)
    with desk.write(title) as action:
        _make_places(action, kind, checked)
        if former is None:
            catalogue.create(action, kind, name, checked)
        else:
            action.set(kind, former, "deleted", False)
            item = catalogue.by_id(desk.connection, former)
            _write(action, kind, former, {"name": name, **checked}, item)
    return changes_of(action, title)


def change(desk: Desk, kind: str, uid: EntityId, changes: Mapping[str, Any]) -> ChangeSet:
    """Change some fields of an item; "name" renames it wherever it is named.

    Raises:
        InvalidInputError: the item cannot be used as changed, or the name is taken.
        NotFoundError: the item is gone.
    """
    item = _item(desk, kind, uid)
    wanted = {key: value for key, value in changes.items() if key != "name"}
    name = str(changes.get("name", item.name))
    name, checked = _checked(desk, kind, name, {**item.data, **wanted})
    _refuse_taken(desk, kind, name, uid)
    renamed = name != item.name
    if kind in CODE_TYPES and renamed:
        raise InvalidInputError(
            f"Incidents hold the code {item.name}, so it keeps its name. Change its words, or "
            "retire it and add another one.",
            field="name",
        )
    word = kind_word(kind)
    title = f"Rename {word} {item.name} to {name}" if renamed else f"Change {word} {name}"
    with desk.write(title) as action:
        _make_places(action, kind, checked)
        _write(action, kind, uid, {"name": name, **checked}, item)
        if renamed:
            _rename(action, desk, kind, item, name)
    return changes_of(action, title)


def duplicate(desk: Desk, kind: str, uid: EntityId) -> ChangeSet:
    """Add a copy of an item under the next free name ("Office hours 2").

    Raises:
        InvalidInputError: a target has its name from its priority and clock, so there is but one.
    """
    item = _item(desk, kind, uid)
    if kind == "target":
        raise InvalidInputError(
            f"There is one target for each priority and clock, and {item.name} is taken. "
            "Change that one, or add one for another priority.",
            field="priority",
        )
    known = {fold(name) for name in names(desk, kind)}
    number = 2
    while fold(f"{item.name} {number}") in known:
        number += 1
    return add(desk, kind, f"{item.name} {number}", item.data)


def remove(desk: Desk, kind: str, uid: EntityId) -> ChangeSet:
    """Take an item out of the lists and out of what names it; incidents keep it.

    Raises:
        InvalidInputError: something cannot do without it; the sentence names that.
    """
    item = _item(desk, kind, uid)
    word = kind_word(kind)
    _keep_one_code(desk, kind, item.name)
    if kind in _SETTINGS:
        key, why = _SETTINGS[kind]
        if fold(str(desk.rules.setting(key))) == fold(item.name):
            raise InvalidInputError(
                f"The {word} {item.name} {why}. Choose another one for that in the settings of "
                "Team and SLA, then remove it."
            )
    neighbours = _neighbours(desk, kind, item.name)
    needing = [one for one in neighbours if (one.kind, one.field) in _NEEDED]
    if needing:
        listed = ", ".join(f"{kind_word(one.kind)} {one.item.name}" for one in needing[:5])
        more = ", ..." if len(needing) > 5 else ""
        raise InvalidInputError(
            f"The {word} {item.name} is needed by {listed}{more}. "
            f"Give them another {word}, then remove it."
        )
    title = f"Remove {word} {item.name}"
    with desk.write(title) as action:
        action.set(kind, item.id, "deleted", True)
        for one in neighbours:
            action.set(one.kind, one.item.id, one.field, "")
    return changes_of(action, title)


def used_values(desk: Desk, kind: str, field: str) -> list[str]:
    """Return what the items of a kind say in a field, each once, for completion."""
    said = {str(item.data.get(field) or "") for item in catalogue.every(desk.connection, kind)}
    return sorted(said - {""}, key=fold)


# --- checking -------------------------------------------------------------------------------------


def _checked(
    desk: Desk, kind: str, name: str, data: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return name and data as they are stored; refuse names that lead nowhere."""
    item = read_item(kind, clean_text(name), data)
    checked = calendar_to_data(item) if isinstance(item, Calendar) else item.to_data()
    entry = [(kind, item.name, checked)]
    current(desk).merged(Configuration.from_entries(entry, {}))
    return item.name, checked


def _refuse_taken(desk: Desk, kind: str, name: str, uid: EntityId | None) -> None:
    found = catalogue.find(desk.connection, kind, name)
    if found is not None and found.id != uid:
        field = "clock" if kind == "target" else "name"
        raise InvalidInputError(
            f"There is a {kind_word(kind)} {found.name} already. Change that one, or give this "
            "one another name.",
            field=field,
            code="name_taken",
        )


def _keep_one_code(desk: Desk, kind: str, name: str) -> None:
    """Refuse to remove the last closure code that is offered: nothing could be resolved."""
    if kind in CODE_TYPES and [one.name for one in desk.rules.codes.offered(kind)] == [name]:
        raise InvalidInputError(
            f"{name} is the last {kind_word(kind)} that is offered. Add another one first.",
            field="retired",
        )


def _item(desk: Desk, kind: str, uid: EntityId) -> Item:
    for item in catalogue.every(desk.connection, kind):
        if item.id == uid:
            return item
    raise NotFoundError(
        f"This {kind_word(kind)} has been removed since. Undo that, or choose another one."
    )


def _naming(kind: str) -> list[tuple[str, str]]:
    return [(other, field) for other, field, target in _NAMED_IN if target == kind]


def _neighbours(desk: Desk, kind: str, name: str) -> list[Neighbour]:
    """Return the items that name this one."""
    return [
        Neighbour(other, item, field)
        for other, field in _naming(kind)
        for item in catalogue.every(desk.connection, other)
        if fold(str(item.data.get(field) or "")) == fold(name)
    ]


# --- writing --------------------------------------------------------------------------------------


def _write(
    action: Action, kind: str, uid: EntityId, wanted: dict[str, Any], item: Item | None
) -> None:
    """Set what differs; a calendar drops what it has no more, others keep what they do not know."""
    stored = {} if item is None else {"name": item.name, **item.data}
    gone = {"open", "always", "holidays"} & stored.keys() if kind == CALENDAR_KIND else set()
    for key in sorted({*wanted, *gone}):
        if wanted.get(key) != stored.get(key):
            action.set(kind, uid, key, wanted.get(key))


def _make_places(action: Action, kind: str, data: Mapping[str, Any]) -> None:
    for _, field, target in (one for one in _PLACES if one[0] == kind):
        if place := str(data.get(field) or ""):
            catalogue.ensure(action, target, place)


def _rename(action: Action, desk: Desk, kind: str, item: Item, name: str) -> None:
    """Carry a new name on to branches below, to items that name it, to settings and values."""
    if kind == "checklist" and fold(item.name) in _BY_NAME and fold(name) != fold(item.name):
        raise InvalidInputError(
            f'The program looks for the checklist "{_BY_NAME[fold(item.name)]}" by its name. '
            "Change its steps, or duplicate it under another name.",
            field="name",
        )
    moves = {fold(item.name): name}
    if kind in _TREES:
        below = f"{fold(item.name)}/"
        for branch in catalogue.every(desk.connection, kind):
            if fold(branch.name).startswith(below):
                moved = "/".join([name, *branch.name.split("/")[item.name.count("/") + 1 :]])
                moves[fold(branch.name)] = moved
                action.set(kind, branch.id, "name", moved)
    for old, new in moves.items():
        for one in _neighbours(desk, kind, old):
            action.set(one.kind, one.item.id, one.field, new)
    if kind in _SETTINGS:
        key = _SETTINGS[kind][0]
        if fold(str(desk.rules.setting(key))) == fold(item.name):
            catalogue.put_setting(action, key, name)
    if kind == FIELD_KIND:
        for uid, value in catalogue_uses.values_of_field(desk.connection, item.name):
            action.set("incident", uid, f"custom.{item.name}", None)
            action.set("incident", uid, f"custom.{name}", value)
