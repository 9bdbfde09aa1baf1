"""A segment says in its name what it holds, and is believed only when it does."""

from __future__ import annotations

import apsw
import pytest

from app.domain.journal_entry import GENESIS
from app.domain.publication import fault_of
from app.sync import segment, signing
from app.sync.hub import Span
from app.sync.segment import SegmentError

from .rows import STATION, chain, piece


def test_what_is_written_is_read_back_signed() -> None:
    signer = signing.Signer(signing.new_secret())
    told = signer.signed(piece(chain([1, 3])))
    name, content = segment.pack(told)
    assert segment.pack(told) == (name, content)
    assert segment.name_of(name).span == Span(1, 4)  # type: ignore[union-attr]
    again = segment.unpack(name, STATION, content)
    assert again == told
    assert fault_of(again) == ""
    assert signing.is_signed(again)
    assert not signing.is_signed(again._replace(key=signing.Signer(signing.new_secret()).public))
    assert not signing.is_signed(piece(chain([1])))


@pytest.mark.parametrize("cut_at", [0, 1, 100, 511, -1])
def test_a_file_cut_short_is_refused(cut_at: int) -> None:
    name, content = segment.pack(piece(chain([2])))
    with pytest.raises(SegmentError, match="cut short"):
        segment.unpack(name, STATION, content[:cut_at])


def test_foreign_tables_and_triggers_are_refused() -> None:
    _, content = segment.pack(piece(chain([2])))
    db = apsw.Connection(":memory:")
    db.deserialize("main", content)
    db.execute("CREATE VIEW extra AS SELECT 1")
    with pytest.raises(SegmentError, match="tables"):
        segment.segment_file.read(db.serialize("main"))


def test_a_value_of_the_wrong_type_is_refused() -> None:
    rows = chain([1])
    _, content = segment.pack(piece([rows[0]._replace(hlc="soon")]))  # type: ignore[arg-type]
    with pytest.raises(SegmentError, match="hlc of the wrong type"):
        segment.segment_file.read(content)


def test_a_segment_in_the_folder_of_another_station_is_refused() -> None:
    name, content = segment.pack(piece(chain([1])))
    with pytest.raises(SegmentError, match="another station"):
        segment.unpack(name, bytes(16), content)


@pytest.mark.parametrize(
    "name",
    ["._1-2-0123456789abcdef.sqlite", "1-2-0123456789ABCDEF.sqlite", "0-2-0123456789abcdef.sqlite",
     "3-2-0123456789abcdef.sqlite", "1-2-0123456789abcdef (conflicted copy).sqlite",
     "1-2-0123456789abcdef.sqlite.tmp", "1-2.sqlite"],
)  # fmt: skip
def test_names_off_the_pattern_are_no_segments(name: str) -> None:
    assert segment.name_of(name) is None


def test_a_group_is_never_cut() -> None:
    rows = chain([4_000, 2_000, 6_000, 1])
    pieces = list(segment.cut(STATION, GENESIS, rows, {}))
    assert [(p.first, p.last) for p in pieces] == [(1, 4000), (4001, 6000), (6001, 12000),
                                                   (12001, 12001)]  # fmt: skip
    assert [fault_of(p) for p in pieces] == [""] * 4


def test_large_values_make_pieces_of_about_a_mebibyte() -> None:
    rows = chain([1] * 30, text="x" * 100_000)
    assert [len(p.changes) for p in segment.cut(STATION, GENESIS, rows, {})] == [10, 10, 10]
