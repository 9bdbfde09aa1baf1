"""Makes incidents of alerts: opened once, joined by repeats, resolved when all is well.

What comes together is written together, before anything is acknowledged. Runs on the store thread.
Everything here is written by the person "Monitoring", so that what people did by hand is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain import alert_rules
from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import (
    CauseClass,
    Channel,
    EntityId,
    EntryKind,
    FixType,
    Outcome,
    Status,
)
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.intake.alert import Alert, AlertState
from app.services import alert_reading, alert_storm, incidents, logging_incidents, moves
from app.services.values import clean_text
from app.storage import alert_rows, incident_reader
from app.storage.alert_rows import AlertRow, Quarantined, Standing
from app.system.clock import from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.services.desk import Desk

AUTHOR = "Monitoring"
_FLAPS = 3
"""So many returns make an alert one that flaps: it is resolved only after a calm."""
_MOST_TITLE = 300
KEPT_DAYS = 90
"""So long payloads in quarantine, and what is known of alerts that ended, are kept."""
_DAY_MS = 86_400_000
_PRUNED = "alerts-pruned"
_OPEN = frozenset(status.value for status in Status if status.is_open)
_FINISHED = frozenset((Status.RESOLVED.value, Status.CLOSED.value))


class Taken(NamedTuple):
    """What became of one alert: opened, joined, closed, ignored or quarantined."""

    source: str
    action: str
    number: str = ""
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the result as the command line prints it (cli.md)."""
        return {
            "source": self.source,
            "action": self.action,
            "number": self.number or None,
            "reason": self.reason,
        }


def monitoring(desk: Desk) -> Desk:
    """Return the desk at which alerts are taken."""
    return desk if desk.person.name == AUTHOR else desk.acting_as(AUTHOR)


def take_payload(
    desk: Desk, body: bytes, *, name: str = "", origin: str = "", at: datetime | None = None
) -> list[Taken]:
    """Take what a tool has posted; what cannot be read is kept in quarantine with the reason.

    Args:
        desk: where.
        body: the payload as it came.
        name: its format; else the one that recognises it.
        origin: where it came from (a file, an address), for the quarantine.
        at: when it came, if not now.

    Raises:
        InvalidInputError: there is no format of that name (`field` is "format").
        StoreError: nothing could be written, so nothing may be acknowledged.
    """
    try:
        alerts = alert_reading.read(desk, body, name)
    except InvalidInputError as error:
        if error.field == "format":
            raise
        return [quarantine(desk, body, origin, error.message)]
    if not alert_reading.is_example(desk, body, alerts[0].source, origin):
        return take(desk, alerts, at=at)
    with desk.store.writing():
        alert_reading.keep(desk, body, alerts[0].source, origin)
        return take(desk, alerts, at=at)


def quarantine(desk: Desk, body: bytes, origin: str, reason: str) -> Taken:
    """Keep a payload that cannot be taken, whole, with the reason."""
    with desk.store.writing():
        kept = Quarantined(desk.store.now_ms(), origin, reason, body)
        alert_rows.quarantine(desk.connection, kept)
    return Taken(origin, "quarantined", reason=reason)


def take(desk: Desk, alerts: Sequence[Alert], *, at: datetime | None = None) -> list[Taken]:
    """Take alerts in one transaction: when this returns they are on the disk.

    Raises:
        StoreError: nothing could be written.
    """
    own = monitoring(desk)
    moment = at or own.now()
    with own.store.writing():
        resolve_calm(own, moment)
        prune(own, moment)
        return [_take_one(own, alert, moment) for alert in alerts]


def _take_one(desk: Desk, alert: Alert, at: datetime) -> Taken:
    connection = desk.connection
    row = alert_rows.find(connection, alert.key)
    known = alert_rows.standing(connection, row.uid if row else None)
    if known is None or known.status not in _OPEN:
        known = _of_the_journal(desk, alert) or known
    try:
        if alert.state is AlertState.RESOLVED:
            return _recovered(desk, alert, row, known, at)
        return _firing(desk, alert, row, known, at)
    except KnownError as error:
        if error.code == "store":
            raise
        said = f"{alert.key} {alert.title}\n{alert.text}".encode()
        return quarantine(desk, said, alert.source, error.message)


def _of_the_journal(desk: Desk, alert: Alert) -> Standing | None:
    """Return the open incident that the journal has for an alert; one of two, when two met."""
    found = alert_rows.open_incidents(desk.connection, alert.key)
    if len(found) > 1:
        from app.services import raising

        later = [one.uid for one in found[1:] if not _by_hand(desk, one.uid)]
        if later:
            raising.merge(desk, later, found[0].uid)
    return found[0] if found else None


