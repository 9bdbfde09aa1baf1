"""Three lanes, each with its own thread and context; answers arrive on the GUI thread."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, Signal

from app.domain.errors import NotFoundError
from app.ui.jobs import SWITCH_S, InlineJobs, JobRunner

if TYPE_CHECKING:
    from collections.abc import Callable


class Desk:
    opened: list[Desk] = []  # noqa: RUF012 - a log of one test

    def __init__(self) -> None:
        self.thread = threading.current_thread()
        self.closed_in: threading.Thread | None = None
        Desk.opened.append(self)

    def close(self) -> None:
        self.closed_in = threading.current_thread()


class Listener(QObject):
    got = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Any] = []
        self.errors: list[Exception] = []
        self.threads: list[QThread] = []

    def on_done(self, result: object) -> None:
        self.results.append(result)
        self.threads.append(QThread.currentThread())
        self.got.emit()

    def on_failed(self, error: Exception) -> None:
        self.errors.append(error)
        self.got.emit()


@pytest.fixture
def runner(qtbot):
    Desk.opened = []
    made = JobRunner(Desk)
    yield made
    assert made.shutdown(5)


def test_an_answer_arrives_on_the_gui_thread(runner, qtbot) -> None:
    listener = Listener()
    with qtbot.waitSignal(listener.got):
        runner.on_store(lambda desk: desk.thread.name, listener.on_done)
    assert listener.results == ["store"]
    assert listener.threads == [QCoreApplication.instance().thread()]


def test_each_lane_opens_and_closes_its_own_context_in_its_own_thread(qtbot) -> None:
    Desk.opened = []
    runner = JobRunner(Desk)
    listener = Listener()
    runner.on_store(lambda desk: 1, listener.on_done)
    runner.on_reader(lambda desk: 2, listener.on_done)
    qtbot.waitUntil(lambda: len(listener.results) == 2)
    assert runner.shutdown(5)
    assert len({desk.thread for desk in Desk.opened}) == 2
    assert all(desk.closed_in is desk.thread for desk in Desk.opened)


def test_no_context_is_opened_before_it_is_needed(qtbot) -> None:
    Desk.opened = []
    runner = JobRunner(Desk)
    assert runner.shutdown(5)
    assert Desk.opened == []


def test_writes_run_in_the_order_given_and_none_is_lost_at_shutdown(qtbot) -> None:
    runner = JobRunner(Desk)
    order: list[int] = []
    for n in range(50):
        runner.on_store(lambda desk, n=n: order.append(n))
    assert runner.busy
    assert runner.shutdown(5)
    assert order == list(range(50))


def test_a_newer_request_of_a_key_replaces_those_that_wait_and_those_that_run(
    runner, qtbot
) -> None:
    listener = Listener()
    started, gate = threading.Event(), threading.Event()
    ran: list[str] = []

    def slow(desk: Desk) -> str:
        started.set()
        gate.wait(5)
        ran.append("first")
        return "first"

    runner.on_reader(slow, listener.on_done, key="filter")
    assert started.wait(5)
    for word in ("second", "third"):
        runner.on_reader(lambda desk, w=word: (ran.append(w), w)[1], listener.on_done, key="filter")
    runner.on_reader(lambda desk: "other", listener.on_done, key="groups")
    gate.set()
    qtbot.waitUntil(lambda: len(listener.results) == 2)
    assert listener.results == ["third", "other"]
    assert ran == ["first", "third"]


def test_a_failure_is_handed_over_as_it_was_raised(runner, qtbot) -> None:
    listener = Listener()

    def missing(desk: Desk) -> None:
        raise NotFoundError("There is no INC-9.")

    with qtbot.waitSignal(listener.got):
        runner.on_reader(missing, listener.on_done, listener.on_failed)
    assert isinstance(listener.errors[0], NotFoundError)
    assert listener.results == []


def test_a_failure_that_nobody_asked_for_is_announced(runner, qtbot) -> None:
    with qtbot.waitSignal(runner.crashed) as caught:
        runner.on_store(lambda desk: 1 // 0)
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_a_context_that_cannot_be_opened_is_a_failure_and_is_tried_again(qtbot) -> None:
    answers = [OSError("no disk"), Desk()]

    def open_desk() -> Desk:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    runner = JobRunner(open_desk)
    listener = Listener()
    runner.on_store(lambda desk: 1, listener.on_done, listener.on_failed)
    runner.on_store(lambda desk: 2, listener.on_done, listener.on_failed)
    qtbot.waitUntil(lambda: listener.results == [2])
    assert str(listener.errors[0]) == "no disk"
    assert runner.shutdown(5)


def test_neither_an_edit_nor_a_list_waits_for_a_long_run(runner, qtbot) -> None:
    listener = Listener()
    gate = threading.Event()
    runner.on_long(lambda desk: gate.wait(10) and "long", listener.on_done)
    runner.on_store(lambda desk: "edit", listener.on_done)
    runner.on_reader(lambda desk: "list", listener.on_done)
    qtbot.waitUntil(lambda: len(listener.results) == 2)
    assert set(listener.results) == {"edit", "list"}
    gate.set()
    qtbot.waitUntil(lambda: listener.results[-1] == "long")


def test_a_deleted_receiver_gets_nothing(runner, qtbot) -> None:
    gone, stays = Listener(), Listener()
    gate = threading.Event()
    runner.on_store(lambda desk: gate.wait(5), gone.on_done)
    runner.on_store(lambda desk: "after", stays.on_done)
    results = gone.results
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete)
    gate.set()
    qtbot.waitUntil(lambda: stays.results == ["after"])
    assert results == []


def test_a_receiver_is_a_bound_method_of_a_qobject(runner) -> None:
    with pytest.raises(TypeError, match="bound method of a QObject"):
        runner.on_store(lambda desk: 1, lambda result: None)


def test_busy_tells_while_a_write_is_on_its_way(runner, qtbot) -> None:
    seen: list[bool] = []
    runner.busy_changed.connect(seen.append)
    listener = Listener()
    runner.on_store(lambda desk: 1, listener.on_done)
    runner.on_store(lambda desk: 2, listener.on_done)
    qtbot.waitUntil(lambda: len(listener.results) == 2)
    assert seen == [True, False]


def test_work_after_shutdown_is_refused(qtbot) -> None:
    runner = JobRunner(Desk)
    runner.shutdown(5)
    with pytest.raises(RuntimeError, match="closed"):
        runner.on_store(lambda desk: 1)


def test_inline_jobs_answer_at_once_with_the_same_interface(qapp) -> None:
    listener = Listener()
    jobs = InlineJobs("desk")
    jobs.on_store(lambda desk: desk + "!", listener.on_done)
    jobs.on_reader(lambda desk: 1 // 0, listener.on_done, listener.on_failed, key="k")
    assert listener.results == ["desk!"]
    assert isinstance(listener.errors[0], ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        jobs.on_store(lambda desk: 1 // 0)


def test_a_busy_lane_gives_the_interpreter_back_soon(runner) -> None:
    del runner
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S)


def test_an_idle_moment_of_the_store_lane_does_what_can_wait(qtbot) -> None:
    left = [2, 1, 0, 0, 0]
    asked = []

    def idle(desk: Desk) -> int:
        asked.append(threading.current_thread().name)
        return left.pop(0)

    runner = JobRunner(Desk, idle=idle)
    listener = Listener()
    runner.on_store(lambda desk: 1, listener.on_done)
    qtbot.waitUntil(lambda: len(asked) == 3)
    runner.on_reader(lambda desk: 2, listener.on_done)
    qtbot.waitUntil(lambda: listener.results == [1, 2])
    assert runner.shutdown(5)
    assert asked == ["store"] * 3


class Stoppable(Desk):
    """A desk with a statement that runs until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.stop, self.started = threading.Event(), threading.Event()

    def interrupter(self) -> Callable[[], None]:
        return self.stop.set

    def long_statement(self) -> str:
        self.started.set()
        if self.stop.wait(0.2):
            self.stop.clear()
            raise InterruptedError
        return "done"


