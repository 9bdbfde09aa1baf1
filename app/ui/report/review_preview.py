"""Shows the post-incident review of a major incident; a saved one is remembered as issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.reports import pages
from app.services import reporting
from app.ui.report.pdf_preview import PdfPreview, Shown

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class ReviewPreview(QObject):
    """Makes the review in the reader lane and opens it; a refusal is said in the toast."""

    def __init__(self, workbench: Workbench, number: str, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._number, self._window = workbench, number, window
        self.preview: PdfPreview | None = None

        def made(desk: Desk) -> tuple[bytes, int]:
            content = reporting.report_bytes(desk, number, review=True)
            return content, pages.page_count(content)

        workbench.read(made, self._on_made, self._on_failed, key="review")

    def _on_made(self, made: tuple[bytes, int]) -> None:
        content, count = made
        number = self._number

        def write(desk: Desk, path: Path, code: str) -> None:
            reporting.write_report(desk, number, path, review=True, language=code)

        def remake(desk: Desk, code: str) -> bytes:
            return reporting.report_bytes(desk, number, review=True, language=code)

        title = self.tr("Post-incident review of {0}").format(number)
        self.preview = PdfPreview(
            self._bench,
            Shown(content, count, f"{number}-review.pdf", title),
            write,
            self._window,
            remake=remake,
        )
        self.preview.open()
        self.deleteLater()

    def _on_failed(self, error: Exception) -> None:
        self._bench.say_error(error)
        self.deleteLater()
