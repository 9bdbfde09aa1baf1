"""The finding of each section in words: ties name all or none, one of anything is told as one."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.period_figures import UNASSIGNED
from app.reports.language import CODES, ENGLISH, language_of
from app.reports.period_sentences import (
    answered,
    attained,
    busiest_hours,
    left_open,
    waited,
    workload,
)
from app.reports.period_wording import per_cent_of

if TYPE_CHECKING:
    from app.domain.period_figures import Load


class Team:
    """What the sentence reads of a team's load."""

    def __init__(self, name: str, opened: int, resolved: int = 0) -> None:
        self.name, self.opened, self.resolved = name, opened, resolved


def loads(**teams: int | tuple[int, int]) -> tuple[Load, ...]:
    made: list[Any] = [
        Team(name, *((value, 0) if isinstance(value, int) else value))
        for name, value in teams.items()
    ]
    return tuple(made)


@pytest.mark.parametrize(
    ("teams", "finding"),
    [
        (loads(Desk=1), "Desk had the one incident opened"),
        (loads(Desk=7), "Desk had all 7 incidents opened"),
        (loads(Desk=7, Network=0), "Desk had all 7 incidents opened"),
        (loads(Desk=3, Network=1), "Desk had 75% of the incidents opened"),
        (loads(Desk=2, Network=2), "Desk and Network had 50% of the incidents opened each"),
        (
            loads(Network=3, Apps=3, Desk=3, Field=1),
            "Apps, Desk and Network had 30% of the incidents opened each",
        ),
        (loads(A=1, B=1, C=1, D=1), "Four teams had 25% of the incidents opened each"),
        (loads(Desk=(0, 2), Network=(0, 1)), "Nothing was opened; Desk resolved 2"),
        (
            loads(Network=(0, 2), Desk=(0, 2)),
            "Nothing was opened; Desk and Network resolved 2 each",
        ),
        (
            loads(A=(0, 1), B=(0, 1), C=(0, 1), D=(0, 1)),
            "Nothing was opened; four teams resolved 1 each",
        ),
        (loads(Desk=0), "Nothing was opened or resolved"),
        (loads(**{UNASSIGNED: 4}), "Nobody had all 4 incidents opened"),
    ],
)
def test_the_team_with_most_is_named_with_its_equals_or_none_is(
    teams: tuple[Load, ...], finding: str
) -> None:
    for order in permutations(teams):
        assert workload(ENGLISH, order) == finding


@pytest.mark.parametrize(
    ("known", "late", "finding"),
    [
        (["P1"], [], "P1 met the 95% target"),
        (["P1"], ["P1"], "P1 missed the 95% target"),
        (["P1", "P2"], [], "Every priority met the 95% target"),
        (["P1", "P2"], ["P1", "P2"], "No priority met the 95% target"),
        (["P1", "P2"], ["P2"], "One of two priorities met the 95% target; P2 did not"),
        (
            ["P1", "P2", "P3"],
            ["P1", "P3"],
            "One of three priorities met the 95% target; P1 and P3 did not",
        ),
    ],
)
def test_one_priority_is_told_by_its_name(known: list[str], late: list[str], finding: str) -> None:
    assert attained(ENGLISH, known, late, "95%") == finding


def heat(**counts: int) -> list[list[int]]:
    """Make the counts of a week from names such as `d1h08`: Tuesday, from eight."""
    week = [[0] * 24 for _ in range(7)]
    for name, count in counts.items():
        week[int(name[1])][int(name[3:])] = count
    return week


@pytest.mark.parametrize(
    ("week", "finding"),
    [
        (heat(d1h08=1), "The one incident came on Tuesday 08:00 to 09:00"),
        (heat(d6h23=1), "The one incident came on Sunday 23:00 to 24:00"),
        (heat(d0h00=1), "The one incident came on Monday 00:00 to 01:00"),
        (heat(d1h08=3), "All 3 incidents came on Tuesday 08:00 to 09:00"),
        (heat(d1h08=3, d1h09=1), "All 4 incidents came on Tuesday 08:00 to 10:00"),
        (
            heat(d0h08=3, d0h09=1, d4h10=1),
            "Monday 08:00 to 10:00 carries 80% of the incidents registered",
        ),
        (heat(d4h10=2, d1h10=1), "Friday 10:00 to 11:00 carries 67% of the incidents registered"),
        (heat(d0h08=1, d4h10=1), "No two hours of the week stand out"),
        (heat(d0h08=1, d0h09=1, d0h10=1), "No two hours of the week stand out"),
    ],
)
def test_hours_are_named_only_when_no_others_equal_them(
    week: list[list[int]], finding: str
) -> None:
    assert busiest_hours(ENGLISH, week) == finding


def test_of_stages_that_took_equally_long_all_are_named() -> None:
    alone = {"First": "most in First", "Second": "most in Second", "Third": "most in Third"}
    assert waited(ENGLISH, {"First": 10.0, "Second": 60.0, "Third": 0.0}, alone) == "most in Second"
    assert (
        waited(ENGLISH, {"First": 60.2, "Second": 60.0, "Third": 0.0}, alone)
        == "First and Second took equally long: 50% of the time to resolve each"
    )


def test_the_oldest_are_told_as_all_or_as_so_many() -> None:
    assert (
        left_open(ENGLISH, 1, 1, "1 to 7 days") == "1 incident was open at the end, 1 to 7 days old"
    )
    assert (
        left_open(ENGLISH, 5, 5, "1 to 7 days")
        == "5 incidents were open at the end, all of them 1 to 7 days old"
    )
    assert (
        left_open(ENGLISH, 42, 9, "1 to 7 days")
        == "42 incidents were open at the end, 9 of them 1 to 7 days old"
    )


def test_answers_are_told_as_all_none_or_a_share() -> None:
    assert answered(ENGLISH, 1, 1.0) == "The one answer was 4 or 5"
    assert answered(ENGLISH, 1, 0.0) == "The one answer was below 4"
    assert answered(ENGLISH, 3, 1.0) == "All 3 answers were 4 or 5"
    assert answered(ENGLISH, 3, 0.0) == "None of 3 answers was 4 or 5"
    assert answered(ENGLISH, 3, 1 / 3) == "33% of 3 answers were 4 or 5"


def test_only_a_share_with_a_target_has_a_digit_more_near_it() -> None:
    assert per_cent_of(ENGLISH, 0.946) == "95%"
    assert per_cent_of(ENGLISH, 0.946, 0.95) == "94.6%"
    assert per_cent_of(ENGLISH, 0.997) == "99.7%"


@pytest.mark.parametrize("code", CODES)
def test_each_sentence_is_whole_in_each_language(code: str) -> None:
    words = language_of(code)
    told = [
        workload(words, loads(A=1)),
        workload(words, loads(A=1, B=1)),
        workload(words, loads(A=1, B=1, C=1, D=1)),
        workload(words, loads(A=(0, 1), B=(0, 1), C=(0, 1), D=(0, 1))),
        attained(words, ["P1"], [], "95%"),
        busiest_hours(words, heat(d1h08=1)),
        busiest_hours(words, heat(d1h08=1, d2h08=1)),
        left_open(words, 1, 1, "x"),
        answered(words, 1, 0.0),
        waited(words, {"A": 1.0, "B": 1.0}, {}),
    ]
    assert all(sentence and "{" not in sentence for sentence in told)
    assert len(set(told)) == len(told)
