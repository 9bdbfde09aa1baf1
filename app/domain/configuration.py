"""The team's whole configuration as one value: the catalogue, the calendars and the settings.

It is what a configuration file changes, what a new store starts from, and what services compare
with the store to find out what to write. Names refer to names; `check_references` sees to it that
none leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.domain.calendar import Calendar
from app.domain.catalogue import CatalogueItem, checked_name, did_you_mean
from app.domain.category import Category, parent_path
from app.domain.checklist import Checklist
from app.domain.closure_code import CODE_TYPES
from app.domain.custom_field import CustomField
from app.domain.diagnosis_check import DiagnosisCheck
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.mailbox import Mailbox
from app.domain.people import Person, Team
from app.domain.saved_view import SavedView
from app.domain.service import ConfigurationItem, Location, Service
from app.domain.settings import value_of
from app.domain.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeVar

    Kind = TypeVar("Kind", bound=CatalogueItem)

_TYPES: Final[tuple[type[CatalogueItem], ...]] = (
    Person,
    Team,
    Category,
    Service,
    ConfigurationItem,
    Location,
    Target,
    Checklist,
    DiagnosisCheck,
    CustomField,
    Mailbox,
    SavedView,
    *CODE_TYPES.values(),
)
ITEM_TYPES: Final[Mapping[str, type[CatalogueItem]]] = {one.kind: one for one in _TYPES}
"""The class of each kind; calendars are `app.domain.calendar.Calendar`, of the kind "calendar"."""

CALENDAR_KIND: Final = "calendar"
KINDS: Final = (*ITEM_TYPES, CALENDAR_KIND)

REFERENCES: Final = (
    ("target", "calendar", CALENDAR_KIND),
    ("service", "calendar", CALENDAR_KIND),
    ("category", "checklist", "checklist"),
    ("category", "team", "team"),
    ("person", "team", "team"),
    ("ci", "service", "service"),
    ("custom_field", "category", "category"),
    ("check", "category", "category"),
    ("mailbox", "team", "team"),
    ("mailbox", "category", "category"),
)
"""Which field of which kind names an item of which other kind; these must exist."""

MADE_REFERENCES: Final = (("person", "location"), ("ci", "location"))
"""Fields that make the location they name, for the file has no need of a table for places."""


def calendar_from_data(name: str, data: Mapping[str, Any]) -> Calendar:
    """Read a calendar from its name and the rest of its data, as catalogue items are read."""
    try:
        return Calendar.from_json({**data, "name": checked_name("Calendar", name)})
    except (TypeError, AttributeError):
        raise InvalidInputError(
            f'Calendar "{name}": open must give lists of windows by day, such as '
            '{"mon": ["09:00-17:00"]}, and holidays a list of days.',
            field="open",
        ) from None


def calendar_to_data(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar's data without its name."""
    data = calendar.to_json()
    del data["name"]
    return data


