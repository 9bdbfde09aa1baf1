"""Looks for what is to be told to the person at this workstation, and keeps the list of it.

Each thing is told once: how far the journal and the clocks were looked at, and which clocks were
told, is kept in the same transaction as the list. Nothing here is journalled or shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from app.domain import sla
from app.domain.notification import (
    Notice,
    NotificationKind,
    SyncWatch,
    is_quiet,
    of_clock,
    of_news,
    watch_sync,
)
from app.services import configuration, follow_ups, sharing, updates
from app.storage import catalogue, clocks, incident_reader, major_rows, notification_rows
from app.storage import sharing as memberships
from app.system.clock import from_ms, to_ms

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.services.desk import Desk

KEPT = 100
"""So many notices stay in the list."""
_NEEDED = frozenset({"new", "begun", "team", "mark", "clock", "told", "sync_told", "paused_until"})
_TOLD = 4_000
"""So many incidents are remembered whose clocks were told; the oldest are forgotten first."""


_WRITTEN_MS = 10 * 60_000
"""How far the clocks were looked at is written so often when nothing happens."""


class Looked(NamedTuple):
    """What a look has found, and how the list stands.

    `fresh` is to be shown by the system as soon as that is not `silent`; `watch` goes into the next
    look.
    """

    fresh: tuple[Notice, ...]
    shelf: tuple[Notice, ...]
    silent: bool
    paused_until_ms: int
    now_ms: int
    watch: SyncWatch

    @property
    def unseen(self) -> int:
        """Count what nobody has looked at in the list."""
        return sum(not one.seen for one in self.shelf)


def look(desk: Desk, watch: SyncWatch) -> Looked:
    """Tell what has happened since the last look, by anybody, here or elsewhere.

    The first look of a profile, or of a team that it has joined, only begins: what is past by then
    is told to nobody.
    """
    store, now_ms = desk.store, to_ms(desk.now())
    before = _state(desk, now_ms)
    after = {**before, "mark": notification_rows.vector(desk.connection), "clock": now_ms - 1}
    found = _of_rows(desk, before, after["mark"])
    clock_found, told = _of_clocks(desk, before, after["mark"], now_ms)
    found += clock_found + _of_majors(desk, before, now_ms)
    after["told"] = told
    standing = sharing.standing(desk)
    watch = watch._replace(told=watch.told or bool(before["sync_told"]))
    last_ms = int(store.local(memberships.STATE_AT, 0))
    watch, stopped = watch_sync(watch, standing, last_ms, now_ms)
    after["sync_told"] = watch.told
    found += [] if stopped is None else [stopped]
    versions = updates.untold(desk, now_ms)
    found += versions
    wanted = set(configuration.get_setting(desk, "notifications.kinds"))
    fresh = tuple(one for one in found if one.kind in wanted)
    if found or _moved(before, after) or before["new"]:
        after["new"] = False
        with store.writing():
            if _state(desk, now_ms) != before:  # another window has told it meanwhile
                return _looked(desk, (), watch, now_ms)
            notification_rows.write(store, notification_rows.STATE, after)
            for one in versions:
                updates.mark_told(desk, one.number)
            if fresh:
                notices = [*_shelf(desk), *fresh][-KEPT:]
                _keep(desk, notices)
    return _looked(desk, fresh, watch, now_ms)


def mark_seen(desk: Desk) -> Looked:
    """Note that the list was looked at."""
    with desk.store.writing():
        _keep(desk, [one._replace(seen=True) for one in _shelf(desk)])
    return _looked(desk, (), SyncWatch(), to_ms(desk.now()))


def pause(desk: Desk, seconds: int) -> Looked:
    """Show nothing for so long; 0 ends a pause. What comes meanwhile is shown after it."""
    now_ms = to_ms(desk.now())
    with desk.store.writing():
        state = _state(desk, now_ms)
        state["paused_until"] = now_ms + seconds * 1000 if seconds else 0
        notification_rows.write(desk.store, notification_rows.STATE, state)
    return _looked(desk, (), SyncWatch(), now_ms)


def _state(desk: Desk, now_ms: int) -> dict[str, Any]:
    """Return what is kept of earlier looks, or a beginning at the present moment."""
    state = notification_rows.read(desk.store, notification_rows.STATE)
    member = memberships.membership(desk.store)
    team = member.team.hex() if member is not None else ""
    if isinstance(state, dict) and state.keys() >= _NEEDED and team in {"", state["team"]}:
        return state
    return {
        "new": True,
        "begun": now_ms,
        "team": team,
        "mark": notification_rows.vector(desk.connection),
        "clock": now_ms - 1,
        "told": {},
        "sync_told": False,
        "paused_until": state.get("paused_until", 0) if isinstance(state, dict) else 0,
    }


def _moved(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether it is worth a write: rows of others came, or a lot of time went by."""
    if before["mark"] != after["mark"] or before["sync_told"] != after["sync_told"]:
        return True
    return int(after["clock"] - before["clock"]) > _WRITTEN_MS


def _of_rows(desk: Desk, state: dict[str, Any], upto: dict[str, int]) -> list[Notice]:
    me = desk.person.id
    found: list[Notice] = []
    for station, last in upto.items():
        after = state["mark"].get(station, 0)
        if last > after:
            for news in notification_rows.news(desk.connection, station, after, last, me):
                found += of_news(news, me.hex(), state["begun"])
    return found


