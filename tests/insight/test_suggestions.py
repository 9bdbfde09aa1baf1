"""Suggestions: what is learnt, when it is not enough, and how good it is on a real log."""

from __future__ import annotations

import csv
import io
import lzma
import math
import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from app.insight.suggestions import NEEDED, Learner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Case = tuple[list[str], str]


def taught(*cases: tuple[str, str], times: int = NEEDED) -> Learner:
    learner = Learner()
    for text, value in cases:
        for _ in range(times):
            learner.learn(text.split(), value)
    return learner


def test_the_words_of_a_text_tell_and_are_named() -> None:
    learner = taught(("printer jams paper", "printing"), ("tunnel drops remote", "vpn"))
    first, second = learner.suggest(["paper", "jams", "again"])
    assert (first.value, first.words) == ("printing", ("jams", "paper"))
    assert first.reason == "past incidents with jams (30 of 30), paper (30 of 30)"
    assert first.score > 0.95
    assert first.score + second.score == pytest.approx(1.0)
    assert second.value == "vpn"


def test_a_text_without_known_words_gets_the_most_frequent_value_and_says_so() -> None:
    learner = taught(("a", "rare"), times=NEEDED)
    for _ in range(3 * NEEDED):
        learner.learn(["b"], "usual")
    (first, _) = learner.suggest(["unknown"])
    assert (first.value, round(first.score, 2), first.words) == ("usual", 0.75, ())
    assert first.reason == "90 of 120 past incidents; no word of the text tells"


def test_a_short_history_suggests_nothing() -> None:
    learner = taught(("printer", "printing"), times=NEEDED - 1)
    assert not learner.has_enough
    assert learner.suggest(["printer"]) == []
    learner.learn(["printer"], "printing")
    assert learner.suggest(["printer"])[0].value == "printing"


FIELDS = ("contact_type", "location", "caller_id", "opened_by", "impact", "urgency", "u_symptom")
"""What was known when the incident was opened, apart from category and subcategory."""


@pytest.fixture(scope="module")
def cases(real_data: Path) -> list[Case]:
    """Give each incident as it was opened, in order, with the category in which it ended."""
    packed = real_data / "uci_servicenow_incidents" / "incident_event_log.csv.xz"
    opened: dict[str, list[str]] = {}
    ended: dict[str, str] = {}
    with io.TextIOWrapper(lzma.open(packed), "utf-8") as file:
        for row in csv.DictReader(file):
            known = [f"{name}={row[name]}" for name in FIELDS if row[name] != "?"]
            opened.setdefault(row["number"], known)
            ended[row["number"]] = row["category"]
    return [(words, ended[number]) for number, words in opened.items() if ended[number] != "?"]


def within(
    guess: Callable[[list[str]], Sequence[str]], held: Sequence[Case]
) -> tuple[float, float]:
    """Return how often the first guess was right, and one of the first three."""
    first = third = 0
    for words, value in held:
        guesses = list(guess(words))
        first += guesses[:1] == [value]
        third += value in guesses[:3]
    return first / len(held), third / len(held)


def nearest(past: Sequence[Case]) -> Callable[[list[str]], list[str]]:
    """Return what the ten nearest past incidents by BM25 vote for (all are of one length)."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, (words, _) in enumerate(past):
        for word in words:
            holders[word].append(place)

    def guess(words: list[str]) -> list[str]:
        points: Counter[int] = Counter()
        for word in words:
            found = holders.get(word, ())
            weight = math.log(1 + (len(past) - len(found) + 0.5) / (len(found) + 0.5))
            for place in found:
                points[place] += weight
        votes: Counter[str] = Counter()
        for place, score in points.most_common(10):
            votes[past[place][1]] += score
        return [value for value, _ in votes.most_common(3)]

    return guess


@pytest.mark.slow
def test_categories_of_held_out_incidents(
    cases: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    """Learn from the first four fifths, in time; guess 600 of the last fifth."""
    split = len(cases) * 4 // 5
    past, held = cases[:split], random.Random(3).sample(cases[split:], 600)
    learner = Learner()
    for words, value in past:
        learner.learn(words, value)
    usual = [value for value, _ in Counter(value for _, value in past).most_common(3)]

    ours = within(lambda words: [one.value for one in learner.suggest(words)], held)
    majority = within(lambda _: usual, held)
    bm25 = within(nearest(past), held)
    tops = [(learner.suggest(words, 1)[0], value) for words, value in held]
    said = sum(one.score for one, _ in tops) / len(tops)
    sure = [(one.value == value) for one, value in tops if one.score >= 0.5]
    with capsys.disabled():
        print(f"\n  category of {len(held)} held-out incidents ({len(past)} learnt): top-1, top-3")  # noqa: T201
        for name, (first, third) in (("ours", ours), ("BM25", bm25), ("majority", majority)):
            print(f"    {name:9} {first:.3f} {third:.3f}")  # noqa: T201
        print(  # noqa: T201
            f"    score of the first: mean {said:.2f}; of {len(sure)} with 0.5 or more "
            f"{sum(sure) / max(1, len(sure)):.2f} are right"
        )
    assert ours[0] > majority[0]
    assert ours[1] > majority[1]
    assert ours[0] >= bm25[0] + 0.03
