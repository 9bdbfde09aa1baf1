"""The command that writes the form for users' own reports; keeps the reading of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.report_form.reports_keeper import ReportsKeeper
    from app.ui.workbench import Workbench


class FormCommands(QObject):
    """Registers and runs it for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self.reading: ReportsKeeper | None = None

    def register(self, actions: Actions) -> None:
        """Add the command to the menu of tools."""
        actions.add(
            "tools.report_form",
            self.tr("Form for users' reports..."),
            self.open_form,
            menu="tools",
            icon="file-text",
            aliases=("intranet", "report form", "html", "self-service"),
        )

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Read users' reports where a folder of them is set, while the window is open."""
        from app.ui.report_form.reports_keeper import ReportsKeeper

        self.reading = ReportsKeeper(self._bench, self._window)
        self.reading.settings_requested.connect(self._open_settings)
        self.reading.start(open_desk)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.reading.stop)

    def _open_settings(self) -> None:
        self._window.window_commands.open_settings("reports.folder")

    def open_form(self) -> None:
        """Ask where reports go, and write the page."""
        from app.ui.report_form.form_dialog import FormDialog

        FormDialog(self._bench, self._window).open()
