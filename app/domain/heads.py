"""Which versions of a field are current: the merge core's first half. No I/O, clock or chance.

A head is a version that no later one names among its `prevs`. One head is the ordinary case; more
than one distinct value is a conflict (sync.md). An entity's packed `create` row is a head of each
of its fields for as long as no row of that field is known, because every later row was written
knowing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.journal_entry import Version


def heads_after(
    heads: frozenset[Version],
    superseded: frozenset[Version],
    version: Version,
    prevs: Iterable[Version],
) -> tuple[frozenset[Version], frozenset[Version]]:
    """Return heads and superseded versions once `version`, which names `prevs`, has arrived.

    `superseded` remembers versions that were named before they arrived, so that the result is the
    same in whatever order rows come in (invariant I6).
    """
    named = frozenset(prevs)
    gone = superseded | (named - heads)
    if version in gone:
        return heads - named, gone - {version}
    return (heads - named) | {version}, gone
