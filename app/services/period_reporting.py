"""Makes the report of a period: its figures, the record that is printed, and the PDF.

Nothing here writes to the store, but that a report was issued. Safe on any thread that has its own
desk; a long report tells how far it is and stops within a moment when it is asked to.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError, KnownError
from app.domain.instants import zone_named
from app.domain.metric_values import Period
from app.domain.period_figures import PeriodFigures, period_figures
from app.intake.safe_write import whole_file
from app.reports.language import language_of
from app.services import browsing, configuration, issuing, measuring, patterns, signing
from app.services.reporting import DEFAULT_ORGANISATION, signed_words, usual_report_language
from app.storage import period_rows
from app.system.clock import to_ms
from app.system.courtesy import give_way
from app.system.paper import usual_paper

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from app.intake.byte_source import Cancelled, Progress
    from app.reports.document import Beat
    from app.reports.period_parts import PeriodRecord
    from app.reports.sign import SigningKey
    from app.services.desk import Desk

_THOUSAND = 1_000
_READ = 0.1
"""How far a report is when its figures are there."""


class ReportCancelledError(KnownError):
    """The person stopped the report; no file was written."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("The report was stopped; no file was written.")


def figures(
    desk: Desk,
    from_at: datetime,
    to_at: datetime | None = None,
    *,
    text: str = "",
    zone: str = "",
    at: datetime | None = None,
    beat: Beat = lambda _part: None,
) -> PeriodFigures:
    """Count a period, for the incidents of a line of the filter language.

    It ends now when no end is given or that is still to come: what falls due later is not late.
    `at` is taken for now: it counts a period again as it was counted then.

    Raises:
        InvalidInputError: the filter cannot be understood, or the period is empty.
    """
    present = at or desk.now()
    now = present + timedelta(milliseconds=1)  # what happens at this very instant counts
    until = min(to_at or now, now)
    if until <= from_at:
        raise InvalidInputError(
            "The period has no length, or has not begun: give a start that is past and an end "
            "that is later.",
            field="period",
        )
    chosen = browsing.selection(desk, text)
    rows = measuring.rows(desk, text, lambda: beat(0.0))
    found = measuring.measure(desk, from_at=from_at, to_at=until, text=text, rows=rows)
    beat(0.0)
    listed = period_rows.read(desk.connection, chosen.where, chosen.bound())
    beat(0.0)
    return period_figures(
        rows,
        listed,
        found,
        Period(to_ms(from_at), to_ms(until), to_ms(present)),
        zone_named(zone) if zone else ZoneInfo(desk.store.zone),
        lambda: beat(0.0),
    )


def record(
    desk: Desk,
    from_at: datetime,
    to_at: datetime | None = None,
    *,
    text: str = "",
    zone: str = "",
    paper: str = "",
    language: str = "",
    at: datetime | None = None,
    beat: Beat = lambda _part: None,
) -> PeriodRecord:
    """Return what the report of a period prints.

    Raises:
        InvalidInputError: filter, period, zone or language cannot be used.
    """
    from app.reports.period_record import period_record  # reportlab loads slowly

    spoken = language_of(language or usual_report_language(desk))
    counted = figures(desk, from_at, to_at, text=text, zone=zone, at=at, beat=beat)
    beat(0.0)
    present = at or desk.now()
    chosen = paper or str(configuration.get_setting(desk, "report.paper"))
    return period_record(
        counted,
        organisation=str(configuration.get_setting(desk, "organisation.name"))
        or DEFAULT_ORGANISATION,
        zone=zone_named(zone) if zone else ZoneInfo(desk.store.zone),
        made_at=present,
        recurring=_recurring(desk, min(to_at or present, present)),
        text=text,
        paper=usual_paper() if chosen in {"", "auto"} else chosen,
        author=desk.person.name,
        classification=str(configuration.get_setting(desk, "report.classification")),
        language=spoken.code,
        pause=lambda: beat(0.0),
    )


def _recurring(desk: Desk, at: datetime) -> list[Any]:
    """Return the recurring groups of the seven days before an instant, as the report tells them."""
    from app.reports.period_patterns import RecurringGroup

    return [
        RecurringGroup(
            str(one.pattern.group),
            one.pattern.count,
            one.pattern.before,
            one.pattern.usual_rate,
            one.pattern.p,
            one.pattern.is_flagged and not one.is_dismissed,
            one.pattern.arithmetic(),
            tuple(one.numbers),
        )
        for one in patterns.recurring(desk, at)
    ]


def report_bytes(
    desk: Desk,
    from_at: datetime,
    to_at: datetime | None = None,
    *,
    text: str = "",
    zone: str = "",
    paper: str = "",
    language: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    key: SigningKey | None = None,
) -> tuple[bytes, int, PeriodRecord]:
    """Return the PDF of a period, its number of pages and what it prints.

    It is signed as a closure report is; `remember` or `save` it when it leaves the program.

    Args:
        desk: whose store.
        from_at: the first instant of the period.
        to_at: its end, not itself in it; else now.
        text: a line of the filter language; "" is everything.
        zone: in which days and hours are told; else the desk's.
        paper: "a4" or "letter"; else what is set.
        language: code of the language that it is printed in; else what is set.
        progress: told (done, total) in thousandths.
        cancelled: asked many times a second; True stops.
        key: signs it; else the person's own certificate does, when that is wanted.

    Raises:
        InvalidInputError: filter, period, zone, paper or language cannot be used.
        ReportCancelledError: it was stopped.
        KnownError: it cannot be signed.
    """
    from app.reports import sign
    from app.reports.period_report import period_report_bytes  # reportlab loads slowly

    beat = _beat(progress, cancelled)
    beat(0.0)
    made = record(
        desk, from_at, to_at, text=text, zone=zone, paper=paper, language=language, beat=beat
    )
    key = key or signing.own_key(desk)
    if key is not None:
        by = signed_words(desk, key, made.language)
        made = replace(made, signed=by, signature_field=sign.FIELD)
    beat(_READ)
    content, pages = period_report_bytes(made, lambda part: beat(_READ + (1 - _READ) * part))
    if key is not None:
        content = sign.sign_report(content, key)
    return content, pages, made


def write_report(desk: Desk, path: Path, from_at: datetime, **options: Any) -> dict[str, Any]:
    """Write the report of a period to a file; `options` are those of `report_bytes`.

    Raises:
        InvalidInputError: filter, period, zone, paper or language cannot be used.
        KnownError: the file cannot be written, or it was stopped; one that was there is left.
    """
    key = options.pop("key", None) or signing.own_key(desk)
    content, pages, made = report_bytes(desk, from_at, key=key, **options)
    save(desk, made, content, path)
    return {
        "path": str(path),
        "pages": pages,
        "sha256": hashlib.sha256(content).hexdigest(),
        "record_sha256": made.record_sha256,
        **({} if key is None else {"signed_by": key.name}),
    }


def save(desk: Desk, made: PeriodRecord, content: bytes, path: Path) -> None:
    """Write a report that was made to a file, and remember it as issued.

    Raises KnownError when it cannot be written.
    """
    with whole_file(path) as file:
        file.write(content)
    issuing.remember_period(desk, made, content)


def _beat(progress: Progress | None, cancelled: Cancelled | None) -> Callable[[float], None]:
    last = -1

    def beat(part: float) -> None:
        nonlocal last
        give_way()
        if cancelled is not None and cancelled():
            raise ReportCancelledError
        done = int(part * _THOUSAND)
        if progress is not None and done != last:
            last = done
            progress(done, _THOUSAND)

    return beat
