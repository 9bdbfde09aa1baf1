"""CSV for spreadsheets: nothing runs, and everything comes back."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.export_csv import plain_text, safe_text, write_csv
from app.intake.import_record import ImportedIncident
from app.intake.table_import import read_incidents

if TYPE_CHECKING:
    from pathlib import Path

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.text())
def test_taking_the_apostrophe_off_again_is_exact_for_every_text(text: str) -> None:
    safe = safe_text(text)

    assert not safe.startswith(RUNS)
    assert plain_text(safe) == text


def test_formulas_of_the_wild_stay_text(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "naughty_inputs"
    lines = (folder / "csv_injection.txt").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "out.csv"

    assert write_csv([{"title": line} for line in lines], path) == len(lines)

    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row["title"] for row in csv.DictReader(file)]
    assert not any(cell.startswith(RUNS) for cell in cells)
    assert [plain_text(cell) for cell in cells] == lines


def test_naughty_strings_come_back_equal(real_data: Path, tmp_path: Path) -> None:
    strings = json.loads((real_data / "naughty_inputs" / "blns_part.json").read_text("utf-8"))
    path = tmp_path / "out.csv"
    texts = [text for text in strings if text.strip()]
    rows = [
        {"external_id": f"N-{n}", "title": f"Case {n}", "description": text}
        for n, text in enumerate(texts)
    ]
    write_csv(rows, path)

    found = [one for one in read_incidents(path) if isinstance(one, ImportedIncident)]

    assert [one.fields["description"] for one in found] == texts


def test_values_are_written_as_a_spreadsheet_and_a_program_can_read_them(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    row = {
        "at": datetime(2026, 3, 9, 9, tzinfo=UTC), "count": -4, "share": 0.5, "major": True,
        "tags": ["a", "b"], "nothing": None, "custom": {"=floor": "@x"}, "deep": {"a": [1]},
    }  # fmt: skip

    write_csv([row], path)

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text("utf-8-sig").splitlines() == [
        "at,count,share,major,tags,nothing,custom.=floor,deep",
        '2026-03-09T09:00:00+00:00,-4,0.5,true,"a, b",,\'@x,"{""a"": [1]}"',
    ]


def test_no_rows_with_named_columns_leave_a_header(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    assert write_csv([], path, ["number", "title"]) == 0
    assert path.read_text("utf-8-sig") == "number,title\n"


@pytest.mark.parametrize("text", ["plain", "5 apples", "a=b", "'quoted'", ""])
def test_ordinary_texts_are_left_as_they_are(text: str) -> None:
    assert safe_text(text) == text
