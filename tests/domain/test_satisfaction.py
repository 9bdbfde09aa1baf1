"""What counts as an answer to the satisfaction question, and what is an ordinary sentence."""

from __future__ import annotations

import pytest

from app.domain.satisfaction import read_answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("4", 4),
        ("\n  5!\n\nThanks\nNina", 5),
        ("4, thank you", 4),
        ("3/5", 3),
        ("2 out of 5", 2),
        ("1 star", 1),
        ("5 - very good", 5),
        ("4 satisfied", 4),
        ("1: not at all", 1),
        ("*5*", 5),
        ("", None),
        ("6", None),
        ("0", None),
        ("45", None),
        ("3 printers are down", None),
        ("1. The tray is empty", None),
        ("2.5", None),
        ("5:30 pm would do", None),
        ("It is a 5", None),
        ("-", None),
    ],
)
def test_the_first_line_decides(text: str, answer: int | None) -> None:
    assert read_answer(text) == answer
