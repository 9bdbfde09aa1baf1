"""What every screen is given: the way to the store, the bus, the theme and the person's ear.

A screen never keeps a desk. It asks the workbench to write or read in a lane, and hears the answer
in a bound method. A write that worked is published on the bus before the screen hears of it, and
said in a toast that can undo it; a refusal of the world is said in its own sentence, and a bug goes
on to the error dialog. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.domain.changes import ChangeSet
from app.domain.errors import KnownError
from app.system.faults import MachineError
from app.ui.lanes import Receiver
from app.ui.said import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.domain.incident import EntityId
    from app.domain.standing import Present
    from app.services.desk import Desk
    from app.ui.change_bus import ChangeBus
    from app.ui.jobs import Jobs
    from app.ui.theme import Theme


class Message(NamedTuple):
    """One sentence for the toast: `undo` offers to take it back, `incident` to open that one.

    With `draft`, Undo opens the draft of that key again instead. It stays `least_s` at least.
    """

    text: str
    tone: str = "info"
    undo: bool = False
    incident: EntityId | None = None
    draft: str = ""
    least_s: float = 0


class Workbench(QObject):
    """The lanes, the bus and the theme, and what any screen may ask of the window."""

    said = Signal(object)
    """A `Message` for the toast."""
    open_requested = Signal(object, bool)
    """An incident (EntityId) to show in the detail pane, and whether the list goes to it too."""
    command_requested = Signal(str)
    """A command of the registry, by its id (see actions.py), for the incidents selected now."""
    written_requested = Signal(str, object)
    """An "article" or a "problem" to show, by its id (EntityId)."""
    met = Signal()
    """Others of the team came, went, or look at something else: see `present`."""
    read_only_changed = Signal(str)
    """Why nothing can be written now, "" when it can."""

    def __init__(
        self, jobs: Jobs, bus: ChangeBus, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.jobs, self.bus, self.theme = jobs, bus, theme
        self._tasks: set[_Task] = set()
        self.present: tuple[Present, ...] = ()
        """Who else of the team has a window open now: a hint, never a lock."""
        self.read_only = ""

    def write(
        self,
        act: Callable[[Desk], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Run a service in the store lane; publish its `ChangeSet`, say it, then call `done`.

        `quiet` keeps the toast away. `failed` takes a known error; without it a toast says it.
        """
        task = _Task(self, done, failed, quiet=quiet)
        self._tasks.add(task)
        self.jobs.on_store(act, task.on_written, task.on_failed)

    def read(
        self,
        fn: Callable[[Desk], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object] | None = None,
        *,
        key: Hashable | None = None,
    ) -> None:
        """Run a question in the reader lane; a newer one of the same key replaces it."""
        if failed is None:
            self.jobs.on_reader(fn, done, self._on_read_failed, key)
        else:
            self.jobs.on_reader(fn, done, failed, key)

    def run_long(
        self,
        fn: Callable[[Desk], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Run an import, an export or a backup in its own lane; no edit and no list waits for it.

        A `ChangeSet` is published without a toast. `failed` takes a known error, as in `write`.
        """
        task = _Task(self, done, failed, quiet=True)
        self._tasks.add(task)
        self.jobs.on_long(fn, task.on_written, task.on_failed)

    def say(
        self,
        text: str,
        tone: str = "info",
        *,
        undo: bool = False,
        incident: EntityId | None = None,
        draft: str = "",
        least_s: float = 0,
    ) -> None:
        """Show one sentence in the toast and tell it to a screen reader."""
        self.said.emit(Message(text, tone, undo or bool(draft), incident, draft, least_s))

    def say_error(self, error: Exception) -> None:
        """Say what the world refused; raise what is a bug of ours."""
        if not isinstance(error, KnownError | MachineError):
            raise error
        self.say(error.message, "danger")

    def meet(self, present: tuple[Present, ...]) -> None:
        """Note who else is here."""
        if present != self.present:
            self.present = present
            self.met.emit()

    def open_incident(self, uid: EntityId, *, reveal: bool = False) -> None:
        """Ask the window to show an incident; `reveal` also selects it in the list."""
        self.open_requested.emit(uid, reveal)

    def forget(self, task: _Task) -> None:
        """Let go of a write whose answer was delivered."""
        self._tasks.discard(task)

    def _on_read_failed(self, error: Exception) -> None:
        self.say_error(error)


class _Task(QObject):
    """One write on its way; it lives until its answer was delivered."""

    def __init__(
        self,
        bench: Workbench,
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        *,
        quiet: bool,
    ) -> None:
        # Without a parent: a deferred delete would race with a workbench that Python collects.
        super().__init__()
        self._bench, self._quiet = bench, quiet
        self._done = None if done is None else Receiver(done)
        self._failed = None if failed is None else Receiver(failed)

    def on_written(self, result: Any) -> None:
        """Publish, say, then hand on."""
        if isinstance(result, ChangeSet):
            self._bench.bus.publish(result)
            if not self._quiet:
                self._say(result)
        if self._done is not None:
            self._done(result)
        self._bench.forget(self)

    def on_failed(self, error: Exception) -> None:
        """Hand a known error to the screen, or say it; a bug goes on."""
        self._bench.forget(self)
        if self._failed is not None and isinstance(error, KnownError | MachineError):
            self._failed(error)
        else:
            self._bench.say_error(error)

    def _say(self, changes: ChangeSet) -> None:
        touched = changes.ids.get("incident", ())
        self._bench.say(
            sentence(changes),
            undo=changes.action is not None,
            incident=touched[0] if len(touched) == 1 else None,
        )
