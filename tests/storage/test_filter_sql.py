"""Filters run over the real schema: what they find, in which way, and that any text runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.filter_language import MOST_VALUES, parse, term
from app.domain.folding import fold
from app.storage import search
from app.storage.filter_sql import compile_filter
from app.storage.migrations.m0001_journal_and_incidents import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONDON = ZoneInfo("Europe/London")
# A Wednesday, 11:00 in London.
NOW = datetime(2026, 10, 14, 10, 0, tzinfo=UTC)
NAMES = {
    "person": ["Ana Ruiz", "Nina Berg", "José María", "None"],
    "team": ["Second line"],
    "category": ["hardware", "hardware/printer", "hardwarestore", "network/vpn"],
    "service": ["Mail"],
    "ci": ["PC-042"],
    "location": ["HQ"],
}
ME = b"person0".ljust(16)


def uid_of(kind: str, name: str) -> bytes:
    return f"{kind}{NAMES[kind].index(name)}".encode().ljust(16)


def ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def ago(**elapsed: float) -> int:
    return ms(NOW - timedelta(**elapsed))


def local(*parts: int) -> int:
    return ms(datetime(*parts, tzinfo=LONDON))  # type: ignore[arg-type, misc]


ROWS: dict[int, dict[str, Any]] = {
    1: {"title": "Printer jam", "status": "new", "priority": "P1", "assignee": "Ana Ruiz",
        "category": "hardware/printer", "due_at": ago(minutes=-30), "unread": 1,
        "registered_at": ago(hours=1), "impact": 1, "urgency": 1, "tags": ["VPN", "Öl"]},
    2: {"title": "VPN drops", "status": "in_progress", "priority": "P2", "assignee": "Nina Berg",
        "requester": "José María", "team": "Second line", "category": "network/vpn",
        "due_at": ago(minutes=5), "major": 1, "registered_at": ago(days=3), "severity": 1},
    3: {"title": "Paper jam 50%", "status": "pending", "priority": "P3", "paused": 1,
        "pending_reason": "vendor", "category": "hardware", "location": "HQ", "conflict": 1,
        "registered_at": local(2026, 10, 1, 0, 0), "custom": {"Cost": (12.5, "12.5")}},
    4: {"title": "No sound", "status": "closed", "priority": "P4", "is_open": 0, "breached": 1,
        "assignee": "Ana Ruiz", "closed_at": ago(days=2), "resolved_at": ago(days=3),
        "registered_at": local(2026, 10, 31, 23, 59), "files": ["screen_1.png"],
        "custom": {"Cost": (3.0, "3"), "Until": (None, "2026-10-20")}},
    5: {"title": "Mail slow", "status": "assigned", "priority": "P2", "service": "Mail",
        "ci": "PC-042", "breached": 1, "due_at": ago(days=1), "channel": "email",
        "category": "hardwarestore", "registered_at": ago(days=10), "problem_id": b"p",
        "links": ["article"], "gone_files": ["old.txt"], "stopped": 0},
    6: {"title": "Deleted", "status": "new", "priority": "P1", "deleted": 1},
}  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[apsw.Connection]:
    database = apsw.Connection(":memory:")
    for statement in STATEMENTS:
        database.execute(statement)
    search.create_index(database)
    for kind, names in NAMES.items():
        for name in names:
            uid = uid_of(kind, name)
            database.execute(
                "INSERT INTO catalogue_item VALUES (?,?,?,?,'{}',0)", (uid, kind, name, fold(name))
            )
            keys = {fold(name), *re.split(r"[ /]", fold(name))}
            database.executemany(
                "INSERT INTO catalogue_alias VALUES (?,?,?)", [(kind, key, uid) for key in keys]
            )
    for number, row in ROWS.items():
        _insert(database, number, row)
    yield database
    database.close()


def _insert(database: apsw.Connection, number: int, row: dict[str, Any]) -> None:
    columns: dict[str, Any] = {
        "id": number,
        "uid": bytes([number]) * 16,
        "number": f"INC-{2040 + number:06d}",
        "impact": 3,
        "urgency": 3,
        "channel": "phone",
        "registered_at": ago(days=1),
        "updated_at": ago(hours=number),
    }
    kinds = {"requester": "person", "assignee": "person"}
    more = {"tags", "custom", "files", "gone_files", "links"}
    for key, value in row.items():
        kind = kinds.get(key, key)
        if key not in more:
            columns[key] = uid_of(kind, value) if kind in NAMES else value
    marks = ",".join("?" * len(columns))
    database.execute(
        f"INSERT INTO incident ({','.join(columns)}) VALUES ({marks})", tuple(columns.values())
    )
    for tag in row.get("tags", ()):
        database.execute("INSERT INTO incident_tag VALUES (?,?,?)", (number, fold(tag), tag))
    for field, (figure, text) in row.get("custom", {}).items():
        database.execute("INSERT INTO custom_value VALUES (?,?,?,?)", (number, field, text, figure))
    for deleted, key in enumerate(("files", "gone_files")):
        for name in row.get(key, ()):
            database.execute(
                "INSERT INTO attachment VALUES (?,?,?,1,'','',0,x'',?)",
                (name.encode(), number, name, deleted),
            )
    for kind in row.get("links", ()):
        database.execute("INSERT INTO incident_link VALUES (?,?,x'00')", (number, kind))
    if number == 5:
        database.execute("INSERT INTO number_alias VALUES ('cs-77', 5)")


def in_titles(words: list[str]) -> tuple[str, list[Any]]:
    """Stand in for full-text search, with marks as it has them."""
    clauses = " AND ".join("instr(lower(i.title), ?) > 0" for _ in words)
    return clauses, [word.lower() for word in words]


def found(connection: apsw.Connection, text: str, **more: Any) -> list[int]:
    given_args = {"now_ms": ms(NOW), "zone": LONDON, "me_id": ME, "text_clause": in_titles, **more}
    where, bound = compile_filter(parse(text), **given_args)
    sql = f"SELECT i.id FROM incident i WHERE {where} ORDER BY 1"
    return [row[0] for row in connection.execute(sql, bound)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("status:open", [1, 2, 3, 5]),
        ("-status:open", [4]),
        ("status:new,pending", [1, 3]),
        ("status:any", [1, 2, 3, 4, 5]),
        ("-status:any is:open", [1, 2, 3, 5]),
        ("priority:p1,p2", [1, 2, 5]),
        ("priority:>=p3", [3, 4]),
        ("impact:<=2", [1]),
        ("severity:1", [2]),
        ("severity:none", [1, 3, 4, 5]),
        ("-severity:1", [1, 3, 4, 5]),
        ("channel:mail", [5]),
        ("assignee:me", [1, 4]),
        ("-assignee:me", [2, 3, 5]),
        ("assignee:none", [3, 5]),
        ("assignee:any", [1, 2, 4]),
        ("assignee:none,nina", [2, 3, 5]),
        ("assignee:RUIZ", [1, 4]),
        ("assignee:n", [2]),
        ('assignee:"ana ruiz"', [1, 4]),
        ('assignee:"ana"', []),
        ('assignee:"None"', []),
        ("assignee:nobody", []),
        ("requester:jose", [2]),
        ("requester:maría", [2]),
        ("team:second", [2]),
        ("category:hardware", [1, 3, 5]),
        ("category:hardware/", [1]),
        ('category:"Hardware"', [1, 3]),
        ('category:"hardware/printer"', [1]),
        ("category:printer", [1]),
        ("service:mail ci:pc location:hq", []),
        ("service:mail ci:pc", [5]),
        ("tag:vpn", [1]),
        ("tag:ol", [1]),
        ('tag:"v"', []),
        ("tag:v,none", [1, 2, 3, 4, 5]),
        ("tag:any", [1]),
        ("-tag:vpn", [2, 3, 4, 5]),
        ("number:2041", [1]),
        ("number:INC-002042", [2]),
        ("number:inc-2043", [3]),
        ("number:inc-", [1, 2, 3, 4, 5]),
        ("number:CS-77", [5]),
        ("number:cs", [5]),
        ("id:0303", [3]),
        (f"id:{'01' * 16}", [1]),
        ("id:0", [1, 2, 3, 4, 5]),
        ("is:open", [1, 2, 3, 5]),
        ("is:finished", [4]),
        ("is:unread", [1]),
        ("is:breached", [2, 5]),
        ("-is:breached", [1, 3, 4]),
        ("is:paused", [3]),
        ("is:major", [2]),
        ("is:mine", [1, 4]),
        ("is:conflict", [3]),
        ("is:draft", []),
        ("is:closed", [4]),
        ("is:resolved", []),
        ("is:unassigned", [3, 5]),
        ("is:pending", [3]),
        ("has:file", [4]),
        ("-has:file", [1, 2, 3, 5]),
        ("has:problem", [5]),
        ("has:article", [5]),
        ("has:similar", []),
        ("sla:<1h", [1, 2, 5]),
        ("sla:0..1h", [1]),
        ("sla:<-1h", [5]),
        ("sla:>20m", [1]),
        ("sla:breached", [2, 5]),
        ("sla:paused", [3]),
        ("sla:none", []),
        ("age:>2d is:open", [2, 3, 5]),
        ("age:1d..5d", [2]),
        ("age:<2h", [1, 4]),
        ("due:<1h", [1, 2, 5]),
        ("due:today", [1, 2]),
        ("due:yesterday", [5]),
        ("due:none", [3, 4]),
        ("closed:<7d", [4]),
        ("closed:>7d", []),
        ("closed:none", [1, 2, 3, 5]),
        ("-closed:<7d", [1, 2, 3, 5]),
        ("resolved:2026-10-11", [4]),
        ("occurred:<2026-10-11", []),
        ("registered:2026-10-01..2026-10-31", [1, 2, 3, 4, 5]),
        ("registered:2026-10-01", [3]),
        ("registered:<2026-10-01", []),
        ("registered:<=2026-10-01", [3]),
        ("registered:>2026-10-30", [4]),
        ("registered:>=2026-11-01", []),
        ("registered:2026-09", []),
        ("registered:this-month", [1, 2, 3, 4, 5]),
        ("registered:last-month,today", [1]),
        ("registered:this-week", [1]),
        ("registered:last-week", [2]),
        ("registered:2026", [1, 2, 3, 4, 5]),
        ("registered:2026-10-14T10:00", [1]),
        ("updated:<90m", [1]),
        ("jam", [1, 3]),
        ("paper jam", [3]),
        ('"paper jam"', [3]),
        ("printer,sound", [1, 4]),
        ("-jam", [2, 4, 5]),
        ("-printer,sound", [2, 3, 5]),
        ("title:jam", [1, 3]),
        ("title:50%", [3]),
        ("title:_", []),
        ("in:files screen", [4]),
        ("in:files screen_", [4]),
        ("in:files old", []),
        ("in:files,notes mail", [5]),
        ("custom.cost:>10", [3]),
        ("custom.Cost:1..20", [3, 4]),
        ("custom.cost:12.5", [3]),
        ('custom.cost:"12"', []),
        ("custom.cost:none", [1, 2, 5]),
        ("custom.until:<=2026-10-20", [4]),
        ("custom.until:>2026-10-20", []),
        ("custom.until:2026-10-01..2026-10", [4]),
        ("-custom.cost:>10", [1, 2, 4, 5]),
        ("status:opne", [1, 2, 3, 4, 5]),
        ("status: assignee:", [1, 2, 3, 4, 5]),
        ("sort:-age group:status", [1, 2, 3, 4, 5]),
    ],
)
def test_a_filter_finds_just_what_it_says(
    connection: apsw.Connection, text: str, ids: list[int]
) -> None:
    assert parse(text).problems == () or text == "status:opne"
    assert found(connection, text) == ids


def test_nobody_has_nothing(connection: apsw.Connection) -> None:
    assert found(connection, "is:mine", me_id=None) == []
    assert found(connection, "-assignee:me", me_id=None) == [1, 2, 3, 4, 5]


def test_a_breach_begins_after_the_due_time_not_at_it(connection: apsw.Connection) -> None:
    due = ROWS[1]["due_at"]
    assert 1 not in found(connection, "is:breached", now_ms=due)
    assert 1 in found(connection, "is:breached", now_ms=due + 1)


def test_words_that_cannot_be_searched_restrict_nothing(connection: apsw.Connection) -> None:
    def nothing(words: list[str]) -> tuple[str, list[Any]]:
        return "1", []

    assert found(connection, "!! -?? ~", text_clause=nothing) == [1, 2, 3, 4, 5]


def test_a_text_search_may_name_its_values(connection: apsw.Connection) -> None:
    def named(words: list[str]) -> tuple[str, dict[str, Any]]:
        return "instr(lower(i.title), :f0) > 0", {"f0": words[0]}

    assert found(connection, "is:open -paper jam,vpn", text_clause=named) == [1, 2]


def test_all_plain_words_are_one_search(connection: apsw.Connection) -> None:
    asked = []

    def listening(words: list[str]) -> tuple[str, list[Any]]:
        asked.append(words)
        return "1", []

    found(connection, 'vpn is:open "paper jam" -old sort:age slow', text_clause=listening)
    assert asked == [["old"], ["vpn", "paper jam", "slow"]]


def test_what_a_person_types_never_becomes_part_of_the_statement(
    connection: apsw.Connection,
) -> None:
    evil = "x'); DROP TABLE incident; --"
    for key in ("assignee", "tag", "number", "category", "custom.x", f"custom.{evil}"):
        text = term(key, evil)
        where, _ = compile_filter(
            parse(text), now_ms=0, zone=UTC, me_id=None, text_clause=in_titles
        )
        assert "DROP" not in where
        assert found(connection, text) == []


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("assignee:ana", "incident_assignee"),
        ("-is:finished category:hardware", "incident_category"),
        ("requester:jose", "incident_requester"),
        ("closed:<7d", "incident_closed"),
        ("registered:today", "incident_registered"),
        ("tag:vpn", "incident_tag_folded"),
        ("sla:<1h", "incident_open"),
        ("priority:p1 assignee:ana", "incident_assignee"),
        ("number:2041", "sqlite_autoindex_incident"),
        ("assignee:ana", "catalogue_alias"),
        ('assignee:"ana"', "catalogue_by_name"),
    ],
)
def test_the_indexes_serve(connection: apsw.Connection, text: str, index: str) -> None:
    where, bound = compile_filter(
        parse(text), now_ms=ms(NOW), zone=LONDON, me_id=ME, text_clause=in_titles
    )
    plan = connection.execute(
        f"EXPLAIN QUERY PLAN SELECT i.id FROM incident i WHERE {where}", bound
    )
    steps = [row[3] for row in plan]
    assert any(index in step and "SEARCH" in step for step in steps), steps


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*'-:,"<>=. %_\\\'?*()', "not:", "..", "open", "p1", "1h", "2026-10-01", "me", "none",
             "any", "today", "5", "a", "0x80", " OR ", "\x00", "\ud800", "sla:<", "registered:>",
             "custom.x:", "in:files ", "in:notes ", "status:", "assignee:", "category:", "tag:",
             "number:", "id:", "is:", "has:", "priority:", "severity:", "due:", "title:"]
        ),
        st.text(max_size=4),
    ),
    max_size=10,
).map("".join)  # fmt: skip


@given(PIECES)
@settings(deadline=None)
def test_any_text_compiles_and_runs(connection: apsw.Connection, text: str) -> None:
    assert set(found(connection, text)) <= {1, 2, 3, 4, 5}
    found(connection, text.encode("utf-8", "replace").decode(), text_clause=search.text_clause)


def test_naughty_strings_compile_and_run(connection: apsw.Connection, real_data: Path) -> None:
    for text in json.loads((real_data / "naughty_inputs/blns_part.json").read_text("utf-8")):
        found(connection, text)
        found(connection, text, text_clause=search.text_clause)
        if fold(text):
            assert found(connection, term("assignee", text)) == []


def test_a_page_of_terms_compiles_and_runs(connection: apsw.Connection) -> None:
    for piece in ("-a ", "assignee:ana ", "-tag:x "):
        found(connection, piece * (2 * MOST_VALUES))
    commas = "tag:" + ",".join(f"t{n}" for n in range(1000))
    assert found(connection, commas) == []
