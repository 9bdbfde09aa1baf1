"""Workbooks: values, dates and formulas, and what is no workbook at all."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.import_record import ImportedIncident, Record, Rejected
from app.intake.table_import import open_table, read_incidents

if TYPE_CHECKING:
    from pathlib import Path


def saved(tmp_path: Path, *rows: list[Any], sheet: str = "Tickets") -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    path = tmp_path / "tickets.xlsx"
    book.save(path)
    return path


def test_the_first_sheet_with_rows_is_read_below_its_header(tmp_path: Path) -> None:
    path = saved(tmp_path, ["Export of May"], [], ["number", "title"], ["T-1", "Down"], [None, ""])

    table = open_table(path)

    assert table.dialect == "XLSX, sheet Tickets"
    assert table.columns == ("number", "title")
    assert list(table.rows(Watch())) == [Record(4, {"number": "T-1", "title": "Down"})]


def test_dates_numbers_and_booleans_keep_their_meaning(tmp_path: Path) -> None:
    opened = datetime(2026, 3, 2, 9, 30)
    path = saved(
        tmp_path,
        ["number", "title", "priority", "registered_at", "major"],
        [1042, "Down", 2, opened, True],
        [1043, 404, 3.0, 46084.395833333336, False],
    )

    first, second = list(read_incidents(path))

    assert isinstance(first, ImportedIncident)
    assert isinstance(second, ImportedIncident)
    assert (first.external_id, first.fields["title"]) == ("1042", "Down")
    assert (first.fields["priority"], first.fields["major"]) == ("P2", True)
    assert first.fields["registered_at"] == opened.replace(tzinfo=UTC)
    assert second.fields["title"] == "404"
    assert second.fields["registered_at"] == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def test_a_formula_gives_its_stored_value_and_never_runs(tmp_path: Path) -> None:
    path = saved(tmp_path, ["number", "title"], ["T-1", '=HYPERLINK("http://x","y")'], ["T-2", "b"])

    rows = list(open_table(path).rows(Watch()))

    # Nobody has calculated this workbook, so the formula has no value yet.
    assert rows[0] == Record(2, {"number": "T-1", "title": ""})


def test_a_row_with_more_cells_than_the_header_is_rejected(tmp_path: Path) -> None:
    path = saved(tmp_path, ["number", "title"], ["T-1", "a", "b"], ["T-2", "c"])

    rows = list(open_table(path).rows(Watch()))

    assert rows[0] == Rejected(2, "The row has more cells than the header (2).")
    assert isinstance(rows[1], Record)


def test_a_workbook_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no sheet with rows"):
        open_table(saved(tmp_path))


@pytest.mark.parametrize("damage", ["sheet", "book", "cut"])
def test_a_broken_workbook_is_refused_in_a_sentence(tmp_path: Path, damage: str) -> None:
    path = saved(tmp_path, ["number", "title"], ["T-1", "a"])
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    else:
        with zipfile.ZipFile(path) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        name = "xl/workbook.xml" if damage == "book" else "xl/worksheets/sheet2.xml"
        parts[name] = parts[name][: len(parts[name]) // 2]
        with zipfile.ZipFile(path, "w") as target:
            for part, content in parts.items():
                target.writestr(part, content)

    with pytest.raises(InvalidInputError, match=r"damaged|zip archive"):
        list(open_table(path).rows(Watch()))
