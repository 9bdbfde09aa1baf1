"""The closure report of an incident as it will be printed: every page, and where to save it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
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
from app.services import reporting
from app.ui.report.language_box import LanguageBox
from app.ui.report.page_list import PageList
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.reports.pages import PageImage
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_SIZE, _POINTS_WIDE, _SCROLL = (760, 820), 595, 96


class ReportDialog(QDialog):
    """Pages of the report; Ctrl+S saves it as a PDF."""

    def __init__(
        self,
        workbench: Workbench,
        number: str,
        parent: QWidget | None = None,
        *,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._number, self._typed = workbench, number, dict(typed or {})
        self.setWindowTitle(self.tr("Closure report of {0}").format(number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workbench.theme.fit(self, *_SIZE)
        self.pages: list[QListWidgetItem] = []
        self.words = QLabel(self.tr("Making the report"), self)
        self.words.setProperty("tone", "quiet")
        self.words.setWordWrap(True)
        self.language = LanguageBox(self)
        self.language_label = QLabel(self.tr("Language"), self)
        self.language_label.setBuddy(self.language)
        self.language.currentIndexChanged.connect(self._make_pages)
        self.save = QPushButton(self.tr("Save as PDF..."), self)
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self._on_save)
        QShortcut(QKeySequence("Ctrl+S"), self, self._on_save)
        self.area = area = PageList(self)
        area.setProperty("ground", "canvas")
        area.setAccessibleName(self.tr("Pages of the report"))
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self.language_label)
        foot.addWidget(self.language)
        foot.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        self._images: Iterator[PageImage] = iter(())
        self._count = 0
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._add_page)
        area.setFocus()
        self._ratio = self.devicePixelRatioF()
        self._make_pages()

    def _make_pages(self) -> None:
        """Make the report anew, in the language that is chosen now."""
        number, typed, language = self._number, self._typed, self.language.code()
        scale = (self.width() - _SCROLL) / _POINTS_WIDE * self._ratio

        def painted(desk: Desk) -> list[PageImage]:
            report = reporting.report_bytes(desk, number, typed=typed, language=language)
            return list(pages.render_pages(report, scale))

        self._bench.read(painted, self._on_painted, self._on_failed, key="report")

    def save_to(self, path: Path) -> None:
        """Write the report to a file and say where it is."""
        number, typed, language = self._number, self._typed, self.language.code()
        self._bench.write(
            lambda desk: reporting.write_report(desk, number, path, typed=typed, language=language),
            self._on_saved,
            self._on_failed,
            quiet=True,
        )

    def _on_painted(self, images: list[PageImage]) -> None:
        self._next.stop()
        self.pages.clear()
        self.area.clear()
        self._images, self._count = iter(images), len(images)
        self.words.setText(self.tr("Pages: {0}").format(len(images)))
        self._add_page()

    def _add_page(self) -> None:
        """Show the next page, then let the window breathe: a long report has dozens."""
        image = next(self._images, None)
        if image is None:
            return
        picture = QImage(image.data, image.width, image.height, QImage.Format.Format_RGB32).copy()
        shown = QPixmap.fromImage(picture)
        shown.setDevicePixelRatio(self._ratio)
        name = self.tr("Page {0} of {1}").format(len(self.pages) + 1, self._count)
        self.pages.append(self.area.add_page(shown, name))
        self._next.start()

    def _on_save(self) -> None:
        name = f"{self._number}.pdf"
        path = ask_save_place(
            self, self.tr("Save the report"), str(Path.home() / name), "PDF (*.pdf)"
        )
        if path is not None:
            self.save_to(path)

    def _on_saved(self, facts: dict[str, object]) -> None:
        self.words.setText(self.tr("Saved as {0}").format(facts["path"]))

    def _on_failed(self, error: Exception) -> None:
        self.words.setText(str(getattr(error, "message", error)))
