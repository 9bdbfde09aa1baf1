"""Delimited files as people have them: every dialect, every damage, row by row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.intake.byte_source import Watch
from app.intake.import_record import ImportCancelledError, Record, Rejected
from app.intake.table_import import open_table

if TYPE_CHECKING:
    from pathlib import Path


def read(data: bytes | Path) -> tuple[list[dict[str, Any]], list[Rejected]]:
    good: list[dict[str, Any]] = []
    bad: list[Rejected] = []
    for row in open_table(data).rows(Watch()):
        if isinstance(row, Record):
            good.append(row.values)
        else:
            bad.append(row)
    return good, bad


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n1,2\n", "CSV, comma-separated, UTF-8, with header"),
        (b"\xef\xbb\xbfa;b\r\n1;2\r\n", "CSV, semicolon-separated, UTF-8-SIG, with header"),
        (b"a\tb\n1\t2\n", "CSV, tab-separated, UTF-8, with header"),
        (b"a|b\n1|2\n", "CSV, bar-separated, UTF-8, with header"),
        (b"sep=;\r\na;b\r\n1;2\r\n", "CSV, semicolon-separated, UTF-8, with header"),
        (b"'a','b'\n'1','2'\n", "CSV, comma-separated, UTF-8, with header, quote '"),
        (
            "a;b\nü;ö\n".encode("utf-16"),
            "CSV, semicolon-separated, UTF-16, with header",
        ),
        (b"1,2\n3,4\n", "CSV, comma-separated, UTF-8, no header"),
    ],
)
def test_the_dialect_is_guessed_and_told_in_words(data: bytes, words: str) -> None:
    assert open_table(data).dialect == words


def test_a_byte_order_mark_a_semicolon_and_line_breaks_in_quotes_are_read() -> None:
    data = '\ufefftitle;text\r\nDown;"one\r\ntwo; three"\r\nUp;"say ""hi"""\r\n'.encode()

    assert read(data) == (
        [{"title": "Down", "text": "one\r\ntwo; three"}, {"title": "Up", "text": 'say "hi"'}],
        [],
    )


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    data = b'title,text\nA,"one\ntwo\nthree"\nB,x,y,z\nC,ok\n'

    good, bad = read(data)

    assert [row["title"] for row in good] == ["A", "C"]
    assert bad == [Rejected(5, "The row has 4 columns where the header has 2.")]


def test_a_quote_that_is_never_closed_costs_its_own_row_only() -> None:
    rows = "".join(f"T{n},text {n}\n" for n in range(20))
    data = f'title,text\nBroken,"never closed\n{rows}'.encode()

    good, bad = read(data)

    assert [row["text"] for row in good] == ["never closed", *(f"text {n}" for n in range(20))]
    assert bad == []


def test_an_open_quote_that_hides_cells_rejects_its_row_alone() -> None:
    rows = "".join(f"T{n},text {n}\n" for n in range(20))

    good, bad = read(f'title,text\n"Broken,never closed\n{rows}'.encode())

    assert len(good) == 20
    assert bad == [Rejected(2, "A quote in this row is not closed.")]


def test_empty_cells_at_the_end_of_a_row_and_blank_rows_do_no_harm() -> None:
    good, bad = read(b"a,b\n1,2,,\n,\n\n3,4\n")

    assert (good, bad) == ([{"a": "1", "b": "2"}, {"a": "3", "b": "4"}], [])


def test_columns_of_one_name_and_of_none_are_told_apart() -> None:
    table = open_table(b"id,Comment,Comment,,x\n1,a,b,c,d\n")

    assert table.columns == ("id", "Comment", "Comment (2)", "column 4", "x")


@pytest.mark.parametrize(
    "name",
    ["comma_in_quotes", "empty_crlf", "json", "newlines", "quotes_and_newlines", "simple_crlf"],
)
def test_the_spectrum_of_csv_files_is_read_as_expected(real_data: Path, name: str) -> None:
    folder = real_data / "naughty_inputs"
    expected = json.loads((folder / f"{name}.expected.json").read_text(encoding="utf-8"))

    good, bad = read(folder / f"{name}.csv")

    assert good == expected
    assert bad == []


@pytest.mark.parametrize("name", ["big5", "cp949", "euc_jp", "gb18030", "gbk", "iso2022_jp"])
def test_texts_in_old_encodings_are_read_when_the_mapping_names_the_encoding(
    real_data: Path, name: str
) -> None:
    folder = real_data / "naughty_inputs" / "cjk_encodings"
    text = (folder / f"{name}-utf8.txt").read_text(encoding="utf-8").replace('"', "")
    lines = [line for line in text.split("\n") if line.strip()][:5]
    data = b"title\tx\n" + "".join(f"{line}\t1\n" for line in lines).encode(name)

    table = open_table(data, encoding=name)

    found = [row.values["title"] for row in table.rows(Watch()) if isinstance(row, Record)]
    assert found == lines


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_an_encoding_is_found_by_evidence(encoding: str) -> None:
    text = "title,place\n" + "Drucker im Büro steht,Köln\n" * 30
    table = open_table(text.encode(encoding))

    rows = [row.values for row in table.rows(Watch()) if isinstance(row, Record)]
    assert rows[0] == {"title": "Drucker im Büro steht", "place": "Köln"}
    guessed = any("was guessed" in note for note in table.notes)
    assert guessed == (encoding == "cp1252")


def test_a_few_wrong_bytes_in_utf_8_reject_their_row_alone() -> None:
    rows = "".join(f"Büro {n},ü\n" for n in range(40)).encode()
    good, bad = read(b"title,x\n" + rows + b"W\xffrong,y\n" + rows)

    assert len(good) == 80
    assert bad == [Rejected(42, "The row has bytes that are not UTF-8.")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (bytes(range(256)) * 400, "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"SQLite format 3\x00" + bytes(100), "a database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .xlsx"),
        (b"PK\x03\x04" + bytes(100), "a zip archive"),
        (b"\xfd7zXZ\x00" + b"rubbish" * 20, "cannot be unpacked"),
        (b"\x1f\x8b\x08" + b"rubbish" * 20, "cannot be unpacked"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as refused:
        open_table(data, name="file.csv")
    assert refused.value.message.endswith((".", "file."))


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="check its name"):
        open_table(tmp_path / "nowhere.csv")
    with pytest.raises(InvalidInputError, match="is a folder"):
        open_table(tmp_path)


def test_a_file_that_vanishes_between_two_readings_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    table = open_table(path)
    path.unlink()

    with pytest.raises(NotFoundError, match="has gone"):
        list(table.rows(Watch()))


def test_a_header_alone_is_a_table_without_rows() -> None:
    table = open_table(b"number,title,status\n")

    assert table.columns == ("number", "title", "status")
    assert list(table.rows(Watch())) == []


def test_reading_tells_its_progress_and_stops_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("a,b\n" + "1,2\n" * 3_000, encoding="utf-8")
    table = open_table(path)
    told: list[tuple[int, int]] = []
    list(table.rows(Watch(lambda done, total: told.append((done, total)), total=table.size)))
    assert told[-1] == (table.size, table.size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    with pytest.raises(ImportCancelledError):
        list(table.rows(Watch(cancelled=lambda: True)))
