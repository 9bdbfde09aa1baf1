"""A PDF dropped on the window, beside the incident that takes files, is one to verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def pdf_of(data: QMimeData, *, any_file: bool = False) -> Path | None:
    """Return the one PDF (or `any_file`) that is dragged; None for anything else."""
    urls = [url for url in data.urls() if url.isLocalFile()]
    if len(urls) != 1:
        return None
    path = Path(urls[0].toLocalFile())
    return path if any_file or path.suffix.lower() == ".pdf" else None


class PdfDrop(QObject):
    """Watches a window for a PDF that no part of it takes."""

    dropped = Signal(object)
    """The path of a PDF."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the drag of one PDF and tell of its drop."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            path = pdf_of(event.mimeData())
            if path is not None:
                event.acceptProposedAction()
                self.dropped.emit(path)
                return True
        elif isinstance(event, QDragEnterEvent) and pdf_of(event.mimeData()) is not None:
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)
