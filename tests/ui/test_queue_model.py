"""The queue is a real tree whose rows come in pages."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.domain.changes import ChangeSet
from app.domain.errors import StoreError
from app.domain.listing import Group, ListQuery
from app.ui.incidents.columns import ColumnModel
from app.ui.incidents.queue_model import ROW_ROLE, QueueModel
from app.ui.jobs import InlineJobs, JobRunner
from tests.ui.queue_fixtures import HOUR, NOW_MS, ListOfRows, MillionRows, desk_queue, make_row

FLAT = ListQuery(group="")
CHANGED = ChangeSet(ids={"incident": (b"x" * 16,)})


def make_model(source: object, jobs: object = None, columns: ColumnModel | None = None):
    columns = columns or ColumnModel()
    model = QueueModel(jobs or InlineJobs(), lambda context: source, columns, now_ms=lambda: NOW_MS)
    columns.setParent(model)
    return model


def settle(qtbot) -> None:
    """Let the zero timers run."""
    for _ in range(5):
        qtbot.wait(1)


def numbers(model: QueueModel, band: int | None = None) -> list[str | None]:
    parent = QModelIndex() if band is None else model.index(band, 0)
    rows = [model.row(model.index(at, 0, parent)) for at in range(model.rowCount(parent))]
    return [row.number if row else None for row in rows]


def test_groups_are_parents_and_incidents_are_their_children(qtbot) -> None:
    model = make_model(desk_queue())
    model.show_query(ListQuery())
    assert [model.index(at, 0).data() for at in range(model.rowCount())] == [
        "Breached", "Due within 1 hour", "Due today", "Later", "Clock paused",
    ]  # fmt: skip
    due = model.index(1, 0)
    assert numbers(model, 1) == ["INC-2047", "INC-2052", "INC-2050"]
    child = model.index(0, 2, due)
    assert child.parent() == due
    assert child.data().startswith("VPN drops")
    assert model.group(due).label == "Due within 1 hour"
    assert model.group(child) is None
    assert model.total == 14


@pytest.mark.parametrize("query", [ListQuery(), FLAT], ids=["grouped", "flat"])
def test_the_model_keeps_the_contract_of_qt_through_changes(qtbot, query: ListQuery) -> None:
    source = desk_queue()
    model = make_model(source)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    model.show_query(query)
    source.bands["later"][1].insert(1, make_row(3001))
    del source.bands["breached"]
    source.bands["due_today"][1].pop(0)
    model.refresh(CHANGED)
    settle(qtbot)
    source.bands["no_target"] = ("No target", [make_row(3002, due_ms=0)])
    model.refresh(CHANGED)
    settle(qtbot)
    model.show_query(ListQuery(text="x", group=query.group))
    assert model.total == 14
    assert tester.model() is model


def test_a_screen_reader_hears_the_whole_row_in_the_first_column(qtbot) -> None:
    model = make_model(desk_queue())
    model.show_query(ListQuery())
    role = Qt.ItemDataRole.AccessibleTextRole
    due = model.index(1, 0)
    assert due.data(role) == "Due within 1 hour, 3 incidents"
    assert model.index(0, 0).data(role) == "Breached, 1 incident"
    assert model.index(0, 0, due).data(role) == (
        "Priority 2, INC-2047, VPN drops every few minutes after client 5.2 update on laptops, "
        "In progress, SLA left 38 minutes, Ana Ruiz"
    )
    said = [model.index(1, at, due).data(role) for at in range(1, 7)]
    assert said == [
        "INC-2052", "Shared mailbox “Invoices” not receiving", "New", "SLA left 51 minutes",
        "nobody assigned", "9 minutes old",
    ]  # fmt: skip
    breached = model.index(0, 0, model.index(0, 0)).data(role)
    assert "SLA past due by 12 minutes" in breached
    assert breached.endswith("Ana Ruiz, unread, major incident")


def test_a_million_flat_rows_make_no_object_per_row_up_front(qtbot) -> None:
    source = MillionRows()
    model = make_model(source)
    start = time.perf_counter()
    model.show_query(FLAT)
    taken = time.perf_counter() - start
    assert model.rowCount() == 1_000_000
    assert source.made <= 128
    # Far above what it takes (about 50 ms) and far below what Python objects per row would.
    assert taken < 1.0


def test_only_the_first_page_is_read_at_once_and_others_when_they_are_looked_at(qtbot) -> None:
    source = MillionRows(1000)
    model = make_model(source)
    model.show_query(FLAT)
    assert model.row(model.index(0, 0)).number == "INC-1"
    far = model.index(900, 0)
    assert model.row(far) is None
    assert far.data() is None
    with qtbot.waitSignal(model.dataChanged) as told:
        pass
    assert told.args[0].row() <= 900 <= told.args[1].row()
    assert far.data(ROW_ROLE).number == "INC-901"


def test_pages_beside_the_visible_ones_are_fetched_ahead(qtbot) -> None:
    model = make_model(MillionRows(1000))
    model.show_query(FLAT)
    model.set_visible([("", 0)])
    settle(qtbot)
    assert model.row(model.index(200, 0)).number == "INC-201"


def test_at_most_64_pages_are_kept(qtbot) -> None:
    model = make_model(MillionRows(128 * 100))
    model.show_query(FLAT)
    for page in range(100):
        model.row(model.index(page * 128, 0))
        settle(qtbot)
    assert len(model._pages) == 64
    assert model.row(model.index(99 * 128, 0)) is not None
    assert model.row(model.index(0, 0)) is None


def test_a_change_tells_only_the_rows_that_differ(qtbot) -> None:
    source = desk_queue()
    model = make_model(source)
    model.show_query(ListQuery())
    rows = source.bands["due_today"][1]
    rows[2] = rows[2]._replace(title="Slow login, fixed")
    told = []
    model.dataChanged.connect(lambda top, low: told.append((top.row(), low.row())))
    model.modelReset.connect(lambda: told.append("reset"))
    model.refresh(CHANGED)
    settle(qtbot)
    assert told == [(2, 2)]
    assert model.index(2, 2, model.index(2, 0)).data() == "Slow login, fixed"


def test_a_change_of_another_kind_asks_for_nothing(qtbot) -> None:
    source = desk_queue()
    model = make_model(source)
    model.show_query(ListQuery())
    source.asked.clear()
    model.refresh(ChangeSet(ids={"person": (b"p" * 16,)}))
    settle(qtbot)
    assert source.asked == []


def test_a_new_row_moves_the_rows_behind_it_and_their_indexes(qtbot) -> None:
    source = desk_queue()
    model = make_model(source)
    model.show_query(ListQuery())
    kept = QPersistentModelIndex(model.index(2, 0, model.index(1, 0)))
    assert model.row(kept).number == "INC-2050"
    source.bands["due_1h"][1].insert(0, make_row(2053))
    model.refresh(CHANGED)
    settle(qtbot)
    assert numbers(model, 1) == ["INC-2053", "INC-2047", "INC-2052", "INC-2050"]
    assert kept.row() == 3
    assert model.row(kept).number == "INC-2050"


def test_a_group_that_empties_goes_and_one_that_fills_comes_in_its_place(qtbot) -> None:
    source = desk_queue()
    model = make_model(source)
    model.show_query(ListQuery())
    inside = QPersistentModelIndex(model.index(1, 0, model.index(3, 0)))
    breached = source.bands.pop("breached")
    model.refresh(CHANGED)
    settle(qtbot)
    assert [group.key for group in model.groups] == ["due_1h", "due_today", "later", "paused"]
    assert model.row(inside).number == "INC-2036"
    source.bands = {"breached": breached, **source.bands}
    model.refresh(CHANGED)
    settle(qtbot)
    assert model.groups[0].key == "breached"
    assert numbers(model, 0) == ["INC-2041"]
    assert model.row(inside).number == "INC-2036"


def test_an_incident_is_found_by_its_id(qtbot) -> None:
    model = make_model(desk_queue())
    model.show_query(ListQuery())
    index = model.index_of((2049).to_bytes(16, "big"))
    assert model.row(index).number == "INC-2049"
    assert not model.index_of(b"unknown").isValid()


def test_ticks_stay_through_a_refresh_and_go_with_the_query(qtbot) -> None:
    model = make_model(desk_queue())
    model.show_query(ListQuery())
    due = model.index(1, 0)
    both = [model.index(0, 0, due), model.index(2, 0, due)]
    model.toggle_tick(both)
    assert len(model.ticked) == 2
    model.refresh(CHANGED)
    settle(qtbot)
    assert both[0].data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    model.toggle_tick(both[:1])
    assert model.ticked == [(2050).to_bytes(16, "big")]
    model.tick_all()
    assert len(model.ticked) == 14
    model.show_query(FLAT)
    assert model.ticked == []
    assert model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) is None


def test_what_is_ticked_is_known_though_its_page_is_not_here(qtbot) -> None:
    model = make_model(MillionRows(1000))
    model.show_query(FLAT)
    model.tick_all()
    assert [one.number for one in model.ticked_headings()] == [f"INC-{n + 1}" for n in range(1000)]


def test_what_is_ticked_is_told_as_it_stands_now(qtbot) -> None:
    source = desk_queue()
    model = make_model(source)
    model.show_query(ListQuery())
    due = model.index(1, 0)
    model.toggle_tick([model.index(0, 0, due)])
    (before,) = model.ticked_headings()
    source.bands = {
        key: (label, [row._replace(status="closed") for row in rows])
        for key, (label, rows) in source.bands.items()
    }
    model.refresh(CHANGED)
    settle(qtbot)
    assert model.ticked_headings() == [before._replace(status="closed")]


def test_columns_follow_the_choice_and_keep_the_rows(qtbot) -> None:
    columns = ColumnModel()
    model = make_model(desk_queue(), columns=columns)
    model.show_query(ListQuery())
    columns.set_order(["number", "title", "requester"])
    assert model.columnCount() == 3
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Requester"
    assert model.index(0, 2, model.index(1, 0)).data() == "Nina Berg"


def test_a_failure_is_told_and_the_old_list_stays(qtbot) -> None:
    source = desk_queue()
    model = make_model(source)
    model.show_query(ListQuery())
    source.fails = StoreError("The database is locked. Try again.")
    with qtbot.waitSignal(model.failed) as told:
        model.show_query(ListQuery(text="x"))
    assert told.args == [source.fails]
    assert not model.loading
    assert model.total == 14


class Gate(QObject):
    """Jobs that wait until they are let through, to see what happens meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = []

    def on_store(self, fn, done=None, failed=None) -> None:
        self.waiting.append((fn, done))

    def on_reader(self, fn, done=None, failed=None, key=None, *, urgent=False) -> None:
        self.waiting.append((fn, done))

    def let_through(self) -> None:
        waiting, self.waiting = self.waiting, []
        for fn, done in waiting:
            done(fn(None))


