"""What users get and what it runs on: services, configuration items and the places they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name
from app.domain.category import path_label

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Service(CatalogueItem):
    """What users get; `calendar` names its agreed hours, `owner` a person or team."""

    kind: ClassVar[str] = "service"
    label: ClassVar[str] = "Service"

    calendar: str = ""
    owner: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return calendar and owner."""
        return {"calendar": self.calendar, "owner": self.owner}

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a service."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        return cls(name=name, calendar=read.text("calendar"), owner=read.text("owner"))


@dataclass(frozen=True, slots=True)
class ConfigurationItem(CatalogueItem):
    """The thing that broke, with the service it carries and the location where it stands."""

    kind: ClassVar[str] = "ci"
    label: ClassVar[str] = "Configuration item"

    service: str = ""
    location: str = ""
    serial: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return service, location and serial."""
        return {"service": self.service, "location": self.location, "serial": self.serial}

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a configuration item."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        return cls(
            name=name,
            service=read.text("service"),
            location=read.text("location"),
            serial=read.text("serial"),
        )


@dataclass(frozen=True, slots=True)
class Location(CatalogueItem):
    """A place, named by its path ("HQ/Floor 2")."""

    kind: ClassVar[str] = "location"
    label: ClassVar[str] = "Location"

    @property
    def shown(self) -> str:
        """Return the path as people read it."""
        return path_label(self.name)

    def to_data(self) -> dict[str, Any]:
        """Return nothing: a location is its name."""
        return {}

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a location."""
        return cls(name=checked_name(cls.label, name))
