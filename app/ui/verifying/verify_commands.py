"""The command that verifies a report, and the drop that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.verifying.pdf_drop import PdfDrop
    from app.ui.verifying.verify_dialog import VerifyDialog
    from app.ui.workbench import Workbench


class VerifyCommands(QObject):
    """Registers and runs it for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._drop: PdfDrop | None = None

    def register(self, actions: Actions) -> None:
        """Add the command to the menu of tools, and take PDFs that are dropped on the window."""
        from app.ui.verifying.pdf_drop import PdfDrop

        actions.add(
            "tools.verify",
            self.tr("Verify a report..."),
            self._on_verify,
            menu="tools",
            icon="clipboard-check",
            aliases=("check", "signature", "genuine", "pdf", "checksum"),
        )
        self._drop = PdfDrop(self._window)
        self._drop.dropped.connect(self.verify)

    def verify(self, path: Path) -> None:
        """Open the dialog on a file."""
        self._dialog().verify(path)

    def _on_verify(self) -> None:
        self._dialog()

    def _dialog(self) -> VerifyDialog:
        from app.ui.verifying.verify_dialog import VerifyDialog

        dialog = VerifyDialog(self._bench, self._window)
        dialog.open()
        return dialog