def test_an_answer_to_an_old_question_is_thrown_away(qtbot) -> None:
    gate = Gate()
    model = make_model(desk_queue(), gate)
    model.show_query(ListQuery())
    model.show_query(FLAT)
    assert model.loading
    gate.let_through()
    assert model.flat
    assert not model.loading


class Begun(ListOfRows):
    """A source that has first rows, and notes when its bands are counted."""

    def first_rows(self, query: ListQuery, limit: int):
        self.asked.append(("first", limit))
        key, (label, rows) = next(iter(self.bands.items()))
        return [(Group(key, label, len(rows[:limit])), rows[:limit])]

    def groups(self, query: ListQuery):
        self.asked.append(("count", 0))
        return super().groups(query)


def begun(bands: int = 2, rows: int = 300) -> Begun:
    at = iter(range(bands * rows))
    names = [chr(ord("a") + band) for band in range(bands)]
    return Begun({n: (n, [make_row(next(at)) for _ in range(rows)]) for n in names})


def test_first_rows_are_shown_before_anything_is_counted(qtbot) -> None:
    gate, source = Gate(), begun()
    model = make_model(source, gate)
    shown: list[tuple[int, bool, bool]] = []
    model.changed.connect(lambda: shown.append((model.total, model.counted, model.loading)))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_query(ListQuery())
    spoken = Qt.ItemDataRole.AccessibleTextRole
    (first, whole), gate.waiting = gate.waiting, []
    first[1](first[0](None))
    assert source.asked == [("first", 128)]
    assert numbers(model, 0)[:2] == ["INC-0", "INC-1"]
    assert model.index(0, 0).data(spoken) == "a"
    whole[1](whole[0](None))
    assert shown == [(128, False, True), (600, True, False)]
    assert model.rowCount() == 2
    assert model.index(0, 0).data(spoken) == "a, 300 incidents"
    assert source.asked == [("first", 128), ("count", 0)]  # the page was here already


