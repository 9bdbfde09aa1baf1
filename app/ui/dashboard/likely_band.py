"""The band of the likeliest recurring problem: what recurs, the arithmetic, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.services import dashboard, patterns, problems
from app.ui import icons, theme
from app.ui.pattern_words import group_words

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.patterns import Recurring
    from app.ui.workbench import Workbench


class LikelyBand(QFrame):
    """Hidden while nothing recurs more than chance."""

    list_requested = Signal(str)
    opened = Signal(object)
    """A problem was opened from the pattern: the `ChangeSet` that made it."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._group = ""
        self.setProperty("kind", "likely")
        self._mark = QLabel(self)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_button = QPushButton(self)
        self.show_button.setProperty("kind", "ghost")
        icons.bind(self.show_button, "list")
        self.open_button = QPushButton(self.tr("Open a problem"), self)
        self.open_button.setProperty("kind", "ghost")
        self.dismiss_button = QPushButton(self.tr("Dismiss"), self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(12)
        layout.addWidget(self._mark)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.show_button)
        layout.addWidget(self.open_button)
        layout.addWidget(self.dismiss_button)
        self.show_button.clicked.connect(self._on_show)
        self.open_button.clicked.connect(self._on_open)
        self.dismiss_button.clicked.connect(self._on_dismiss)
        theme.current().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    def read(self) -> None:
        """Look for the likeliest pattern, after the figures are on the page."""
        self._bench.read(problems.likeliest, self._on_read, key="dashboard-pattern")

    def _on_read(self, found: Recurring | None) -> None:
        self.setVisible(found is not None)
        if found is None:
            return
        pattern = found.pattern
        self._group = str(pattern.group)
        text = self.tr("Likely problem: {0} incidents of the last 7 days share {1}.")
        self.text.setText(text.format(pattern.count, group_words(pattern.group)))
        self.text.setToolTip(pattern.arithmetic())
        self.text.setAccessibleDescription(pattern.arithmetic())
        self.show_button.setText(self.tr("Show the {0}").format(pattern.count))
        self.show_button.setToolTip(pattern.arithmetic())

    def _on_show(self) -> None:
        self.list_requested.emit(dashboard.filter_of_pattern(self._group))

    def _on_open(self) -> None:
        group = self._group
        self._bench.write(lambda desk: problems.open_from_pattern(desk, group), self._on_opened)

    def _on_opened(self, changes: ChangeSet) -> None:
        self.opened.emit(changes)

    def _on_dismiss(self) -> None:
        group = self._group
        self._bench.write(lambda desk: patterns.dismiss(desk, group))

    def _on_theme_changed(self) -> None:
        now = theme.current()
        self._mark.setPixmap(icons.pixmap("repeat", now.tokens.accent, now.px(16)))
        self.text.setFont(now.font("body", 550))
