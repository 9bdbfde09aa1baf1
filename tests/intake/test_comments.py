"""Comments of other tools: who wrote what and when comes into the timeline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.incident import EntryKind
from app.intake.comments import document_text, read_comments
from app.intake.import_record import RowError
from app.intake.instants import InstantReader

READER = InstantReader(UTC)
JOURNAL = """2026-03-05 10:00:00 - Ana Ruiz (Work notes)
Restarted the gateway.
It took two minutes.

2026-03-05 09:30:00 - Nina Berg (Additional comments)
It is down (again)
"""


def test_a_journal_of_servicenow_is_cut_into_its_entries() -> None:
    first, second = read_comments(JOURNAL, READER)

    assert (first.author, first.kind) == ("Ana Ruiz", EntryKind.NOTE)
    assert first.text == "Restarted the gateway.\nIt took two minutes."
    assert first.at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert (second.author, second.kind) == ("Nina Berg", EntryKind.REPLY)
    assert second.text == "It is down (again)"


def test_a_comment_cell_of_jira_keeps_the_semicolons_of_its_text() -> None:
    (only,) = read_comments("05/Mar/26 9:12 AM;ana;Done; see below;\nover", READER)

    assert (only.author, only.text) == ("ana", "Done; see below;\nover")
    assert only.at == datetime(2026, 3, 5, 9, 12, tzinfo=UTC)


def test_lists_of_objects_are_read_whatever_their_names() -> None:
    told = [
        {"body_text": "Public", "private": False, "user_id": 7, "created_at": "2026-03-05T09:00Z"},
        {"body": "<p>Inner</p>", "private": True, "created_at": "2026-03-05T10:00Z"},
        {"author": {"login": "ana"}, "body": "Hub", "createdAt": "2026-03-05T11:00Z"},
        {"note": {"body": "Wrapped", "created_at": "2026-03-05T12:00Z"}},
        {"body": "", "created_at": "2026-03-05T12:00Z"},
        "no object",
    ]

    events = read_comments(told, READER)

    assert [e.text for e in events] == ["Public", "Inner", "Hub", "Wrapped"]
    assert [e.kind for e in events[:2]] == [EntryKind.REPLY, EntryKind.NOTE]
    assert [e.author for e in events[:3]] == ["7", "", "ana"]


def test_a_count_of_comments_is_no_comment() -> None:
    assert read_comments(3, READER) == []


@pytest.mark.parametrize("cell", ["just words", "a;b;c", "05/Mar/26 9:12 AM;ana;"])
def test_a_cell_without_instant_and_author_is_refused(cell: str) -> None:
    with pytest.raises(RowError):
        read_comments(cell, READER)


def test_a_document_of_atlassian_gives_its_words_and_no_depth_breaks_it() -> None:
    deep: dict[str, object] = {"type": "text", "text": "far"}
    for _ in range(200):
        deep = {"type": "blockquote", "content": [deep]}
    document = {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "One"}]},
            {"type": "paragraph", "content": [{"type": "text", "text": "Two"}]},
            deep,
        ],
    }

    assert document_text(document) == "One\nTwo\n"
