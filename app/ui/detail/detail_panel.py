"""The detail pane beside the list: head and fields above, tabs and composer below them."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.detail.incident_panel import IncidentPanel


class DetailPanel(IncidentPanel):
    """The pane at the right."""

    def arrange(self, page: QWidget) -> None:
        """Place everything below one another, the lists as tabs."""
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.header)
        layout.addWidget(self.grid)
        for widget in (self.timeline, self.similar, self.files, self.checks):
            self.tabs.addTab(widget, "")
        self.tabs.setCornerWidget(self.choice.button(self.tabs))
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.composer)
