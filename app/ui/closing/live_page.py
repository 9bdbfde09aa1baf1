"""The real first page of the closure report, made anew 300 ms after the last key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.reports import pages
from app.services import reporting
from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from app.reports.pages import PageImage
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

REDRAW_MS = 300
_POINTS_WIDE, _POINTS_HIGH = 595, 842


class LivePage(QLabel):
    """Painted in the reader lane; a newer page replaces one that is still being made."""

    counted = Signal(int)
    """How many pages the report has now."""

    def __init__(
        self,
        workbench: Workbench,
        number: str,
        typed: Callable[[], dict[str, Any]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._number, self._typed = workbench, number, typed
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName(self.tr("First page of the closure report"))
        self.setWordWrap(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REDRAW_MS)
        self._soon.timeout.connect(self.redraw)

    def redraw_soon(self) -> None:
        """Make the page anew when the keys have rested."""
        self._soon.start()

    def redraw(self) -> None:
        """Make the page anew with what stands in the fields."""
        number, typed, ratio = self._number, self._typed(), self.devicePixelRatioF()
        # The whole page, whichever of width and height is the tighter; one px is its edge.
        across = max(self.width() - 2, 100) / _POINTS_WIDE
        down = max(self.height() - 2, 100) / _POINTS_HIGH
        scale = min(across, down) * ratio

        def painted(desk: Desk) -> tuple[PageImage, int]:
            report = reporting.report_bytes(desk, number, typed=typed)
            return pages.render_page(report, 0, scale), pages.page_count(report)

        self._bench.read(painted, self._on_painted, self._on_failed, key="live-page")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the page anew for another width."""
        super().resizeEvent(event)
        self.redraw_soon()

    def _on_painted(self, made: tuple[PageImage, int]) -> None:
        image, count = made
        picture = QImage(image.data, image.width, image.height, QImage.Format.Format_RGB32).copy()
        painter = QPainter(picture)
        painter.setPen(theme.current().colour("control"))
        painter.drawRect(0, 0, picture.width() - 1, picture.height() - 1)
        painter.end()
        shown = QPixmap.fromImage(picture)
        shown.setDevicePixelRatio(self.devicePixelRatioF())
        self.setPixmap(shown)
        self.counted.emit(count)

    def _on_failed(self, error: Exception) -> None:
        self.setText(str(getattr(error, "message", error)))
