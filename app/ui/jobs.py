"""Keep the GUI thread free: every call into the store runs in one of three lanes, each one thread.

`on_store` is the lane of writes, in the order given, none lost at the end of the program.
`on_reader` is the lane of lists: the newest request of a key replaces older ones that wait, and
makes the answer of one that runs worthless; an urgent one stops what runs. `on_long` is the lane of
imports, exports and backups, so that neither an edit nor a list ever waits for one; what runs there
commits in batches and has a brake of its own. Each lane opens its own context (desk, connection) in
its own thread on first use and closes it there. The runner owns all signals, so answers arrive on
the GUI thread (house.md, measured facts); a receiver that has been deleted gets nothing.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.system.courtesy import foremost, load_courteously
from app.ui.lanes import Job, Lane, Receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.ui.lanes import Context

SWITCH_S = 0.0001
"""How long a lane may keep the interpreter while this thread waits for it.

Painting asks Python some hundred times a frame, and waits each time: beside an import the window
stood still for 60 to 77 ms with 0.5 ms, and for 27 to 51 ms with this. Less gains nothing: the
threads then spend their time on handing over.
"""


class Jobs(Protocol):
    """Run work away from the screen; `JobRunner` in the program, `InlineJobs` in tests."""

    def on_store(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Write: call `fn(context)` after all earlier writes, then `done(result)` here."""

    def on_reader(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        key: Hashable | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        """Read: as `on_store`, in the other lane; a newer request of the same key replaces it.

        An `urgent` one goes before all that wait, and stops what runs: that is done again later.
        """

    def on_long(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Take long: as `on_store`, one after the other, in a lane that nothing else waits for."""


class JobRunner(QObject):
    """The lanes of the running program.

    `crashed` carries a failure that nobody asked for; `busy_changed` tells whether a write waits.
    """

    crashed = Signal(object)
    busy_changed = Signal(bool)
    _finished = Signal(object)

    def __init__(
        self,
        open_context: Callable[[], Context],
        parent: QObject | None = None,
        *,
        idle: Callable[[Any], int] | None = None,
    ) -> None:
        """Make the lanes; `idle(context)` does a piece of what can wait, and returns 0 for none."""
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_S)
        load_courteously()
        self._serial = 0
        self._writes = 0
        self._newest: dict[Hashable, int] = {}
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._store = Lane("store", open_context, self._finished.emit, idle)
        self._reader = Lane("reader", open_context, self._finished.emit)
        self._long = Lane("long", open_context, self._finished.emit)

    def on_store(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Write: call `fn(context)` after all earlier writes, then `done(result)` here."""
        job = self._job(fn, done, failed, None, write=True)
        self._store.put(job)
        self._count_writes(+1)

    def on_reader(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        key: Hashable | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        """Read: as `on_store`, in the other lane; a newer request of the same key replaces it."""
        job = self._job(fn, done, failed, key, write=False)
        job.urgent = urgent
        if key is not None:
            self._newest[key] = job.serial
        self._reader.put(job)

    def on_long(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Take long: as `on_store`, one after the other, in a lane that nothing else waits for."""
        self._long.put(self._job(fn, done, failed, None, write=False))

    @property
    def busy(self) -> bool:
        """Tell whether a write is on its way."""
        return self._writes > 0

    def shutdown(self, timeout_s: float = 30.0) -> bool:
        """Finish all writes, drop waiting reads and close all contexts; tell whether all ended."""
        ended = [
            lane.close(drain=False, timeout_s=timeout_s) for lane in (self._reader, self._long)
        ]
        return self._store.close(drain=True, timeout_s=timeout_s) and all(ended)

    def _job(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        key: Hashable | None,
        *,
        write: bool,
    ) -> Job:
        self._serial += 1
        return Job(fn, _receiver(done), _receiver(failed), key, self._serial, write)

    def _count_writes(self, change: int) -> None:
        was = self.busy
        self._writes += change
        if self.busy != was:
            self.busy_changed.emit(self.busy)

    @Slot(object)
    def _on_finished(self, job: Job) -> None:
        if job.write:
            self._count_writes(-1)
        if job.key is not None:
            if self._newest.get(job.key) != job.serial:
                return
            del self._newest[job.key]
        with foremost:
            deliver(job.result, job.error, job.done, job.failed, self.crashed.emit)


def deliver(
    result: object,
    error: Exception | None,
    done: Receiver | None,
    failed: Receiver | None,
    crashed: Callable[[Exception], object],
) -> None:
    """Hand a result or a failure to its receiver; a failure without one goes to `crashed`."""
    if error is None:
        if done is not None:
            done(result)
    elif failed is None:
        crashed(error)
    else:
        failed(error)


def _receiver(method: Callable[[Any], object] | None) -> Receiver | None:
    return None if method is None else Receiver(method)


class InlineJobs(QObject):
    """The same interface without threads, for tests: each job runs at once."""

    crashed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, context: object = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.busy = False

    def on_store(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Run the write now."""
        self._run(fn, _receiver(done), _receiver(failed))

    def on_reader(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        key: Hashable | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        """Run the read now; the key has nothing to replace."""
        del key, urgent
        self._run(fn, _receiver(done), _receiver(failed))

    def on_long(
        self,
        fn: Callable[[Any], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Run it now."""
        self._run(fn, _receiver(done), _receiver(failed))

    def shutdown(self, timeout_s: float = 30.0) -> bool:
        """Do nothing: nothing waits."""
        del timeout_s
        return True

    def _run(
        self, fn: Callable[[Any], Any], done: Receiver | None, failed: Receiver | None
    ) -> None:
        result, error = None, None
        try:
            result = fn(self._context)
        except Exception as raised:
            error = raised
        deliver(result, error, done, failed, self._crash)

    def _crash(self, error: Exception) -> None:
        raise error
