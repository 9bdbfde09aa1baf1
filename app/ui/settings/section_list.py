"""The sections of the settings at the left: one row each, pages of a section indented below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.ui import icons, theme

if TYPE_CHECKING:
    from app.domain.setting import Section

_SECTION = Qt.ItemDataRole.UserRole
_PAGE = Qt.ItemDataRole.UserRole + 1
_ICON = Qt.ItemDataRole.UserRole + 2


class SectionList(QListWidget):
    """One Tab stop; the arrows move between sections."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "nav")
        self.setAccessibleName(self.tr("Sections"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.current().changed.connect(self._dress)

    def add(self, title: str, section: Section, icon: str = "", *, page: int | None = None) -> None:
        """Add a row for a section, or for one of its pages by its number."""
        item = QListWidgetItem(title, self)
        item.setData(_SECTION, section.value)
        item.setData(_PAGE, -1 if page is None else page)
        item.setData(_ICON, icon)
        self._dress_item(item)

    def section(self) -> str:
        """Return the section of the current row."""
        item: QListWidgetItem | None = self.currentItem()
        return str(item.data(_SECTION)) if item is not None else ""

    def page(self) -> int | None:
        """Return the number of the page of the current row, None for the lines of a section."""
        item: QListWidgetItem | None = self.currentItem()
        number = int(item.data(_PAGE)) if item is not None else -1
        return None if number < 0 else number

    def choose(self, section: Section) -> None:
        """Go to the row of a section."""
        self._go(_SECTION, section.value)

    def choose_page(self, number: int) -> None:
        """Go to the row of a page."""
        self._go(_PAGE, number)

    def _go(self, role: int, value: object) -> None:
        for row in range(self.count()):
            if self.item(row).data(role) == value:
                self.setCurrentRow(row)
                return

    def _dress(self) -> None:
        for row in range(self.count()):
            self._dress_item(self.item(row))

    def _dress_item(self, item: QListWidgetItem) -> None:
        now = theme.current()
        name = item.data(_ICON)
        if name:
            item.setIcon(icons.icon(name))
        else:  # as wide as an icon, so that pages stand below the words of their section
            item.setIcon(icons.blank(now.px(16)))
            item.setForeground(now.colour("text2"))
        self.setIconSize(QSize(now.px(16), now.px(16)))
        height = max(now.px(32), self.fontMetrics().height() + 12)
        item.setSizeHint(QSize(now.px(100), height))