def read_item(kind: str, name: str, data: Mapping[str, Any]) -> CatalogueItem | Calendar:
    """Read one entry of the catalogue; raise InvalidInputError for an unknown kind too."""
    if kind == CALENDAR_KIND:
        return calendar_from_data(name, data)
    found = ITEM_TYPES.get(kind)
    if found is None:
        raise InvalidInputError(f'There is no kind "{kind}".{did_you_mean(kind, KINDS)}')
    return found.from_data(name, data)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Catalogue items of all kinds, calendars, and the team settings that differ from default.

    `items` and `calendars` hold each name once per kind; the later of two replaces the earlier.
    """

    items: tuple[CatalogueItem, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the items of one class, in their order."""
        return tuple(item for item in self.items if isinstance(item, kind))

    def find(self, kind: type[Kind], name: str) -> Kind | None:
        """Return the item of that name, whatever its spelling, or None."""
        key = fold(name)
        return next((item for item in self.of(kind) if item.key == key), None)

    def calendar(self, name: str) -> Calendar | None:
        """Return the calendar of that name, whatever its spelling, or None."""
        key = fold(name)
        return next((one for one in self.calendars if fold(one.name) == key), None)

    def setting(self, key: str) -> Any:
        """Return a setting's value, its default when it is not set."""
        return value_of(self.settings, key)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of one kind, calendars included."""
        if kind == CALENDAR_KIND:
            return tuple(one.name for one in self.calendars)
        return tuple(item.name for item in self.items if item.kind == kind)

    def entries(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield everything but the settings as (kind, name, data), what is referred to first."""
        for one in self.calendars:
            yield CALENDAR_KIND, one.name, calendar_to_data(one)
        order = {kind: rank for rank, kind in enumerate(_WRITING_ORDER)}
        for item in sorted(self.items, key=lambda item: order[item.kind]):
            yield item.kind, item.name, item.to_data()

    @classmethod
    def from_entries(
        cls, entries: Iterable[tuple[str, str, Mapping[str, Any]]], settings: Mapping[str, Any]
    ) -> Configuration:
        """Build a configuration from (kind, name, data) entries; the reverse of `entries`."""
        read = [read_item(*entry) for entry in entries]
        return cls(
            items=tuple(one for one in read if isinstance(one, CatalogueItem)),
            calendars=tuple(one for one in read if isinstance(one, Calendar)),
            settings=dict(settings),
        )

    def merged(self, changes: Configuration) -> Configuration:
        """Return this configuration with what `changes` names replaced and the rest kept.

        Places that people or items name are added. Raises InvalidInputError when a name would then
        lead nowhere: only what changes is checked.
        """
        items = {(item.kind, item.key): item for item in self.items}
        items.update({(item.kind, item.key): item for item in changes.items})
        calendars = {fold(one.name): one for one in self.calendars}
        calendars.update({fold(one.name): one for one in changes.calendars})
        merged = Configuration(
            tuple(items.values()),
            tuple(calendars.values()),
            {**self.settings, **changes.settings},
        ).with_named_places()
        merged.check_references(changes.items)
        return merged

    def with_named_places(self) -> Configuration:
        """Return this configuration with the locations added that its people and items name."""
        known = {item.key for item in self.of(Location)}
        added = []
        for item in self.items:
            for kind, name in MADE_REFERENCES:
                place = getattr(item, name) if item.kind == kind else ""
                if place and fold(place) and fold(place) not in known:
                    known.add(fold(place))
                    added.append(Location.named(place))
        return replace(self, items=(*self.items, *added)) if added else self

    def check_references(self, items: Iterable[CatalogueItem] | None = None) -> None:
        """Refuse names that lead nowhere; the sentence names item, field, and the nearest name.

        `items` limits the check to some of the items (those that are being changed).
        """
        known = {kind: {fold(name) for name in self.names(kind)} for kind in KINDS}
        for path in self.names("category"):
            while path := parent_path(path):
                known["category"].add(fold(path))
        for item in self.items if items is None else items:
            for kind, field_name, target in REFERENCES:
                if item.kind != kind:
                    continue
                name = getattr(item, field_name)
                if name and fold(name) not in known[target]:
                    self._refuse(f'{item.label} "{item.name}"', field_name, name, target)
        for code in CODE_TYPES.values():
            known_codes = self.of(code)
            if known_codes and all(one.retired for one in known_codes):
                raise InvalidInputError(
                    f"{known_codes[-1].name} is the last {code.label.lower()} that is offered. "
                    "Add another one first.",
                    field="retired",
                )
        usual = str(self.setting("sla.default_calendar"))
        if "sla.default_calendar" in self.settings and fold(usual) not in known[CALENDAR_KIND]:
            self._refuse("Setting", "sla.default_calendar", usual, CALENDAR_KIND)

    def _refuse(self, whose: str, field_name: str, name: str, kind: str) -> None:
        word = kind.replace("_", " ")
        hint = did_you_mean(name, self.names(kind))
        raise InvalidInputError(
            f'{whose}: {field_name} names the {word} "{name}", which does not exist.{hint} '
            f"Add a [[{kind}]] entry or correct the name.",
            field=field_name,
        )


_WRITING_ORDER: Final = (
    "location",
    "team",
    "person",
    "checklist",
    "category",
    "service",
    "ci",
    "target",
    "custom_field",
    "check",
    "mailbox",
    "saved_view",
    *CODE_TYPES,
)
