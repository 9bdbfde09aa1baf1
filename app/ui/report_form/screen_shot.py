"""A picture of the screen that a user sends along: seen first, cut and blacked out as they like.

What is cut off or blacked out is gone from the picture itself, not merely covered.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.intake.report_file import MOST_PICTURE
from app.ui import theme
from app.ui.detail.picture_canvas import PictureCanvas
from app.ui.detail.picture_marks import Blur, plain, small_copy

_MOST_SIDE = 3840
_LEAST_SIDE = 640


def grab() -> QImage:
    """Return the screen as it is now; an empty picture where this desktop does not allow it."""
    return QGuiApplication.primaryScreen().grabWindow(0).toImage()


def packed(image: QImage) -> bytes:
    """Return a picture as PNG, made smaller until it may be sent."""
    side = min(_MOST_SIDE, max(image.width(), image.height()))
    while True:
        box = QSize(side, side)
        whole = max(image.width(), image.height()) <= side
        keep, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        sized = image if whole else image.scaled(box, keep, smooth)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        plain(sized).save(buffer, "PNG")  # type: ignore[call-overload]
        data = bytes(buffer.data().data())
        if len(data) <= MOST_PICTURE or side <= _LEAST_SIDE:
            return data
        side = side * 3 // 4


class ScreenShot(QWidget):
    """The picture with its tools; `retake_requested` asks for another one."""

    retake_requested = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._canvas: PictureCanvas | None = None
        tr = self.tr
        self.how = QLabel(
            tr(
                "Mark a part with the mouse, or with arrow keys and Space: it is blacked out, or "
                "with Crop chosen it alone is kept."
            ),
            self,
        )
        self.how.setProperty("tone", "quiet")
        self.how.setWordWrap(True)
        self.black = self._button(tr("&Black out"), checkable=True)
        self.crop = self._button(tr("&Crop"), checkable=True)
        self.back = self._button(tr("&Undo"))
        self.remove = self._button(tr("Remove pic&ture"))
        self.black.setChecked(True)
        self.black.setAutoExclusive(True)
        self.crop.setAutoExclusive(True)
        self.back.clicked.connect(self.undo)
        self.remove.clicked.connect(self._on_remove)
        tools = QHBoxLayout()
        tools.setSpacing(theme.current().px(8))
        for part in (self.black, self.crop, self.back):
            tools.addWidget(part)
        tools.addStretch(1)
        tools.addWidget(self.remove)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.how)
        self._column.addLayout(tools)
        self.setMinimumHeight(theme.current().px(240))
        self.setVisible(False)

    @property
    def image(self) -> QImage | None:
        """Return the picture as it would be sent."""
        return self._images[-1] if self._images else None

    @property
    def canvas(self) -> PictureCanvas | None:
        """Return what shows the picture."""
        return self._canvas

    def show_image(self, image: QImage) -> None:
        """Begin with a new picture."""
        self._images = [plain(image)]
        self._show()

    def undo(self) -> None:
        """Take the last step back."""
        if len(self._images) > 1:
            self._images.pop()
            self._show()

    def _show(self) -> None:
        image = self._images[-1]
        old = self._canvas
        self._canvas = PictureCanvas(image.size(), small_copy(image), self)
        self._canvas.setAccessibleName(self.tr("Picture of the screen that will be sent"))
        self._canvas.changed.connect(self._on_marked, Qt.ConnectionType.QueuedConnection)
        self._column.insertWidget(0, self._canvas, 1)
        if old is not None:
            had = old.hasFocus()
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
            if had:
                self._canvas.setFocus()
        self.back.setEnabled(len(self._images) > 1)
        self.setVisible(True)

    def _on_marked(self) -> None:
        canvas = self._canvas
        marks = canvas.marks if canvas is not None else ()
        if not marks or not isinstance(marks[-1], Blur):
            return
        self.apply(marks[-1].area)

    def apply(self, area: QRect) -> None:
        """Black out an area, or keep it alone, as the tools say."""
        image = self._images[-1]
        if self.crop.isChecked():
            changed = image.copy(area)
        else:
            changed = image.copy()
            painter = QPainter(changed)
            painter.fillRect(area, Qt.GlobalColor.black)
            painter.end()
        self._images.append(changed)
        self._show()

    def _on_remove(self) -> None:
        self._images = []
        self.setVisible(False)
        self.removed.emit()

    def _button(self, text: str, *, checkable: bool = False) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        button.setCheckable(checkable)
        return button
