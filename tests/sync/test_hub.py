"""What a hub holds is read from its spans alone."""

from __future__ import annotations

from app.sync.hub import Holdings, Span


def test_rows_reach_as_far_as_there_is_no_gap() -> None:
    held = Holdings((Span(5, 9), Span(1, 3), Span(2, 4), Span(12, 12)))
    assert held.last == 9
    assert held.newest == 12
    assert held.reach(10) == 10
    assert held.reach(11) == 12


def test_nothing_held_reaches_nowhere() -> None:
    assert (Holdings(()).last, Holdings(()).newest, Holdings((Span(2, 3),)).last) == (0, 0, 0)
