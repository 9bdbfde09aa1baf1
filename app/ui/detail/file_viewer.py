"""Shows a picture, or a text with line numbers and marks, without leaving the program.

`Cite` puts `file:line` and the lines into the timeline of the incident (ux.md 2.4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontDatabase,
    QImage,
    QImageReader,
    QPainter,
    QPixmap,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.services import viewing
from app.ui import theme
from app.ui.detail.find_lines import FindLines
from app.ui.detail.level_colours import LevelColours
from app.ui.detail.picture_marks import small_copy
from app.ui.new_incident.files_row import size_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from app.domain.incident_record import Attachment
    from app.services.desk import Desk
    from app.services.viewing import Viewed

_SIZE = (900, 620)
_MARKS = re.compile(r"\b(error|fatal|critical|panic|exception|traceback|failed)\b", re.IGNORECASE)
"""What makes a line of a log worth a look."""
_MOST_MARKS = 2_000
_PART = 48_000
"""Characters that are laid out at once."""


class Loaded(NamedTuple):
    """A file that was read, its picture unpacked, and a copy of that for work on the screen."""

    viewed: Viewed
    image: QImage
    small: QImage


def upright(picture: bytes) -> QImage:
    """Unpack a picture the way up that the camera noted in it (EXIF, orientation)."""
    buffer = QBuffer()
    buffer.setData(picture)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    return reader.read()


def load(desk: Desk, file: Attachment) -> Loaded:
    """Read a file and unpack its picture; for the reader's lane, it raises as `view` does."""
    viewed = viewing.view(desk, file)
    image = upright(viewed.picture) if viewed.picture else QImage()
    return Loaded(viewed, image, QImage() if image.isNull() else small_copy(image))


class FileViewer(QDialog):
    """Esc closes, Ctrl+Enter cites, Ctrl+F finds, F3 goes to a mark, Ctrl+E marks a picture."""

    cite_requested = Signal(str)
    open_requested = Signal(object)
    save_requested = Signal(object)
    mark_up_requested = Signal()

    def __init__(self, loaded: Loaded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        viewed, self._image, self._small = loaded
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._viewed = viewed
        self.setWindowTitle(viewed.file.name)
        now = theme.current()
        now.fit(self, *_SIZE)
        self.lines: LineView | None = None
        self.find_lines: FindLines | None = None
        self.facts = QLabel(self)
        self.facts.setProperty("tone", "quiet")
        self.facts.setWordWrap(True)
        self.cite = QPushButton(self.tr("&Cite"), self)
        self.cite.setProperty("kind", "primary")
        self.cite.setToolTip(
            self.tr("Put the chosen lines and their place into the timeline (Ctrl+Enter)")
        )
        self.next_mark = QPushButton(self.tr("&Next mark"), self)
        self.next_mark.setToolTip(self.tr("Go to the next marked line (F3)"))
        open_ = QPushButton(self.tr("&Open in its program"), self)
        save = QPushButton(self.tr("&Save a copy..."), self)
        close = QPushButton(self.tr("Close"), self)
        self.mark_up = QPushButton(self.tr("&Mark up..."), self)
        self.mark_up.setToolTip(self.tr("Blur parts or draw arrows, as a new file (Ctrl+E)"))
        for button in (self.cite, self.next_mark, self.mark_up, open_, save, close):
            button.setAutoDefault(False)
        self.cite.clicked.connect(self._on_cite)
        self.next_mark.clicked.connect(self._on_next_mark)
        open_.clicked.connect(self._on_open)
        save.clicked.connect(self._on_save)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.mark_up.clicked.connect(self._on_mark_up)
        for button in (self.cite, self.next_mark, self.mark_up):
            row.addWidget(button)
        row.addStretch(1)
        for button in (open_, save, close):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.facts)
        layout.addWidget(self._body(), 1)
        if self.lines is not None and viewed.text:
            self.find_lines = FindLines(viewed.text, self)
            self.find_lines.line_found.connect(self.lines.go_to_line)
            self.find_lines.left.connect(self.lines.setFocus)
            layout.addWidget(self.find_lines)
        layout.addLayout(row)
        if self.lines is not None:
            self.lines.setFocus()

    def _body(self) -> QWidget:
        viewed = self._viewed
        facts = [size_words(viewed.file.size), f"SHA-256 {viewed.file.sha256[:12]}"]
        is_text = not viewed.picture
        self.cite.setVisible(is_text and viewed.file.size > 0)
        self.next_mark.setVisible(False)
        self.mark_up.setVisible(not self._image.isNull())
        if not is_text:
            body: QWidget = PictureView(self._image, self._small, viewed.file.name, self)
        else:
            self.lines = LineView(viewed.text, self)
            self.lines.setAccessibleName(self.tr("Text of {0}").format(viewed.file.name))
            marks = len(self.lines.marks)
            self.next_mark.setVisible(marks > 0)
            if marks:
                facts.append(self.tr("{0} lines marked").format(marks))
            if not viewed.whole:
                facts.append(self.tr("only the beginning is shown"))
            if not viewed.file.size:
                facts.append(self.tr("the file is empty"))
            body = self.lines
        self.facts.setText(" \u00b7 ".join(facts))
        return body

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cite with Ctrl+Enter, find with Ctrl+F, go to a mark with F3, mark up with Ctrl+E."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            self._on_cite()
        elif event.key() == Qt.Key.Key_F3:
            self._on_next_mark()
        elif event.key() == Qt.Key.Key_F and control and self.find_lines is not None:
            self.find_lines.start()
        elif event.key() == Qt.Key.Key_E and control:
            self._on_mark_up()
        else:
            super().keyPressEvent(event)

    def _on_cite(self) -> None:
        if self.lines is not None and self._viewed.file.size:
            first, lines = self.lines.chosen()
            self.cite_requested.emit(viewing.cited(self._viewed.file, first, lines))

    def _on_next_mark(self) -> None:
        if self.lines is not None:
            self.lines.go_to_next_mark()

    def _on_mark_up(self) -> None:
        if not self._image.isNull():
            self.mark_up_requested.emit()

    def _on_open(self) -> None:
        self.open_requested.emit(self._viewed.file)

    def _on_save(self) -> None:
        self.save_requested.emit(self._viewed.file)


