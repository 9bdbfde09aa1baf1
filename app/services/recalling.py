"""Recalls incidents like a text or like another incident, with the reason for each.

Safe on any thread that has its own desk; nothing is written but the search index, which catches up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.domain.instants import to_ms
from app.insight import similar
from app.storage import similar_rows

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.insight.similar import Like
    from app.services.desk import Desk

SHOWN = 5


def like_text(desk: Desk, text: str, *, limit: int = SHOWN, typing: bool = False) -> list[Like]:
    """Return the incidents most like a text; `typing` lets its last word go on."""
    _catch_up(desk)
    probe = similar.Probe(text, typing=typing)
    return similar.find(desk.connection, probe, to_ms(desk.now()), limit)


def like_incident(desk: Desk, uid: EntityId, *, limit: int = SHOWN) -> list[Like]:
    """Return the incidents most like another one, which is itself left out."""
    facts = similar_rows.facts_of(desk.connection, uid)
    if facts is None:  # merged into another one, or deleted
        return []
    _catch_up(desk)
    return similar.find(desk.connection, similar.probe_of(facts), to_ms(desk.now()), limit)


def _catch_up(desk: Desk) -> None:
    from app.storage import search_queue  # a window starts without the index

    search_queue.catch_up(desk.connection)


def asked(desk: Desk, number: str, text: str, *, limit: int = SHOWN) -> list[Like]:
    """Return the incidents like the one of a number or like a text, whichever is given.

    Raises:
        InvalidInputError: neither is given, or both.
        NotFoundError: nothing has that number.
    """
    from app.services import browsing

    if bool(number) == bool(text.strip()):
        raise InvalidInputError(
            'Give either the number of an incident or --text "..."; one of both.'
        )
    if number:
        return like_incident(desk, browsing.find(desk, number), limit=limit)
    return like_text(desk, text, limit=limit)
