"""Folding is the one rule by which names are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold, prefix_range


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nina", "nina"),
        ("  José   María ", "jose maria"),
        ("Jose\u0301", "jose"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("ﬁle", "file"),
        ("\uff37\uff49de\u3000text", "wide text"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("tab\tand\nline", "tab and line"),
        ("", ""),
    ],
)
def test_case_accents_and_spaces_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1), st.text())
def test_a_prefix_range_holds_just_the_texts_that_start_so(prefix: str, other: str) -> None:
    low, high = prefix_range(prefix)
    for text in (prefix, prefix + other, other):
        assert (low <= text < high) == text.startswith(prefix)


@pytest.mark.parametrize("prefix", ["a", "z", "\ud7ff", "a\U0010ffff"])
def test_the_upper_end_of_a_prefix_range_can_be_stored(prefix: str) -> None:
    low, high = prefix_range(prefix)
    assert low < high
    high.encode()
