"""A piece of a journal holds together, or its first fault is named."""

from __future__ import annotations

import pytest

from app.domain.journal_entry import GENESIS, Change, value_digest
from app.domain.publication import Publication, fault_of, groups
from tests.sync.rows import STATION, chain


def piece(changes: list[Change], previous: bytes = GENESIS) -> Publication:
    return Publication(STATION, previous, tuple(changes), {}, b"", b"")


def test_a_whole_piece_has_no_fault() -> None:
    rows = chain([1, 3, 2])
    assert fault_of(piece(rows)) == ""
    assert fault_of(piece(rows[1:], rows[0].hash)) == ""


@pytest.mark.parametrize(
    ("rows", "previous", "word"),
    [
        ([], GENESIS, "no entry"),
        (chain([1, 3])[:-1], GENESIS, "ends inside"),
        (chain([3, 1])[1:], chain([3, 1])[0].hash, "begins inside"),
        (chain([1, 1, 1])[::2], GENESIS, "entry 2 is missing"),
        (chain([1]), bytes([1]) * 32, "begin a chain"),
        ([chain([1])[0]._replace(value='"y"')], GENESIS, "altered"),
        ([chain([1])[0]._replace(value=None)], GENESIS, "altered"),
        ([chain([1])[0]._replace(station=bytes(16))], GENESIS, "another station"),
        ([chain([2])[0], chain([2])[1]._replace(tx_n=3)], GENESIS, "does not fit"),
        ([chain([1])[0]._replace(tx_n=0)], GENESIS, "does not fit"),
    ],
)
def test_a_fault_is_named(rows: list[Change], previous: bytes, word: str) -> None:
    assert word in fault_of(piece(rows, previous))


def test_a_redacted_value_is_proved_by_its_digest() -> None:
    [row] = chain([1])
    assert row.value is not None
    digest = value_digest(bytes(16), row.value)
    blank = row._replace(value=None, salt=None)
    assert fault_of(piece([blank])._replace(redacted={1: digest})) == ""


def test_rows_come_apart_by_their_groups() -> None:
    rows = chain([2, 1, 3])
    assert [len(group) for group in groups(rows)] == [2, 1, 3]
