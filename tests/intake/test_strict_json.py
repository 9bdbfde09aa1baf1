"""Hostile JSON is refused with a reason, before anything of it is believed."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInputError
from app.intake.strict_json import MOST_BYTES, MOST_DEPTH, read_strictly


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), "levels deep"),
        (b"[" * 200_000, "levels deep"),
        (b'{"a": ' * 5_000 + b"1" + b"}" * 5_000, "levels deep"),
        (b" " * (MOST_BYTES + 1), "at most"),
        (b'{"value": NaN}', "NaN"),
        (b'{"value": -Infinity}', "-Infinity"),
        (b'{"value": 1e999}', "too large"),
        (b'{"value": ' + b"9" * 5_000 + b"}", "5,000 digits"),
        (b'{"state": "ok", "state": "alerting"}', '"state" twice'),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"a": 1', "no JSON"),
        (b"", "no JSON"),
    ],
)
def test_what_two_programs_may_read_differently_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason.replace("(", r"\(")):
        read_strictly(body)


def test_brackets_in_texts_are_no_depth() -> None:
    assert read_strictly(b'{"a": "' + b"[{" * 500 + b'\\"["}')["a"].startswith("[{")


def test_whole_numbers_stay_whole() -> None:
    assert read_strictly(b'{"groupKey": 5615590933959184469}') == {"groupKey": 5615590933959184469}
