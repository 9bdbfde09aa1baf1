"""What a page of the catalogue is made of: kind, fields, columns, and what a new item has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from app.services import cataloguing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from app.domain.setting import Section
    from app.services.cataloguing import Entry
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

Names = dict[str, list[str]]
"""Names that fields offer, by what they were asked for."""


class Listing(NamedTuple):
    """Everything that a page shows, read at once."""

    entries: list[Entry]
    names: Names
    said: dict[bytes, dict[str, str]]
    """A few words beside a field, by item: what a target in days comes to."""
    zone: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a form. `offers` names the list that completes it (see `PageSpec.offers`)."""

    name: str
    label: str
    make: Callable[[QWidget], QWidget]
    offers: str = ""
    hint: str = ""
    shown: Callable[[Mapping[str, Any]], bool] | None = None
    """Whether the field means anything beside the other values; None for always."""


def _nothing_said(_desk: Desk, _entries: list[Entry]) -> dict[bytes, dict[str, str]]:
    return {}


def _no_defaults(_listing: Listing) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of one kind."""

    kind: str
    section: Section
    title: str
    one: str
    """What one item is called: "team"."""
    hint: str
    fields: tuple[FieldSpec, ...]
    columns: tuple[tuple[str, Callable[[Entry], str]], ...]
    """Columns beside the name, and how they read an item."""
    offers: Mapping[str, Callable[[Desk], list[str]]] = field(default_factory=dict)
    defaults: Callable[[Listing], dict[str, Any]] = _no_defaults
    """What a new item has before anything is typed."""
    said: Callable[[Desk, list[Entry]], dict[bytes, dict[str, str]]] = _nothing_said
    watched: frozenset[str] = frozenset()
    """Other kinds that change what the page shows."""

    @property
    def is_named(self) -> bool:
        """Tell whether an item has a name of its own to be typed."""
        return any(one.name == "name" for one in self.fields)

    def read(self, desk: Desk) -> Listing:
        """Read what the page shows; in the reader lane."""
        entries = cataloguing.entries(desk, self.kind)
        names = {key: ask(desk) for key, ask in self.offers.items()}
        return Listing(entries, names, self.said(desk, entries), desk.store.zone)


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page for the settings: where it stands, what it is called, and its widget."""

    bench: Workbench
    spec: PageSpec

    @property
    def section(self) -> Section:
        """Return the section of the settings that the page stands in."""
        return self.spec.section

    @property
    def title(self) -> str:
        """Return the name of the page."""
        return self.spec.title

    @property
    def words(self) -> tuple[str, ...]:
        """Return what a search of the settings may find the page by."""
        return (self.spec.title, self.spec.hint, *(one.label for one in self.spec.fields))

    def widget(self, parent: QWidget | None = None) -> QWidget:
        """Make the page."""
        from app.ui.settings.catalogue.catalogue_view import CatalogueView

        return CatalogueView(self.bench, self.spec, parent)
