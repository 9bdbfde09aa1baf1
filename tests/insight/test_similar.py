"""Similar incidents: what counts, in which order, and the reason that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.insight import similar
from app.services import browsing, configuration, incidents, quick_logging, raising, recalling
from app.services.desk import Desk, open_desk
from app.storage import similar_rows
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident import EntityId

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")


def log(desk: Desk, text: str, **fields: str) -> str:
    (number,) = quick_logging.log_lines(desk, [text]).numbers
    if fields:
        incidents.edit(desk, [_id(desk, number)], fields)
    return number


def _id(desk: Desk, number: str) -> EntityId:
    return browsing.find(desk, number)


def reasons(desk: Desk, number: str) -> dict[str, str]:
    return {
        one.facts.number: one.reason for one in recalling.like_incident(desk, _id(desk, number))
    }


def test_the_same_item_outweighs_a_word_and_is_told_first(desk: Desk) -> None:
    configuration.put_item(desk, "ci", "vpn-gw-01", {})
    word = log(desk, "Gateway tunnel unstable")
    item = log(desk, "Gateway lost its tunnel", ci="vpn-gw-01")
    asked = log(desk, "Gateway tunnel flapping", ci="vpn-gw-01")
    found = reasons(desk, asked)
    assert list(found) == [item, word]
    assert found[item].startswith("open and may be the same one; same configuration item vpn-gw-01")
    assert "configuration item" not in found[word]


def test_rare_words_outweigh_frequent_ones(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(12):
        log(desk, f"Printer jams on floor {place}")
    rare = log(desk, "Zebra labels misaligned")
    (first, *_) = recalling.like_text(desk, "Printer zebra labels")
    assert first.facts.number == rare
    assert first.reason.endswith("; 2 of 3 words: zebra, labels"), "too short to call a word rare"
    monkeypatch.setattr(similar, "_RARE_FROM", 13)
    (first, *_) = recalling.like_text(desk, "Printer zebra labels")
    assert first.reason.endswith("; 2 rare words: zebra, labels")


def test_a_word_that_is_still_being_typed_is_told_as_a_beginning(desk: Desk) -> None:
    log(desk, "Zebra labels misaligned")
    (one,) = recalling.like_text(desk, "zebra lab", typing=True)
    assert one.reason.endswith("; 2 of 2 words: zebra, lab…")


def test_an_error_code_is_enough_without_more_words(desk: Desk) -> None:
    number = log(desk, "Outlook closes, 0x80070005 shown")
    (one,) = recalling.like_text(desk, "Cannot install update 0x80070005")
    assert one.facts.number == number
    assert "same error code: 0x80070005" in one.reason


def test_chance_is_not_called_like(desk: Desk) -> None:
    log(desk, "The mail server is slow in the morning")
    assert recalling.like_text(desk, "The door does not open in the evening") == []
    assert recalling.like_text(desk, "") == []
    assert recalling.like_text(desk, '"*) OR ( - ^ : NEAR') == []


def test_a_known_error_brings_its_workaround(desk: Desk, clock: PinnedClock) -> None:
    log(desk, "Scanner rejects badges", workaround="Restart the scanner")
    clock.set(NOW + timedelta(days=30))
    (one,) = recalling.like_text(desk, "scanner rejects all badges")
    assert one.kind == "known_error"
    assert one.to_json()["workaround"] == "Restart the scanner"
    assert one.reason.startswith("its workaround is known; ")


def test_an_old_one_is_no_duplicate_and_comes_after_a_new_one(
    desk: Desk, clock: PinnedClock
) -> None:
    old = log(desk, "Scanner rejects badges")
    clock.set(NOW + timedelta(days=60))
    new = log(desk, "Scanner rejects badges")
    found = recalling.like_text(desk, "scanner rejects badges")
    assert [(one.facts.number, one.kind) for one in found] == [
        (new, "duplicate"),
        (old, "similar"),
    ]


def test_a_word_that_is_still_typed_counts_by_its_beginning(desk: Desk) -> None:
    number = log(desk, "Projector flickers")
    typed = recalling.like_text(desk, "projector flick", typing=True)
    assert [one.facts.number for one in typed] == [number]
    assert recalling.like_text(desk, "projector flick") == []


def test_the_incident_itself_and_merged_ones_are_left_out(desk: Desk) -> None:
    kept = log(desk, "Projector flickers again")
    gone = log(desk, "Projector flickers")
    asked = log(desk, "Projector flickers")
    assert set(reasons(desk, asked)) == {kept, gone}
    raising.merge(desk, [_id(desk, gone)], _id(desk, kept))
    assert list(reasons(desk, asked)) == [kept]


def test_reading_is_bounded_and_takes_any_phrase(desk: Desk) -> None:
    numbers = [log(desk, "Printer jams") for _ in range(5)]
    db = desk.connection
    assert similar_rows.incidents(db) == len(numbers)
    assert similar_rows.newest_with(db, "printer", 2) == [5, 4]
    assert similar_rows.newest_with(db, "prin", 2) == []
    assert similar_rows.newest_with(db, "prin", 1, prefix=True) == [5]
    assert similar_rows.newest_with(db, 'prin" OR "x', 9) == []