def _of_clocks(
    desk: Desk, state: dict[str, Any], upto: dict[str, int], now_ms: int
) -> tuple[list[Notice], dict[str, list[str]]]:
    connection, me = desk.connection, desk.person.id
    team = _own_team(desk)
    uids = notification_rows.crossed(connection, me, team, state["clock"], now_ms)
    uids |= _warned_of(desk, team, state)
    for station, last in upto.items():
        after = state["mark"].get(station, 0)
        if last > after:
            uids |= notification_rows.touched(
                connection, me, team, now_ms, station=station, after=after, upto=last
            )
    told: dict[str, list[str]] = dict(state["told"])
    found: list[Notice] = []
    for uid in sorted(uids):
        found += _of_incident(desk, uid, state["begun"], now_ms, told)
    return sorted(found, key=lambda one: one.at_ms), dict(list(told.items())[-_TOLD:])


def _warned_of(desk: Desk, team: bytes | None, state: dict[str, Any]) -> set[EntityId]:
    """Return what is still to be answered and has used the share of its time that is warned of.

    When that is stands in no column: the clock is asked, without reading the incident.
    """
    rules, now, found = desk.rules, desk.now(), set()
    running = notification_rows.unanswered(
        desk.connection, desk.person.id, team, int(state["clock"])
    )
    for uid, priority, registered_ms in running:
        target = rules.target(priority, "response")
        if f"response:{target.seconds}:breach" in state["told"].get(uid.hex(), ()):
            continue
        clock = sla.response_clock(
            target.seconds,
            target.calendar,
            from_ms(registered_ms),
            None,
            now,
            warn_percent=rules.warn_percent,
            trace=False,
        )
        told = state["told"].get(uid.hex(), ())
        new = clock.breached or f"response:{target.seconds}:warning" not in told
        warned = clock.warn_at is not None and now >= clock.warn_at
        if new and warned and clock.due_at is not None and to_ms(clock.due_at) >= state["begun"]:
            found.add(uid)
    return found


def _of_incident(
    desk: Desk, uid: EntityId, begun_ms: int, now_ms: int, told: dict[str, list[str]]
) -> list[Notice]:
    """Ask the real clocks of an incident; add to `told` what is told now."""
    incident = incident_reader.read(desk.connection, uid)
    states = clocks.states(desk.connection, desk.rules, incident, desk.now())
    found = []
    for clock, state in zip(("response", "resolution"), states, strict=True):
        known = frozenset(told.get(uid.hex(), ()))
        notice, keys = of_clock(
            incident, clock, state, now_ms=now_ms, begun_ms=begun_ms, told=known
        )
        if notice is not None:
            told[uid.hex()] = sorted(known | keys)
            found.append(notice)
    return found


def _of_majors(desk: Desk, state: dict[str, Any], now_ms: int) -> list[Notice]:
    """Tell a status update that this person owes, and an own action, when its time is over."""
    last_ms, me = max(int(state["clock"]), int(state["begun"])), desk.person
    found = []
    for room in major_rows.open_rooms(desk.connection):
        mine = not room.speakers or me.id in room.speakers
        if mine and room.next_update_at is not None:
            due_ms = to_ms(room.next_update_at)
            if last_ms < due_ms <= now_ms - 1:
                found.append(
                    Notice(
                        NotificationKind.UPDATE_LATE,
                        due_ms,
                        room.id.hex(),
                        room.number,
                        room.title,
                        due_ms=due_ms,
                    )
                )
    for one in follow_ups.actions(desk, owner=me.name):
        due_ms = 0 if one.due_at is None else to_ms(one.due_at)
        if last_ms < due_ms <= now_ms - 1:
            found.append(
                Notice(
                    NotificationKind.ACTION_OVERDUE,
                    due_ms,
                    one.incident.hex(),
                    one.number,
                    one.title,
                    text=one.action,
                    due_ms=due_ms,
                )
            )
    return found


def _own_team(desk: Desk) -> bytes | None:
    name = desk.rules.team_of_person(desk.connection, desk.person)
    found = catalogue.find(desk.connection, "team", name) if name else None
    return None if found is None else found.id


def _shelf(desk: Desk) -> list[Notice]:
    """Return the list with the titles as they are now; what was deleted meanwhile is left out."""
    kept = notification_rows.read(desk.store, notification_rows.SHELF)
    found = []
    for data in kept if isinstance(kept, list) else ():
        try:
            found.append(Notice.from_data(data))
        except (TypeError, ValueError, KeyError):  # of another version of the program
            continue
    titles = notification_rows.titles(desk.connection, {one.incident for one in found} - {""})
    return [
        one._replace(title=titles.get(one.incident, ""))
        for one in found
        if not one.incident or one.incident in titles
    ]


def _keep(desk: Desk, notices: list[Notice]) -> None:
    """Keep the list, but no word of an incident: what is redacted there must be nowhere."""
    kept = [
        one._replace(title="", text="" if one.incident else one.text).to_data() for one in notices
    ]
    notification_rows.write(desk.store, notification_rows.SHELF, kept)


def _looked(desk: Desk, fresh: tuple[Notice, ...], watch: SyncWatch, now_ms: int) -> Looked:
    until = int(_state(desk, now_ms)["paused_until"])
    local = desk.now().astimezone(ZoneInfo(desk.store.zone)).time()
    hours = str(configuration.get_setting(desk, "notifications.quiet_hours"))
    silent = now_ms < until or is_quiet(hours, local)
    return Looked(fresh, tuple(_shelf(desk)), silent, until if silent else 0, now_ms, watch)
