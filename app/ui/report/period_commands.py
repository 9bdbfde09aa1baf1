"""The command that makes the report of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class PeriodCommands(QObject):
    """Registers and runs it for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window

    def register(self, actions: Actions) -> None:
        """Add the command to the menu of tools."""
        actions.add(
            "tools.period_report",
            self.tr("Period report..."),
            self.open_dialog,
            menu="tools",
            icon="chart-no-axes-column",
            aliases=("trend", "statistics", "month", "quarter", "sla", "workload", "pdf"),
        )

    def open_dialog(self) -> None:
        """Ask for the period."""
        from app.ui.report.period_dialog import PeriodDialog

        PeriodDialog(self._bench, parent=self._window).open()
