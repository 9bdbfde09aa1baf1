"""The command that writes the form for users' own reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class FormCommands(QObject):
    """Registers and runs it for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window

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

    def open_form(self) -> None:
        """Ask where reports go, and write the page."""
        from app.ui.report_form.form_dialog import FormDialog

        FormDialog(self._bench, self._window).open()
