"""The icon beside the system's clock (in the menu bar on a Mac): shows notifications, opens again.

Where the system has no such place, the list behind the bell holds them all. GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.ui import icons, theme

SHOWN_MS = 10_000


class Tray(QObject):
    """One icon for the program, with a short menu."""

    open_requested = Signal()
    message_clicked = Signal()
    pause_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None

    def is_available(self) -> bool:
        """Tell whether this system has a place for the icon now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_icon(self, shown: bool) -> None:
        """Show the icon where there is a place for it, or take it away."""
        if not shown or not self.is_available():
            if self._icon is not None:
                self._icon.hide()
            return
        if self._icon is None:
            self._make()
        if self._icon is not None:
            self._icon.show()

    def say(self, headline: str, text: str, *, urgent: bool) -> bool:
        """Show a notification; tell whether there is a place for it."""
        self.show_icon(True)
        if self._icon is None or not self._icon.isVisible():
            return False
        kind = QSystemTrayIcon.MessageIcon
        mark = kind.Warning if urgent else kind.Information
        self._icon.showMessage(headline, text, mark, SHOWN_MS)
        return True

    def show_new(self, words: str) -> None:
        """Say in the tooltip what is new."""
        if self._icon is not None:
            self._icon.setToolTip(words)

    def _make(self) -> None:
        self._icon = QSystemTrayIcon(self._drawn(), self)
        self._icon.setToolTip("Incident Desk")
        self._menu = QMenu()
        for text, signal in (
            (self.tr("Open Incident Desk"), self.open_requested),
            (self.tr("Pause notifications 1 h"), self.pause_requested),
            (self.tr("Quit"), self.quit_requested),
        ):
            action = QAction(text, self)
            action.triggered.connect(signal)
            self._menu.addAction(action)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.message_clicked)
        theme.current().changed.connect(self._on_theme_changed)

    def _drawn(self) -> QIcon:
        icon = QIcon(icons.pixmap("life-buoy", theme.current().tokens.accent, 32, 2.0))
        icon.setIsMask(True)  # a Mac draws it in the colour of its menu bar
        return icon

    def _on_theme_changed(self) -> None:
        if self._icon is not None:
            self._icon.setIcon(self._drawn())

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.open_requested.emit()
