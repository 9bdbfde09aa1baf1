"""One window a profile: a second start hands what it was asked for to the first, and ends.

The first holds a lock file for as long as it lives; the system lets go of it when it dies, however
that happens, so that a crash never keeps anybody out. The command line needs no lock: it works
beside the window (cli.md). Qt's network module is loaded after the first paint, and by a second
start.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLockFile, QObject, Qt

from app.domain.errors import NotFoundError
from app.services import browsing
from app.system.faults import MachineError

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.main_window import MainWindow

ANSWER_S = 8.0
"""How long a second start waits for the first, which may itself be starting."""
PACKAGE_ENDING = ".incidents"
"""Of a file of incidents that a double click hands over, which is looked at as an import."""
_LONGEST = 4_096
_LONGEST_PATH = 100
"""Bytes that the name of a socket may have on every Unix."""


class Seat:
    """The right to be the window of a profile."""

    def __init__(self, lock: Path) -> None:
        self._path = lock
        self._lock = QLockFile(str(lock))
        self._lock.setStaleLockTime(0)  # a window is open for days; only its death frees the place

    def take(self) -> bool:
        """Take the place; False when a living window has it.

        Where no lock can be made the place counts as free: the window says what is wrong there.
        """
        if self._lock.tryLock(0):
            return True
        if self._lock.error() != QLockFile.LockError.LockFailedError:
            return True
        # The system gave the number of a dead process to another one: nobody holds the file.
        return self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def take_or_hand_over(self, number: str, answer_s: float = ANSWER_S) -> bool:
        """Take the place, or let the window that has it come to the front and show an incident.

        Returns:
            True when this is the window now, False when the other one answered.

        Raises:
            MachineError: another window has the place and does not answer.
        """
        until = time.monotonic() + answer_s
        while not self.take():
            if self._knock(number, until):
                return False
            if time.monotonic() >= until:
                raise MachineError(
                    "Incident Desk is open on this profile already and does not answer"
                    f"{self._process()}. Close that window, or end its process, and start again.",
                    code="window_open",
                )
            time.sleep(0.1)  # it is just starting, or just ending
        return True

    def _knock(self, number: str, until: float) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        if sys.platform == "win32":
            import ctypes

            ctypes.windll.user32.AllowSetForegroundWindow(-1)
        socket = QLocalSocket()
        socket.connectToServer(address(self._path))
        if not socket.waitForConnected(500):
            return False
        socket.write(json.dumps({"open": number}).encode() + b"\n")
        socket.flush()
        return socket.waitForReadyRead(max(int((until - time.monotonic()) * 1000), 1))

    def leave(self) -> None:
        """Give the place to the next."""
        self._lock.unlock()

    def _process(self) -> str:
        """Return who holds the place, in words; nothing where the system does not say."""
        told: Any = self._lock.getLockInfo()
        number = next((part for part in told if type(part) is int), 0) if told else 0
        return f" (process {number})" if number else ""


def address(lock: Path) -> str:
    """Return where the window of a profile can be spoken to: beside its lock, else by a name."""
    place = str(lock.with_suffix(".socket"))
    if os.name == "posix" and len(os.fsencode(place)) <= _LONGEST_PATH:
        return place
    import hashlib  # not before the first list is painted

    return f"incident-desk-{hashlib.sha256(os.fsencode(lock)).hexdigest()[:24]}"


class Door(QObject):
    """Where later starts knock: the window comes to the front and shows what they ask for."""

    def __init__(self, window: MainWindow, lock: Path) -> None:
        super().__init__(window)
        from PySide6.QtNetwork import QLocalServer

        self._window, self._wanted = window, ""
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(address(lock))  # of a window that died: this one has the lock
        self.open = self._server.listen(address(lock))
        self._server.newConnection.connect(self._on_connected)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.close)

    def answer(self, number: str) -> None:
        """Come to the front and show an incident."""
        bring_to_front(self._window)
        self.show_number(number)
        self._window.raised.emit(number)

    def show_number(self, number: str) -> None:
        """Show an incident by its number, or what is in a package; say so when there is none."""
        self._wanted = number
        if number.lower().endswith(PACKAGE_ENDING):
            from app.ui.importing.import_dialog import ImportDialog

            dialog = ImportDialog(self._window.bench, parent=self._window)
            dialog.open()
            dialog.open_file(number)
        elif number:
            self._window.bench.read(
                lambda desk: _found(desk, number), self._on_found, key="knocked"
            )

    def close(self) -> None:
        """Hear nobody any more."""
        self._server.close()

    def _on_connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._on_ready)
            if socket.canReadLine():
                self._hear(socket)

    def _on_ready(self) -> None:
        self._hear(self.sender())

    def _hear(self, socket: Any) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST:
                socket.abort()
            return
        number = read_message(bytes(socket.readLine(_LONGEST).data()))
        if number is None:
            socket.abort()
            return
        socket.write(b"shown\n")
        socket.flush()
        socket.disconnectFromServer()
        self.answer(number)

    def _on_found(self, uid: EntityId | None) -> None:
        if uid is not None:
            self._window.bench.open_incident(uid, reveal=True)
        else:
            words = self.tr("There is no incident {0} here.")
            self._window.bench.say(words.format(self._wanted), "warn")


def read_message(line: bytes) -> str | None:
    """Return the number that a later start sends, "" for none; None when it is no message."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    number = told.get("open") if isinstance(told, dict) else None
    return number if isinstance(number, str) else None


def _found(desk: Desk, number: str) -> EntityId | None:
    try:
        return browsing.find(desk, number)
    except NotFoundError:
        return None


def bring_to_front(window: QWidget) -> None:
    """Show a window above the others, also when it was minimised, and give it the keyboard."""
    state = window.windowState() & ~Qt.WindowState.WindowMinimized
    window.setWindowState(state | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
