"""A team at work: edits beside a pull, news among three, a window beside a pull, joining (sync.md).

Each limit is measured in the same run: an edit with nobody beside it, the poll interval, the 50 ms
of ux.md, and a plain copy of the replica's file that is opened and counted; beside it stands the
same copy with its file and its hash chains checked, which nobody may leave out (sync.md).
"""

from __future__ import annotations

import itertools
import queue
import shutil
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6

from app.services import exchanging, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import backup, journal, remote
from app.storage.store import Store
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.benchmarks import made_database
from tests.benchmarks.telling import p95, processor_ms, tell, tell_amount
from tests.benchmarks.test_sync_speed import NOW, written
from tests.simulation.station import Clock
from tests.storage.published import pieces

if TYPE_CHECKING:
    from pathlib import Path

    from app.sync.worker import Worker

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(0)]

INCIDENTS = min(made_database.ROWS, 100_000)
SWITCH_S = 0.0005
POLL_S = 1.0
EDITS = 60


def p99(values: list[float]) -> float:
    return sorted(values)[min(int(len(values) * 0.99), len(values) - 1)]


def test_an_edit_beside_a_pull_of_ten_thousand_rows(
    tmp_path: Path, capsys: Any, record_property: Any
) -> None:
    source, rows = written(tmp_path / "source.sqlite", 5_000)
    path = tmp_path / "target.sqlite"
    target = Store(path, Clock(NOW))
    with journal.write(target, bytes(16), "log") as action:
        uid = action.create("incident", {"number": "OWN-1", "title": "own", "priority": "P3"})
    for piece in pieces(source):
        if piece.first < rows[0].sseq:
            remote.apply(target, piece)
    first = next(piece for piece in pieces(source) if piece.first >= rows[0].sseq)
    halves = (tuple(rows[:5_000]), tuple(rows[5_000:]))  # as segments come
    waiting = [
        first._replace(changes=half, previous=before)
        for half, before in zip(halves, (first.previous, halves[0][-1].hash), strict=True)
    ]
    counter = itertools.count()

    def edit() -> float:
        begun = time.perf_counter()
        with journal.write(target, bytes(16), "edit") as action:
            action.set("incident", uid, "title", f"title {next(counter)}")
        return (time.perf_counter() - begun) * 1000

    idle = [edit() for _ in range(400)]
    done = threading.Event()

    def pull() -> None:
        other = Store(path, Clock(NOW))
        for piece in waiting:
            remote.apply(other, piece)
        other.close_thread()
        done.set()

    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)  # as a window does
    puller = threading.Thread(target=pull)
    beside: list[float] = []
    begun = time.perf_counter()
    puller.start()
    while not done.is_set():
        beside.append(edit())
        time.sleep(0.005)  # a person who is very quick
    took = time.perf_counter() - begun
    puller.join()
    sys.setswitchinterval(usual)
    halfway = {
        name: sorted(values)[len(values) // 2] for name, values in (("i", idle), ("b", beside))
    }
    with capsys.disabled():
        print(
            f"\n  {len(rows)} rows pulled in {took:.2f} s beside {len(beside)} edits; "
            f"p50 {halfway['b']:.2f} ms (idle {halfway['i']:.2f}), "
            f"p90 {sorted(beside)[len(beside) * 9 // 10]:.1f} ms, longest {max(beside):.1f} ms"
        )
    tell(
        capsys,
        record_property,
        "edit p99 while 10,000 rows are pulled / idle",
        p99(beside),
        p99(idle),
        3.0,
    )


def test_news_reach_three_stations(tmp_path: Path, capsys: Any, record_property: Any) -> None:
    share = tmp_path / "share"
    desks = [open_desk(Profile(tmp_path / name), SystemClock(), person=name) for name in "abc"]
    sharing.create(desks[0], str(share))
    for desk in desks[1:]:
        sharing.join(desk, str(share))
    heard: queue.Queue[tuple[int, Any, float]] = queue.Queue()
    workers: list[Worker] = []
    for number, desk in enumerate(desks):

        def told(outcome: Any, number: int = number) -> None:
            heard.put((number, outcome, time.perf_counter()))

        def opened(profile: Profile = desk.profile) -> Desk:
            return open_desk(profile, SystemClock(), person="x")

        workers.append(exchanging.worker(opened, told, poll_s=POLL_S))
        workers[-1].start()
    spent = []
    for turn in range(EDITS):
        writer = turn % 3
        quick_logging.log_lines(desks[writer], [f"incident {turn}"])
        begun = time.perf_counter()
        workers[writer].wake()
        missing = {0, 1, 2} - {writer}
        at = begun
        while missing:
            number, outcome, when = heard.get(timeout=60)
            if getattr(outcome, "pulled", 0) and number in missing and when >= begun:
                missing.discard(number)
                at = when
        spent.append((at - begun) * 1000)
        time.sleep(turn * 0.137 % POLL_S)  # not in step with the polls
    for worker in workers:
        assert worker.stop()
    for desk in desks:
        count: Any = desk.connection.execute("SELECT count(*) FROM incident").get
        assert count == EDITS
        desk.close()
    tell(
        capsys,
        record_property,
        "three stations on one folder equal again, p95 / poll interval",
        p95(spent),
        POLL_S * 1000,
        3.0,
    )


def incidents_of(store: Store) -> int:
    found: Any = store.connection.execute("SELECT count(*) FROM incident").get
    return int(found)


def test_a_new_station_joins_a_team_of_a_hundred_thousand_incidents(
    tmp_path: Path, capsys: Any, record_property: Any
) -> None:
    founder = open_desk(Profile(tmp_path / "founder"), SystemClock(), person="Ana")
    for start in range(0, INCIDENTS, 500):
        with journal.write(founder.store, founder.person.id, "log") as action:
            for number in range(start, start + 500):
                title = f"printer {number} down on floor {number % 40}"
                value = {"number": f"OLD-{number:06d}", "title": title, "priority": "P3"}
                action.create("incident", value)
    share = tmp_path / "share"
    sharing.create(founder, str(share))
    sharing.sync(founder)
    (snapshot,) = (share / "snap").glob("*.sqlite")
    joins, copies, proofs = [], [], []
    for turn in range(3):
        target = tmp_path / f"copy{turn}.sqlite"

        def copy(target: Path = target) -> None:
            shutil.copyfile(snapshot, target)
            plain = Store(target, SystemClock())
            assert incidents_of(plain) == INCIDENTS
            plain.close_thread()

        desk = open_desk(Profile(tmp_path / f"new{turn}"), SystemClock(), person=f"New {turn}")

        def join(desk: Desk = desk) -> None:
            sharing.join(desk, str(share))
            assert incidents_of(desk.store) == INCIDENTS

        copies.append(processor_ms(copy))
        proofs.append(processor_ms(partial(backup.prove, target, indexes=False)))
        joins.append(processor_ms(join))
        desk.close()
    founder.close()
    what = f"joining a team of {INCIDENTS:,} incidents ({snapshot.stat().st_size >> 20} MB), CPU / "
    for limit, words in (
        (min(copies), "plain copy and open of its replica"),
        (min(copies) + min(proofs), "the same with what sync.md has checked before it is read"),
    ):
        tell(capsys, record_property, what + words, min(joins), limit, 3.0)


def test_the_window_beside_a_pull_of_ten_thousand_rows(
    tmp_path: Path, capsys: Any, record_property: Any
) -> None:
    pytest.importorskip("PySide6.QtWidgets")
    from PySide6.QtTest import QTest

    from app.ui.application import _application
    from app.ui.change_bus import ChangeBus
    from app.ui.jobs import JobRunner
    from app.ui.main_window import MainWindow
    from app.ui.theme import Theme
    from tests.benchmarks.test_window_speed import Watchdog, turn, until

    share = str(tmp_path / "share")
    ana = open_desk(Profile(tmp_path / "ana"), SystemClock(), person="Ana")
    sharing.create(ana, share)
    jon = open_desk(Profile(tmp_path / "jon"), SystemClock(), person="Jon")
    sharing.join(jon, share)
    for start in range(0, 10_000, 500):
        with journal.write(jon.store, jon.person.id, "log") as action:
            for number in range(start, start + 500):
                value = {"number": f"X-{number}", "title": f"disk {number} full", "priority": "P2"}
                action.create("incident", value)

    theme = Theme(_application())
    theme.apply()
    profile = ana.profile
    jobs = JobRunner(lambda: open_desk(profile, SystemClock(), person="Ana"))
    window = MainWindow(jobs, ChangeBus(), theme)
    window.resize(1440, 900)
    window.show()
    QTest.qWaitForWindowExposed(window)
    until(lambda: window.after_paint.is_done)
    window.keep_in_step(lambda: open_desk(profile, SystemClock(), person="Ana"))
    keeper = window.keeper
    assert keeper is not None
    until(lambda: keeper.last is not None and keeper.last.state == "in_sync", 60)
    idle = Watchdog()
    turn(2_000)
    rest = idle.stop()["longest_ms"]
    sharing.sync(jon)
    dog = Watchdog()
    begun = time.perf_counter()
    keeper.sync_now()

    def rows() -> int:
        found: Any = ana.connection.execute("SELECT count(*) FROM incident").get
        return int(found)

    while rows() < 10_000 and time.perf_counter() - begun < 300:
        turn(100)
    took = time.perf_counter() - begun
    turn(2_500)  # and while the lists show what came
    figures = dog.stop()
    longest = figures["longest_ms"]
    assert rows() == 10_000
    with capsys.disabled():
        print(
            f"\n  10,000 rows pulled in {took:.1f} s under an open window; idle {rest:.0f} ms; "
            f"this thread itself worked {figures['own_ms']:.0f} ms at most in one stretch"
        )
    window.close()
    shiboken6.delete(window)  # or its timers would ask lanes that are closed
    jobs.shutdown()
    for desk in (ana, jon):
        desk.close()
    tell_amount(
        capsys, record_property, "longest block of the window while 10,000 rows come", longest, 50
    )