def test_a_key_makes_the_questions_of_the_key_before_cost_nothing(qtbot) -> None:
    gate, source = Gate(), begun()
    model = make_model(source, gate)
    model.show_query(ListQuery("p"))
    model.show_query(ListQuery("pr"))
    gate.let_through()
    assert source.asked == [("first", 128), ("count", 0)]
    assert model.query == ListQuery("pr")
    assert model.total == 600


def test_a_folded_band_does_not_hide_the_first_rows(qtbot) -> None:
    source = begun()
    model = make_model(source)
    model.collapsed.add("a")
    model.show_query(ListQuery())
    assert ("first", 128) not in source.asked
    assert numbers(model, 1)[0] == "INC-300"


def test_the_model_works_with_real_threads(qtbot) -> None:
    class Desk:
        def close(self) -> None:
            pass

    jobs = JobRunner(Desk)
    model = make_model(MillionRows(5000), jobs)
    with qtbot.waitSignal(model.changed):
        model.show_query(FLAT)
    assert model.rowCount() == 5000
    index = model.index(4999, 0)
    qtbot.waitUntil(lambda: model.row(index) is not None)
    assert model.row(index).number == "INC-5000"
    assert jobs.shutdown(5)


def test_a_clock_that_ran_out_says_so_in_words(qtbot) -> None:
    rows = [
        make_row(1, due_ms=NOW_MS - 26 * HOUR),
        make_row(2, due_ms=NOW_MS + 4 * 60_000 + 5_000),
        make_row(3, due_ms=0, paused=True),
        make_row(4, due_ms=0),
        make_row(5, due_ms=0, stopped=True),
        make_row(6, due_ms=0, stopped=True, breached=True),
        make_row(7, due_ms=NOW_MS + 26 * HOUR),
    ]
    model = make_model(ListOfRows({"": ("", rows)}))
    model.show_query(FLAT)
    sla = model.keys.index("sla")
    said = [model.index(at, sla).data() for at in range(7)]
    assert said == ["−1d 2h", "4m 05s", "Paused", "No target", "Met", "Missed", "1d 2h"]