def _firing(
    desk: Desk, alert: Alert, row: AlertRow | None, known: Standing | None, at: datetime
) -> Taken:
    if window := alert_rules.maintenance_of(
        _facts(alert), at, alert_reading.rules(desk, "alerts.maintenance")
    ):
        _remember(desk, alert, row, row.uid if row else None, alert_rows.SUPPRESSED, at)
        until = window.end_at.isoformat(timespec="minutes")
        return Taken(
            alert.source, "ignored", reason=f'In the maintenance "{window.name}" until {until}.'
        )
    if known is not None and known.status in _OPEN:
        fresh = _remember(desk, alert, row, known.uid, alert_rows.FIRING, at)
        if _is_round(fresh.times):
            _note(desk, known.uid, _counted(fresh), at)
        times = f"seen {fresh.times:,} times" if fresh.times > 1 else "known from another station"
        return Taken(alert.source, "joined", known.number, f"Still there: {times}.")
    returned = row is not None and to_ms(at) - row.last_at <= _calm_ms(desk)
    if returned and known is not None and known.status in _FINISHED:
        moves.reopen(desk, [known.uid], "The alert has returned.", at=at)
        _remember(desk, alert, row, known.uid, alert_rows.FIRING, at)
        return Taken(alert.source, "joined", known.number, "The alert has returned: reopened.")
    return _open(desk, alert, row, at)


def _open(desk: Desk, alert: Alert, row: AlertRow | None, at: datetime) -> Taken:
    master = alert_storm.master(desk, at)
    fresh = row._replace(times=0, first_at=to_ms(at), flaps=0) if row is not None else None
    if master is not None:
        _remember(desk, alert, fresh, master.uid, alert_rows.FIRING, at)
        alert_storm.joined(desk, master, alert.title, at)
        return Taken(alert.source, "joined", master.number, "Part of a storm of alerts.")
    number, uid = _log(desk, alert, at)
    _remember(desk, alert, fresh, uid, alert_rows.FIRING, at, opened=True)
    return Taken(alert.source, "opened", number)


def _log(desk: Desk, alert: Alert, at: datetime) -> tuple[str, EntityId]:
    rules = desk.rules
    impact, urgency = alert_rules.severity_pair(alert.severity, rules.setting("alerts.severity"))
    route = alert_rules.route(_facts(alert), alert_reading.rules(desk, "alerts.routing"))
    title = " ".join(clean_text(alert.title).split())[:_MOST_TITLE]
    started = alert.started_at if alert.started_at and alert.started_at <= at else at
    draft = IncidentDraft(
        title=title,
        description=_described(alert),
        team=route.team,
        category=route.category,
        impact=impact,
        urgency=urgency,
        channel=Channel.MONITORING,
        tags=(alert.source,),
        occurred_at=started,
        detected_at=at,
    )
    with desk.write(f"Alert of {alert.source}") as action:
        number, uid = logging_incidents.create_in(action, desk, draft, at)
        action.set("incident", uid, "external_id", clean_text(alert.key), at=to_ms(at))
    return number, uid


def _recovered(
    desk: Desk, alert: Alert, row: AlertRow | None, known: Standing | None, at: datetime
) -> Taken:
    if known is None or known.status not in _OPEN:
        if row is not None:
            _remember(desk, alert, row, row.uid, alert_rows.RESOLVED, at)
        number = known.number if known else ""
        return Taken(alert.source, "ignored", number, "All is well, and nothing was open.")
    repeated = row is not None and row.state == alert_rows.RESOLVED
    fresh = _remember(desk, alert, row, known.uid, alert_rows.RESOLVED, at)
    if left := alert_rows.firing_of(desk.connection, known.uid):
        return Taken(alert.source, "joined", known.number, f"Well again; {left:,} others are not.")
    if repeated:
        return Taken(alert.source, "ignored", known.number, "The recovery was known.")
    if fresh.flaps >= _FLAPS:
        return Taken(
            alert.source, "joined", known.number, "It comes and goes: resolved after a calm."
        )
    return _settle(desk, fresh, known, at, alert.source)


