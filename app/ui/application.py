"""Starts Qt, the two job lanes and the window; the only place that makes a QApplication."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QLocale, QObject, QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.services import browsing
from app.system import crash, crash_notes, identity
from app.system.faults import MachineError
from app.system.paths import make_private_folder
from app.ui import event_lines, language
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs, JobRunner
from app.ui.main_window import MainWindow
from app.ui.one_window import Door, Seat
from app.ui.preferences import Preferences, keep, place
from app.ui.sample_band import show_sample_band
from app.ui.settings.effects import dress
from app.ui.settings.live_settings import read_settings
from app.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from app.services.desk import Desk
    from app.ui.jobs import Jobs

_log = logging.getLogger(__name__)
PICTURE_SIZE = (1440, 900)
FIRST_LOOK_MS = 1_000
"""How long the window waits for the settings at most."""
ROOM_SHARE = 0.95
"""The part of the screen that a new window takes at most."""


class FirstLook(QObject):
    """Reads the settings in the reader lane before the window is built.

    So the first paint has the colours that were chosen, though they live in the database. The lane
    must open its desk for the first list anyway; a store that is slow or cannot be opened is not
    waited for, and the window then takes the settings when they come.
    """

    def __init__(self, jobs: Jobs) -> None:
        """Ask at once: what is made before `values` is called is made meanwhile."""
        super().__init__()
        self._values: dict[str, Any] | None = None
        self._waiting = QEventLoop(self)
        self._answered = False
        jobs.on_reader(read_settings, self._on_read, self._on_failed, key="settings")

    def values(self, timeout_ms: int = FIRST_LOOK_MS) -> dict[str, Any] | None:
        """Return every setting, or None when the store does not answer in time."""
        if not self._answered:
            QTimer.singleShot(timeout_ms, self._waiting.quit)
            self._waiting.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        return self._values

    def _on_read(self, values: dict[str, Any]) -> None:
        self._values, self._answered = values, True
        self._waiting.quit()

    def _on_failed(self, error: Exception) -> None:
        # The window asks again and says what is wrong in its own place.
        _log.info("The settings could not be read before the window: %s", error)
        self._answered = True
        self._waiting.quit()


class Bugs(QObject):
    """Brings a bug of ours, met on any thread, to the window as a dialog with its crash file."""

    met = Signal(object, object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.met.connect(self._on_met)

    def raise_anew(self, error: Exception) -> None:
        """Send a failure of a job the way of every other bug: into a file, then to the window."""
        sys.excepthook(type(error), error, error.__traceback__)

    def _on_met(self, error: BaseException, file: Path) -> None:
        self._window.show_bug(error, file)


def run(
    open_desk: Callable[[], Desk],
    *,
    kept: Path,
    crashes: Path,
    logs: Path,
    now: Callable[[], datetime],
    sample: bool,
    lock: Path,
    number: str = "",
    open_as: Callable[[str], Callable[[], Desk]] | None = None,
) -> int:
    """Open the window and return the program's exit code; 0 too when one is open and was shown.

    Args:
        open_desk: Opens a desk for the thread that calls it.
        kept: The file of what this person prefers on this computer.
        crashes: The folder for what is known about a bug.
        logs: The folder of the program's own log.
        now: The clock of this run.
        sample: Whether the profile holds the sample data, which the window says all the time.
        lock: The file that the one window of the profile locks.
        number: The incident to show, if any.
        open_as: Opens a profile that was never used for a person of this name; then the first
            minute comes before the window (ux.md 7).

    Raises:
        MachineError: a window is open on this profile and does not answer.
    """
    seat = Seat(lock)
    if open_as is None and not seat.take_or_hand_over(number):
        return 0
    application = _application()
    theme = None
    if open_as is not None:
        theme = Theme(application)
        name = _first_minute(open_as, theme, now)
        if not name:
            return 0  # whoever leaves leaves nothing behind
        open_desk = open_as(name)
        with suppress(MachineError):  # the window says what is wrong with the folder
            make_private_folder(lock.parent)
        if not seat.take_or_hand_over(number):
            return 0
    crash_notes.take_fault(crashes, now=now(), logs=logs)
    faults = crash.watch_fatal(crashes)
    jobs = JobRunner(open_desk, idle=browsing.index_some)
    look = FirstLook(jobs)
    theme = theme or Theme(application)
    preferences = Preferences(kept)
    values = look.values()
    dress(values or {}, theme)
    theme.apply()
    window = MainWindow(jobs, ChangeBus(), theme, values)
    bugs = Bugs(window)
    crash.install(crashes, now=now, logs=logs, on_crash=bugs.met.emit)
    jobs.crashed.connect(bugs.raise_anew)
    if sample:
        show_sample_band(window)
    room = window.screen().availableGeometry().size() * ROOM_SHARE
    window.resize(room.boundedTo(QSize(*PICTURE_SIZE)).expandedTo(window.minimumSize()))
    place(preferences, window)
    if event_lines.asked_for():
        event_lines.EventLines(window)
    window.show()
    window.after_paint.add(lambda: _begin_log(logs))
    if not sample:
        window.after_paint.add(lambda: window.keep_in_step(open_desk))
        window.after_paint.add(lambda: window.window_commands.mailing.start(open_desk))
        window.after_paint.add(lambda: window.window_commands.alerts.start())
        window.after_paint.add(lambda: window.window_commands.report_form.start(open_desk))
        window.after_paint.add(lambda: window.notifier.start())
        window.after_paint.add(lambda: window.versions.start())
    window.after_paint.add(lambda: open_door(window, lock, number))
    window.after_paint.add(lambda: window.hints)
    window.after_paint.add(lambda: tell_crashes(window, crashes))
    window.after_paint.add(lambda: _settle(window, application))
    code = application.exec()
    seat.leave()
    keep(preferences, window)
    jobs.shutdown()
    crash.watch_no_more(faults)
    logging.shutdown()
    return code


def tell_crashes(window: MainWindow, crashes: Path) -> None:
    """Tell once, without getting into the way, that the program stopped or failed before."""
    if untold := crash_notes.untold(crashes):
        from app.ui.crash_window import CrashWindow  # hardly ever needed

        CrashWindow(untold, crashes, window).show()


def open_door(window: MainWindow, lock: Path, number: str) -> None:
    """Let later starts reach the window, and show what this start was asked for."""
    Door(window, lock).show_number(number)


def _first_minute(
    open_as: Callable[[str], Callable[[], Desk]], theme: Theme, now: Callable[[], datetime]
) -> str:
    """Ask where the incidents are kept and who is here; return the name, "" for leaving."""
    from app.system import account
    from app.ui.welcome.welcome_window import ask

    theme.apply()
    answers = ask(
        open_as,
        account=account.full_name(),
        now_ms=lambda: int(now().timestamp() * 1000),
        shown=lambda page: event_lines.tell("welcome_shown", page=page),
    )
    return "" if answers is None else answers.name


def _begin_log(folder: Path) -> None:
    """Begin the log once the window is on the screen: nothing waits for its file."""
    from app.system.logs import start_log

    start_log(folder)


def _settle(window: MainWindow, application: QApplication) -> None:
    """Load ahead what screens will need, and look for garbage in bites from now on."""
    from app.ui.tidying import Tidying
    from app.ui.warm_up import WarmUp

    warm_up = WarmUp()
    application.aboutToQuit.connect(warm_up.stop)
    warm_up.start()
    Tidying(window)


def picture(open_desk: Callable[[], Desk], path: Path) -> bool:
    """Save a picture of the window as it opens; tell whether that worked."""
    window, desk = window_on(open_desk)
    saved = window.grab().save(str(path))
    window.close()
    desk.close()
    return saved


def window_on(open_desk: Callable[[], Desk]) -> tuple[MainWindow, Desk]:
    """Return the window, shown and whole, and its desk, both on this thread; close both."""
    application = _application()
    desk = open_desk()
    theme = Theme(application)
    jobs = InlineJobs(desk)
    values = FirstLook(jobs).values()
    dress(values or {}, theme)
    theme.apply()
    window = MainWindow(jobs, ChangeBus(), theme, values)
    window.resize(*PICTURE_SIZE)
    window.show()
    _wait_until_whole(window)
    return window, desk


def _wait_until_whole(window: MainWindow) -> None:
    """Wait until the list and the incident beside it are shown; at most ten seconds."""

    def is_whole() -> bool:
        empty = window.queue.total() == 0
        return window.after_paint.is_done and (empty or window.pages.front.incident is not None)

    waiting, looking = QEventLoop(), QTimer()
    looking.timeout.connect(lambda: waiting.quit() if is_whole() else None)
    looking.start(50)
    QTimer.singleShot(10_000, waiting, waiting.quit)
    waiting.exec()
    looking.stop()
    # Pages of the list come one turn of the event loop after their groups.
    QTimer.singleShot(300, waiting, waiting.quit)
    waiting.exec()


def _application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    identity.tell_windows()
    QGuiApplication.setDesktopFileName(identity.DESKTOP_FILE)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Incident Desk")
    language.choose_locale(QLocale.system())
    language.install(application)
    return application
