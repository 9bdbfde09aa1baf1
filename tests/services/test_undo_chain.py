"""Undo and redo in any order bring back exactly what was there (ux.md 6; hypothesis)."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain.errors import NotFoundError
from app.domain.incident import CancelReason, CauseClass, FixType, Outcome, PendingReason, Status
from app.domain.incident_json import incident_to_json
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import browsing, incidents, logging_incidents, moves, raising, undoing
from app.services.desk import Desk, open_desk
from app.storage import audit, invariants
from app.system.clock import PinnedClock
from app.system.paths import Profile

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
SOLVED = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.ASSISTANCE,
    cause_class=CauseClass.HUMAN,
    resolution="Turned it on",
)
WORDS = st.sampled_from(["printer", "VPN", "Zo\u00eb", "=1+1", "0x80070005"])
PLACE = st.integers(0, 2)


def opened(folder: Path) -> Desk:
    return open_desk(Profile(folder), PinnedClock(MONDAY), person="Ana Ruiz", zone="UTC")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path / "profile")


def titled(desk: Desk, title: str) -> Any:
    return logging_incidents.log(desk, IncidentDraft(title=title)).ids["incident"][0]


def title(desk: Desk) -> str:
    return browsing.incident(desk, "1").title


def test_two_edits_of_one_field_are_undone_and_redone_as_often_as_one_likes(desk: Desk) -> None:
    uid = titled(desk, "t0")
    for text in ("t1", "t2"):
        incidents.edit(desk, [uid], {"title": text})
    for _ in range(3):
        undoing.undo(desk)
        assert title(desk) == "t1"
        undoing.undo(desk)
        assert title(desk) == "t0"
        undoing.redo(desk)
        assert title(desk) == "t1"
        undoing.redo(desk)
        assert title(desk) == "t2"
        with pytest.raises(NotFoundError, match="nothing to redo"):
            undoing.redo(desk)


def test_something_new_leaves_nothing_to_redo(desk: Desk) -> None:
    uid = titled(desk, "t0")
    incidents.edit(desk, [uid], {"title": "t1"})
    undoing.undo(desk)
    incidents.edit(desk, [uid], {"urgency": 1})
    with pytest.raises(NotFoundError, match="nothing to redo"):
        undoing.redo(desk)
    undoing.undo(desk)
    undoing.undo(desk)
    with pytest.raises(NotFoundError):
        browsing.find(desk, "1")


def test_a_named_action_is_undone_once(desk: Desk) -> None:
    uid = titled(desk, "t0")
    action = incidents.edit(desk, [uid], {"title": "t1"}).action
    assert action is not None
    undoing.undo(desk, action=action)
    with pytest.raises(NotFoundError, match="undone already"):
        undoing.undo(desk, action=action)
    undoing.redo(desk)
    undoing.undo(desk, action=action)
    assert title(desk) == "t0"


def visible(desk: Desk) -> dict[str, Any]:
    shown = {}
    for (number,) in desk.connection.execute("SELECT number FROM incident WHERE deleted = 0"):
        record = incident_to_json(browsing.incident(desk, number))
        del record["timeline"]
        record.pop("updated_at", None)
        shown[number] = record
    return shown


class Store(RuleBasedStateMachine):
    """One person at one desk; the model is what was visible after each thing done."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.desk = opened(Path(self.folder.name) / "profile")
        self.made = [titled(self.desk, f"t{n}") for n in range(3)]
        self.seen = [visible(self.desk)]
        self.place = 0
        self.hour = 0
        self.hashes = self.told()

    def told(self) -> dict[Any, bytes]:
        """Return the hash of every version that was acknowledged."""
        rows: Any = self.desk.connection.execute("SELECT station, sseq, hash FROM change")
        return {(station, sseq): digest for station, sseq, digest in rows}

    def teardown(self) -> None:
        db = self.desk.connection
        assert audit.verify_chains(db).first_bad is None
        assert audit.i4_no_change_is_silently_lost(db) == []
        assert audit.i5_vectors_are_contiguous(db)
        assert audit.i9_groups_are_whole(db) == []
        assert invariants.i1_acknowledged_changes_are_kept(db, self.hashes) == []
        assert invariants.i3_rebuild_gives_the_state(self.desk.store) == []
        assert invariants.i7_numbers_are_unique_and_for_ever(db) == []
        assert invariants.i8_versions_have_one_hash(db) == []
        assert self.hashes == self.told()
        self.desk.close()
        self.folder.cleanup()

    def do(self, act: Any) -> None:
        rows: Any = self.desk.connection.execute("SELECT count(*) FROM change").get
        act()
        if self.desk.connection.execute("SELECT count(*) FROM change").get != rows:
            del self.seen[self.place + 1 :]
            self.seen.append(visible(self.desk))
            self.place += 1

    def status(self, n: int) -> Status:
        return browsing.incident(self.desk, self.made[n]).status

    def is_open(self, n: int) -> bool:
        return self.status(n) in {Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING}

    @rule(n=PLACE, text=WORDS)
    def rename(self, n: int, text: str) -> None:
        self.do(lambda: incidents.edit(self.desk, [self.made[n]], {"title": text}))

    @rule(urgency=st.integers(1, 3))
    def change_many(self, urgency: int) -> None:
        self.do(lambda: incidents.edit(self.desk, self.made, {"urgency": urgency}))

    @rule(n=PLACE, text=WORDS, add=st.booleans())
    def tag(self, n: int, text: str, add: bool) -> None:
        words = {"add": [text]} if add else {"remove": [text]}
        self.do(lambda: incidents.tag(self.desk, [self.made[n]], **words))

    @rule(n=PLACE, text=WORDS)
    def note(self, n: int, text: str) -> None:
        self.do(lambda: incidents.add_note(self.desk, [self.made[n]], text))

    @rule(n=PLACE)
    def work(self, n: int) -> None:
        if self.status(n) in {Status.NEW, Status.ASSIGNED, Status.PENDING}:
            self.do(lambda: moves.start(self.desk, [self.made[n]]))

    @rule(n=PLACE)
    def wait(self, n: int) -> None:
        if self.status(n) in {Status.ASSIGNED, Status.IN_PROGRESS}:
            until = MONDAY + timedelta(days=9)
            self.do(lambda: moves.pend(self.desk, [self.made[n]], PendingReason.CALLER, until))

    @rule(n=PLACE)
    def resolve(self, n: int) -> None:
        if self.status(n) in {Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING}:
            self.do(lambda: moves.resolve(self.desk, [self.made[n]], SOLVED))

    @rule(n=PLACE)
    def reopen(self, n: int) -> None:
        if self.status(n) is Status.RESOLVED:
            self.do(lambda: moves.reopen(self.desk, [self.made[n]], "Again"))

    @rule(n=PLACE)
    def cancel(self, n: int) -> None:
        if self.is_open(n):
            self.do(lambda: moves.cancel(self.desk, [self.made[n]], CancelReason.UNNECESSARY))

    @rule(n=PLACE, into=PLACE)
    def merge(self, n: int, into: int) -> None:
        if n != into and self.is_open(n) and self.is_open(into):
            self.do(lambda: raising.merge(self.desk, [self.made[n]], self.made[into]))

    @rule()
    def undo(self) -> None:
        if self.place:
            undoing.undo(self.desk)
            self.place -= 1
            assert visible(self.desk) == self.seen[self.place]

    @rule()
    def redo(self) -> None:
        if self.place + 1 < len(self.seen):
            undoing.redo(self.desk)
            self.place += 1
            assert visible(self.desk) == self.seen[self.place]

    @invariant()
    def what_was_acknowledged_stays_with_its_hash(self) -> None:
        told = self.told()
        assert self.hashes.items() <= told.items()
        self.hashes = told

    @invariant()
    def search_never_fails(self) -> None:
        browsing.find_text(self.desk, "printer")


Store.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestTheStoreOfOnePerson = Store.TestCase
