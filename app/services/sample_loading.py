"""Plays the sample data into an empty profile through the same services that people use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.domain.incident import EntityId, EntryKind
from app.domain.lifecycle import Given
from app.services import (
    configuration,
    evidence,
    incidents,
    logging_incidents,
    major_incidents,
    moves,
    raising,
    stakeholders,
    work_records,
)
from app.services.desk import Desk, open_desk
from app.services.sample_beside import SampleBeside
from app.services.sample_data import (
    SAMPLE_PERSON,
    SampleAction,
    SampleStep,
    sample_configuration,
    sample_steps,
)
from app.system.clock import PinnedClock

if TYPE_CHECKING:
    from datetime import datetime

    from app.system.paths import Profile

S = SampleAction


def load(profile: Profile, now: datetime, zone: str) -> int:
    """Fill a new profile with incidents of the last sixty days; return how many steps were played.

    A clock of its own stands at each step's instant, so that every record is as if it had happened.
    """
    steps = list(sample_steps(now, zone))
    clock = PinnedClock(steps[0].at - timedelta(hours=1))
    desk = open_desk(profile, clock, zone=zone, login=SAMPLE_PERSON)
    configuration.apply(desk, sample_configuration())
    desks: dict[str, Desk] = {}
    ids: dict[str, EntityId] = {}
    beside = SampleBeside(desk, now, clock, ids)
    for step in steps:
        beside.play_until(step.at)
        clock.set(step.at)
        if step.author not in desks:
            desks[step.author] = desk.acting_as(step.author)
        _play(desks[step.author], step, ids)
        beside.link(step.handle)
    beside.play_until(now)
    desk.close()
    return len(steps)


def _play(desk: Desk, step: SampleStep, ids: dict[str, EntityId]) -> None:
    given: Any = step.args
    if step.action is S.LOG:
        logged = logging_incidents.log(desk, given["draft"], at=step.at)
        ids[step.handle] = logged.ids["incident"][0]
        return
    uid = ids[step.handle]
    if not (_play_move(desk, step.action, uid, given) or _play_note(desk, step, uid, given)):
        _play_link(desk, step.action, uid, given, ids)


def _play_move(desk: Desk, action: SampleAction, uid: EntityId, given: Any) -> bool:
    match action:
        case S.ASSIGN:
            moves.assign(desk, [uid], given["assignee"])
        case S.STATUS:
            moves.start(desk, [uid])
        case S.PENDING:
            until = given["follow_up_at"]
            moves.pend(desk, [uid], given["reason"], until, text=given["text"])
        case S.RESUME:
            moves.resume(desk, [uid], text=given["text"])
        case S.RESOLVE:
            codes = Given(
                outcome=given["outcome"],
                fix_type=given["fix_type"],
                cause_class=given["cause_class"],
                resolution=given["resolution"],
            )
            moves.resolve(desk, [uid], codes, extra=given["fields"])
        case S.REOPEN:
            moves.reopen(desk, [uid], given["reason"])
        case S.CANCEL:
            moves.cancel(desk, [uid], given["reason"], text=given["text"])
        case S.CLOSE:
            moves.close(desk, [uid])
        case _:
            return False
    return True


def _play_note(desk: Desk, step: SampleStep, uid: EntityId, given: Any) -> bool:
    match step.action:
        case S.NOTE:
            incidents.add_note(desk, [uid], given["text"])
        case S.REPLY:
            incidents.add_note(desk, [uid], given["text"], kind=EntryKind.REPLY)
        case S.SET:
            incidents.edit(desk, [uid], dict(given["fields"]), reason=given["reason"])
        case S.ATTACH:
            evidence.attach(desk, uid, [(given["name"], given["text"].encode())])
        case S.CHECK:
            incidents.tick(desk, uid, given["item"], note=step.author)
        case S.TOLD:
            stakeholders.tell(desk, uid, given["who"], given["how"])
        case S.TIME:
            work_records.log_time(desk, uid, given["seconds"])
        case S.VERIFY:
            stakeholders.verify_with_requester(desk, uid, given["who"], given["how"])
        case S.TAG:
            incidents.tag(desk, [uid], add=given["tags"])
        case _:
            return False
    return True


def _play_link(
    desk: Desk, action: SampleAction, uid: EntityId, given: Any, ids: dict[str, EntityId]
) -> None:
    match action:
        case S.MAJOR:
            major_incidents.declare(desk, uid, given["manager"])
        case S.LINK:
            incidents.link(desk, uid, ids[given["other"]])
        case S.MERGE:
            raising.merge(desk, [uid], ids[given["into"]])
        case S.FOLLOW_UP:
            work_records.add_follow_up(desk, uid, given["action"], given["owner"], given["due_at"])
        case _:
            raise ValueError(f"sample data knows no action {action}")
