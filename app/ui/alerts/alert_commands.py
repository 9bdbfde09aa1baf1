"""The command that opens the alerts that were kept and not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class AlertCommands(QObject):
    """Registers and runs it for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window

    def register(self, actions: Actions) -> None:
        """Add the command to the menu of tools."""
        actions.add(
            "tools.held_alerts",
            self.tr("Held alerts..."),
            self.open_quarantine,
            menu="tools",
            icon="bell",
            aliases=("quarantine", "monitoring", "payload", "webhook"),
        )

    def open_quarantine(self) -> None:
        """Open the alerts that were kept and not taken."""
        from app.ui.alerts.alert_quarantine_dialog import AlertQuarantineDialog

        dialog = AlertQuarantineDialog(self._bench, self._window)
        dialog.taken.connect(self._window.watch.look)
        dialog.open()
