"""The line above the list: which view it is, how many it holds, its filter, and what starts anew.

While several incidents are chosen the bulk bar, its second page, takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from app.ui import icons

if TYPE_CHECKING:
    from app.ui.incidents.filter_field import FilterField


class QueueHeader(QStackedWidget):
    """Name, count, filter, columns and New incident; or the bulk bar."""

    reset_requested = Signal()
    save_requested = Signal()
    save_as_requested = Signal()
    columns_requested = Signal()
    new_requested = Signal()

    def __init__(self, filter_field: FilterField, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setProperty("kind", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.count_label = QLabel(self)
        self.count_label.setProperty("tone", "quiet")
        self.reset = QPushButton(self.tr("Modified"), self)
        self.reset.setProperty("kind", "link")
        self.reset.setAccessibleName(self.tr("View modified: save, save as or reset"))
        self.reset.setToolTip(self.tr("View modified: save, save as or reset"))
        self.reset.hide()
        ways = QMenu(self.reset)
        self.save = ways.addAction(self.tr("Save"), self.save_requested.emit)
        self.save_as = ways.addAction(
            self.tr("Save as\N{HORIZONTAL ELLIPSIS}"), self.save_as_requested.emit
        )
        self.back = ways.addAction(self.tr("Reset"), self.reset_requested.emit)
        self.reset.setMenu(ways)
        self.columns_button = QToolButton(self)
        self.columns_button.setProperty("kind", "outlined")
        icons.bind(self.columns_button, "columns-3", size=18)
        self.columns_button.setAccessibleName(self.tr("Columns"))
        self.columns_button.setToolTip(self.tr("Columns (Ctrl+Shift+L)"))
        self.new = QPushButton(self.tr("New incident"), self)
        self.new.setProperty("kind", "primary")
        icons.bind(self.new, "plus", "on_accent")
        head = QWidget(self)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for part in (self.title, self.count_label, self.reset):
            line.addWidget(part)
        line.addSpacing(4)
        line.addWidget(filter_field, 1)
        line.addWidget(self.columns_button)
        line.addWidget(self.new)
        self.addWidget(head)
        across = self.sizePolicy().horizontalPolicy()
        self.setSizePolicy(across, self.new.sizePolicy().verticalPolicy())
        self.columns_button.clicked.connect(self.columns_requested)
        self.new.clicked.connect(self.new_requested)

    def show_modified(self, modified: bool, *, saved: bool) -> None:
        """Offer to save or reset a view that was changed; only saved views can be overwritten."""
        self.reset.setVisible(modified)
        self.save.setVisible(saved)

    def show_bulk(self, several: bool) -> None:
        """Show the bulk bar in place of the header, or take it away."""
        self.setCurrentIndex(1 if several else 0)
