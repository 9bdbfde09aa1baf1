"""JSON exports of every shape: arrays, wrapped lists, one object a line, damage in the middle."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.errors import InvalidInputError
from app.intake import json_reader
from app.intake.byte_source import Watch
from app.intake.import_record import Record, Rejected
from app.intake.table_import import open_table


def read(text: str) -> tuple[list[dict[str, Any]], list[Rejected]]:
    rows = list(open_table(text.encode()).rows(Watch()))
    good = [row.values for row in rows if isinstance(row, Record)]
    return good, [row for row in rows if isinstance(row, Rejected)]


ONE, TWO = {"title": "Down", "n": 1}, {"title": "Up", "n": 2.5}


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (json.dumps([ONE, TWO]), "JSON, UTF-8"),
        (json.dumps({"tickets": [ONE, TWO], "page": 1}), "JSON, list tickets, UTF-8"),
        (json.dumps({"result": [ONE, TWO]}, indent=2), "JSON, list result, UTF-8"),
        (json.dumps({"data": {"issues": [ONE, TWO]}}), "JSON, list data.issues, UTF-8"),
        (json.dumps(ONE) + "\n" + json.dumps(TWO) + "\n", "JSON lines, UTF-8"),
        (f"{json.dumps(ONE, indent=1)}\n{json.dumps(TWO, indent=1)}", "JSON lines, UTF-8"),
    ],
)
def test_the_list_of_records_is_found(text: str, dialect: str) -> None:
    assert open_table(text.encode()).dialect == dialect
    assert read(text) == ([ONE, TWO], [])


def test_one_object_with_a_title_is_one_record() -> None:
    assert read(json.dumps(ONE | {"comments": []})) == ([ONE | {"comments": []}], [])


def test_entries_that_are_no_objects_are_rejected_with_their_line() -> None:
    good, bad = read('[\n{"title": "Down"},\n7,\n{"title": "Up"}\n]')

    assert [row["title"] for row in good] == ["Down", "Up"]
    assert bad == [Rejected(3, "This entry is not an object with named fields.")]


def test_a_damaged_line_of_json_lines_is_rejected_alone() -> None:
    good, bad = read('{"title": "A"}\n{"title": \n{"title": "C"}\n')

    assert [row["title"] for row in good] == ["A", "C"]
    assert [one.line for one in bad] == [2]


def test_what_stands_before_a_damage_is_read_and_the_damage_is_told() -> None:
    good, bad = read('[{"title": "A"},\n{"title": "B"},\n{"title": oops}]')

    assert [row["title"] for row in good] == ["A", "B"]
    assert bad[0].line == 3
    assert bad[0].reason.startswith("The JSON is damaged from here on")


@pytest.mark.parametrize("text", ['{"a": 1', "[1, 2, 3]", '{"a": {"b": 2}}', "[" * 9_000 + "{}"])
def test_what_holds_no_records_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        open_table(text.encode(), name="x.json")


def test_a_record_longer_than_the_window_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "_CHUNK", 64)
    rows = [{"title": f"T{n}", "text": "x" * (n * 37), "number": 10**n} for n in range(20)]

    assert read(json.dumps({"incidents": rows}))[0] == rows


def test_half_a_surrogate_pair_and_not_a_number_do_not_stop_the_reading() -> None:
    good, bad = read('[{"title": "a\\ud800b", "n": NaN}]')

    assert good == [{"title": "a\ud800b", "n": None}]
    assert bad == []
