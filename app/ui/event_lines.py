"""One JSON line on standard output per event that a person can see, when the environment asks.

A test of the real window waits for these facts and not for seconds (ux.md 12). Off unless
INCIDENT_DESK_EVENTS is set; nothing that a person typed is printed, only ids, numbers and counts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.system.thread_turns import queued_s

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QWidget

    from app.domain.changes import ChangeSet
    from app.domain.notification import Notice
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Message

BEAT_MS = 5
BLOCK_MS = 50
"""A longer stretch without serving anybody is told of (ux.md 12)."""
VARIABLE = "INCIDENT_DESK_EVENTS"


def asked_for() -> bool:
    """Tell whether this run prints its events."""
    return bool(os.environ.get(VARIABLE))


def tell(event: str, **facts: object) -> None:
    """Print one line, when this run prints its events."""
    if asked_for():
        sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
        sys.stdout.flush()


class EventLines(QObject):
    """Prints what happens in a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.queue.model.changed.connect(self._on_list_changed)
        window.bench.said.connect(self._on_said)
        window.bench.bus.published.connect(self._on_published)
        window.queue.tree.first_painted.connect(self._on_list_painted)
        window.raised.connect(self._on_raised)
        window.after_paint.add(self._follow_incidents, before_keys=True)
        window.installEventFilter(self)
        window.sharing_told.connect(self._on_sharing_told)
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._beaten, self._used, self._queued = time.monotonic(), time.thread_time(), queued_s()
        self._beat.start()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def _on_sharing_told(self, told: object) -> None:
        state = getattr(told, "state", getattr(told, "code", ""))
        waiting = getattr(told, "waiting", 0)
        line = self._window.status.saved.text()
        self.write("sharing", state=state, waiting=waiting, line=line)

    def _on_beat(self) -> None:
        """Tell of each stretch in which this thread served nobody, and of what it was made.

        It worked, it queued for a processor, and slept the rest: in a call, or for a lock.
        """
        now, used, queued = time.monotonic(), time.thread_time(), queued_s()
        stood_ms = round((now - self._beaten) * 1000)
        if stood_ms > BLOCK_MS:
            self.write(
                "blocked",
                ms=stood_ms,
                worked_ms=round((used - self._used) * 1000),
                queued_ms=round((queued - self._queued) * 1000),
            )
        self._beaten, self._used, self._queued = now, used, queued

    def _follow_incidents(self) -> None:
        self._window.pages.incident_changed.connect(self._on_incident_changed)
        self._window.notifier.told.connect(self._on_told)

    def write(self, event: str, **facts: object) -> None:
        """Print one line."""
        sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
        sys.stdout.flush()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of the window being shown and of dialogs that cover it."""
        if watched is not self._window:
            if event.type() == QEvent.Type.WindowActivate:
                watched.removeEventFilter(self)
                self._say_opened(watched)
        elif event.type() == QEvent.Type.Show:
            self.write("window_shown")
        elif event.type() == QEvent.Type.WindowBlocked:
            self._on_blocked()
        elif event.type() == QEvent.Type.WindowUnblocked:
            self.write("dialog_closed")
        return super().eventFilter(watched, event)

    def _on_blocked(self) -> None:
        """Tell of a dialog once it takes keys: what is typed before goes to nobody."""
        dialog = _top_dialog()
        if dialog is None or dialog.isActiveWindow():
            self._say_opened(dialog)
        else:
            dialog.installEventFilter(self)

    def _say_opened(self, dialog: QObject | None) -> None:
        self.write("dialog_opened", kind=type(dialog).__name__)

    def _on_told(self, notices: tuple[Notice, ...]) -> None:
        self.write("notified", kinds=[str(one.kind) for one in notices])

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Tell what has the focus by the name that a screen reader says, never by its text."""
        from PySide6.QtGui import QAccessible  # its many codes take 4 ms of the start to make

        face = None if now is None else QAccessible.queryAccessibleInterface(now)
        if face is not None:
            self.write("focus_moved", name=face.text(QAccessible.Text.Name))

    def _on_list_changed(self) -> None:
        self.write("list_shown", total=self._window.queue.total())

    def _on_list_painted(self) -> None:
        self.write("list_painted", total=self._window.queue.total())

    def _on_said(self, message: Message) -> None:
        self.write("said", tone=message.tone, undo=message.undo)

    def _on_published(self, changes: ChangeSet) -> None:
        self.write("changed", kinds=sorted(changes.kinds), numbers=list(changes.numbers))

    def _on_raised(self, number: str) -> None:
        self.write("raised", number=number)

    def _on_incident_changed(self) -> None:
        pages = self._window.pages
        shown = pages.front.incident
        self.write("incident_shown", number=shown.number if shown else "", page=pages.is_open)


def _top_dialog() -> QDialog | None:
    from PySide6.QtWidgets import QDialog

    found = QApplication.activeModalWidget()
    return found if isinstance(found, QDialog) else None
