"""Search: everything is found, folded; codes and paths exactly; nothing typed is a syntax error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.incident_record import IncidentDraft
from app.services import browsing, evidence, incidents, logging_incidents
from app.services.desk import Desk, open_desk
from app.storage import search, search_texts
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.storage.search import SearchResult

TITLES = (
    "Update fails with 0x80070005",
    "Update fails with 0x80070006",
    "Cannot open \\\\filesrv01\\share$\\Büro\\plan.xlsx",
    "Disk full in /var/log/postgresql/15",
    "Café terminal: naïve Zürich Straße",
    "ORA-01555: snapshot too old",
    "Mail to o'brien@example.org bounces",
    "C++ build: error C2065 at foo::bar<int>()",
    "Печать не работает",
    "打印机无法工作",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder: Path = tmp_path_factory.mktemp("search")
    desk = open_desk(Profile(folder / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")
    for title in TITLES:
        logging_incidents.log(desk, IncidentDraft(title=title))
    first = browsing.find(desk, "1")
    incidents.add_note(desk, [first], "The quarterly reboot did not help")
    evidence.attach(desk, first, [("setupapi.dev.log", b"x")])
    incidents.edit(desk, [first], {"description": "happens on LAPTOP-7731 only"})
    return desk


def found(desk: Desk, text: str) -> list[str]:
    hits = browsing.find_text(desk, text).hits
    numbers = [browsing.number_of_row(desk, hit.rowid) for hit in hits]
    return sorted(browsing.incident(desk, number).title for number in numbers)


@pytest.mark.parametrize(
    ("text", "field", "shown"),
    [
        ("quarterly", "notes", "The quarterly reboot did not help"),
        ("reboot fails", "title", "Update fails with 0x80070005"),
        ("laptop", "description", "happens on LAPTOP-7731 only"),
        ("update 0x80070005", "title", "Update fails with 0x80070005"),
        ("setupapi", "other", "setupapi.dev.log"),
    ],
)
def test_a_hit_shows_the_text_in_which_most_was_found(
    desk: Desk, text: str, field: str, shown: str
) -> None:
    (hit,) = browsing.find_text(desk, text).hits
    assert (hit.field, hit.snippet) == (field, shown)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("0x80070005", 0),
        ("0X80070006", 1),
        ("80070005", 0),
        ("\\\\filesrv01\\share$", 2),
        ("filesrv01", 2),
        ("plan.xlsx", 2),
        ("buro", 2),
        ("BÜRO", 2),
        ("/var/log/postgresql", 3),
        ("postgres", 3),
        ("cafe", 4),
        ("naive", 4),
        ("zurich", 4),
        ("strasse", 4),
        ("STRASSE", 4),
        ("ORA-01555", 5),
        ("01555", 5),
        ("o'brien", 6),
        ("o'brien@example.org", 6),
        ("C++", 7),
        ("foo::bar", 7),
        ("C2065", 7),
        ("печать", 8),
        ("ПЕЧАТЬ", 8),
        ("打印机", 9),
        ("quarterly", 0),
        ("setupapi", 0),
        ("laptop-7731", 0),
        ("INC-000004", 3),
    ],
)
def test_what_was_written_is_found_and_nothing_else(desk: Desk, text: str, title: int) -> None:
    assert found(desk, text) == [TITLES[title]]


@pytest.mark.parametrize("text", ["0x80070007", "filesrv02", "zzz", "ORA-99999"])
def test_what_nobody_wrote_is_not_found(desk: Desk, text: str) -> None:
    assert found(desk, text) == []


@pytest.mark.parametrize(
    "text",
    ['"', "'", "*", "-", "AND", "OR", "NOT", "NEAR(", "a AND", '"unclosed', "title:", "^x", "(",
     ")", "{}", "+", "a*b*", "\0", "\\", "%", "_", ";--", "", " ", "\u202e", "x" * 10_000],
)  # fmt: skip
def test_nothing_typed_is_a_syntax_error(desk: Desk, text: str) -> None:
    assert browsing.find_text(desk, text).total >= 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=60))
def test_no_text_at_all_is_a_syntax_error(desk: Desk, text: str) -> None:
    assert browsing.find_text(desk, text).total >= 0


def test_the_naughty_strings_are_searched_without_an_error(desk: Desk, real_data: Path) -> None:
    path = real_data / "naughty_inputs" / "blns_part.json"
    lines = json.loads(path.read_text(encoding="utf-8"))
    assert len(lines) > 100
    for line in lines:
        assert browsing.find_text(desk, line).total >= 0


def test_counting_may_stop_early_and_finds_the_same_hits(desk: Desk) -> None:
    def asked(*, count_all: bool) -> SearchResult:
        return search.search(
            desk.connection,
            "update",
            loaders=[lambda rowids: search_texts.load(desk.connection, rowids)],
            rank_within=0,
            count_all=count_all,
        )

    whole, some = asked(count_all=True), asked(count_all=False)
    assert (whole.total, some.total) == (2, 1)
    assert [hit.rowid for hit in whole.hits] == [hit.rowid for hit in some.hits]
