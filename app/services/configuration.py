"""The team's configuration and the person's settings: read, change, import, undo."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.calendar import Calendar
from app.domain.catalogue import did_you_mean, shortened
from app.domain.changes import ChangeSet
from app.domain.closure_code import default_codes
from app.domain.configuration import (
    CALENDAR_KIND,
    KINDS,
    Configuration,
    calendar_to_data,
    read_item,
)
from app.domain.default_configuration import default_configuration
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.setting import Scope
from app.domain.settings import SETTINGS, setting_named, value_of
from app.intake.configuration_file import PLURALS, read_configuration_file
from app.services.desk import PERSONAL_PREFIX, follow_own_choices, set_own_person
from app.services.settings import OWN_NAME
from app.storage import catalogue, journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.services.desk import Desk
    from app.storage.catalogue import Item
    from app.storage.journal import Action
    from app.storage.store import Store


USUAL_CALENDAR = "sla.default_calendar"
"""The setting that names the calendar of what names none."""


def seed(store: Store) -> None:
    """Write the stated defaults into an empty profile, as data that can be edited."""
    with journal.write(store, b"", "Default configuration") as action:
        _write(action, default_configuration(store.zone))


def seed_codes(store: Store) -> None:
    """Write the closure codes of domain.md into a profile from before they were data."""
    with journal.write(store, b"", "Default closure codes") as action:
        for code in default_codes():
            if catalogue.by_id(store.connection, catalogue.item_id(code.kind, code.name)) is None:
                catalogue.put(action, code.kind, code.name, code.to_data())


def current(desk: Desk) -> Configuration:
    """Return the team's whole configuration as it stands."""
    entries = [
        (kind, item.name, item.data)
        for kind in KINDS
        for item in catalogue.every(desk.connection, kind)
    ]
    return Configuration.from_entries(entries, desk.rules.settings)


def apply(desk: Desk, changes: Configuration) -> ChangeSet:
    """Replace what `changes` names and keep the rest (cli.md, config import), as one action.

    Raises:
        InvalidInputError: a name leads nowhere; nothing was written.
    """
    merged = current(desk).merged(changes)
    wanted = {(kind, name) for kind, name, _ in changes.with_named_places().entries()}
    with desk.write("Import configuration") as action:
        for kind, name, data in merged.entries():
            if (kind, name) in wanted:
                catalogue.put(action, kind, name, data)
        _write_settings(action, changes.settings)
    return changes_of(action, "Import configuration")


def import_file(desk: Desk, path: Path) -> ChangeSet:
    """Take over a TOML or JSON configuration file, as one action.

    Raises:
        InvalidInputError: the file names something wrong; nothing was written.
    """
    return apply(desk, read_configuration_file(path))


def _write(action: Action, configuration: Configuration) -> None:
    for kind, name, data in configuration.entries():
        catalogue.put(action, kind, name, data)
    _write_settings(action, configuration.settings)


def _write_settings(action: Action, settings: Any) -> None:
    for key, value in settings.items():
        if catalogue.setting(action.connection, key) != value:
            catalogue.put_setting(action, key, value)


def changes_of(action: Action, title: str) -> ChangeSet:
    """Return what an action changed, by kind."""
    kinds: dict[str, list[Any]] = {}
    for edit in action.edits:
        kinds.setdefault(edit.kind, []).append(edit.entity)
    return ChangeSet(
        action.id if action.edits else None,
        title,
        {kind: tuple(dict.fromkeys(ids)) for kind, ids in kinds.items()},
    )


def items(desk: Desk, kind: str) -> list[Item]:
    """Return all catalogue items of a kind, by name."""
    return catalogue.every(desk.connection, kind)


