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
from app.reports import wording
from app.reports.period_parts import PeriodRecord
from app.reports.period_wording import counted, per_cent
from app.reports.record_parts import StripFact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from app.domain.metric_values import Figure, Metric
    from app.domain.period_figures import ListedIncident, PeriodFigures
    from app.reports.period_findings import RecurringGroup

T = TypeVar("T")
LIST_HEAD = ("Number", "Title", "Priority", "Team", "Registered", "Resolved in", "SLA")
LIST_STARTS = (0.0, 0.155, 0.485, 0.57, 0.7, 0.815, 0.935)
LIST_LIMIT = 17_000
"""Incidents of the list: some 500 pages, so that memory and file are bounded (pdf.md 7 and 8)."""
_PAUSE_EVERY = 1_000
_WORDS = 20
"""Pieces of JSON that take about as long to write as an incident to word."""
_SLA_WORDS = {"met": "Met", "breached": "Missed"}


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
        pause: called now and then; what it raises stops the wording.
    """
    pause()
    start, end = from_ms(figures.period.low), from_ms(figures.period.high)
    covers = span_words(start, end, zone)
    return PeriodRecord(
        organisation=organisation,
        title=f"Incidents, {covers}",
        covers=covers,
        dated_at=min(made_at, end),
        record_json=_figures_json(figures, recurring, text, zone, pause),
        zone=zone.key,
        lead=_lead(figures, text, zone),
        strip=_strip(figures),
        parts=findings.parts(figures, recurring, zone),
        list_head=LIST_HEAD,
        list_starts=LIST_STARTS,
        incidents=_incidents(figures.listed[:LIST_LIMIT], zone, pause),
        list_note=_list_note(len(figures.listed)),
        author=author,
        classification=classification,
        paper=paper,
        file_name=f"incidents-{start.astimezone(zone):%Y-%m-%d}",
    )


def span_words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return "1 Jan 2026 to 31 Mar 2026" for whole days, with times where they are not whole."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if (last.hour, last.minute) != (0, 0):
        opens = wording.day if (first.hour, first.minute) == (0, 0) else wording.moment
        return f"{opens(start, zone)} to {wording.moment(end, zone)}"
    if (first.hour, first.minute) != (0, 0):
        return f"{wording.moment(start, zone)} to {wording.moment(end, zone)}"
    final = end - timedelta(seconds=1)
    one, other = wording.day(start, zone), wording.day(final, zone)
    return one if one == other else f"{one} to {other}"


def _lead(figures: PeriodFigures, text: str, zone: ZoneInfo) -> str:
    chosen = f"Only incidents that match the filter {text.strip()}. " if text.strip() else ""
    return (
        f"{chosen}{counted(len(figures.listed), 'incident was', 'incidents were')} registered or "
        f"last resolved in this period. Days and hours are those of {zone.key}."
    )


def _strip(figures: PeriodFigures) -> tuple[StripFact, ...]:
    opened: Any = figures.metrics["counts"]
    sla: Any = figures.metrics["sla_resolution"]
    took: Any = figures.metrics["mttr"]
    backlog: Any = figures.metrics["backlog"]
    content: Any = figures.metrics["csat"]
    resolved = sum(step.resolved for step in figures.trend)
    return (
        StripFact("Opened", f"{opened.n:,}", f"{resolved:,} resolved"),
        StripFact("SLA met", *_share(sla, "no target in this period")),
        StripFact(
            "Time to resolve",
            wording.duration(took.median) if took.n else "No data",
            f"median; mean {wording.duration(took.mean)}" if took.n else "nothing was resolved",
        ),
        StripFact("Open at the end", f"{backlog.n:,}" if backlog.has_data else "No data", ""),
        StripFact("Satisfied", *_share(content, "no answers")),
    )


def _share(figure: Figure, nothing: str) -> tuple[str, str]:
    if figure.value is None:
        return "No data", nothing
    return per_cent(figure), f"of {figure.n:,}"


def _list_note(count: int) -> str:
    if count <= LIST_LIMIT:
        return ""
    return (
        f"The list has the first {LIST_LIMIT:,} of {count:,} incidents; all numbers above count "
        "all of them. Choose a shorter period or a filter to list the others."
    )


def _incidents(
    listed: Sequence[ListedIncident], zone: ZoneInfo, pause: Callable[[], object]
) -> tuple[tuple[str, ...], ...]:
    return tuple(_listed(one, zone) for one in _pausing(listed, _PAUSE_EVERY, pause))


def _listed(one: ListedIncident, zone: ZoneInfo) -> tuple[str, ...]:
    took = one.state
    if one.resolved_ms:
        took = wording.duration((one.resolved_ms - one.registered_ms) / 1000)
    day = wording.day(from_ms(one.registered_ms), zone)
    return (one.number, one.title, one.priority, one.team, day, took, _SLA_WORDS.get(one.sla, ""))


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
