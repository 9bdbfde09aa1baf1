"""Every writing service can be taken back and done again, each as a new fact (ux.md 6, undo)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import app.services
from app.domain.incident import CancelReason, CauseClass, FixType, Outcome, PendingReason, Status
from app.domain.incident_json import incident_to_json
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.domain.problem import ProblemStatus
from app.services import (
    auditing,
    browsing,
    cataloguing,
    configuration,
    evidence,
    families,
    following_up,
    incidents,
    knowledge,
    logging_incidents,
    major_incidents,
    moves,
    patterns,
    problem_moves,
    problems,
    raising,
    setting_fields,
    stakeholders,
    undoing,
    work_records,
)
from app.services.desk import Desk, open_desk
from app.services.setting_fields import Wanted
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.incident import EntityId

Act = Any
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
SOLVED = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.ASSISTANCE,
    cause_class=CauseClass.HUMAN,
    resolution="Turned it on",
)
SOON = MONDAY + timedelta(days=2)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(
        Profile(tmp_path / "profile"), PinnedClock(MONDAY), person="Ana Ruiz", zone="Europe/London"
    )
    for title in ("Printer down", "VPN drops"):
        uid = logging_incidents.log(desk, IncidentDraft(title=title)).ids["incident"][0]
        moves.start(desk, [uid])
    return desk


def a(desk: Desk) -> EntityId:
    return browsing.find(desk, "1")


def b(desk: Desk) -> EntityId:
    return browsing.find(desk, "2")


def resolved(desk: Desk) -> EntityId:
    moves.resolve(desk, [a(desk)], SOLVED)
    stakeholders.verify_with_requester(desk, a(desk), "Nina Berg", "phone")
    return a(desk)


def first_step(desk: Desk) -> str:
    return next(s.item for s in browsing.incident(desk, a(desk)).checklist if not s.automatic)


def field_team(desk: Desk) -> EntityId:
    return next(item.id for item in configuration.items(desk, "team") if item.name == "Field")


def problem(desk: Desk) -> EntityId:
    """Open a problem with a workaround over both incidents."""
    opened = problems.open_problem(
        desk, "Tunnel", {"workaround": "Use the cable"}, incidents=[a(desk), b(desk)]
    )
    (uid,) = opened.ids["problem"]
    return uid


def the(desk: Desk, kind: str) -> EntityId:
    return configuration.items(desk, kind)[0].id


def article(desk: Desk) -> EntityId:
    (uid,) = knowledge.write(desk, "Reset the tunnel", "Turn it off and on.").ids["article"]
    return uid


def recurring(desk: Desk) -> None:
    for _ in range(3):
        logging_incidents.log(desk, IncidentDraft(title="Fails with error 651"))


ACTS: dict[str, tuple[Act, Act]] = {
    "problems.open_problem": (None, problem),
    "problems.open_from_incident": (None, lambda d: problems.open_from_incident(d, a(d))),
    "problems.open_from_pattern": (
        recurring,
        lambda d: problems.open_from_pattern(d, "signature:error 651"),
    ),
    "problems.change": (
        problem,
        lambda d: problems.change(d, the(d, "problem"), {"cause": "A firmware"}),
    ),
    "problems.link": (problem, lambda d: problems.link(d, [a(d)], None)),
    "problems.remove": (problem, lambda d: problems.remove(d, the(d, "problem"))),
    "problem_moves.apply_workaround": (
        problem,
        lambda d: problem_moves.apply_workaround(d, the(d, "problem")),
    ),
    "problem_moves.move": (
        problem,
        lambda d: problem_moves.move(
            d,
            the(d, "problem"),
            ProblemStatus.RESOLVED,
            resolution="Fixed",
            resolve_incidents=SOLVED,
        ),
    ),
    "patterns.dismiss": (recurring, lambda d: patterns.dismiss(d, "signature:error 651")),
    "knowledge.write": (None, article),
    "knowledge.write_from_incident": (
        resolved,
        lambda d: knowledge.write_from_incident(d, a(d)),
    ),
    "knowledge.change": (
        article,
        lambda d: knowledge.change(d, the(d, "article"), "Reset it", "Pull the plug."),
    ),
    "knowledge.tried": (article, lambda d: knowledge.tried(d, the(d, "article"), worked=True)),
    "knowledge.use": (article, lambda d: knowledge.use(d, the(d, "article"), [a(d)])),
    "knowledge.remove": (article, lambda d: knowledge.remove(d, the(d, "article"))),
    "families.set_parent": (None, lambda d: families.set_parent(d, [b(d)], a(d))),
    "families.resolve_family": (
        lambda d: families.set_parent(d, [b(d)], a(d)),
        lambda d: families.resolve_family(d, a(d), SOLVED),
    ),
    "logging_incidents.log": (None, lambda d: logging_incidents.log(d, IncidentDraft(title="New"))),
    "logging_incidents.log_many": (
        None,
        lambda d: logging_incidents.log_many(d, [IncidentDraft(title=t) for t in ("One", "Two")]),
    ),
    "incidents.edit": (None, lambda d: incidents.edit(d, [a(d), b(d)], {"title": "Other"})),
    "incidents.tag": (None, lambda d: incidents.tag(d, [a(d), b(d)], add=["vpn"])),
    "incidents.link": (None, lambda d: incidents.link(d, a(d), b(d))),
    "incidents.tick": (None, lambda d: incidents.tick(d, a(d), first_step(d))),
    "incidents.add_note": (None, lambda d: incidents.add_note(d, [a(d)], "Looked at it")),
    "setting_fields.change": (
        None,
        lambda d: setting_fields.change(d, a(d), Wanted(values={"impact": 1}, tags=["x"])),
    ),
    "moves.assign": (
        lambda d: d.acting_as("Bo Lind"),
        lambda d: moves.assign(d, [a(d)], "Bo Lind", reason="Knows it"),
    ),
    "moves.start": (
        lambda d: logging_incidents.log(d, IncidentDraft(title="Third")),
        lambda d: moves.start(d, [browsing.find(d, "3")]),
    ),
    "moves.pend": (None, lambda d: moves.pend(d, [a(d)], PendingReason.CALLER, SOON)),
    "moves.resume": (
        lambda d: moves.pend(d, [a(d)], PendingReason.CALLER, SOON),
        lambda d: moves.resume(d, [a(d)]),
    ),
    "moves.caller_replied": (
        lambda d: moves.pend(d, [a(d)], PendingReason.CALLER, SOON),
        lambda d: moves.caller_replied(d, a(d), "The blue one"),
    ),
    "moves.resolve": (None, lambda d: moves.resolve(d, [a(d), b(d)], SOLVED)),
    "moves.close": (resolved, lambda d: moves.close(d, [a(d)])),
    "moves.reopen": (resolved, lambda d: moves.reopen(d, [a(d)], "Again")),
    "following_up.reopen": (resolved, lambda d: following_up.reopen(d, a(d), "Again")),
    "moves.cancel": (None, lambda d: moves.cancel(d, [a(d)], CancelReason.UNNECESSARY)),
    "moves.change_status": (
        None,
        lambda d: moves.change_status(
            d, [a(d)], Status.ASSIGNED, Given(assignee=d.person, reason="Back")
        ),
    ),
    "raising.merge": (None, lambda d: raising.merge(d, [b(d)], a(d))),
    "raising.escalate": (None, lambda d: raising.escalate(d, [a(d)], to="Ana Ruiz", reason="Big")),
    "major_incidents.declare": (None, lambda d: major_incidents.declare(d, a(d))),
    "evidence.attach": (None, lambda d: evidence.attach(d, a(d), [("trace.log", b"text")])),
    "stakeholders.tell": (None, lambda d: stakeholders.tell(d, a(d), "The board", "mail")),
    "stakeholders.verify_with_requester": (
        None,
        lambda d: stakeholders.verify_with_requester(d, a(d), "Nina Berg", "phone"),
    ),
    "stakeholders.survey": (None, lambda d: stakeholders.survey(d, a(d), answer=5)),
    "work_records.log_time": (None, lambda d: work_records.log_time(d, a(d), 900, "At the desk")),
    "work_records.record_outage": (
        lambda d: cataloguing.add(d, "service", "Mail", {}),
        lambda d: work_records.record_outage(d, a(d), "Mail", MONDAY - timedelta(hours=2), MONDAY),
    ),
    "evidence.remove_attachment": (
        lambda d: evidence.attach(d, a(d), [("trace.log", b"text")]),
        lambda d: evidence.remove_attachment(d, a(d), browsing.incident(d, a(d)).attachments[0].id),
    ),
    "cataloguing.remove": (
        lambda d: cataloguing.add(d, "team", "Field", {}),
        lambda d: cataloguing.remove(d, "team", field_team(d)),
    ),
    "cataloguing.change": (
        lambda d: cataloguing.add(d, "team", "Field", {}),
        lambda d: cataloguing.change(d, "team", field_team(d), {"name": "Floor"}),
    ),
    "cataloguing.add": (None, lambda d: cataloguing.add(d, "team", "Field", {})),
    "configuration.put_item": (None, lambda d: configuration.put_item(d, "team", "Field", {})),
    "configuration.set_setting": (
        None,
        lambda d: configuration.set_setting(d, "organisation.name", "Fernwick"),
    ),
}
"""What brings an incident to where the act can be done, and the act, by the service's name."""


