"""Saved views: a filter with its grouping, order, columns and density, private or shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPINGS = ("sla", "status", "priority", "assignee", "team", "category", "none")
DENSITIES = ("compact", "normal", "comfortable")


@dataclass(frozen=True, slots=True)
class SavedView(CatalogueItem):
    """A list to come back to; `position` orders the sidebar, `owner` has it when it is not shared.

    `sort` is a column, with "-" before it for descending. `columns` empty means the default ones.
    """

    kind: ClassVar[str] = "saved_view"
    label: ClassVar[str] = "Saved view"

    filter: str = ""
    group: str = "sla"
    sort: str = "sla"
    columns: tuple[str, ...] = ()
    density: str = ""
    shared: bool = True
    owner: str = ""
    position: int = 0

    def to_data(self) -> dict[str, Any]:
        """Return filter, group, sort, columns, density, shared, owner and position."""
        return {
            "filter": self.filter,
            "group": self.group,
            "sort": self.sort,
            "columns": list(self.columns),
            "density": self.density,
            "shared": self.shared,
            "owner": self.owner,
            "position": self.position,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a saved view; `density` "" follows the personal setting."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        return cls(
            name=name,
            filter=read.text("filter"),
            group=read.word("group", GROUPINGS, default="sla"),
            sort=read.text("sort", "sla"),
            columns=read.texts("columns"),
            density=read.word("density", DENSITIES) if read.text("density") else "",
            shared=read.flag("shared", True),
            owner=read.text("owner"),
            position=read.integer("position", 0, 10_000) or 0,
        )
