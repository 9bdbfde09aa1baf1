"""Looks at the team's version file once a day, on a thread of its own, and when somebody asks.

Whether it is time is asked in the store lane; the file is read on a thread that nothing waits for,
because a share may hang; what it says is kept in the store lane and told by the notifier. A look
that fails by itself is a line of the log, one that was asked for is a sentence. GUI thread only.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import KnownError
from app.services import updates
from app.system.faults import MachineError

if TYPE_CHECKING:
    from app.domain.version_note import VersionNote
    from app.services.updates import Source
    from app.ui.main_window import MainWindow

EVERY_MS = 3_600_000
"""How often it is asked whether a day has gone by."""

_log = logging.getLogger(__name__)


class _Read(NamedTuple):
    asked: bool
    note: VersionNote | None = None
    error: Exception | None = None


class VersionWatch(QObject):
    """One for each window."""

    _was_read = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._bench = window, window.bench
        self._thread: threading.Thread | None = None
        self._every = QTimer(self)
        self._every.setInterval(EVERY_MS)
        self._every.timeout.connect(self.look)
        self._was_read.connect(self._on_read)
        window.settings.changed.connect(self._on_setting_changed)

    def start(self) -> None:
        """Look from now on, when it is wanted and a day has gone by."""
        self._every.start()
        self.look()

    def look(self) -> None:
        """Look at the file unless that was done today."""
        if self._window.settings["updates.source"] != "off":
            self._bench.write(updates.due, self._on_due, self._on_failed, quiet=True)

    def check(self) -> None:
        """Look at the file now and say what it says."""
        self._bench.read(updates.source, self._on_source, key="version_file")

    def _on_setting_changed(self, key: str) -> None:
        if key in {"updates.source", "updates.address"} and self._every.isActive():
            self.look()

    def _on_due(self, where: Source | None) -> None:
        if where is not None:
            self._read(where, asked=False)

    def _on_source(self, where: Source | None) -> None:
        if where is None:
            self._bench.say(
                self.tr(
                    'The team wants no notices of new versions: choose under "Tell of new '
                    'versions" where the version file is.'
                )
            )
        else:
            self._read(where, asked=True)

    def _read(self, where: Source, *, asked: bool) -> None:
        if self._thread is not None and self._thread.is_alive():
            if asked:
                self._bench.say(self.tr("The version file is being read."))
            return
        self._thread = threading.Thread(
            target=partial(self._run, where, asked), name="version", daemon=True
        )
        self._thread.start()

    def _run(self, where: Source, asked: bool) -> None:
        try:
            found = _Read(asked, updates.read(where))
        except Exception as error:
            found = _Read(asked, error=error)
        with suppress(RuntimeError):  # the window is gone meanwhile
            self._was_read.emit(found)

    def _on_read(self, found: _Read) -> None:
        error, note = found.error, found.note
        if error is not None and not isinstance(error, KnownError | MachineError):
            raise error
        if found.asked:
            if error is not None:
                self._bench.say_error(error)
            elif note is not None:
                self._bench.say(updates.sentence(note), "ok")
        elif error is not None:
            self._on_failed(error)
        if note is not None:
            self._bench.write(
                partial(updates.take, note=note), self._on_taken, self._on_failed, quiet=True
            )

    def _on_taken(self, is_new: bool) -> None:
        if is_new:
            self._window.notifier.look()

    def _on_failed(self, error: Exception) -> None:
        _log.info("The version file could not be looked at: %s", error)
