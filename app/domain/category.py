"""The category tree: where an incident belongs, who then works on it and how it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN_SEPARATOR = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "

_DRESSED = {
    "ad": "AD",
    "api": "API",
    "crm": "CRM",
    "dhcp": "DHCP",
    "dns": "DNS",
    "email": "E-mail",
    "e-mail": "E-mail",
    "erp": "ERP",
    "hr": "HR",
    "it": "IT",
    "lan": "LAN",
    "mfa": "MFA",
    "pc": "PC",
    "sap": "SAP",
    "sms": "SMS",
    "sql": "SQL",
    "ups": "UPS",
    "usb": "USB",
    "vpn": "VPN",
    "wan": "WAN",
    "wifi": "Wi-Fi",
    "wi-fi": "Wi-Fi",
}
"""How a segment written in small letters is shown; any other spelling is shown as it was typed."""


def path_label(path: str) -> str:
    """Show a path to people: the steps of "network/vpn" become "Network" and "VPN"."""
    steps = [_dressed(step.strip()) for step in path.split("/")]
    return SHOWN_SEPARATOR.join(filter(None, steps)) or path


def _dressed(segment: str) -> str:
    if segment != segment.lower():
        return segment
    return _DRESSED.get(segment) or segment[:1].upper() + segment[1:]


def parent_path(path: str) -> str:
    """Return the path one step up, or "" at the top."""
    return path.rpartition("/")[0]


def has_empty_step(path: str) -> bool:
    """Tell whether a step of the path is missing ("hardware//printer"), most likely by a slip."""
    return not all(step.strip() for step in path.split("/"))


@dataclass(frozen=True, slots=True)
class Category(CatalogueItem):
    """A leaf or branch of the tree, named by its path ("hardware/printer").

    `team` and `checklist` are names; "" inherits from the branch above. `keywords` are words in a
    summary that suggest this category.
    """

    kind: ClassVar[str] = "category"
    label: ClassVar[str] = "Category"
    name_field: ClassVar[str] = "path"

    team: str = ""
    checklist: str = ""
    default_impact: int | None = None
    default_urgency: int | None = None
    keywords: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return the path, which is the name."""
        return self.name

    @property
    def shown(self) -> str:
        """Return the path as people read it."""
        return path_label(self.name)

    def to_data(self) -> dict[str, Any]:
        """Return team, checklist, default impact and urgency, and keywords."""
        return {
            "team": self.team,
            "checklist": self.checklist,
            "default_impact": self.default_impact,
            "default_urgency": self.default_urgency,
            "keywords": list(self.keywords),
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a category; impact and urgency are 1 (high) to 3 (low)."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        return cls(
            name=name,
            team=read.text("team"),
            checklist=read.text("checklist"),
            default_impact=read.integer("default_impact", 1, 3),
            default_urgency=read.integer("default_urgency", 1, 3),
            keywords=read.texts("keywords"),
        )
