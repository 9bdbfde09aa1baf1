"""Words the figures of a period: findings in sentences, charts, tables, and the list of incidents.

What has no data says so and is never 0 %; the same figures always give the same record
(closure-report.md, Period report).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.instants import from_ms
from app.reports import period_findings as findings
from app.reports import shipped_words, wording
from app.reports.code_words import STATE_WORDS
from app.reports.language import Message, language_of
from app.reports.period_parts import PeriodRecord
from app.reports.period_wording import per_cent
from app.reports.record_parts import StripFact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from app.domain.metric_values import Figure, Metric
    from app.domain.period_figures import ListedIncident, PeriodFigures
    from app.reports.language import Language
    from app.reports.period_patterns import RecurringGroup

T = TypeVar("T")
LIST_HEAD = (
    Message("Number"),
    Message("Title"),
    Message("Priority"),
    Message("Team"),
    Message("Registered"),
    Message("Resolved in"),
    Message("SLA"),
)
LIST_STARTS = (0.0, 0.155, 0.485, 0.57, 0.7, 0.815, 0.935)
LIST_LIMIT = 17_000
"""Incidents of the list: some 500 pages, so that memory and file are bounded (pdf.md 7 and 8)."""
_PAUSE_EVERY = 1_000
_WORDS = 20
"""Pieces of JSON that take about as long to write as an incident to word."""
_SLA_WORDS = {"met": Message("Met"), "breached": Message("Missed")}


def period_record(
    figures: PeriodFigures,
    *,
    organisation: str,
    zone: ZoneInfo,
    made_at: datetime,
    recurring: Sequence[RecurringGroup] = (),
    text: str = "",
    paper: str = "a4",
    author: str = "",
    classification: str = "Internal",
    language: str = "",
    pause: Callable[[], object] = lambda: None,
) -> PeriodRecord:
    """Make the record of a period's report.

    Args:
        figures: what was counted.
        organisation: the name in the running head.
        zone: in which instants and days are told.
        made_at: dates the document when the period is not over yet; its end does otherwise.
        recurring: the groups that recur in the seven days before the end of the period.
        text: the line of the filter language that chose the incidents.
        paper: "a4" or "letter".
        author: who the file's properties name.
        classification: the word at the start of the footer.
        language: code or tag of the language that it is printed in; English without one.
        pause: called now and then; what it raises stops the wording.

    Raises:
        InvalidInputError: there is no such language.
    """
    words = language_of(language)
    pause()
    start, end = from_ms(figures.period.low), from_ms(figures.period.high)
    covers = span_words(words, start, end, zone)
    return PeriodRecord(
        organisation=shipped_words.organisation(words, organisation),
        title=words.text("Incidents, {period}", period=covers),
        covers=covers,
        dated_at=min(made_at, end),
        record_json=_figures_json(figures, recurring, text, zone, pause),
        zone=zone.key,
        lead=_lead(figures, words, text, zone),
        strip=_strip(figures, words),
        parts=findings.parts(figures, words, recurring),
        list_head=tuple(words.of(head) for head in LIST_HEAD),
        list_starts=LIST_STARTS,
        incidents=_incidents(figures.listed[:LIST_LIMIT], words, zone, pause),
        list_note=_list_note(words, len(figures.listed)),
        author=author,
        classification=shipped_words.classification(words, classification),
        language=words.tag,
        paper=paper,
        file_name=f"incidents-{start.astimezone(zone):%Y-%m-%d}",
    )


def span_words(words: Language, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return "1 Jan 2026 to 31 Mar 2026" for whole days, with times where they are not whole."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if (last.hour, last.minute) != (0, 0):
        opens = wording.day if (first.hour, first.minute) == (0, 0) else wording.moment
        one, other = opens(words, start, zone), wording.moment(words, end, zone)
    elif (first.hour, first.minute) != (0, 0):
        one, other = wording.moment(words, start, zone), wording.moment(words, end, zone)
    else:
        final = end - timedelta(seconds=1)
        one, other = wording.day(words, start, zone), wording.day(words, final, zone)
    return one if one == other else words.text("{first} to {last}", first=one, last=other)


def _lead(figures: PeriodFigures, words: Language, text: str, zone: ZoneInfo) -> str:
    told = words.counted(
        "{n} incident was registered or last resolved in this period.",
        "{n} incidents were registered or last resolved in this period.",
        len(figures.listed),
    )
    told = f"{told} {words.text('Days and hours are those of {zone}.', zone=zone.key)}"
    if not text.strip():
        return told
    chosen = words.text("Only incidents that match the filter {filter}.", filter=text.strip())
    return f"{chosen} {told}"


def _strip(figures: PeriodFigures, words: Language) -> tuple[StripFact, ...]:
    opened: Any = figures.metrics["counts"]
    sla: Any = figures.metrics["sla_resolution"]
    took: Any = figures.metrics["mttr"]
    backlog: Any = figures.metrics["backlog"]
    content: Any = figures.metrics["csat"]
    resolved = words.number(sum(step.resolved for step in figures.trend))
    nothing = words.text("No data")
    if took.n:
        mean = wording.duration(words, took.mean)
        resolving = (
            wording.duration(words, took.median),
            words.text("median; mean {amount}", amount=mean),
        )
    else:
        resolving = (nothing, words.text("nothing was resolved"))
    return (
        StripFact(
            words.text("Opened"),
            words.number(opened.n),
            words.text("{number} resolved", number=resolved),
        ),
        StripFact(
            words.text("SLA met"), *_share(words, sla, words.text("no target in this period"))
        ),
        StripFact(words.text("Time to resolve"), *resolving),
        StripFact(
            words.text("Open at the end"),
            words.number(backlog.n) if backlog.has_data else nothing,
        ),
        StripFact(words.text("Satisfied"), *_share(words, content, words.text("no answers"))),
    )


def _share(words: Language, figure: Figure, nothing: str) -> tuple[str, str]:
    if figure.value is None:
        return words.text("No data"), nothing
    return per_cent(words, figure), words.text("of {number}", number=words.number(figure.n))


def _list_note(words: Language, count: int) -> str:
    if count <= LIST_LIMIT:
        return ""
    return words.text(
        "The list has the first {most} of {count} incidents; all numbers above count all of them. "
        "Choose a shorter period or a filter to list the others.",
        most=words.number(LIST_LIMIT),
        count=words.number(count),
    )


def _incidents(
    listed: Sequence[ListedIncident],
    words: Language,
    zone: ZoneInfo,
    pause: Callable[[], object],
) -> tuple[tuple[str, ...], ...]:
    states = {key: words.of(message) for key, message in STATE_WORDS.items()}
    results = {key: words.of(message) for key, message in _SLA_WORDS.items()}
    found = []
    for one in _pausing(listed, _PAUSE_EVERY, pause):
        took = states.get(one.state, one.state)
        if one.resolved_ms:
            took = wording.duration(words, (one.resolved_ms - one.registered_ms) / 1000)
        day = wording.day(words, from_ms(one.registered_ms), zone)
        result = results.get(one.sla, "")
        found.append((one.number, one.title, one.priority, one.team, day, took, result))
    return tuple(found)


def _figures_json(
    figures: PeriodFigures,
    recurring: Sequence[RecurringGroup],
    text: str,
    zone: ZoneInfo,
    pause: Callable[[], object],
) -> bytes:
    """Return every figure of the report as canonical JSON."""
    document = {
        "kind": "period_report",
        "from": _instant(figures.period.low),
        "to": _instant(figures.period.high),
        "zone": zone.key,
        "filter": text,
        "metrics": _metrics(figures.metrics),
        "trend": {
            "step": figures.step,
            "steps": [
                {"from": one.starts.isoformat(), "opened": one.opened, "resolved": one.resolved}
                for one in figures.trend
            ],
        },
        "attainment": {
            one.priority: {
                "resolution": one.resolution.to_json(),
                "response": one.response.to_json(),
            }
            for one in figures.attainment
        },
        "time_split": _metrics(figures.split),
        "time_split_by_team": {name: _metrics(split) for name, split in figures.split_by_team},
        "workload": {
            kind: [
                {
                    "name": one.name,
                    "opened": one.opened,
                    "resolved": one.resolved,
                    "backlog": one.backlog,
                    "time_to_resolve": one.time_to_resolve.to_json(),
                }
                for one in loads
            ]
            for kind, loads in (("teams", figures.teams), ("people", figures.people))
        },
        "satisfaction": {str(value + 1): n for value, n in enumerate(figures.answers)},
        "weekday_hour": figures.heat,
        "patterns": [
            {"group": one.group, "count": one.seen, "arithmetic": one.arithmetic}
            for one in recurring
        ],
        "incidents": [
            [
                *(one.number, one.title, one.priority, one.team, one.assignee, one.state, one.sla),
                *(_instant(at) if at else None for at in (one.registered_ms, one.resolved_ms)),
            ]
            for one in _pausing(figures.listed[:LIST_LIMIT], _PAUSE_EVERY, pause)
        ],
    }
    words = json.JSONEncoder(ensure_ascii=False, sort_keys=True, indent=1).iterencode(document)
    written = "".join(_pausing(words, _PAUSE_EVERY * _WORDS, pause))
    return written.encode("utf-8", "surrogatepass")


def _pausing(things: Iterable[T], every: int, pause: Callable[[], object]) -> Iterator[T]:
    """Hand things on, with a pause before every so many of them."""
    for at, one in enumerate(things):
        if not at % every:
            pause()
        yield one


def _metrics(found: Any) -> dict[str, Any]:
    metrics: dict[str, Metric] = dict(found)
    return {key: metric.to_json() for key, metric in metrics.items()}


def _instant(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat().replace("+00:00", "Z")
