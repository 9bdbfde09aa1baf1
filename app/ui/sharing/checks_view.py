"""What the hub doctor found, one line a test, passed or not in words and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.ui import icons

if TYPE_CHECKING:
    from collections.abc import Sequence


class ChecksView(QListWidget):
    """The results of `services.diagnosis.examine`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What was tested"))
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setIconSize(QSize(16, 16))
        self.setSpacing(2)
        self.setWordWrap(True)

    def show_checks(self, checks: Sequence[dict[str, Any]]) -> None:
        """Show the results, the failed ones first."""
        self.clear()
        for check in sorted(checks, key=lambda one: bool(one["ok"])):
            passed = bool(check["ok"])
            word = self.tr("passed") if passed else self.tr("failed")
            name = str(check["name"]).capitalize()
            item = QListWidgetItem(f"{name}: {word}. {check['detail']}")
            icon, tone = ("circle-check", "ok") if passed else ("circle-alert", "danger")
            item.setIcon(icons.icon(icon, tone))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.addItem(item)
        self.setCurrentRow(0)