def visible(desk: Desk) -> dict[str, Any]:
    """Return what people see, without the story, which an undo adds to."""
    incidents_now = {
        number: incident_to_json(browsing.incident(desk, number))
        for (number,) in desk.connection.execute("SELECT number FROM incident WHERE deleted = 0")
    }
    for each in incidents_now.values():
        del each["timeline"]
    items = desk.connection.execute(
        "SELECT kind, name, data FROM catalogue_item WHERE deleted = 0 ORDER BY kind, name"
    ).fetchall()
    return {"incidents": incidents_now, "items": items}


def entries(desk: Desk) -> int:
    found: Any = desk.connection.execute("SELECT count(*) FROM change").get
    return int(found)


@pytest.mark.parametrize("name", ACTS)
def test_it_is_taken_back_and_done_again_as_new_facts(desk: Desk, name: str) -> None:
    prepare, act = ACTS[name]
    if prepare is not None:
        prepare(desk)
    before, start = visible(desk), entries(desk)
    act(desk)
    after, done = visible(desk), entries(desk)
    assert done > start
    undoing.undo(desk)
    assert visible(desk) == before
    assert entries(desk) > done
    undoing.redo(desk)
    assert visible(desk) == after
    shown = audit.snapshot(desk.connection)
    auditing.rebuild(desk)
    assert audit.snapshot(desk.connection) == shown