def _settle(desk: Desk, row: AlertRow, known: Standing, at: datetime, source: str) -> Taken:
    """Resolve an incident that nobody works on by hand; else say in it that all is well."""
    if _by_hand(desk, known.uid):
        _note(desk, known.uid, f"The alert has recovered. {_counted(row)}", at)
        return Taken(
            source, "joined", known.number, "Recovered; somebody works on it, so it stays open."
        )
    incident = incident_reader.read(desk.connection, known.uid, story=False)
    given = Given(
        team=incident.team,
        outcome=Outcome.FIXED,
        fix_type=FixType.OTHER,
        cause_class=CauseClass.UNDETERMINED,
        resolution=f"The alert has recovered by itself. {_counted(row)}",
    )
    with desk.write("Alert recovered") as action:
        if incident.status is Status.NEW or incident.status is Status.PENDING:
            incident = moves.move_in(action, desk, incident, Status.IN_PROGRESS, given, at=at)
        moves.move_in(
            action, desk, incident, Status.RESOLVED, given, text=given.resolution, at=at,
            extra={"restored_at": at},
        )  # fmt: skip
    return Taken(source, "closed", known.number, "Recovered.")


def resolve_calm(desk: Desk, at: datetime) -> list[Taken]:
    """Resolve what came and went and has been well for long enough."""
    done = []
    for row in alert_rows.calm(desk.connection, to_ms(at) - _calm_ms(desk)):
        known = alert_rows.standing(desk.connection, row.uid)
        alert_rows.put(desk.connection, row._replace(flaps=0))
        if known is not None and not alert_rows.firing_of(desk.connection, known.uid):
            done.append(_settle(desk, row, known, at, row.key.partition(":")[0]))
    return done


def prune(desk: Desk, at: datetime) -> tuple[int, int]:
    """Forget, once a day at most, what is older than `KEPT_DAYS`; payloads and alerts that went."""
    now = to_ms(at)
    if now - int(desk.store.local(_PRUNED, 0)) < _DAY_MS:
        return 0, 0
    with desk.store.writing():
        desk.store.set_local(_PRUNED, now)
        return alert_rows.prune(desk.connection, now - KEPT_DAYS * _DAY_MS)


def _remember(
    desk: Desk,
    alert: Alert,
    row: AlertRow | None,
    uid: bytes | None,
    state: str,
    at: datetime,
    *,
    opened: bool = False,
) -> AlertRow:
    """Count an alert and keep how it stands."""
    moment = to_ms(at)
    if row is None:
        row = AlertRow(alert.key, uid, alert.title[:_MOST_TITLE], state, 0, moment, moment, 0, 0, 0)
    count = row.times + (state != alert_rows.RESOLVED)
    flaps, flapped = row.flaps, row.flapped_at
    if row.state == alert_rows.RESOLVED and state == alert_rows.FIRING:
        flaps = flaps + 1 if moment - flapped <= _calm_ms(desk) or not flapped else 1
        flapped = moment
    elif row.state != state:
        flapped = moment
    fresh = row._replace(
        uid=uid, state=state, times=count, last_at=max(moment, row.last_at), flaps=flaps,
        flapped_at=flapped, opened_at=moment if opened else row.opened_at,
    )  # fmt: skip
    alert_rows.put(desk.connection, fresh)
    return fresh


def _by_hand(desk: Desk, uid: EntityId) -> bool:
    """Tell whether people work on an incident: it has a holder, or somebody wrote to it."""
    incident = incident_reader.read(desk.connection, uid, story=False)
    return incident.assignee is not None or alert_rows.told_by_others(
        desk.connection, uid, desk.person.id
    )


def _note(desk: Desk, uid: EntityId, text: str, at: datetime) -> None:
    with desk.write("Alert") as action:
        incidents.comment(action, uid, EntryKind.NOTE, text, at=to_ms(at))


def _calm_ms(desk: Desk) -> int:
    return int(desk.rules.setting("alerts.flap_minutes")) * 60_000


def _is_round(count: int) -> bool:
    """Tell whether a count is worth a line in the timeline: 10, 100, 1,000 and so on."""
    return count >= 10 and str(count).rstrip("0") == "1"


def _counted(row: AlertRow) -> str:
    first, last = (
        from_ms(ms).strftime("%Y-%m-%d %H:%M:%S UTC") for ms in (row.first_at, row.last_at)
    )
    return f"Seen {row.times:,} times from {first} to {last}."


def _facts(alert: Alert) -> dict[str, str]:
    return {
        **alert.labels,
        "source": alert.source,
        "severity": alert.severity,
        "title": alert.title,
    }


def _described(alert: Alert) -> str:
    parts = [alert.text, "\n".join(f"{key}: {value}" for key, value in alert.labels.items())]
    if alert.url:
        parts.append(alert.url)
    return clean_text("\n\n".join(part for part in parts if part))
