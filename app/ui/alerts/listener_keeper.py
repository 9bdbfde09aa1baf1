"""Keeps the process that listens for alerts, and says in the status bar how that goes.

The process ends when its standard input is closed, so it never outlives the window, however that
ends. What it wrote is read from the journal, as any other foreign change. GUI thread.
"""

from __future__ import annotations

import json
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal
from PySide6.QtWidgets import QPushButton

from app.services import listening
from app.system.autostart import own_command
from app.ui import icons

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from app.domain.changes import ChangeSet
    from app.services.listening import Listener
    from app.ui.workbench import Workbench

_log = logging.getLogger(__name__)
OFF, STARTING, LISTENING, FAILED = "off", "starting", "listening", "failed"
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 1_000, 60_000
_LAST_MS = 3_000
_LOOK_MS = 250
_MOST_SAID = 4_000


class ListenerKeeper(QObject):
    """One for each window's profile; nothing is shown while it is switched off."""

    changed = Signal(str)
    """How it stands: off, starting, listening, failed."""
    came = Signal()
    """Alerts were written."""
    settings_requested = Signal()

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = bench
        self._wanted: Listener | None = None
        self._process: QProcess | None = None
        self._pause_ms = FIRST_PAUSE_MS
        self._places: list[str] = []
        self._errors = self._problem = ""
        self._stopped = False
        self.state = OFF
        self.status = QPushButton(window)
        self.status.setProperty("kind", "plain")
        self.status.hide()
        self.status.clicked.connect(self.settings_requested)
        window.statusBar().addWidget(self.status)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._begin)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_MS)
        self._soon.timeout.connect(self.came)
        bench.bus.published.connect(self._on_published)

    @property
    def process_id(self) -> int:
        """Return the number of the listening process, 0 while there is none."""
        return 0 if self._process is None else int(self._process.processId())

    @property
    def places(self) -> list[str]:
        """Return where it is listened."""
        return list(self._places)

    def start(self) -> None:
        """Listen from now on, where that is switched on."""
        self._bench.run_long(listening.wanted, self._on_wanted, self._on_refused)

    def stop(self) -> None:
        """End the process after what it has in hand; by force when it does not end."""
        self._stopped = True
        self._end()

    def _on_published(self, changes: ChangeSet) -> None:
        if "setting" in changes.kinds and not self._stopped:
            self.start()

    def _on_wanted(self, wanted: Listener | None) -> None:
        if self._stopped or (wanted == self._wanted and self._process is not None):
            return
        self._end()
        self._wanted, self._pause_ms = wanted, FIRST_PAUSE_MS
        if wanted is None:
            self._note("")
            self._show(OFF)
        else:
            self._begin()

    def _on_refused(self, error: Exception) -> None:
        self._end()
        self._wanted = None
        self._fail(str(getattr(error, "message", error)))

    def _begin(self) -> None:
        if self._wanted is None or self._stopped:
            return
        self._places, self._errors = [], ""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert(listening.TOKEN_VARIABLE, self._wanted.token)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_error_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_process_error)
        self._process = process
        if self.state != FAILED:
            self._show(STARTING)
        program, *words = own_command()
        process.start(program, [*words, *self._wanted.words])

    def _end(self) -> None:
        self._again.stop()
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)  # its end is wanted, and no failure
        process.closeWriteChannel()
        if not process.waitForFinished(_LAST_MS):
            process.kill()
            process.waitForFinished(_LAST_MS)
        process.deleteLater()

    def _on_output(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            line = bytes(process.readLine().data())
            try:
                told = json.loads(line)
            except ValueError:
                _log.info("The listener said what is no event: %r", line[:200])
                continue
            self._on_event(told)

    def _on_event(self, told: dict[str, Any]) -> None:
        event = told.get("event")
        if event == "listening":
            self._places.append(str(told.get("at", "")))
            self._pause_ms = FIRST_PAUSE_MS
            self._note("")
            self._show(LISTENING)
        elif event == "failed":
            self._note(str(told.get("reason", "")))
            self._bench.say(str(told.get("reason", "")), "danger")
        elif not self._soon.isActive():
            self._soon.start()

    def _on_error_output(self) -> None:
        if self._process is not None:
            said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self._errors = (self._errors + said)[-_MOST_SAID:]

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._errors = self.tr("The program for it cannot be started: repair the installation.")
            self._on_finished(1, QProcess.ExitStatus.NormalExit)

    def _on_finished(self, code: int, how: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        lines = [line for line in self._errors.splitlines() if line.strip()]
        if lines and code and how is QProcess.ExitStatus.NormalExit:
            self._fail(lines[-1].strip())
        else:
            self._fail(self.tr("The listener for alerts has ended. It is started again."))
        self._again.start(self._pause_ms)
        self._pause_ms = min(2 * self._pause_ms, LONGEST_PAUSE_MS)

    def _fail(self, problem: str) -> None:
        if problem != self._problem:
            self._bench.say(problem, "danger")
        self._note(problem)
        self._show(FAILED)

    def _note(self, problem: str) -> None:
        if problem != self._problem or self.state == OFF:
            self._bench.write(partial(listening.note_problem, problem=problem), quiet=True)
        self._problem = problem

    def _show(self, state: str) -> None:
        text, icon, tone = {
            STARTING: (self.tr("The listener starts"), "bell", "text2"),
            LISTENING: (self.tr("Alerts are taken here"), "bell", "text2"),
            FAILED: (self.tr("Alerts cannot be taken"), "circle-alert", "danger"),
        }.get(state, ("", "bell", "text2"))
        self.state = state
        self.status.setVisible(bool(text))
        self.status.setText(text)
        self.status.setAccessibleName(text)
        self.status.setToolTip(self._problem if state == FAILED else "\n".join(self._places))
        icons.bind(self.status, icon, tone, 14)
        self.changed.emit(state)
