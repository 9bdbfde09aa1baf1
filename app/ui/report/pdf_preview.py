"""A finished PDF as it will be printed: its first pages, and where to save it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.reports import pages
from app.ui.report.page_list import PageList

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reports.pages import PageImage
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_SIZE, _POINTS_WIDE, _SCROLL = (760, 820), 612, 96
SHOWN_PAGES = 60
"""Pages that are painted: each takes some megabytes, and a long report has hundreds."""


class Shown(NamedTuple):
    """What is shown: the PDF, its number of pages, a name for its file, a title."""

    content: bytes
    pages: int
    name: str
    title: str


class PdfPreview(QDialog):
    """Pages of the report, painted one by one in the reader lane; Ctrl+S saves it as a PDF."""

    def __init__(
        self,
        workbench: Workbench,
        shown: Shown,
        write: Callable[[Desk, Path], object],
        parent: QWidget | None = None,
    ) -> None:
        """Show a PDF; `write` saves it to a path, in the store lane."""
        super().__init__(parent)
        self._bench, self._write = workbench, write
        self._content, self._name, self._count = shown.content, shown.name, shown.pages
        count = self._count
        self.setWindowTitle(shown.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workbench.theme.fit(self, *_SIZE)
        self.pages: list[QListWidgetItem] = []
        words = self.tr("Pages: {0}").format(count)
        if count > SHOWN_PAGES:
            words = self.tr("Pages: {0}; the first {1} are shown here, the PDF has all.").format(
                count, SHOWN_PAGES
            )
        self.words = QLabel(words, self)
        self.words.setProperty("tone", "quiet")
        self.words.setWordWrap(True)
        self.save = QPushButton(self.tr("Save as PDF..."), self)
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self._on_save)
        QShortcut(QKeySequence("Ctrl+S"), self, self._on_save)
        self.area = PageList(self)
        self.area.setProperty("ground", "canvas")
        self.area.setAccessibleName(self.tr("Pages of the report"))
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.addWidget(self.area, 1)
        layout.addLayout(foot)
        self._ratio = self.devicePixelRatioF()
        self._scale = (self.width() - _SCROLL) / _POINTS_WIDE * self._ratio
        self.area.setFocus()
        self._paint_next()

    def save_to(self, path: Path) -> None:
        """Write the report to a file and say where it is."""
        act = self._write

        def write(desk: Desk) -> Path:
            act(desk, path)
            return path

        self._bench.write(write, self._on_saved, self._on_failed, quiet=True)

    def _paint_next(self) -> None:
        """Ask for the next page; others may read between two."""
        index, content, scale = len(self.pages), self._content, self._scale
        if index < min(self._count, SHOWN_PAGES):
            self._bench.read(
                lambda _desk: pages.render_page(content, index, scale),
                self._on_painted,
                self._on_failed,
                key="pdf-page",
            )

    def _on_painted(self, image: PageImage) -> None:
        picture = QImage(image.data, image.width, image.height, QImage.Format.Format_RGB32).copy()
        shown = QPixmap.fromImage(picture)
        shown.setDevicePixelRatio(self._ratio)
        name = self.tr("Page {0} of {1}").format(len(self.pages) + 1, self._count)
        self.pages.append(self.area.add_page(shown, name))
        self._paint_next()

    def _on_save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the report"), str(Path.home() / self._name), "PDF (*.pdf)"
        )
        if path:
            self.save_to(Path(path))

    def _on_saved(self, path: Path) -> None:
        self.words.setText(self.tr("Saved as {0}").format(path))

    def _on_failed(self, error: Exception) -> None:
        self.words.setText(str(getattr(error, "message", error)))
