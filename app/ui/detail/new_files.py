"""Files and pictures that somebody drops or pastes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QDateTime, QIODevice
from PySide6.QtGui import QGuiApplication, QImage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QMimeData

    from app.services.evidence import NewFile


class Picture(NamedTuple):
    """A picture that is no file yet; it is written as PNG where it is stored, not here."""

    name: str
    image: QImage


Given = Path | Picture
"""What somebody dropped, pasted or chose."""


def files_of(data: QMimeData) -> list[Given]:
    """Return the files, or the picture, that somebody dropped or pasted."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if paths or not data.hasImage():
        return list(paths)
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return []
    name = QDateTime.currentDateTime().toString("'Screenshot' HH.mm")
    return [Picture(f"{name}.png", image)]


def as_files(given: Iterable[Given]) -> list[NewFile]:
    """Return what can be stored; a large picture takes its time, so call this in a lane."""
    return [(one.name, _png(one.image)) if isinstance(one, Picture) else one for one in given]


def clipboard_files(*, beside_text: bool = True) -> list[Given]:
    """Return the files or the picture on the clipboard.

    Without `beside_text` a picture of a text that can be pasted as text is no picture.
    """
    data = QGuiApplication.clipboard().mimeData()
    if not beside_text and data.hasText() and not data.hasUrls():
        return []
    return files_of(data)


def _png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes the name as text
    return bytes(content.data())
