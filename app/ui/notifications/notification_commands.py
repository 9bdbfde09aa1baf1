"""The commands of notifications: their list, and an hour without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow


class NotificationCommands(QObject):
    """Registers them for one window; what runs them is made at the first use."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def register(self, actions: Actions) -> None:
        """Add the commands to the menu of tools."""
        actions.add(
            "tools.notifications",
            self.tr("Notifications"),
            self.open_list,
            menu="tools",
            icon="bell",
            aliases=("bell", "news", "alerts"),
        )
        actions.add(
            "tools.pause_notifications",
            self.tr("Pause notifications 1 h"),
            self.pause,
            menu="tools",
            icon="pause",
            aliases=("quiet", "do not disturb", "mute"),
        )

        actions.add(
            "help.check_version",
            self.tr("Look for a new version"),
            self.check_version,
            menu="help",
            icon="star",
            aliases=("update", "upgrade"),
        )

    def check_version(self) -> None:
        """Read the team's version file now and say what stands there."""
        self._window.versions.check()

    def open_list(self) -> None:
        """Open the list behind the bell."""
        self._window.notifier.open_list()

    def pause(self) -> None:
        """Show nothing for an hour."""
        self._window.notifier.pause()
