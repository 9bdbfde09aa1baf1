"""Recurring groups: the Poisson rule of domain.md and what counts as an error signature."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.patterns import Group, Sighting, find, poisson_tail, signatures

DAY = 86_400_000
NOW = 400 * DAY
VPN = Group("category", "network/vpn")


def seen(*days_ago: float, group: Group = VPN) -> list[Sighting]:
    return [
        Sighting(bytes([i]), f"INC-{i}", NOW - int(ago * DAY), (group,))
        for i, ago in enumerate(days_ago)
    ]


def usual(count: int) -> list[float]:
    return [8 + i * 80 / max(count, 1) for i in range(count)]


def test_five_after_six_in_twelve_weeks_are_flagged() -> None:
    (found,) = find(seen(*usual(6), 1, 2, 3, 4, 5), NOW)
    assert (found.count, found.before, found.usual_rate) == (5, 6, 0.5)
    assert round(found.p, 5) == 0.00017
    assert found.is_flagged
    assert "5 in the last 7 days; 6 in the 12 weeks before" in found.arithmetic()
    assert len(found.incidents) == 5


def test_three_after_six_in_twelve_weeks_are_chance() -> None:
    (found,) = find(seen(*usual(6), 1, 2, 3), NOW)
    assert round(found.p, 4) == 0.0144
    assert not found.is_flagged


def test_two_are_never_flagged_and_one_does_not_recur() -> None:
    (found,) = find(seen(1, 2), NOW)
    assert found.p == 0.0
    assert not found.is_flagged
    assert find(seen(1), NOW) == []


@pytest.mark.parametrize(
    ("ago", "count", "before"),
    [(0.0, 2, 0), (7.0, 3, 0), (7.0001, 2, 1), (91.0, 2, 1), (91.0001, 2, 0)],
)
def test_the_window_and_the_weeks_before_end_where_they_should(
    ago: float, count: int, before: int
) -> None:
    (found,) = find(seen(ago, 1, 2), NOW)
    assert (found.count, found.before) == (count, before)


def test_flagged_groups_stand_first_and_the_least_likely_before_others() -> None:
    one, other, chance = Group("ci", "a"), Group("ci", "b"), Group("ci", "c")
    found = find(
        [
            *seen(1, 2, group=chance),
            *seen(*usual(6), 1, 2, 3, 4, 5, group=one),
            *seen(*usual(6), 1, 2, 3, 4, 5, 6, group=other),
        ],
        NOW,
    )
    assert [pattern.group for pattern in found] == [other, one, chance]


def test_a_history_shorter_than_the_usual_weeks_says_so() -> None:
    one, other = Group("ci", "a"), Group("ci", "b")
    for ago, weeks in ((6, 0), (8, 1), (20, 2), (85, 12)):
        (found,) = find([*seen(ago, group=other), *seen(1, 2, 3, group=one)], NOW)
        assert found.weeks == weeks
        told = f"not enough history: it covers {weeks} of the 12 weeks"
        assert found.arithmetic().endswith(told) == (weeks < 12)


@given(st.integers(0, 60), st.floats(0.01, 40.0))
def test_the_tail_is_one_less_the_terms_before(count: int, rate: float) -> None:
    before = math.fsum(
        math.exp(-rate + i * math.log(rate) - math.lgamma(i + 1)) for i in range(count)
    )
    assert poisson_tail(count, rate) == pytest.approx(1 - before, abs=1e-12)


def test_a_tail_too_small_for_a_difference_is_still_told() -> None:
    assert 0 < poisson_tail(40, 0.5) < 1e-50
    assert poisson_tail(0, 3.0) == 1.0
    assert poisson_tail(3, 0.0) == 0.0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Update fails with 0x80070005", ("0x80070005",)),
        ("ORA-01555 snapshot too old, then ORA-01555 again", ("ora-01555",)),
        ("write: errno 28", ("errno 28",)),
        ("VPN says Error   651 at home", ("error 651",)),
        ("java.net.SocketTimeoutException in log", ("sockettimeoutexception",)),
        ("like INC-004711, call +47 555 0171", ()),
        ("error in printer", ()),
        ("", ()),
    ],
)
def test_codes_of_errors_are_signatures(text: str, found: tuple[str, ...]) -> None:
    assert signatures(text) == found
