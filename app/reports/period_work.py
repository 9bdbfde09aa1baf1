"""Sections of a period report about the work: where it waits, who has it, how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.metrics import BUCKETS
from app.reports import period_sentences as sentences
from app.reports import wording
from app.reports.code_words import PENDING_WORDS
from app.reports.language import Message, in_order
from app.reports.period_parts import Bar, BarChart, NumberTable, Part
from app.reports.period_wording import (
    DEFINITIONS,
    capitalised,
    holder,
    no_data,
    per_cent_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.metric_values import Distribution
    from app.domain.period_figures import Load, PeriodFigures
    from app.reports.language import Language

_STAGES = {
    "to_acknowledged": Message("Registered to acknowledged"),
    "to_restored": Message("Acknowledged to restored"),
    "to_resolved": Message("Restored to resolved"),
    "to_closed": Message("Resolved to closed"),
}
_WAITS = {
    "to_acknowledged": Message("{share} of the time to resolve passed before anybody took them up"),
    "to_restored": Message(
        "{share} of the time to resolve passed between acknowledgement and restoration"
    ),
    "to_resolved": Message(
        "{share} of the time to resolve passed between restoration and resolution"
    ),
}
_MOST_BARS = 12


def _total(one: Distribution) -> float:
    """Return the seconds of all cases together."""
    return one.mean * one.n


def bottlenecks(figures: PeriodFigures, words: Language) -> Part:
    """Tell between which stages the time of resolved incidents passed."""
    title = words.text("Where incidents wait")
    before = {key: figures.split[key] for key in _STAGES if key != "to_closed"}
    whole = sum(_total(one) for one in before.values())
    if not whole:
        if any(one.n for one in before.values()):
            return Part(title, words.text("Incidents were resolved at once"))
        return Part(title, words.text("No data: nothing was resolved"))
    pending = {key: one for key, one in figures.split.items() if key.startswith("pending_")}
    names = {key: words.of(stage) for key, stage in _STAGES.items()}
    finding = sentences.waited(
        words,
        {names[key]: _total(one) for key, one in before.items()},
        {
            names[key]: words.of(_WAITS[key], share=per_cent_of(words, _total(one) / whole))
            for key, one in before.items()
        },
    )
    names |= {key: words.text("Pending: {reason}", reason=_reason(words, key)) for key in pending}
    bars = tuple(
        Bar(names[key], _total(one) / whole, _bar_words(words, one, whole))
        for key, one in (before | pending).items()
    )
    told = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    chart = BarChart(
        bars,
        words.text(
            "Bar chart of the time of resolved incidents up to their resolution. {facts}. Time in "
            "Pending lies within the stages.",
            facts=told,
        ),
    )
    note = words.text(
        "{definition} A stage begins at the one before it that the incident has; time in Pending "
        "lies within the stages.",
        definition=words.of(DEFINITIONS["time_split"]),
    )
    tables = (_stage_table(figures, words, names), _team_table(figures, words))
    return Part(title, finding, chart, tables, (note,))


def _bar_words(words: Language, one: Distribution, whole: float) -> str:
    if not one.n:
        return no_data(words)
    return f"{per_cent_of(words, _total(one) / whole)}  {_hours(words, _total(one))}"


def _stage_table(figures: PeriodFigures, words: Language, names: Mapping[str, str]) -> NumberTable:
    return NumberTable(
        (
            words.text("Stage"),
            words.text("Incidents"),
            words.text("Mean"),
            words.text("Median"),
            words.text("P90"),
            words.text("Together"),
        ),
        tuple((name, *_durations(words, figures.split[key])) for key, name in names.items()),
        (0.0, 0.36, 0.49, 0.62, 0.75, 0.88),
        frozenset(range(1, 6)),
    )


def _team_table(figures: PeriodFigures, words: Language) -> NumberTable:
    known = [
        (holder(words, name), by)
        for name, by in figures.split_by_team
        if any(one.n for one in by.values())
    ]
    known.sort(key=lambda one: in_order(one[0]))
    return NumberTable(
        (
            words.text("Team (mean)"),
            words.text("To acknowledged"),
            words.text("To restored"),
            words.text("To resolved"),
            words.text("To closed"),
            words.text("Pending"),
        ),
        tuple(
            (name, *(_mean(words, by[key]) for key in _STAGES), _pending(words, by))
            for name, by in known
        ),
        (0.0, 0.26, 0.42, 0.56, 0.7, 0.85),
        frozenset(range(1, 6)),
    )


def _reason(words: Language, key: str) -> str:
    return words.coded(PENDING_WORDS, key.removeprefix("pending_"))


def _pending(words: Language, by: Mapping[str, Distribution]) -> str:
    found = [one for key, one in by.items() if key.startswith("pending_")]
    total, n = sum(_total(one) for one in found), max((one.n for one in found), default=0)
    return words.text("{amount} in all", amount=_hours(words, total)) if n else "–"


def _hours(words: Language, seconds: float) -> str:
    if seconds >= 36_000:
        return words.text("{hours} h", hours=words.number(seconds / 3600))
    return wording.duration(words, seconds)


def _mean(words: Language, one: Distribution) -> str:
    return wording.duration(words, one.mean) if one.n else no_data(words)


def _durations(words: Language, one: Distribution) -> tuple[str, ...]:
    if not one.n:
        return ("0", *[no_data(words)] * 4)
    shown = tuple(wording.duration(words, value) for value in (one.mean, one.median, one.p90))
    return (words.number(one.n), *shown, _hours(words, _total(one)))


def workload(figures: PeriodFigures, words: Language) -> Part:
    """Tell who had how many incidents."""
    title = words.text("Workload")
    teams = figures.teams
    if not teams:
        return Part(title, words.text("No data: there were no incidents"))
    most = max((one.opened for one in teams), default=0) or 1
    bars = tuple(
        Bar(
            holder(words, one.name),
            one.opened / most,
            words.text("{number} opened", number=words.number(one.opened)),
        )
        for one in teams[:_MOST_BARS]
    )
    told = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    chart = BarChart(
        bars, words.text("Bar chart of incidents opened by team. {facts}.", facts=told)
    )
    tables = (
        _loads(words, words.text("Team"), teams),
        _loads(words, words.text("Person"), figures.people),
    )
    note = words.text(
        "Open: registered by the end of the period and neither closed nor cancelled by then."
    )
    return Part(title, sentences.workload(words, teams), chart, tables, (note,))


def _loads(words: Language, kind: str, loads: Sequence[Load]) -> NumberTable:
    return NumberTable(
        (
            kind,
            words.text("Opened"),
            words.text("Resolved"),
            words.text("Open at the end"),
            words.text("Mean time to resolve"),
        ),
        tuple(
            (
                holder(words, one.name),
                words.number(one.opened),
                words.number(one.resolved),
                words.number(one.backlog),
                _mean(words, one.time_to_resolve),
            )
            for one in sorted(
                loads, key=lambda one: (-one.opened, -one.resolved, in_order(one.name))
            )
        ),
        (0.0, 0.38, 0.51, 0.63, 0.79),
        frozenset(range(1, 5)),
    )


def satisfaction(figures: PeriodFigures, words: Language) -> Part:
    """Tell how satisfied the requesters were."""
    title = words.text("Satisfaction")
    content: Any = figures.metrics["csat"]
    if content.value is None:
        return Part(title, words.text("No data: nobody answered how satisfied they were"))
    finding = sentences.answered(words, content.n, content.value)
    most = max(figures.answers) or 1
    bars = tuple(
        Bar(words.text("Answer {value}", value=value), n / most, words.number(n))
        for value, n in reversed(list(enumerate(figures.answers, 1)))
    )
    told = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    chart = BarChart(bars, words.text("Bar chart of the answers. {facts}.", facts=told))
    rows = tuple((bar.name, bar.words) for bar in bars)
    rate = content.more.get("response_rate")
    note = words.text(
        "{definition} Surveys sent: {sent}; response rate: {rate}.",
        definition=words.of(DEFINITIONS["csat"]),
        sent=words.number(content.more.get("sent", 0)),
        rate=no_data(words) if rate is None else per_cent_of(words, rate),
    )
    head = (words.text("Answer"), words.text("Given"))
    table = NumberTable(head, rows, (0.0, 0.4), frozenset({1}))
    return Part(title, finding, chart, (table,), (note,))


def backlog(figures: PeriodFigures, words: Language) -> Part:
    """Tell how old the open incidents were at the end."""
    title = words.text("Age of the backlog")
    ages: Any = figures.metrics["backlog_age"]
    if not ages.n:
        return Part(title, words.text("No data: nothing was open at the end of the period"))
    buckets: dict[str, int] = dict(ages.more.get("buckets", {}))
    names = [label for label, _ in BUCKETS]
    oldest = next(label for label in reversed(names) if buckets.get(label))
    finding = sentences.left_open(words, ages.n, buckets[oldest], _age(words, oldest))
    most = max(buckets.values()) or 1
    bars = tuple(
        Bar(
            capitalised(_age(words, label)),
            buckets.get(label, 0) / most,
            words.number(buckets.get(label, 0)),
        )
        for label in names
    )
    told = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    chart = BarChart(bars, words.text("Bar chart of open incidents by age. {facts}.", facts=told))
    table = NumberTable(
        (words.text("Age"), words.text("Open")),
        tuple((bar.name, bar.words) for bar in bars),
        (0.0, 0.4),
        frozenset({1}),
    )
    note = words.text(
        "{definition} Median: {median}; mean: {mean}.",
        definition=words.of(DEFINITIONS["backlog_age"]),
        median=_days(words, ages.median),
        mean=_days(words, ages.mean),
    )
    return Part(title, finding, chart, (table,), (note,))


def _age(words: Language, label: str) -> str:
    if label.startswith("<"):
        return words.text("less than a day")
    if label.startswith(">"):
        return words.text("more than {days} days", days=label[1:])
    low, _, high = label.partition("-")
    return words.text("{low} to {high} days", low=low, high=high)


def _days(words: Language, seconds: float) -> str:
    return words.text("{number} days", number=words.number(seconds / 86_400, 1))
