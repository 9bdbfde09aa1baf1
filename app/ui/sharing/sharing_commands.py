"""The commands of sharing: its dialog, and F5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class SharingCommands(QObject):
    """Registers and runs them for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window

    def register(self, actions: Actions) -> None:
        """Add the commands to the menu of tools."""
        tr = self.tr
        actions.add(
            "tools.sharing",
            tr("Sharing with the team..."),
            self.open_sharing,
            menu="tools",
            icon="users",
            aliases=("share", "folder", "postgresql", "join", "leave", "hub doctor"),
        )
        actions.add(
            "tools.health",
            tr("What is to be known about sharing..."),
            self.open_health,
            menu="tools",
            icon="stethoscope",
            aliases=("health", "notes", "hub doctor", "offline"),
        )
        actions.add(
            "tools.move_team",
            tr("Move the team to another place..."),
            self.open_move,
            menu="tools",
            icon="arrow-right",
            aliases=("switch storage", "change folder", "hub", "follow the team"),
        )
        actions.add(
            "tools.sync",
            tr("Sync now"),
            self._on_sync,
            ["F5"],
            menu="tools",
            icon="refresh-cw",
        )

        actions.add(
            "help.sharing", tr("How sharing works"), self.open_help, menu="help", icon="users"
        )

    def open_help(self) -> None:
        """Show what is safe and what is not."""
        from app.ui.sharing.help_dialog import SharingHelp

        SharingHelp(self._window).open()

    def open_sharing(self) -> None:
        """Open the dialog; the sample data is shared with nobody."""
        if self._window.keeper is None:
            self._bench.say(self.tr("The sample data is not shared: nothing in it is real."))
            return
        from app.ui.sharing.sharing_dialog import SharingDialog

        dialog = SharingDialog(self._bench, self._window)
        dialog.move_requested.connect(self.open_move)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def open_move(self) -> None:
        """Open the dialog that moves the team, or follows it."""
        keeper = self._window.keeper
        if keeper is None or keeper.last is None or not keeper.last.shared:
            self._on_sync()  # which says how to begin
            return
        from app.ui.sharing.move_dialog import MoveDialog

        dialog = MoveDialog(self._bench, self._window)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def open_health(self) -> None:
        """Show what happened, when, and what to do."""
        from app.ui.sharing.health_dialog import HealthDialog

        keeper = self._window.keeper
        error = None if keeper is None else keeper.error
        dialog = HealthDialog(self._bench, self._window, error)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self, _result: int) -> None:
        self._sync()

    def _on_sync(self) -> None:
        keeper = self._window.keeper
        if keeper is None or keeper.last is None or not keeper.last.shared:
            self._bench.say(
                self.tr("You share with nobody. Begin with Tools, Sharing with the team.")
            )
            return
        self._sync()

    def _sync(self) -> None:
        if self._window.keeper is not None:
            self._window.keeper.sync_now()