class PictureView(QScrollArea):
    """A picture, made smaller where it does not fit; never larger than it is."""

    def __init__(self, image: QImage, small: QImage, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(name)
        self._image, self._small = image, small
        self.label = QLabel(self)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setMinimumSize(1, 1)
        if image.isNull():
            self.label.setText(self.tr("The picture cannot be read; open it in its program."))
        self.setWidget(self.label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture anew."""
        super().resizeEvent(event)
        if not self._image.isNull():
            room = self.viewport().size()
            ratio = self.devicePixelRatioF()
            fitted = self._image
            if fitted.width() > room.width() or fitted.height() > room.height():
                wanted = fitted.size().scaled(room * ratio, Qt.AspectRatioMode.KeepAspectRatio)
                enough = wanted.width() <= self._small.width()
                fitted = (self._small if enough else self._image).scaled(
                    wanted.expandedTo(QSize(1, 1)),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                fitted.setDevicePixelRatio(ratio)
            self.label.setPixmap(QPixmap.fromImage(fitted))


class LineView(QPlainTextEdit):
    """Text that cannot be changed, with the number of each line and marks on striking ones."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(theme.current().px(12))
        self.setFont(fixed)
        self.setUndoRedoEnabled(False)
        self.marks = [
            number for number, line in enumerate(text.split("\n")) if _MARKS.search(line)
        ][:_MOST_MARKS]
        self._marked: list[QTextEdit.ExtraSelection] = []
        self._parts = _parts(text)
        self._more = QTimer(self)
        self._more.timeout.connect(self._add_part)
        self._numbers = _Numbers(self)
        self._levels = LevelColours(self.document())
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._on_update_requested)
        self._make_room()
        self.setPlainText(next(self._parts))
        self._mark()
        self._more.start()

    def chosen(self) -> tuple[int, list[str]]:
        """Return the number of the first chosen line and the chosen lines, whole."""
        cursor = self.textCursor()
        document = self.document()
        first = document.findBlock(cursor.selectionStart())
        last = document.findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - 1))
        lines = []
        block = first
        while block.isValid() and block.blockNumber() <= last.blockNumber():
            lines.append(block.text())
            block = block.next()
        return first.blockNumber() + 1, lines

    def go_to_next_mark(self) -> None:
        """Put the cursor on the next marked line, after the last one on the first."""
        if not self.marks:
            return
        here = self.textCursor().blockNumber()
        self.go_to_line(next((number for number in self.marks if number > here), self.marks[0]))

    def go_to_line(self, number: int) -> None:
        """Put the cursor on a line, from 0; what comes before it is laid out first."""
        while number >= self.blockCount() and self._more.isActive():
            self._add_part()
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(number)))
        self.centerCursor()

    def numbers_width(self) -> int:
        """Return the room that the numbers take."""
        digits = len(str(max(1, self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + theme.current().px(16)

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Paint the numbers of the lines that are seen."""
        now = theme.current()
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), now.colour("sunken"))
        painter.setFont(self.font())
        painter.setPen(now.colour("text2"))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            box = QRect(QPoint(0, round(top)), QSize(self._numbers.width(), round(height)))
            box.setRight(box.right() - now.px(8))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            top += height
            block = block.next()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers beside the text."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(
            QRect(inside.left(), inside.top(), self.numbers_width(), inside.height())
        )

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)

    def _on_update_requested(self, rect: QRect, scrolled: int) -> None:
        if scrolled:
            self._numbers.scroll(0, scrolled)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def _add_part(self) -> None:
        """Lay the next part out between two events, so that no key waits for a long text."""
        part = next(self._parts, None)
        if part is None:
            self._more.stop()
            return
        self.appendPlainText(part)
        self._mark()

    def _mark(self) -> None:
        look = QTextCharFormat()
        look.setBackground(theme.current().colour("danger.tint"))
        look.setProperty(QTextFormat.Property.FullWidthSelection, True)
        for number in self.marks[len(self._marked) :]:
            if number >= self.blockCount():
                break
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(self.document().findBlockByNumber(number))
            selection.format = look
            self._marked.append(selection)
        self.setExtraSelections(self._marked)


def _parts(text: str) -> Iterator[str]:
    """Cut a text between lines into parts that are laid out in a few milliseconds each."""
    start = 0
    while (end := text.find("\n", start + _PART)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


class _Numbers(QWidget):
    """The column of numbers; decoration, the text view is the real widget."""

    def __init__(self, view: LineView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_numbers(event)
