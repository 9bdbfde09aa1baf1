"""Opens every screen once and takes its picture: the part of the self-test that needs Qt.

GUI thread only. A screen that does not open, and anything that goes wrong in a slot meanwhile, is a
failure; nobody has to look.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.application import window_on
from app.ui.notifications.notice_panel import NoticePanel
from app.ui.palette.palette import Palette
from app.ui.sharing.sharing_dialog import SharingDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow

SCREENS = (
    *("file.new", "file.import", "file.drafts", "file.export_view", "file.backup"),
    *("view.columns", "view.save", "app.palette", "app.settings"),
    *("help.keys", "help.sharing", "help.about"),
    *("tools.health", "tools.verify", "tools.period_report", "tools.outbox"),
    *("tools.notifications", "tools.new_problem", "tools.new_article"),
    *("go.problems", "go.knowledge", "go.dashboard"),
    *("incident.page", "incident.open", "incident.assign", "incident.resolve", "incident.report"),
    *("incident.review", "incident.redact", "incident.link", "incident.merge"),
)
"""The commands that open a screen, of every part of the program."""
PATIENCE_MS = 3_000
_TURN_MS = 40


class _Watcher(QObject):
    """Sees what opens, pictures it and closes it again, also where a command waits for a dialog."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        super().__init__()
        self._window, self._folder = window, folder
        self._usual = frozenset[QWidget]()
        self._name = self.shown = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._on_turn)

    def watch(self, name: str) -> None:
        """Begin to look for what this command opens."""
        self._usual, self._name, self.shown = frozenset(_visible()), name, ""
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _on_turn(self) -> None:
        self._timer.stop()  # closing may turn the event loop
        for part in _visible():
            if part not in self._usual and part is not self._window:
                self._take(part)
                part.close()
        overs: list[Palette | NoticePanel] = [
            *self._window.findChildren(Palette),
            *self._window.findChildren(NoticePanel),
        ]
        for over in overs:
            if over.isVisible():
                self._take(over)
                over.close_quietly()
        pages = self._window.pages
        if pages.other is not None:
            self._take(pages.other)
            pages.close()
        elif pages.is_open:
            self._take(self._window)
            pages.close()
        self._timer.start()

    def _take(self, part: QWidget) -> None:
        picture = part.grab()
        if picture.save(str(self._folder / f"{self._name}.png")):
            self.shown = type(part).__name__


def open_every_screen(open_desk: Callable[[], Desk], folder: Path) -> dict[str, Any]:
    """Open each screen; return the class of each by its command, and what went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    window, desk = window_on(open_desk)
    failures: list[str] = []
    usual_hook, sys.excepthook = sys.excepthook, _keeper(failures)
    watcher = _Watcher(window, folder)
    opened: dict[str, str] = {}
    try:
        for name in SCREENS:
            failures += [f"{name}: {line}" for line in _open_one(window, watcher, name)]
            opened[name] = watcher.shown
        # Its command refuses the sample data, which is shared with nobody.
        watcher.watch("tools.sharing")
        SharingDialog(window.bench, window).open()
        failures += _wait_for(watcher)
        opened["tools.sharing"] = watcher.shown
    finally:
        sys.excepthook = usual_hook
        watcher.stop()
        window.close()
        desk.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return {"screens": opened, "failures": failures}


def _open_one(window: MainWindow, watcher: _Watcher, name: str) -> list[str]:
    """Run one command and wait for what it opens; return what is wrong."""
    watcher.watch(name)
    if not window.actions_.run(name):
        return [f"cannot run: {window.actions_[name].reason}"]
    return _wait_for(watcher)


def _wait_for(watcher: _Watcher) -> list[str]:
    for _ in range(PATIENCE_MS // _TURN_MS):
        _turn()
        if watcher.shown:
            return []
    return ["nothing opened"]


def _keeper(failures: list[str]) -> Callable[..., None]:
    def keep(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
        failures.append(f"{type(error).__name__}: {error}")

    return keep


def _visible() -> list[QWidget]:
    return [part for part in QApplication.topLevelWidgets() if part.isVisible()]


def _turn() -> None:
    loop = QEventLoop()
    QTimer.singleShot(_TURN_MS, loop.quit)
    loop.exec()
