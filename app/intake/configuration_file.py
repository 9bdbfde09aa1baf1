"""Read a team's configuration from one TOML or JSON file (cli.md, Formats) into plain values.

The whole file is read and checked before anything is used: a mistake names table, entry and
field, and nothing is applied. What may stand in the file follows from catalogue and settings.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, Final

from app.domain.alert_rules import ORDER, ORDERED
from app.domain.catalogue import CatalogueItem, described, did_you_mean, shortened
from app.domain.category import has_empty_step
from app.domain.configuration import CALENDAR_KIND, ITEM_TYPES, Configuration, calendar_from_data
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.folding import fold
from app.domain.settings import team_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TypeVar

    from app.domain.calendar import Calendar

    Read = TypeVar("Read")

SIZE_LIMIT: Final = 16 * 1024 * 1024
"""The largest file that is read (bytes); a configuration is far smaller."""

_CALENDAR_FIELDS: Final = ("name", "zone", "open", "holidays", "always")
_SETTING_TABLES: Final = tuple(
    dict.fromkeys(setting.key.partition(".")[0] for setting in team_settings())
)
PLURALS: Final = {
    "people": "person",
    "persons": "person",
    "teams": "team",
    "categories": "category",
    "services": "service",
    "cis": "ci",
    "locations": "location",
    "calendars": "calendar",
    "targets": "target",
    "checklists": "checklist",
    "checks": "check",
    "mailboxes": "mailbox",
    "custom_fields": "custom_field",
    "saved_views": "saved_view",
    "outcomes": "outcome",
    "fix_types": "fix_type",
    "cause_classes": "cause_class",
}
"""What tables may also be called, and the kind of item that they hold."""


def read_configuration_file(path: Path) -> Configuration:
    """Read a configuration file; JSON when its name or its first sign says so, else TOML.

    Raises NotFoundError when it is not there and InvalidInputError, naming table, entry and field,
    when anything in it cannot be used. References are checked on `Configuration.merged`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise NotFoundError(
            f"There is no file {path}. Give the path of a TOML or JSON file."
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInputError(f"{path} cannot be read: {reason}. Choose another file.") from None
    if len(content) > SIZE_LIMIT:
        raise InvalidInputError(
            f"{path.name} is larger than {SIZE_LIMIT // 1024 // 1024} MB, so it is no "
            "configuration file. Choose another file."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"{path.name} is no UTF-8 text (byte {error.start + 1}). Save it as UTF-8."
        ) from None
    is_json = path.suffix.lower() == ".json" or text.lstrip()[:1] == "{"
    return read_configuration_text(text, path.name, is_json=is_json)


def read_configuration_text(text: str, file_name: str, *, is_json: bool = False) -> Configuration:
    """Read the text of a configuration file; `file_name` stands at the head of each error.

    The file of a single calendar (cli.md, Formats) is taken as well.
    """
    try:
        tables = json.loads(text) if is_json else tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        kind = "JSON" if is_json else "TOML"
        raise InvalidInputError(f"{file_name} is not {kind} that can be read: {error}.") from None
    if not isinstance(tables, dict):
        raise InvalidInputError(
            f"{file_name} must hold tables such as [[person]], not {described(tables)}."
        )
    if "zone" in tables and tables.keys() <= set(_CALENDAR_FIELDS):
        tables = {CALENDAR_KIND: [tables]}
    return _Reader(file_name).read(_with_singular_names(tables))


def _with_singular_names(tables: dict[str, Any]) -> dict[str, Any]:
    """Take "people" for "person" and so on: what is meant is plain."""
    renamed: dict[str, Any] = {}
    for key, value in tables.items():
        name = PLURALS.get(key, key)
        if name in renamed and isinstance(renamed[name], list) and isinstance(value, list):
            renamed[name] = [*renamed[name], *value]
        else:
            renamed[name] = value
    return renamed


class _Reader:
    """Read the tables of one file, with its name for the error sentences."""

    def __init__(self, file_name: str) -> None:
        self._file = file_name

    def read(self, tables: dict[str, Any]) -> Configuration:
        known = (*ITEM_TYPES, CALENDAR_KIND, *_SETTING_TABLES)
        items: list[CatalogueItem] = []
        calendars: list[Calendar] = []
        settings: dict[str, Any] = {}
        for table, content in tables.items():
            if self._is_settings(table, content):
                settings.update(self._settings(table, content))
            elif table in ITEM_TYPES:
                items.extend(self._items(table, content))
            elif table == CALENDAR_KIND:
                calendars.extend(self._calendars(content))
            else:
                raise self._refuse(f"[{table}]", f"is not known.{did_you_mean(table, known)}")
        self._refuse_twins("calendar", [one.name for one in calendars])
        for kind in ITEM_TYPES:
            self._refuse_twins(kind, [item.name for item in items if item.kind == kind])
        return Configuration(tuple(items), tuple(calendars), settings)

    def _is_settings(self, table: str, content: object) -> bool:
        """Tell [team] default="Desk", a setting, from [[team]] name="Desk", an entry."""
        if table not in _SETTING_TABLES:
            return False
        return table not in ITEM_TYPES or (isinstance(content, dict) and "name" not in content)

    def _items(self, kind: str, content: object) -> Iterable[CatalogueItem]:
        item_type = ITEM_TYPES[kind]
        known = item_type.known_fields()
        for place, entry in self._entries(kind, content):
            self._refuse_unknown_fields(place, entry, known)
            name = entry.get(item_type.name_field, "")
            if item_type.name_field in known and item_type.name_field not in entry:
                raise self._refuse(place, f"{item_type.name_field} is missing. Give it a value.")
            data = {key: value for key, value in entry.items() if key != item_type.name_field}
            item = self._located(place, item_type.from_data, name, data)
            if kind == "category" and has_empty_step(item.name):
                raise self._refuse(
                    place, f'path cannot be "{item.name}". Write it like hardware/printer.'
                )
            yield item

    def _calendars(self, content: object) -> Iterable[Calendar]:
        for place, entry in self._entries(CALENDAR_KIND, content):
            self._refuse_unknown_fields(place, entry, _CALENDAR_FIELDS)
            name = entry.get("name", "")
            yield self._located(place, calendar_from_data, name, entry)

    def _settings(self, table: str, content: object) -> Iterable[tuple[str, Any]]:
        if not isinstance(content, dict):
            raise self._refuse(f"[{table}]", f"must be a table, not {described(content)}.")
        known = {
            setting.key.partition(".")[2]: setting
            for setting in team_settings()
            if setting.key.partition(".")[0] == table
        }
        self._refuse_unknown_fields(f"[{table}]", content, known)
        for field, value in content.items():
            setting = known[field]
            yield setting.key, self._located(f"[{table}]", setting.check, value)
            order = setting.key + ORDER
            if setting.key in ORDERED and order.partition(".")[2] not in content:
                yield order, list(value)  # as they stand in the file

    def _entries(self, table: str, content: object) -> Iterable[tuple[str, dict[str, Any]]]:
        if isinstance(content, dict):
            content = [content]
        if not isinstance(content, list):
            raise self._refuse(
                f"[[{table}]]", f"must be a list of entries, not {described(content)}."
            )
        for number, entry in enumerate(content, 1):
            place = f"[[{table}]] entry {number}"
            if not isinstance(entry, dict):
                raise self._refuse(place, f"must have named fields, not be {described(entry)}.")
            yield place, entry

    def _refuse_unknown_fields(
        self, place: str, entry: dict[str, Any], known: Iterable[str]
    ) -> None:
        for field in entry:
            if field not in known:
                hint = did_you_mean(field, known)
                raise self._refuse(place, f'has the unknown field "{shortened(field)}".{hint}')

    def _refuse_twins(self, table: str, names: list[str]) -> None:
        seen: dict[str, int] = {}
        for number, name in enumerate(names, 1):
            first = seen.setdefault(fold(name), number)
            if first != number:
                raise self._refuse(
                    f"[[{table}]] entry {number}",
                    f'is "{name}", as entry {first} is already. Keep one of them.',
                )

    def _located(self, place: str, read: Callable[..., Read], *given: Any) -> Read:
        try:
            return read(*given)
        except InvalidInputError as error:
            raise InvalidInputError(
                f"{self._file}, {place}: {error.message}", field=error.field
            ) from None

    def _refuse(self, place: str, problem: str) -> InvalidInputError:
        return InvalidInputError(f"{self._file}, {place} {problem}")