def put_item(desk: Desk, kind: str, name: str, data: dict[str, Any]) -> ChangeSet:
    """Make one catalogue item or bring the one of this name up to `data`.

    Screens add, rename and remove through `cataloguing`, which looks after what names an item.

    Raises:
        InvalidInputError: the item is not usable as given; the sentence names the field.
    """
    checked = read_item(kind, name, data)
    data = calendar_to_data(checked) if isinstance(checked, Calendar) else checked.to_data()
    current(desk).merged(Configuration.from_entries([(kind, name, data)], {}))
    title = f"Save {kind.replace('_', ' ')} {checked.name}"
    with desk.write(title) as action:
        catalogue.put(action, kind, checked.name, data)
    return changes_of(action, title)


def get_setting(desk: Desk, key: str) -> Any:
    """Return a setting of the team or of this person, its default when it is not set.

    Raises:
        NotFoundError: there is no setting of that key.
    """
    setting = setting_named(key)
    if setting.scope is Scope.TEAM:
        return value_of(desk.rules.settings, setting.key)
    if setting.key == OWN_NAME:
        return desk.person.name
    stored = desk.store.local(PERSONAL_PREFIX + setting.key)
    return value_of({} if stored is None else {setting.key: json.loads(stored)}, setting.key)


def look_up(desk: Desk, key: str) -> Any:
    """Return a setting, all settings of a group such as `sla`, or all items of a kind.

    A kind is named as tables of a configuration file are: `people`, `calendar`, `custom_fields`.

    Raises:
        NotFoundError: there is no setting, group or kind of that name.
    """
    kind = PLURALS.get(key, key)
    if kind in KINDS:
        return [{"name": item.name, **item.data} for item in items(desk, kind)]
    group = [name for name in SETTINGS if name.startswith(f"{key}.")]
    if group and key not in SETTINGS:
        return {name: get_setting(desk, name) for name in group}
    return get_setting(desk, key)


def set_setting(desk: Desk, key: str, value: Any) -> ChangeSet:
    """Change a setting; a team's goes through the journal, a person's stays on this computer.

    Raises:
        NotFoundError: there is no setting of that key.
        InvalidInputError: the value cannot be used; the sentence says what can.
    """
    setting = setting_named(key)
    checked = setting.parse(value) if isinstance(value, str) else setting.check(value)
    if setting.key == USUAL_CALENDAR:
        checked = _calendar_named(desk, str(checked))
    if setting.key == OWN_NAME:
        set_own_person(desk, str(checked))
        return ChangeSet(None, f"Set {setting.label}", {"setting": (), "person": ()})
    if setting.scope is Scope.PERSONAL:
        with desk.store.writing():
            desk.store.set_local(PERSONAL_PREFIX + setting.key, json.dumps(checked))
        follow_own_choices(desk)
        return ChangeSet(None, f"Set {setting.label}", {"setting": ()})
    with desk.write(f"Set {setting.label}") as action:
        if value_of(desk.rules.settings, setting.key) != checked:
            catalogue.put_setting(action, setting.key, checked)
    return changes_of(action, f"Set {setting.label}")


def set_settings(desk: Desk, title: str, values: Mapping[str, Any]) -> ChangeSet:
    """Change several settings of the team in one action.

    Raises:
        NotFoundError: there is no setting of a key.
        InvalidInputError: a value cannot be used; nothing was written.
    """
    checked = {key: setting_named(key).check(value) for key, value in values.items()}
    with desk.write(title) as action:
        for key, value in checked.items():
            if value_of(desk.rules.settings, key) != value:
                catalogue.put_setting(action, key, value)
    return changes_of(action, title)


def _calendar_named(desk: Desk, name: str) -> str:
    """Return a calendar's name as it is written; refuse one that nobody has."""
    known = {fold(one): one for one in current(desk).names(CALENDAR_KIND)}
    if fold(name) in known:
        return known[fold(name)]
    listed = ", ".join(known.values())
    hint = did_you_mean(name, known.values()) if name else f" Give one of: {listed}."
    raise InvalidInputError(
        f'Setting: {USUAL_CALENDAR}: there is no calendar "{shortened(name)}".{hint}',
        field=USUAL_CALENDAR,
    )


def reset_setting(desk: Desk, key: str) -> ChangeSet:
    """Give a setting its default again."""
    return set_setting(desk, key, setting_named(key).default)
