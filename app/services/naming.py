"""Finds the names that a quick-log line may mean, in the catalogue and among tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from app.domain.quick_log_names import Candidate, NameKind
from app.storage import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.desk import Desk
    from app.storage.catalogue import Item


class Named(Protocol):
    """What a completion shows of a name that was found."""

    @property
    def name(self) -> str:
        """The name as it is written."""


class CatalogueNames:
    """`KnownNames` of one desk; for the thread of that desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, kind: NameKind, folded_prefix: str, limit: int) -> Sequence[Candidate]:
        """Return names of which a word or alias begins so, likeliest first."""
        if kind is NameKind.TAG:
            rows: Any = self._desk.connection.execute(
                "SELECT tag FROM incident_tag WHERE folded >= ?1 AND folded < ?1 || "
                "char(0x10FFFF) GROUP BY folded ORDER BY count(*) DESC LIMIT ?2",
                (folded_prefix, limit),
            )
            return [Candidate(tag) for (tag,) in rows]
        found = catalogue.matches(self._desk.connection, str(kind), folded_prefix, limit)
        return [_candidate(item) for item in found]


def _candidate(item: Item) -> Candidate:
    data = item.data
    detail = " \u00b7 ".join(str(data[k]) for k in ("location", "phone", "team") if data.get(k))
    aliases = tuple(str(data[k]) for k in ("login", "mail", "phone") if data.get(k))
    return Candidate(item.name, detail, item.id, aliases)
