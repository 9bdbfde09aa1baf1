"""Measure services: time to restore, time between failures, availability (domain.md, Metrics).

Downtime is the union of outages inside the agreed service time; planned maintenance is out of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.calendar import Calendar
from app.domain.metric_values import Figure, Metric, Outage, distribution
from app.domain.sla_time import Span, counted_between_ms, merge_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFINITIONS: Final = {
    "mtrs": "Mean time to restore service: total downtime / failures. Downtime is the union of "
    "outages inside agreed service time, without planned maintenance; outages that overlap are "
    "one failure.",
    "mtbf": "Mean time between failures: (agreed service time - downtime) / failures. MTBSI = MTBF "
    "+ MTRS.",
    "availability": "(Agreed service time - downtime) / agreed service time, over all services; "
    "planned maintenance is out of both.",
}

AROUND_THE_CLOCK: Final = Calendar.around_the_clock()
"""Agreed service time of a service that names no calendar."""


class _Service(NamedTuple):
    """What one service was agreed to do and did (ms)."""

    agreed: int
    failures: list[int]

    @property
    def down(self) -> int:
        return sum(self.failures)


def measure_services(
    outages: Iterable[Outage],
    agreed: Mapping[str, Calendar],
    from_ms: int,
    to_ms: int,
    *,
    any_incident: bool = True,
) -> dict[str, Metric]:
    """Return "mtrs", "mtbf" and "availability" of [from, to).

    Args:
        outages: what was down; a service that `agreed` does not name is agreed around the clock.
        agreed: the services to measure, each with its agreed hours.
        from_ms: start of the period.
        to_ms: end of the period; an outage that lasts counts up to here.
        any_incident: whether the period has incidents; without them and without outages it is
            empty, and an empty period has no data instead of 100 %.
    """
    by_service: dict[str, list[Outage]] = {name: [] for name in agreed}
    for outage in outages:
        by_service.setdefault(outage.service, []).append(outage)
    found = {
        name: _measure(mine, agreed.get(name, AROUND_THE_CLOCK), from_ms, to_ms)
        for name, mine in by_service.items()
    }
    failures = [failure for service in found.values() for failure in service.failures]
    agreed_ms = sum(service.agreed for service in found.values())
    down_ms = sum(failures)
    mtrs = distribution(DEFINITIONS["mtrs"], failures, more={"downtime_s": down_ms / 1000})
    mtbf = Figure(DEFINITIONS["mtbf"])
    if failures:
        between_s = (agreed_ms - down_ms) / len(failures) / 1000
        mtbsi_s = agreed_ms / len(failures) / 1000
        mtbf = Figure(DEFINITIONS["mtbf"], between_s, len(failures), more={"mtbsi_s": mtbsi_s})
    availability = Figure(DEFINITIONS["availability"])
    if agreed_ms and (any_incident or failures):
        availability = Figure(
            DEFINITIONS["availability"],
            (agreed_ms - down_ms) / agreed_ms,
            len(failures),
            more={
                "agreed_s": agreed_ms / 1000,
                "downtime_s": down_ms / 1000,
                "by_service": {
                    name: (service.agreed - service.down) / service.agreed
                    for name, service in found.items()
                    if service.agreed
                },
            },
        )
    return {"mtrs": mtrs, "mtbf": mtbf, "availability": availability}


def _measure(outages: list[Outage], calendar: Calendar, from_ms: int, to_ms: int) -> _Service:
    """Measure one service; a failure counts when it takes something of the agreed time."""
    planned = _spans(outages, from_ms, to_ms, planned=True)
    agreed = counted_between_ms(calendar, from_ms, to_ms, planned)
    failures = [
        counted_between_ms(calendar, start, to_ms if end is None else end, planned)
        for start, end in _spans(outages, from_ms, to_ms, planned=False)
    ]
    return _Service(agreed, [down for down in failures if down > 0])


def _spans(outages: list[Outage], from_ms: int, to_ms: int, *, planned: bool) -> list[Span]:
    """Return the union of outages of one sort, cut to the period."""
    return merge_spans(
        (max(one.from_ms, from_ms), min(one.to_ms or to_ms, to_ms))
        for one in outages
        if one.planned is planned and one.from_ms < to_ms
    )
