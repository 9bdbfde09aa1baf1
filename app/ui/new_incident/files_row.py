"""Files of an incident that is being typed: copied into the store at once, shown by name and size.

A file that is dropped here and then deleted elsewhere is not lost, and a draft need only name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QTime, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QWidget

from app.services import evidence
from app.ui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.evidence import KeptFile, NewFile
    from app.ui.workbench import Workbench

_KB = 1024
_SHOWN_NAME = 20
_COLUMNS = 2


class FilesRow(QWidget):
    """The files in one row, each a button that takes it away, and the button that adds one."""

    changed = Signal()
    refused = Signal(str)
    """A file cannot be taken; the sentence says why."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._files: list[KeptFile] = []
        self._buttons: list[QPushButton] = []
        self.add = QPushButton(self.tr("Paste, drop or &add files"), self)
        self.add.setProperty("kind", "ghost")
        self.add.setAutoDefault(False)
        icons.bind(self.add, "paperclip")
        self.add.clicked.connect(self._on_add)
        self._row = QGridLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.current().px(6))
        self._row.setColumnStretch(_COLUMNS, 1)
        self._row.addWidget(self.add, 0, 0)

    def files(self) -> tuple[KeptFile, ...]:
        """Return the files, in the order in which they came."""
        return tuple(self._files)

    def to_data(self) -> list[list[Any]]:
        """Return the files as plain values for a draft."""
        return [list(file) for file in self._files]

    def set_data(self, told: Iterable[Iterable[Any]]) -> None:
        """Show the files of a draft."""
        self._files = [evidence.KeptFile(*file) for file in told]
        self._show()

    def take(self, files: Iterable[NewFile]) -> None:
        """Copy files into the store and show them."""
        wanted = list(files)
        if wanted:
            self._bench.write(
                lambda desk: evidence.store_files(desk, wanted), self._on_stored, self._on_refused
            )

    def take_mime(self, mime: QMimeData) -> bool:
        """Take the files or the picture of a drop or a paste; tell whether there was one."""
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.take(paths)
            return True
        if mime.hasImage() and not mime.hasText():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.take([(self._picture_name(), _png(image))])
                return True
        return False

    def _picture_name(self) -> str:
        return self.tr("Screenshot {0}.png").format(QTime.currentTime().toString("HH.mm.ss"))

    def _on_stored(self, stored: list[KeptFile]) -> None:
        known = {(file.sha256, file.name) for file in self._files}
        self._files += [file for file in stored if (file.sha256, file.name) not in known]
        self._show()
        self.refused.emit("")
        self.changed.emit()

    def _on_refused(self, error: Exception) -> None:
        self.refused.emit(str(error))

    def _on_add(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Add files"))
        self.take(paths)

    def _on_removed(self) -> None:
        place = next((n for n, each in enumerate(self._buttons) if each is self.sender()), -1)
        if place >= 0:
            del self._files[place]
            self.add.setFocus()
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        self._row.removeWidget(self.add)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for place, file in enumerate(self._files):
            name = file.name
            if len(name) > _SHOWN_NAME:
                name = f"{name[: _SHOWN_NAME - 8]}\u2026{name[-7:]}"
            button = QPushButton(f"{name} \u00b7 {size_words(file.size)}".replace("&", "&&"), self)
            button.setProperty("kind", "tag")
            button.setAutoDefault(False)
            button.setToolTip(self.tr("{0}\nSHA-256 {1}").format(file.name, file.sha256))
            button.setAccessibleName(self.tr("Take {0} away").format(file.name))
            icons.bind(button, "x", size=12)
            button.clicked.connect(self._on_removed)
            self._row.addWidget(button, *divmod(place, _COLUMNS))
            self._buttons.append(button)
        self._row.addWidget(self.add, *divmod(len(self._files), _COLUMNS))


def size_words(size: int) -> str:
    """Return a size in bytes for people: "212 KB"."""
    if size < _KB:
        return f"{size} B"
    if size < _KB * _KB:
        return f"{round(size / _KB)} KB"
    return f"{size / _KB / _KB:.1f} MB"


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes the name as text
    buffer.close()
    return bytes(data.data())
