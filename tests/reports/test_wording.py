"""Durations, sizes and instants in words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.reports import wording
from app.reports.language import ENGLISH

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 10, 14, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 min"),
        (59, "0 min"),
        (7 * 60, "7 min"),
        (3599, "59 min"),
        (4 * 3600, "4 h 00 min"),
        (167 * 60, "2 h 47 min"),
        (32 * 3600 + 18 * 60, "32 h 18 min"),
    ],
)
def test_a_duration_has_hours_and_minutes(seconds: int, words: str) -> None:
    assert wording.duration(ENGLISH, seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (73 * 60, "73 min in hand"),
        (-12 * 60, "12 min over"),
        (6_000, "1 h 40 min in hand"),
        (-90_000, "25 h 00 min over"),
        (0, "0 min in hand"),
    ],
)
def test_a_margin_says_on_which_side_of_the_target(seconds: int, words: str) -> None:
    assert wording.margin(ENGLISH, seconds) == words


def test_instants_are_worded_in_their_zone_whatever_the_locale() -> None:
    assert wording.moment(ENGLISH, AT, LONDON) == "14 Oct 2026, 08:12"
    assert wording.weekday(ENGLISH, AT, LONDON) == "Wednesday 14 October 2026"
    assert wording.zone_words(AT, LONDON) == "Europe/London, UTC+01:00"
    assert wording.zone_words(AT, ZoneInfo("UTC")) == "UTC"
    assert wording.offset(AT, ZoneInfo("America/St_Johns")) == "UTC−02:30"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 KB"),
        (212_400, "212 KB"),
        (999_700, "1.0 MB"),
        (1_840_000, "1.8 MB"),
        (314_572_800, "315 MB"),
        (7_000_000_000_000, "7,000 GB"),
    ],
)
def test_a_size_is_in_decimal_units(count: int, words: str) -> None:
    assert wording.size(ENGLISH, count) == words


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("a.LOG", "text/plain", "Log"),
        ("photo.heic", "image/heic", "Picture"),
        ("notes", "text/plain", "Text"),
        ("x.bin", "application/octet-stream", "File"),
        (".log", "text/plain", "Log"),
    ],
)
def test_a_file_is_named_by_its_ending_or_its_type(name: str, media_type: str, kind: str) -> None:
    assert wording.file_kind(ENGLISH, name, media_type) == kind


def test_utc_is_called_utc_by_whatever_name_the_machine_has_it() -> None:
    at = datetime(2026, 3, 9, tzinfo=UTC)

    assert wording.zone_words(at, wording.zone_of("Etc/UTC")) == "UTC"
