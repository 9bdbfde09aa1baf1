"""The finding of each section of a period report in one sentence, whatever the figures are.

What stands out is named only when it does: of equals all are named, or none. One incident, one team
or one priority is told in words of its own, because a share of one says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.reports import wording
from app.reports.language import in_order
from app.reports.period_wording import (
    capitalised,
    holder,
    listed,
    per_cent_of,
    small_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.period_figures import Load
    from app.reports.language import Language

_MOST_NAMED = 3
"""Teams that are named beside each other; more of them are counted."""


def attained(words: Language, known: Sequence[str], late: Sequence[str], target: str) -> str:
    """Say which of the priorities that had a target met it; `late` are those that did not."""
    if len(known) == 1:
        if late:
            return words.text(
                "{priority} missed the {target} target", priority=known[0], target=target
            )
        return words.text("{priority} met the {target} target", priority=known[0], target=target)
    if not late:
        return words.text("Every priority met the {target} target", target=target)
    if len(late) == len(known):
        return words.text("No priority met the {target} target", target=target)
    met = len(known) - len(late)
    return words.counted(
        "{met} of {known} priorities met the {target} target; {names} did not",
        "{met} of {known} priorities met the {target} target; {names} did not",
        met,
        met=capitalised(small_number(words, met)),
        known=small_number(words, len(known)),
        target=target,
        names=listed(words, list(late)),
    )


def waited(words: Language, totals: Mapping[str, float], sentences: Mapping[str, str]) -> str:
    """Say between which stages most time passed.

    `totals` are seconds by the name of the stage; `sentences` say it of one stage alone.
    """
    seconds = {name: round(total) for name, total in totals.items()}
    most = max(seconds.values())
    longest = [name for name, total in seconds.items() if total == most]
    if len(longest) == 1:
        return sentences[longest[0]]
    share = per_cent_of(words, totals[longest[0]] / sum(totals.values()))
    return words.text(
        "{stages} took equally long: {share} of the time to resolve each",
        stages=listed(words, longest),
        share=share,
    )


def workload(words: Language, teams: Sequence[Load]) -> str:
    """Say which team had most of the incidents."""
    opened = sum(one.opened for one in teams)
    if not opened:
        return _resolved_only(words, teams)
    names, most = _leaders(words, {one.name: one.opened for one in teams})
    if most == opened:
        return words.counted(
            "{team} had the one incident opened",
            "{team} had all {n} incidents opened",
            opened,
            team=names[0],
        )
    share = per_cent_of(words, most / opened)
    if len(names) == 1:
        return words.text("{team} had {share} of the incidents opened", team=names[0], share=share)
    if len(names) <= _MOST_NAMED:
        return words.text(
            "{teams} had {share} of the incidents opened each",
            teams=listed(words, names),
            share=share,
        )
    return words.text(
        "{number} teams had {share} of the incidents opened each",
        number=capitalised(small_number(words, len(names))),
        share=share,
    )


def _resolved_only(words: Language, teams: Sequence[Load]) -> str:
    names, most = _leaders(words, {one.name: one.resolved for one in teams})
    if not most:
        return words.text("Nothing was opened or resolved")
    number = words.number(most)
    if len(names) == 1:
        return words.text(
            "Nothing was opened; {team} resolved {number}", team=names[0], number=number
        )
    if len(names) <= _MOST_NAMED:
        return words.text(
            "Nothing was opened; {teams} resolved {number} each",
            teams=listed(words, names),
            number=number,
        )
    return words.text(
        "Nothing was opened; {teams} teams resolved {number} each",
        teams=small_number(words, len(names)),
        number=number,
    )


def _leaders(words: Language, counts: Mapping[str, int]) -> tuple[list[str], int]:
    """Return all names with the highest count, in the order of a list, and that count."""
    most = max(counts.values())
    names = [holder(words, name) for name, count in counts.items() if count == most]
    return sorted(names, key=in_order), most


class _Hours(NamedTuple):
    """Two hours of a weekday, or one: the first, the one after the last, the incidents in them."""

    weekday: int
    first: int
    end: int
    incidents: int


def busiest_hours(words: Language, heat: Sequence[Sequence[int]]) -> str:
    """Say which two hours of the week have most incidents; there is one at least."""
    whole = sum(map(sum, heat))
    found = _busiest(heat)
    if found is None:
        return words.text("No two hours of the week stand out")
    values = {
        "weekday": words.of(wording.WEEKDAYS[found.weekday]),
        "first": f"{found.first:02}:00",
        "last": f"{found.end:02}:00",
    }
    if found.incidents == whole:
        return words.counted(
            "The one incident came on {weekday} {first} to {last}",
            "All {n} incidents came on {weekday} {first} to {last}",
            whole,
            **values,
        )
    return words.text(
        "{weekday} {first} to {last} carries {share} of the incidents registered",
        share=per_cent_of(words, found.incidents / whole),
        **values,
    )


def _busiest(heat: Sequence[Sequence[int]]) -> _Hours | None:
    """Return the busiest two hours, one where the other is empty; nothing when others equal them.

    Two pairs that share their busy hour are the same hours.
    """
    pairs = {
        (day, hour): heat[day][hour] + heat[day][hour + 1] for day in range(7) for hour in range(23)
    }
    most = max(pairs.values())
    found = set()
    for (day, hour), count in pairs.items():
        if count == most:
            busy = [at for at in (hour, hour + 1) if heat[day][at]]
            found.add(_Hours(day, busy[0], busy[-1] + 1, count))
    return found.pop() if len(found) == 1 else None


def left_open(words: Language, count: int, oldest: int, age: str) -> str:
    """Say how many were open at the end, and how many of them are as old as the oldest."""
    if oldest == count:
        return words.counted(
            "{n} incident was open at the end, {age} old",
            "{n} incidents were open at the end, all of them {age} old",
            count,
            age=age,
        )
    return words.counted(
        "{n} incident was open at the end, {oldest} of them {age} old",
        "{n} incidents were open at the end, {oldest} of them {age} old",
        count,
        oldest=words.number(oldest),
        age=age,
    )


def answered(words: Language, count: int, content: float) -> str:
    """Say how many answers were 4 or 5; `content` is their share."""
    if content >= 1:
        return words.counted("The one answer was 4 or 5", "All {n} answers were 4 or 5", count)
    if content <= 0:
        return words.counted("The one answer was below 4", "None of {n} answers was 4 or 5", count)
    return words.counted(
        "{share} of {n} answer were 4 or 5",
        "{share} of {n} answers were 4 or 5",
        count,
        share=per_cent_of(words, content),
    )
