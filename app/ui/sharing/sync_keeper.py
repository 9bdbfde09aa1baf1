"""Keeps the synchronising thread of a window: starts it, wakes it after a write, says how it is.

The thread never touches a widget: what it tells arrives here by a signal of an object that lives on
the GUI thread (house.md, measured facts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import HubAwayError, KnownError
from app.services import exchanging, sharing

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import ChangeSet
    from app.domain.standing import Standing
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

WAKE_AFTER_MS = 400
"""So long after the last write the others are sent it: several quick ones go together."""
ATTEND_EVERY_MS = 1_000
"""So often it is looked whether the place answers."""
SILENT_S = 5.0
"""A place that owes one answer for so long is said not to answer."""
STOP_S = 2.0
"""How long the end of the program waits for a share that hangs."""


class SyncKeeper(QObject):
    """One for each window's profile."""

    told = Signal(object)
    """A `Standing`, or the KnownError that needs a person."""
    came = Signal()
    """Work of others has arrived."""
    _answered = Signal(object)

    def __init__(
        self, open_desk: Callable[[], Desk], bench: Workbench, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self.last: Standing | None = None
        self.error: KnownError | None = None
        """What ended the last exchange and needs a person, if anything did."""
        self._answered.connect(self._on_answered)
        self._stopped = False
        self._here = exchanging.Here()
        self._worker = exchanging.worker(open_desk, self._answered.emit, here=self._here)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAKE_AFTER_MS)
        self._soon.timeout.connect(self._on_soon)
        self._attention = QTimer(self)
        self._attention.setInterval(ATTEND_EVERY_MS)
        self._attention.timeout.connect(self._attend)
        bench.bus.published.connect(self._on_published)

    def start(self) -> None:
        """Begin to exchange, unless nothing can be written here: then there is nothing to do."""
        self._bench.read(_can_exchange, self._on_rights, self._on_unread, key="exchange-rights")

    def _on_rights(self, allowed: bool) -> None:
        if allowed and not self._stopped:
            self._worker.start()
            self._attention.start()

    def sync_now(self) -> None:
        """Exchange now, however long the pause would be."""
        self._worker.wake()

    def say_doing(self, viewing: bytes, *, writing: bool = False) -> None:
        """Let the team know which incident is in front here, b"" for none: a hint for them."""
        self._here.say(viewing, writing=writing)

    def look(self) -> None:
        """Read how sharing stands and tell it."""
        silent = self._here.silent_s() >= SILENT_S
        read = sharing.silent if silent else sharing.standing
        self._bench.read(read, self._on_standing, self._on_unread, key="standing")

    def stop(self) -> None:
        """End the thread; what it has not finished is done again next time."""
        self._stopped = True
        self._soon.stop()
        self._attention.stop()
        self._worker.stop(STOP_S)

    def _on_published(self, _changes: ChangeSet) -> None:
        self._soon.start()

    def _on_soon(self) -> None:
        self.sync_now()
        self.look()

    def _attend(self) -> None:
        """Say that the place does not answer, for as long as it does not."""
        if self._here.silent_s() >= SILENT_S:
            if self.error is None:
                self.error = HubAwayError(
                    self.tr("The shared place does not answer. Your work is kept here.")
                )
            self._bench.meet(())
            self.look()

    def _on_answered(self, outcome: object) -> None:
        self._bench.meet(getattr(outcome, "present", ()))
        self.error = outcome if isinstance(outcome, KnownError) else None
        if self.error is not None:
            self.told.emit(self.error)
            return
        if getattr(outcome, "pulled", 0):
            self.came.emit()
        self.look()

    def _on_standing(self, standing: Standing) -> None:
        self.last = standing
        self.told.emit(standing)

    def _on_unread(self, _error: Exception) -> None:
        """Leave it: the list that cannot be read says why."""


def _can_exchange(desk: Desk) -> bool:
    """Tell whether the store of this profile can take what comes."""
    return not desk.store.read_only
