"""Says at a start that the program failed before: what is known, and what may be done with it.

Nothing is sent anywhere. It lies beside the window and holds nobody up. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.system import crash_notes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

_SHOWN = 5
"""So many of the newest files are shown; the folder has them all."""


class CrashWindow(QDialog):
    """Shows crash files once: Copy, Open folder, Forget."""

    def __init__(self, paths: Sequence[Path], folder: Path, parent: QWidget | None = None) -> None:
        """Take the files that were not told yet, the newest first."""
        super().__init__(parent)
        self._paths, self._folder = list(paths), folder
        self.setWindowTitle(self.tr("Incident Desk failed before"))
        self.said = QLabel(
            self.tr(
                "The program met a fault of its own before this start. What was saved is safe. "
                "The report below holds versions, where it happened and the end of the program's "
                "log; what a message quotes is left out. It stays on this computer: look through "
                "it before you send it on."
            ),
            self,
        )
        self.said.setWordWrap(True)
        self.details = QPlainTextEdit(crash_notes.text_of(self._paths[:_SHOWN]), self)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(self.tr("Crash report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        role = QDialogButtonBox.ButtonRole
        self.copy = QPushButton(self.tr("Copy"), self)
        self.open_folder = QPushButton(self.tr("Open folder"), self)
        self.forget = QPushButton(self.tr("Forget"), self)
        self.forget.setToolTip(self.tr("Removes the report from this computer."))
        buttons.addButton(self.copy, role.ActionRole)
        buttons.addButton(self.open_folder, role.ActionRole)
        buttons.addButton(self.forget, role.DestructiveRole)
        for button in (self.copy, self.open_folder, self.forget):
            button.setAutoDefault(False)  # Enter closes, it forgets nothing
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.said)
        layout.addWidget(self.details, 1)
        layout.addWidget(buttons)
        self.copy.clicked.connect(self._on_copy)
        self.open_folder.clicked.connect(self._on_open_folder)
        self.forget.clicked.connect(self._on_forget)
        buttons.rejected.connect(self.reject)
        self.resize(620, 400)

    def showEvent(self, event: QShowEvent) -> None:
        """Note that these were told, now that they are."""
        super().showEvent(event)
        crash_notes.mark_told(self._folder, self._paths)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())

    @Slot()
    def _on_open_folder(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))):
            self.said.setText(self.tr("The reports are in {0}.").format(self._folder))

    @Slot()
    def _on_forget(self) -> None:
        if crash_notes.forget(self._paths):
            self.accept()
        else:
            self.said.setText(
                self.tr("A report cannot be removed from {0}: remove it there.").format(
                    self._folder
                )
            )
