"""A rebuild in bulk gives what the changes gave one by one, for any journal (invariant I3)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.journal_entry import Change, Version, canonical, pack_versions
from app.services.desk import Desk, open_desk
from app.storage import (
    audit,
    journal,
    materialise,
    not_understood,
    numbers,
    rebuild,
    status_periods,
)
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
AT = 1_773_046_800_000
STATIONS = [bytes([n]) * 16 for n in (250, 251, 252)]
PERSON = bytes([7]) * 16
WORDS = ["printer", "VPN", "Zo\u00eb", "=1+1"]
VALUES: dict[str, list[Any]] = {
    "title": [*WORDS, None],
    "description": [*WORDS, None],
    "status": ["new", "in_progress", "pending", "resolved", "closed", None],
    "pending_reason": ["caller", "vendor", None],
    "urgency": [1, 2, "high", None],
    "major": [True, False, None],
    "assignee": [PERSON.hex(), 5, None],
    "merged_into": [bytes([9]).hex() * 16, None],
    "external_id": ["A-1", "B-2", "", None],
    "people_affected": [3, "many", None],
    "deleted": [True, False],
    "custom.floor": [2, "two", True, None],
    "check:Save": [{"done": True, "note": "x"}, {"done": False}, None],
    "imported": [{"mapping": "m", "key": "1", "fingerprint": "f"}, None],
    "from_a_later_version": [1, None],
}
MEMBERS = ["tag:vpn", "tag:hq", f"watcher:{PERSON.hex()}", f"related:{PERSON.hex()}", "alias:x"]
CHILDREN: dict[str, dict[str, Any]] = {
    "note": {"text": "Looked at it"},
    "attachment": {"name": "a.txt", "size": 1, "sha256": "00", "media_type": "text/plain"},
    "outage": {"from_at": AT, "service": PERSON.hex()},
    "later_kind": {"what": 1},
}


class Journal:
    """Journal rows as several stations write them; `heads` is what is current."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw
        self.rows: list[Change] = []
        self.heads: dict[tuple[bytes, str], set[Version]] = {}
        self.made: dict[bytes, Version] = {}
        self.written: dict[tuple[bytes, str], list[Version]] = {}

    def _prevs(self, entity: bytes, field: str) -> list[Version]:
        """Name what is current; sometimes, as one who has not seen it yet, something older."""
        key = (entity, field)
        first = [self.made[entity]] if entity in self.made else []
        current = sorted(self.heads.get(key, set())) or first
        if self.draw(st.integers(0, 9)) > 0:
            return current
        older = [*first, *self.written.get(key, [])]
        return [self.draw(st.sampled_from(older))] if older else []

    def write(self, kind: str, entity: bytes, root: bytes, op: str, field: str, value: Any) -> None:
        station = self.draw(st.sampled_from(STATIONS))
        sseq = sum(row.station == station for row in self.rows) + 1
        version = Version(station, sseq)
        prevs: list[Version] = []
        if op == "create":
            self.made[entity] = version
        else:
            prevs = self._prevs(entity, field)
            key = (entity, field)
            self.heads[key] = (self.heads.get(key, set()) - set(prevs)) | {version}
            self.written.setdefault(key, []).append(version)
        last = self.rows[-1] if self.rows else None
        joins = last is not None and last.station == station and self.draw(st.booleans())
        first = last.tx_first if last is not None and joins else sseq
        at = AT + self.draw(st.integers(-50, 200)) * 1000
        self.rows.append(
            Change(
                station, sseq, AT * 65536 + len(self.rows), at, "UTC", first, 1, bytes(16),
                kind, entity, root, op, field, None if value is None else canonical(value),
                bytes(16), pack_versions(prevs), PERSON, b"", 1, bytes(32),
            )
        )  # fmt: skip