ELSEWHERE = {
    "checking.tick_step": "ticks through incidents.tick",
    "configuration.changes_of": "is the answer of those that write items",
    "quick_logging.log_lines": "logs through logging_incidents.log_many",
    "undoing.undo": "is the undo itself",
    "undoing.redo": "is the undo itself",
    "importing.import_file": "tests/services/test_importing.py takes an import back",
    "configuration.apply": "writes items as put_item does",
    "configuration.import_file": "writes items as put_item does",
    "configuration.reset_setting": "is set_setting with the default",
    "cataloguing.duplicate": "adds as cataloguing.add does",
    "moves.resolve_and_close": "tests/ui/closing takes it back in one step",
    "work_records.add_follow_up": "writes a child row as log_time does",
    "work_records.finish_follow_up": "writes a field of a child row",
    "major_incidents.stand_down": "tests/services/test_major_incidents.py takes it back",
    "major_incidents.set_roles": "tests/services/test_major_incidents.py takes it back",
    "major_incidents.set_pace": "tests/services/test_major_incidents.py takes it back",
    "major_incidents.post_update": "tests/services/test_major_incidents.py takes it back",
    "follow_ups.change": "tests/services/test_follow_ups.py takes it back",
    "alert_tables.put": "tests/services/test_alert_tables.py takes it back",
    "alert_tables.move": "tests/services/test_alert_tables.py takes it back",
    "configuration.set_settings": "tests/services/test_alert_tables.py takes it back",
    "alert_tables.remove": "tests/services/test_alert_tables.py takes it back",
    "alert_teaching.save": "tests/services/test_alert_teaching.py takes it back",
    "alert_teaching.remove": "tests/services/test_alert_teaching.py takes it back",
    "diagnosing.keep": "tests/services/test_diagnosing.py takes it back",
    "listening.renew_token": "writes no fact: the token is in the key store of this computer",
    "replying.reply": "tests/services/test_replying.py takes it back",
    "outgoing.resolve_and_close": "is moves.resolve_and_close with a letter: see test_outgoing.py",
    "problems.changes_of": "is the answer of those that write problems",
    "redacting.redact": "is for good on purpose: tests/services/test_redacting.py",
    "redacting.redact_file": "is for good on purpose: tests/services/test_redacting.py",
    "choosing.resolve": "needs two stations: tests/storage/test_remote.py takes a choice back",
    "incidents.each": "is the frame that the services write in",
}
"""Writing services that are not in the list above, each with where it is proven or why not."""


def test_no_writing_service_is_forgotten() -> None:
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(app.services.__path__):
        loaded = importlib.import_module(f"app.services.{module.name}")
        for name, thing in inspect.getmembers(loaded, inspect.isfunction):
            own = thing.__module__ == loaded.__name__ and not name.startswith("_")
            if own and inspect.signature(thing).return_annotation == "ChangeSet":
                found[f"{module.name}.{name}"] = thing
    assert set(found) - set(ACTS) - set(ELSEWHERE) == set()
    assert set(ACTS) - set(found) == set()
