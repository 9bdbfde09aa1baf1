"""Files that nobody meant well: whatever their bytes are, the answer is rows or one sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError, KnownError
from app.intake.comments import read_comments
from app.intake.import_record import RowError
from app.intake.instants import InstantReader
from app.intake.report_file import read_report
from app.intake.table_import import read_incidents

READER = InstantReader(UTC)
_FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_SQL = st.lists(
    st.sampled_from(
        ["INSERT INTO `glpi_tickets` ", "(`id`,`name`) ", "VALUES ", "(1,'a')", ",", ";", "'", "\\",
         "/*", "*/", "-- ", "\n", "NULL", "CREATE TABLE `glpi_tickets` (\n  `id` int\n)", "\0", "é"]
    ),
    max_size=20,
).map("".join)  # fmt: skip
_XML = st.lists(
    st.sampled_from(
        ["<incident>", "</incident>", "<number>", "</number>", "INC1", "&lt;", "&x;", "<!--", "-->",
         "<![CDATA[", "]]>", "<short_description>VPN</short_description>", "\0", "é", "<?pi ?>"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


def taken(data: bytes) -> None:
    with suppress(KnownError):
        for _ in read_incidents(data):
            pass


@_FEW
@given(st.binary(min_size=1, max_size=400))
def test_any_bytes(data: bytes) -> None:
    taken(data)


@_FEW
@given(_SQL)
def test_any_dump(text: str) -> None:
    taken(f"-- MySQL dump\nINSERT INTO `glpi_a` (`b`) VALUES (1);\n{text}".encode())


@_FEW
@given(_XML)
def test_any_xml(text: str) -> None:
    taken(f"<xml>{text}</xml>".encode())


@_FEW
@given(_JSON)
def test_any_comments(value: object) -> None:
    with suppress(RowError):
        read_comments([{"created_at": "2026-03-05T09:00Z", "body": value}, value], READER)


@_FEW
@given(st.binary(max_size=300), st.sampled_from([b"", b'{"format": "incident-desk-report", ']))
def test_any_report(data: bytes, head: bytes) -> None:
    with suppress(InvalidInputError):
        read_report(head + data)


def test_values_that_are_nested_deeply_stop_their_file_in_a_sentence() -> None:
    for depth in (200, 600, 900, 5000):
        deep = '{"value":' * depth + '"x"' + "}" * depth
        taken(f'[{{"number":"A-1","short_description":"VPN","caller_id":{deep}}}]'.encode())
