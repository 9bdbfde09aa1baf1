"""A finished PDF as it will be printed, and where to save it.

A page is painted when it comes into sight, so a report of any length can be looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.reports import pages
from app.ui.report.language_box import LanguageBox
from app.ui.report.page_list import PageList
from app.ui.report.picture_print import picture_of
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reports.pages import PageImage
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_SIZE, _POINTS_WIDE, _SCROLL = (760, 820), 612, 96


class Shown(NamedTuple):
    """What is shown: the PDF, its number of pages, a name for its file, a title."""

    content: bytes
    pages: int
    name: str
    title: str


class PdfPreview(QDialog):
    """Pages of the report, painted as they are seen in the reader lane; Ctrl+S saves it as PDF."""

    def __init__(
        self,
        workbench: Workbench,
        shown: Shown,
        write: Callable[[Desk, Path, str], object],
        parent: QWidget | None = None,
        *,
        remake: Callable[[Desk, str], bytes] | None = None,
    ) -> None:
        """Show a PDF; `write` saves it to a path, in the store lane.

        With `remake`, which makes it anew in the reader lane, a language can be chosen; both are
        given its code, "" for that of the settings.
        """
        super().__init__(parent)
        self._bench, self._write, self._remake = workbench, write, remake
        self._content, self._name, self._count = shown.content, shown.name, shown.pages
        count = self._count
        self.setWindowTitle(shown.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workbench.theme.fit(self, *_SIZE)
        self.pages: list[QListWidgetItem] = []
        self.words = QLabel(self.tr("Pages: {0}").format(count), self)
        self.words.setProperty("tone", "quiet")
        self.words.setWordWrap(True)
        self.save = QPushButton(self.tr("Save as PDF..."), self)
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self._on_save)
        QShortcut(QKeySequence("Ctrl+S"), self, self._on_save)
        self.language = LanguageBox(self)
        self.language.setVisible(remake is not None)
        self.language.currentIndexChanged.connect(self._on_language)
        self.area = PageList(self)
        self.area.setProperty("ground", "canvas")
        self.area.setAccessibleName(self.tr("Pages of the report"))
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self.language)
        foot.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.addWidget(self.area, 1)
        layout.addLayout(foot)
        self._ratio = self.devicePixelRatioF()
        self._scale = (self.width() - _SCROLL) / _POINTS_WIDE * self._ratio
        self._waiting = False
        self.area.setFocus()
        self.area.scrolled.connect(self._paint_next)
        self._measure()

    def _measure(self) -> None:
        content = self._content
        self._bench.read(
            lambda _desk: pages.page_sizes(content), self._on_sizes, self._on_failed, key="pdf-page"
        )

    def _on_language(self) -> None:
        remake, code = self._remake, self.language.code()
        if remake is not None:
            self._bench.read(
                lambda desk: remake(desk, code),
                self._on_remade,
                self._on_failed,
                key="pdf-again",
            )

    def _on_remade(self, content: bytes) -> None:
        self._content, self._waiting = content, False
        self.pages.clear()
        self.area.clear()
        self._measure()

    def save_to(self, path: Path) -> None:
        """Write the report to a file and say where it is."""
        act, code = self._write, self.language.code()

        def write(desk: Desk) -> Path:
            act(desk, path, code)
            return path

        self._bench.write(write, self._on_saved, self._on_failed, quiet=True)

    def _on_sizes(self, sizes: list[tuple[float, float]]) -> None:
        to_pixels = self._scale / self._ratio
        self.words.setText(self.tr("Pages: {0}").format(len(sizes)))
        for number, (width, height) in enumerate(sizes, 1):
            size = QSize(round(width * to_pixels), round(height * to_pixels))
            name = self.tr("Page {0} of {1}").format(number, len(sizes))
            self.pages.append(self.area.add_blank(size, name))
        self._paint_next()

    def _paint_next(self) -> None:
        """Ask for a page that is in sight; others may read between two."""
        row = self.area.wanted()
        if row < 0 or self._waiting:
            return
        self._waiting = True
        content, scale = self._content, self._scale
        self._bench.read(
            lambda _desk: (row, content, pages.render_page(content, row, scale)),
            self._on_painted,
            self._on_failed,
            key="pdf-page",
        )

    def _on_painted(self, painted: tuple[int, bytes, PageImage]) -> None:
        row, content, image = painted
        if content is not self._content:
            return  # painted before another language was chosen
        self._waiting = False
        shown = QPixmap.fromImage(picture_of(image))
        shown.setDevicePixelRatio(self._ratio)
        self.area.fill(row, shown)
        self._paint_next()

    def _on_save(self) -> None:
        path = ask_save_place(
            self, self.tr("Save the report"), str(Path.home() / self._name), "PDF (*.pdf)"
        )
        if path is not None:
            self.save_to(path)

    def _on_saved(self, path: Path) -> None:
        self.words.setText(self.tr("Saved as {0}").format(path))

    def _on_failed(self, error: Exception) -> None:
        self.words.setText(str(getattr(error, "message", error)))
