"""The pages of a preview with their zoom: Ctrl+= and Ctrl+- as for text. GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.ui.report.page_list import PageList
from app.ui.report.picture_print import picture_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.pages import PageImage

_STEPS = (50, 75, 100, 125, 150, 200)
_POINTS_WIDE, _EDGE = 612, 40


class PagesView(QWidget):
    """Shows pages one below the other, each painted when it comes into sight."""

    zoomed = Signal()
    """The pages are wanted at another `scale`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.percent = 100
        self.area = PageList(self)
        self.area.setProperty("ground", "canvas")
        self.area.setAccessibleName(self.tr("Pages of the report"))
        self.zoom = QLabel(self)
        self.smaller = self._button("\N{MINUS SIGN}", self.tr("Smaller"), -1)
        self.larger = self._button("+", self.tr("Larger"), 1)
        for keys, step in (("Ctrl+-", -1), ("Ctrl+=", 1), ("Ctrl++", 1), ("Ctrl+0", 0)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda step=step: self._step(step))
        bar = QHBoxLayout()
        bar.addStretch(1)
        for part in (self.smaller, self.zoom, self.larger):
            bar.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(bar)
        layout.addWidget(self.area, 1)
        self._place = 0
        self._show_percent()

    def _button(self, sign: str, name: str, step: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(sign)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self._step(step))
        return button

    def scale(self) -> float:
        """Return pixels per point at which the pages fill the width, times the zoom."""
        room = max(self.area.width() - _EDGE, 200)
        return room / _POINTS_WIDE * self.devicePixelRatioF() * self.percent / 100

    def begin(self) -> None:
        """Take away the pages that are there; the place in them is kept."""
        self._place = self.area.currentRow()
        self.area.clear()

    def add_pages(self, sizes: Sequence[tuple[float, float]], names: Sequence[str]) -> None:
        """Add pages, sized in points, that are painted when they come into sight."""
        to_pixels = self.scale() / self.devicePixelRatioF()
        for (width, height), name in zip(sizes, names, strict=True):
            size = QSize(round(width * to_pixels), round(height * to_pixels))
            item = self.area.add_blank(size, name)
            if self.area.count() - 1 == self._place:
                self.area.setCurrentItem(item)
                self.area.scrollToItem(item, PageList.ScrollHint.PositionAtTop)

    def is_near_end(self) -> bool:
        """Tell whether the last page is in sight, or the place that was kept is not there yet."""
        return self.area.is_near_end() or self._place >= self.area.count()

    def fill(self, row: int, image: PageImage, *, grey: bool) -> None:
        """Show a page as it was painted."""
        shown = QPixmap.fromImage(picture_of(image, grey=grey))
        shown.setDevicePixelRatio(self.devicePixelRatioF())
        self.area.fill(row, shown)

    def _step(self, step: int) -> None:
        place = _STEPS.index(self.percent) + step
        self.percent = _STEPS[min(max(place, 0), len(_STEPS) - 1)] if step else 100
        self._show_percent()
        self.zoomed.emit()

    def _show_percent(self) -> None:
        self.zoom.setText(f"{self.percent} %")
        self.zoom.setAccessibleName(self.tr("Size of the pages: {0} %").format(self.percent))
