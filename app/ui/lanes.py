"""A lane: one thread that calls into the store, with a context of its own and a line of jobs.

`app.ui.jobs` says which lanes there are. A lane opens its context in its own thread with its first
job and closes it there; how a job ended is told to `finished`, in the lane's thread.
"""

from __future__ import annotations

import inspect
import logging
import threading
import weakref
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import shiboken6
from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_log = logging.getLogger(__name__)


class Context(Protocol):
    """What a lane works with: a desk with its own connection, closed by its thread."""

    def close(self) -> None:
        """Release what the context holds."""


class Receiver:
    """A bound method of a QObject, held so that the object may die first."""

    __slots__ = ("_name", "_owner")

    def __init__(self, method: Callable[[Any], object]) -> None:
        """Hold a bound method; raises TypeError for anything else."""
        owner = getattr(method, "__self__", None)
        name = getattr(method, "__name__", "")
        if not isinstance(owner, QObject) or not (inspect.ismethod(method) or name):
            raise TypeError("a receiver of a job is a bound method of a QObject, never a lambda")
        self._owner = weakref.ref(owner)
        self._name = name

    def __call__(self, value: object) -> bool:
        """Call the method unless its object is gone; tell whether it was called."""
        owner = self._owner()
        if owner is None or not shiboken6.isValid(owner):
            return False
        getattr(owner, self._name)(value)
        return True


@dataclass(slots=True)
class Job:
    """A call on its way, and what became of it; `stopped` tells that its statement was stopped."""

    fn: Callable[[Any], Any]
    done: Receiver | None
    failed: Receiver | None
    key: Hashable | None
    serial: int
    write: bool
    urgent: bool = False
    stopped: bool = False
    result: Any = None
    error: Exception | None = None


class Lane:
    """One thread with its own context and its own line of jobs."""

    def __init__(
        self,
        name: str,
        open_context: Callable[[], Context],
        finished: Callable[[Job], object],
        idle: Callable[[Any], int] | None = None,
    ) -> None:
        """Make the lane; its thread starts with its first job."""
        self._open_context = open_context
        self._finished = finished
        self._idle = idle
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._started = False
        self._running: Job | None = None
        self._interrupt: Callable[[], object] | None = None

    def put(self, job: Job) -> None:
        """Take a job into the line; a newer one of a key replaces those that wait."""
        with self._changed:
            if self._closing:
                raise RuntimeError("the job lanes are closed")
            if job.key is not None:
                self._waiting = deque(j for j in self._waiting if j.key != job.key)
            if job.urgent:
                self._waiting.insert(sum(j.urgent for j in self._waiting), job)
                self._stop_running()
            else:
                self._waiting.append(job)
            if not self._started:
                self._started = True
                self._thread.start()
            self._changed.notify()

    def close(self, *, drain: bool, timeout_s: float) -> bool:
        """Finish what waits (or drop it) and end the thread; tell if it ended."""
        with self._changed:
            self._closing = True
            if not drain:
                self._waiting.clear()
            self._changed.notify()
            started = self._started
        if started:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        context: Context | None = None
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    break
                job = self._running = self._waiting.popleft()
            try:
                if context is None:
                    context = self._open_context()
                    make = getattr(context, "interrupter", None)
                    self._interrupt = None if make is None else make()
                job.result = job.fn(context)
            except Exception as error:
                job.error = error
            if self._is_put_off(job):
                continue
            try:
                self._finished(job)
            except RuntimeError:
                _log.warning("An answer came after the window was gone")
            del job
            if context is not None:
                self._rest(context)
        with self._changed:
            self._interrupt = None
        if context is not None:
            try:
                context.close()
            except Exception:
                _log.exception("A lane could not close its context")

    def _stop_running(self) -> None:
        """Stop what runs in the database; what it had read so far is read again."""
        if self._running is not None and self._interrupt is not None:
            self._running.stopped = True
            self._interrupt()

    def _is_put_off(self, job: Job) -> bool:
        """Tell whether a job was stopped on its way; it waits again unless a newer one does."""
        with self._changed:
            self._running = None
            if not job.stopped or job.error is None:
                return False
            if self._closing:
                return True  # nobody is there to hear it
            job.stopped, job.error = False, None
            if job.key is None or all(other.key != job.key for other in self._waiting):
                self._waiting.insert(sum(j.urgent for j in self._waiting), job)
            return True

    def _rest(self, context: Context) -> None:
        """Do what can wait, piece by piece, until a job comes or the program ends."""
        try:
            while (
                self._idle is not None
                and not (self._waiting or self._closing)
                and self._idle(context)
            ):
                pass
        except Exception:
            _log.exception("What was left for an idle moment failed; it stays for the next one")
