"""The detail pane beside the list: head and fields above, tabs and composer below them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.ui import icons
from app.ui.detail.incident_panel import IncidentPanel, chain_tabs


class DetailPanel(IncidentPanel):
    """The pane at the right; the fields that are wanted less often take the place of the tabs."""

    def arrange(self, page: QWidget) -> None:
        """Place everything below one another, the lists as tabs."""
        self.fold = QPushButton(page)
        self.fold.setProperty("kind", "link")
        self.fold.setCheckable(True)
        self.fold.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.fold.toggled.connect(self._on_folded)
        scroll = QScrollArea(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget(scroll)
        inner.setProperty("ground", "surface")
        self._rest = QVBoxLayout(inner)
        self._rest.setContentsMargins(0, 0, 0, 0)
        self._rest.setSpacing(10)
        scroll.setWidget(inner)
        for widget in (self.timeline, self.similar, self.files, self.checks):
            self.tabs.addTab(widget, "")
        self.tabs.setCornerWidget(self.choice.button(self.tabs))
        self.beneath = QStackedWidget(page)
        self.beneath.addWidget(self.tabs)
        self.beneath.addWidget(scroll)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.header)
        layout.addWidget(self.grid)
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.beneath, 1)
        layout.addWidget(self.composer)
        self._on_folded(False)

    def reading_order(self) -> list[QWidget]:
        """Return the parts from the top."""
        rest: list[QWidget] = [self.more, self.texts] if self._rest.count() else []
        return [self.header, self.grid, self.fold, self.tabs, *rest, self.composer]

    def _on_folded(self, unfolded: bool) -> None:
        if unfolded and not self._rest.count():
            self._rest.addWidget(self.more)
            self._rest.addWidget(self.texts)
            self._rest.addStretch(1)
            chain_tabs(self.reading_order())
        self.beneath.setCurrentIndex(int(unfolded))
        self.fold.setText(self.tr("Back to the timeline") if unfolded else self.tr("All fields"))
        icons.bind(self.fold, "chevron-up" if unfolded else "chevron-down", "link", size=12)
