"""Two versions of a long text are joined where their changes do not meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text_merge import merged

BASE = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "ONE\ntwo\nthree\nFOUR\n"),
        ("one\ntwo\nthree\nfour\nfive\n", "two\nthree\nfour\n", "two\nthree\nfour\nfive\n"),
        ("ONE\ntwo\nthree\nfour\n", "uno\ntwo\nthree\nfour\n", None),
        ("one\ntwo\nx\nthree\nfour\n", "one\ntwo\ny\nthree\nfour\n", None),
        ("one\ntwo\nx\nthree\nfour\n", "one\ntwo\nx\nthree\nfour\n", "one\ntwo\nx\nthree\nfour\n"),
        ("", BASE, ""),
    ],
)
def test_disjoint_changes_are_joined_and_others_are_not(
    one: str, other: str, joined: str | None
) -> None:
    assert merged(BASE, one, other) == joined


TEXTS = st.lists(st.sampled_from("abcd"), max_size=6).map("\n".join)


@given(TEXTS, TEXTS, TEXTS)
def test_the_order_of_the_versions_makes_no_difference(base: str, one: str, other: str) -> None:
    assert merged(base, one, other) == merged(base, other, one)


@given(TEXTS, TEXTS)
def test_a_version_joined_with_what_it_was_written_on_stays(base: str, one: str) -> None:
    assert merged(base, base, one) == merged(base, one, one) == one