@st.composite
def journals(draw: Any) -> list[Change]:
    """Draw what three stations write about a few incidents and what belongs to them."""
    made = Journal(draw)
    roots: list[bytes] = []
    children: list[tuple[str, bytes, bytes]] = []
    for n in range(draw(st.integers(1, 40))):
        what = draw(st.integers(0, 19)) if roots else 0
        if what == 0 and len(roots) < 5:
            # Not in the order of the ids: the rows are to be in that of cause.
            uid = bytes([draw(st.integers(1, 250)), n]) * 8
            value: dict[str, Any] = {"number": f"INC-9{n:05}", "title": "t", "priority": "P3"}
            if draw(st.booleans()):
                value |= {"tags": ["VPN"], "external_id": f"X-{n}", "custom": {"floor": 1}}
                value["history"] = [[AT + 5, "A", "s", "", [["status", "new", "pending"]]]]
                value["status"] = "pending"
            made.write("incident", uid, uid, "create", "*", value)
            roots.append(uid)
            continue
        root = draw(st.sampled_from(roots))
        if what < 13:
            field = draw(st.sampled_from(sorted(VALUES)))
            made.write("incident", root, root, "set", field, draw(st.sampled_from(VALUES[field])))
        elif what < 15:
            field = draw(st.sampled_from(MEMBERS))
            op = draw(st.sampled_from(["add", "remove"]))
            made.write("incident", root, root, op, field, field.partition(":")[2])
        elif what < 18 or not children:
            kind = draw(st.sampled_from(sorted(CHILDREN)))
            uid = bytes([255, n]) * 8
            made.write(kind, uid, root, "create", "*", CHILDREN[kind])
            children.append((kind, uid, root))
        else:
            kind, uid, root = draw(st.sampled_from(children))
            field, value = draw(st.sampled_from([("deleted", True), ("to_at", AT + 9)]))
            made.write(kind, uid, root, "set", field, value)
    return made.rows


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    profile = Profile(tmp_path_factory.mktemp("rebuild") / "profile")
    return open_desk(profile, PinnedClock(NOW), person="Ana Ruiz", zone="UTC")


class Undone(Exception):  # noqa: N818
    """Takes back what a trial wrote."""


def one_by_one(desk: Desk, changes: list[Change]) -> None:
    """Apply a journal as its transactions came: the path of every edit."""
    db = desk.connection
    for table in rebuild.TABLES:
        db.execute(f"DELETE FROM {table}")
    not_understood.held_back(db, changes)  # the journal here knows already what is to come
    for _, group in groupby(changes, key=lambda c: (c.station, c.tx_first)):
        materialise.apply(db, list(group))
    numbers.rebuild(db)


def state(desk: Desk) -> dict[str, Any]:
    found = audit.snapshot(desk.connection)
    del found["vv"]
    found["superseded"] = desk.connection.execute("SELECT * FROM superseded").fetchall()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=journals())
def test_a_rebuild_gives_what_the_changes_gave_one_by_one(desk: Desk, rows: list[Change]) -> None:
    db = desk.connection
    try:
        with desk.store.database.atomic("IMMEDIATE"):
            journal.insert_changes(db, rows)
            written = db.execute("SELECT * FROM change ORDER BY hlc, station, sseq").fetchall()
            one_by_one(desk, [Change._make(row) for row in written])
            expected = state(desk)
            assert rebuild.replay(db) == len(written)
            found = state(desk)
            raise Undone
    except Undone:
        pass
    for table, content in expected.items():
        assert found[table] == content, table


def test_a_rebuild_keeps_indexes_and_what_the_planner_is_told(desk: Desk) -> None:
    db = desk.connection
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
    told = "SELECT * FROM sqlite_stat1 ORDER BY idx"
    before = (db.execute(schema).fetchall(), db.execute(told).fetchall())
    rebuild.rebuild(desk.store)
    assert (db.execute(schema).fetchall(), db.execute(told).fetchall()) == before
    assert db.execute("SELECT count(*) FROM sqlite_temp_schema").get == 0


def test_a_rebuild_that_is_stopped_leaves_all_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 5)
    before = audit.snapshot(desk.connection)

    def stop(_rows: int) -> None:
        raise Undone

    with pytest.raises(Undone):
        rebuild.rebuild(desk.store, progress=stop)
    assert audit.snapshot(desk.connection) == before
    rebuild.rebuild(desk.store)
    assert audit.snapshot(desk.connection) == before


def test_readers_see_the_old_state_until_a_rebuild_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 5)
    from app.storage.store import Store

    reader = Store(desk.store.path, desk.store.clock)
    seen = []

    def look(_rows: int) -> None:
        with reader.known_errors():
            seen.append(audit.snapshot(reader.connection))

    before = audit.snapshot(desk.connection)
    rebuild.rebuild(desk.store, progress=look)
    reader.close_thread()
    assert seen
    assert all(one == before for one in seen)


@given(
    st.lists(
        st.tuples(
            st.text(max_size=5), st.none() | st.text(max_size=5), st.integers() | st.floats(0, 9)
        )
    )
)
def test_periods_are_written_as_canonical_json(periods: list[Any]) -> None:
    packed = status_periods.packed(periods)
    assert packed == canonical(periods)
    assert json.loads(packed) == json.loads(json.dumps(periods))
