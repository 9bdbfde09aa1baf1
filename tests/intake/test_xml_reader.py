"""XML of ServiceNow: records become rows, and no trap in the file is sprung."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.import_record import Record, Rejected
from app.intake.table_import import open_table

if TYPE_CHECKING:
    from pathlib import Path

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<unload unload_date="2026-03-05 12:00:00">
<incident action="INSERT_OR_UPDATE">
<number>INC0010001</number><short_description>VPN &amp; mail</short_description>
<caller_id display_value="Nina Berg">62826bf03710200044e0bfc8bcbe5df1</caller_id>
</incident>
<sys_journal_field action="INSERT"><value>x</value></sys_journal_field>
<sys_audit action="INSERT"><value>y</value></sys_audit>
<incident action="INSERT_OR_UPDATE"><number>INC0010002</number><empty/></incident>
</unload>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<xml><incident><number>&c;</number></incident></xml>"""


def test_records_are_rows_with_the_names_that_people_see() -> None:
    table = open_table(LIST.encode())
    rows = list(table.rows(Watch()))

    assert (table.kind, table.columns[:2]) == ("xml", ("number", "short_description"))
    assert [row.values["number"] for row in rows if isinstance(row, Record)] == [
        "INC0010001",
        "INC0010002",
    ]
    assert isinstance(rows[0], Record)
    assert rows[0].values["short_description"] == "VPN & mail"
    assert rows[0].values["caller_id"] == "Nina Berg"
    assert rows[0].line == 3
    assert table.notes == ["1 other records of the file are not read."]
    assert table.journal is not None
    (entry,) = table.journal.rows(Watch())
    assert isinstance(entry, Record)
    assert entry.values == {"value": "x"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = LIST.replace(' encoding="UTF-8"', "").replace("VPN", "Büro")

    table = open_table(text.encode(encoding))

    assert table.sample[0]["short_description"] == "Büro & mail"


def test_a_bomb_is_refused_before_it_grows() -> None:
    with pytest.raises(InvalidInputError, match="declares a document type"):
        open_table(BOMB.encode())


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("keep out")
    text = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]><xml><incident><number>&s;'

    with pytest.raises(InvalidInputError, match="document type"):
        open_table(text.encode())


def test_a_file_that_is_cut_off_gives_what_is_whole_and_rejects_the_rest() -> None:
    table = open_table(LIST[: LIST.index("<empty/>")].encode())
    rows = list(table.rows(Watch()))

    assert isinstance(rows[0], Record)
    assert isinstance(rows[-1], Rejected)
    assert "cannot be read from here on" in rows[-1].reason


@pytest.mark.parametrize("text", ["<?xml version='1.0'?><xml/>", "<xml><<<", "<?xml\x00\x01\xff"])
def test_xml_without_records_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInputError, match="XML"):
        open_table(text.encode("latin-1"))


def test_a_deep_file_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nested too deeply"):
        open_table(("<xml>" + "<a>" * 5000).encode())
