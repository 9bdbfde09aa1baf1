"""The post-incident review: what the record says, in its sections, and nothing made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from app.domain.incident import EntityId, Named, Status
from app.reports.closure_report import closure_report_bytes
from app.reports.review_record import review_record
from app.reports.review_story import NOTHING

if TYPE_CHECKING:
    from app.domain.incident_record import Incident

Texts = Callable[[bytes], list[str]]
OPTIONS: dict[str, Any] = {
    "organisation": "Kestrel Freight IT",
    "record_json": b'{"number": "INC-2026-00088"}',
}
OWN = {
    "Why 1": "The driver dropped the dither table.",
    "why_2": "The update was installed without a test print.",
    "What went well": "The warehouse leads were told within 11 minutes.",
    "what went badly?": "- Nobody watched the queue at night\n- The vendor answered late",
    "Why 7": "there are only five",
}


def review(incident: Incident, **changes: Any) -> tuple[bytes, Any]:
    record = review_record(replace(incident, major=True, **changes), **OPTIONS)
    return closure_report_bytes(record)[0], record


def flat(texts: list[str]) -> str:
    return " ".join(" ".join(texts).split())


def test_every_section_stands_in_its_order(incident: Incident, texts_of: Texts) -> None:
    pdf, record = review(incident, custom=OWN, contributing_factors="No test print\nOld firmware")
    assert record.kind == "Post-incident review"
    text = flat(texts_of(pdf))
    for words in (*list(OWN.values())[:3], "Nobody watched the queue at night", "No test print"):
        assert words in text
    assert "only five" not in text
    for follow_up in incident.follow_ups:
        assert follow_up.action in text
        assert follow_up.owner in text
    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        titles = [str(item.title) for item in outline.root[0].children]
    assert [title.split("  ")[1] for title in titles] == [
        *("Summary", "Instants and figures", "Impact", "Timeline", "Root cause"),
        *("Contributing factors", "Five whys", "What went well", "What went badly"),
        *("Resolution", "Actions", "Evidence", "Sign-off", "Verification"),
    ]


def test_what_is_not_recorded_is_said_and_not_made_up(incident: Incident, texts_of: Texts) -> None:
    pdf, record = review(
        incident,
        custom={},
        contributing_factors="",
        root_cause="",
        follow_ups=(),
        response=None,
        resolution_clock=None,
        reopen_count=0,
        detected_at=None,
        workaround_applied_at=None,
    )
    assert record.review is not None
    assert record.review.went_well == record.review.went_badly == ()
    assert flat(texts_of(pdf)).count(NOTHING.text) >= 6


def test_it_is_interim_while_the_incident_is_open(incident: Incident, texts_of: Texts) -> None:
    pdf, record = review(incident, status=Status.IN_PROGRESS, closed_at=None)
    assert record.kind == "Interim post-incident review"
    assert all("Interim" in page for page in texts_of(pdf))


def test_the_same_record_gives_the_same_bytes(incident: Incident) -> None:
    assert review(incident, custom=OWN)[0] == review(incident, custom=OWN)[0]


@pytest.mark.parametrize(("count", "words"), [(1, "reopened once"), (3, "reopened 3 times")])
def test_the_record_proves_what_went_badly(incident: Incident, count: int, words: str) -> None:
    _, record = review(incident, reopen_count=count)
    assert any(words in line for line in record.review.went_badly)


def test_what_the_room_keeps_comes_before_the_fields_of_the_team(
    incident: Incident, texts_of: Texts
) -> None:
    pdf, record = review(
        incident,
        custom=OWN,
        five_whys="1st\n- 2nd\n\n3rd\n4th\n5th\n6th",
        went_well="Told at once\nTwo hands",
        went_badly="",
        major_reason="Nobody can print",
        stood_down_at=incident.registered_at + timedelta(hours=3),
        scribe=Named(EntityId(b"s" * 16), "Jon Park"),
    )
    notes = record.review
    assert notes.whys == ("1st", "2nd", "3rd", "4th", "5th 6th")
    assert notes.went_well[:2] == ("Told at once", "Two hands")
    assert notes.went_badly[0] == "Nobody watched the queue at night"
    text = flat(texts_of(pdf))
    for words in ("Nobody can print", "Stood down", "Jon Park", "Two hands"):
        assert words in text
