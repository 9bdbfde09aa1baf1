"""Whose figures the dashboard shows: those of all teams, or of one. GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from app.services import dashboard
from app.ui import theme

if TYPE_CHECKING:
    from app.ui.workbench import Workbench

_LEAST = 5
"""Characters that stay readable however little room there is."""
_WIDEST = 190
"""Px at 100 % text size that it takes where there is room."""


class TeamChoice(QComboBox):
    """All teams, and each of them by name."""

    chosen = Signal(str)
    """Another team was chosen, "" for all."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.setAccessibleName(self.tr("Team"))
        self.setToolTip(self.tr("Figures of all teams or of one"))
        self.setMinimumContentsLength(_LEAST)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(theme.current().px(_WIDEST))
        self.addItem(self.tr("All teams"), "")
        self.currentIndexChanged.connect(self._on_index_changed)

    @property
    def team(self) -> str:
        """Return the team that is chosen, "" for all."""
        return str(self.currentData())

    def read(self) -> None:
        """Read which teams there are; the choice stays unless its team is gone."""
        self._bench.read(dashboard.teams, self._on_read, key="dashboard-teams")

    def _on_read(self, teams: list[str]) -> None:
        shown = [str(self.itemData(row)) for row in range(1, self.count())]
        if teams == shown:
            return
        before = self.team
        self.blockSignals(True)
        while self.count() > 1:
            self.removeItem(1)
        for team in teams:
            self.addItem(team, team)
        self.setCurrentIndex(max(0, self.findData(before)))
        self.blockSignals(False)
        if self.team != before:
            self.chosen.emit(self.team)

    def _on_index_changed(self, _index: int) -> None:
        self.chosen.emit(self.team)
