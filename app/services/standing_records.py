"""Compares the records that an issued report was made from with what they say now.

A report of one incident holds its record, a bundle one of each incident, the report of a period its
figures, which are counted again as of the same instant. Call it from a worker.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import KnownError
from app.domain.incident import EntityId
from app.domain.record_difference import Difference, compare
from app.services import browsing, period_reporting, report_batch, reporting
from app.system.clock import from_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident_record import Incident
    from app.reports.verify import ReadReport
    from app.services.desk import Desk

PERIOD_KIND = "period_report"
_MOST_MADE_AGAIN = 60
"""Reports of a bundle up to which it is made again, to compare it byte by byte."""


class Standing(NamedTuple):
    """What changed, what was only added by handing the report out, and which incidents are gone."""

    changes: tuple[Difference, ...] = ()
    since: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def incident_of(desk: Desk, record: dict[str, Any] | None) -> Incident | None:
    """Return the incident that an attached record names, if this store has it."""
    named = (record or {}).get("id")
    try:
        uid = EntityId(bytes.fromhex(named)) if isinstance(named, str) else None
    except ValueError:
        uid = None
    return None if uid is None else incident(desk, uid)


def incident(desk: Desk, uid: EntityId) -> Incident | None:
    """Return an incident, None for one that is not here."""
    try:
        return browsing.incident(desk, uid)
    except KnownError:
        return None


def of_incidents(desk: Desk, records: Sequence[bytes]) -> Standing:
    """Compare the records of a bundle, each with its incident as it is now."""
    changes: list[Difference] = []
    since: list[str] = []
    missing: list[str] = []
    for content in records:
        was = json.loads(content)
        found = incident_of(desk, was)
        number = str(was.get("number"))
        if found is None:
            missing.append(number)
            continue
        now = reporting.record_json(desk, found)
        if now != content:
            compared = compare(was, json.loads(now))
            changes += [one._replace(field=f"{number}: {one.field}") for one in compared.changes]
            since += [f"{number}: {line}" for line in compared.since]
    return Standing(tuple(changes), tuple(since), tuple(missing))


def of_period(desk: Desk, was: dict[str, Any], at_ms: int) -> Standing:
    """Count a period again, as of when its report was issued, and compare the figures."""
    made = _counted_again(desk, was, from_ms(at_ms))
    if made is None:
        return Standing((Difference("period", "", "it cannot be counted again"),))
    now = json.loads(made.record_json)
    old, new = _by_number(was), _by_number(now)
    changes = [
        Difference(number, _row(old.get(number)), _row(new.get(number)))
        for number in sorted({*old, *new})
        if old.get(number) != new.get(number)
    ]
    figures = {name: value for name, value in was.items() if name != "incidents"}
    again = {name: value for name, value in now.items() if name != "incidents"}
    return Standing((*changes, *compare(figures, again).changes))


def _by_number(figures: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the listed incidents of a period by their numbers."""
    return {str(row[0]): row for row in figures.get("incidents", [])}


def _row(row: list[Any] | None) -> str:
    return ", ".join(str(cell) for cell in (row or [])[1:] if cell)


def _counted_again(
    desk: Desk, was: dict[str, Any], at: datetime | None, paper: str = "", language: str = ""
) -> Any:
    """Return the record of the period that figures name; None when they name none."""
    try:
        return period_reporting.record(
            desk,
            datetime.fromisoformat(was["from"]),
            datetime.fromisoformat(was["to"]),
            text=was["filter"],
            zone=was["zone"],
            at=at,
            paper=paper,
            language=language,
        )
    except (KeyError, TypeError, ValueError, KnownError):
        return None


def is_period_made_again(desk: Desk, read: ReadReport) -> bool:
    """Tell whether the report of its period, made now, has exactly these bytes."""
    from app.reports.period_report import period_report_bytes

    made = _counted_again(desk, read.record or {}, None, read.paper, read.language)
    if made is None or made.record_sha256 != read.record_sha256:
        return False
    return period_report_bytes(made)[0] == read.content


def is_bundle_made_again(desk: Desk, read: ReadReport) -> bool:
    """Tell whether the reports of its incidents, made now, have exactly these bytes."""
    if len(read.records) > _MOST_MADE_AGAIN:
        return False
    uids: list[EntityId] = []
    for content in read.records:
        found = incident_of(desk, json.loads(content))
        if found is None or reporting.record_json(desk, found) != content:
            return False
        uids.append(found.id)
    again = report_batch.bundle_bytes(desk, uids, paper=read.paper, language=read.language)
    return again == read.content


def is_incident_made_again(desk: Desk, read: ReadReport, found: Incident) -> bool:
    """Tell whether report or review of the record as it is now has exactly these bytes."""
    now = hashlib.sha256(reporting.record_json(desk, found)).hexdigest()
    if now != read.record_sha256:
        return False
    kinds = (False, True) if found.major else (False,)
    try:
        return any(
            reporting.report_bytes(
                desk, found.number, paper=read.paper, language=read.language, review=review
            )
            == read.content
            for review in kinds
        )
    except KnownError:
        return False
