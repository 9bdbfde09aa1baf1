"""Which incidents were open, so that Back and Forward go through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.incident import EntityId

MOST = 100


class History:
    """A line of incidents with a place in it; a new visit forgets what lay ahead."""

    def __init__(self) -> None:
        self._visited: list[EntityId] = []
        self._at = -1

    def visit(self, uid: EntityId) -> None:
        """Note that an incident is shown; the one shown already is not noted twice."""
        if 0 <= self._at < len(self._visited) and self._visited[self._at] == uid:
            return
        self._visited = [*self._visited[: self._at + 1], uid][-MOST:]
        self._at = len(self._visited) - 1

    def back(self) -> EntityId | None:
        """Go one back and return the incident there; None at the beginning."""
        return self._go(-1)

    def forward(self) -> EntityId | None:
        """Go one forward and return the incident there; None at the end."""
        return self._go(+1)

    def _go(self, step: int) -> EntityId | None:
        if not 0 <= self._at + step < len(self._visited):
            return None
        self._at += step
        return self._visited[self._at]
