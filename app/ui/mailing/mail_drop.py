"""Mails dropped on the window, beside the incident that takes files, are taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_SUFFIXES = frozenset({".eml", ".msg"})


def mails_of(data: QMimeData) -> list[Path]:
    """Return the mails that are dragged; nothing when anything else is among them."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    all_mails = len(paths) == len(data.urls())
    return paths if all_mails and all(one.suffix.lower() in _SUFFIXES for one in paths) else []


class MailDrop(QObject):
    """Watches a window for mails that no part of it takes."""

    dropped = Signal(list)
    """The paths of mails."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the drag of mails and tell of their drop."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            paths = mails_of(event.mimeData())
            if paths:
                event.acceptProposedAction()
                self.dropped.emit(paths)
                return True
        elif isinstance(event, QDragEnterEvent) and mails_of(event.mimeData()):
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)
