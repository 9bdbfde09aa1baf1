"""The headers that are put together in bulk are those that a chain is verified by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.journal_entry import SCHEMA, Change, HeaderWriter, Origin, header

IDS = st.binary(min_size=16, max_size=16)
TEXTS = st.text(max_size=20)
NUMBERS = st.integers(0, 2**62)


@given(
    origin=st.builds(Origin, IDS, TEXTS, NUMBERS, NUMBERS, IDS, st.binary(max_size=16)),
    place=st.tuples(NUMBERS, NUMBERS, NUMBERS),
    entity=IDS,
    root=IDS | st.none(),
    words=st.tuples(TEXTS, TEXTS, TEXTS),
    prevs=st.binary(max_size=48),
    undo_of=st.binary(max_size=24),
)
def test_both_ways_of_writing_a_header_give_the_same_bytes(
    origin: Origin,
    place: tuple[int, int, int],
    entity: bytes,
    root: bytes | None,
    words: tuple[str, str, str],
    prevs: bytes,
    undo_of: bytes,
) -> None:
    kind, op, field = words
    of = entity if root is None else root
    change = Change(
        origin.station, *place, origin.zone, origin.tx_first, origin.tx_n, origin.action, kind,
        entity, of, op, field, "", b"", prevs, origin.author, undo_of, SCHEMA, b"",
    )  # fmt: skip

    written = HeaderWriter(origin).write(place, kind, entity, of, op, field, prevs, undo_of)

    assert written == header(change)