def test_an_urgent_read_stops_what_runs_and_that_is_done_again(qtbot) -> None:
    Desk.opened = []
    jobs = JobRunner(Stoppable)
    listener = Listener()
    jobs.on_reader(lambda desk: desk.long_statement(), listener.on_done, listener.on_failed)
    jobs.on_reader(lambda desk: "waits", listener.on_done)
    qtbot.waitUntil(lambda: bool(Desk.opened) and Desk.opened[0].started.is_set())
    jobs.on_reader(lambda desk: "key", listener.on_done, key="list", urgent=True)
    qtbot.waitUntil(lambda: len(listener.results) == 3)
    assert listener.results == ["key", "done", "waits"]
    assert listener.errors == []
    assert jobs.shutdown(5)


def test_a_stopped_read_is_not_done_again_when_a_newer_one_of_its_key_waits(qtbot) -> None:
    Desk.opened = []
    jobs = JobRunner(Stoppable)
    listener = Listener()
    ran: list[str] = []

    def old(desk: Stoppable) -> str:
        ran.append("old")
        return desk.long_statement()

    jobs.on_reader(old, listener.on_done, listener.on_failed, key="list", urgent=True)
    qtbot.waitUntil(lambda: bool(Desk.opened) and Desk.opened[0].started.is_set())
    jobs.on_reader(lambda desk: "new", listener.on_done, key="list", urgent=True)
    qtbot.waitUntil(lambda: bool(listener.results))
    jobs.on_reader(lambda desk: "last", listener.on_done)
    qtbot.waitUntil(lambda: len(listener.results) == 2)
    assert listener.results == ["new", "last"]
    assert ran == ["old"]
    assert jobs.shutdown(5)
