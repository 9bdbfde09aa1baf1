"""Marks up a picture: blurs what nobody shall read, points at what matters.

What is saved is a new file beside the old one: evidence is never changed (domain.md).
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.announcer import Announcer
from app.ui.detail.new_files import Picture
from app.ui.detail.picture_canvas import ARROW, BLUR, PictureCanvas
from app.ui.detail.picture_marks import marked

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent

    from app.ui.detail.picture_marks import Mark

_SIZE = (960, 680)


class MarkedPicture(NamedTuple):
    """A picture and its marks, not yet put together; that takes its time, so do it in a lane."""

    name: str
    image: QImage
    marks: tuple[Mark, ...]

    def picture(self) -> Picture:
        """Return the picture with its marks in it."""
        return Picture(self.name, marked(self.image, self.marks))


class PictureEditor(QDialog):
    """Ctrl+Enter saves a new file, Ctrl+Z takes a mark back, Esc asks before it loses any."""

    save_requested = Signal(object)
    """A `MarkedPicture`; answered by `on_saved` or `on_refused`."""

    def __init__(
        self, image: QImage, small: QImage, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._image = image
        self._name = self.tr("{0} marked.png").format(PurePath(name).stem)
        self._saves = False
        self._announcer = Announcer(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Mark up {0}").format(name))
        now = theme.current()
        now.fit(self, *_SIZE)
        self.canvas = PictureCanvas(image.size(), small, self)
        self.canvas.setAccessibleName(self.tr("Picture {0}").format(name))
        how = self.tr(
            "Arrow keys move the crosshair, with Shift by one pixel, with Ctrl far. "
            "Space sets the first corner, then the second. Or drag, or click twice."
        )
        self.canvas.setAccessibleDescription(how)
        self.blur = self._tool(self.tr("&Blur"), BLUR, "ban", self.tr("Make a part unreadable"))
        self.arrow = self._tool(
            self.tr("&Arrow"), ARROW, "arrow-up-right", self.tr("Point at a place")
        )
        tools = QButtonGroup(self)
        tools.addButton(self.blur)
        tools.addButton(self.arrow)
        self.blur.setChecked(True)
        self.undo = QPushButton(self.tr("&Undo"), self)
        self.undo.setToolTip(self.tr("Take the last step back (Ctrl+Z)"))
        icons.bind(self.undo, "undo-2")
        self.clear = QPushButton(self.tr("C&lear"), self)
        self.clear.setToolTip(self.tr("Take all marks off"))
        self.save = QPushButton(self.tr("&Save as a new file"), self)
        self.save.setProperty("kind", "primary")
        self.save.setToolTip(self.tr("Attach the marked picture; the old file stays (Ctrl+Enter)"))
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.hint = QLabel(how, self)
        self.hint.setProperty("tone", "hint")
        self.hint.setWordWrap(True)
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        self._lay_out()
        self.undo.clicked.connect(self.canvas.undo)
        self.clear.clicked.connect(self.canvas.clear_marks)
        self.save.clicked.connect(self.commit)
        self.cancel.clicked.connect(self.reject)
        self.canvas.changed.connect(self._on_changed)
        self.canvas.begun.connect(self._on_begun)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.refused.connect(self._on_refused_mark)
        self._show_state()
        self.canvas.setFocus()

    def _tool(self, text: str, tool: str, icon: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setCheckable(True)
        button.setToolTip(tip)
        icons.bind(button, icon)
        button.clicked.connect(lambda _checked=False: self._choose(tool))
        return button

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        for row in (top, foot):
            row.setSpacing(8)
        for button in (self.blur, self.arrow, self.undo, self.clear):
            button.setAutoDefault(False)
            top.addWidget(button)
        top.addStretch(1)
        foot.addStretch(1)
        for button in (self.cancel, self.save):
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.hint)
        layout.addWidget(self.error)
        layout.addLayout(foot)

    # --- saving and leaving ----------------------------------------------------------------------

    def commit(self) -> None:
        """Ask for the new file; the dialog stays until it is stored."""
        if self.canvas.marks and not self._saves:
            self._saves = True
            self.error.hide()
            self._show_state()
            self.save_requested.emit(MarkedPicture(self._name, self._image, self.canvas.marks))

    def on_saved(self, _changes: object) -> None:
        """Close: the marks are in a file now."""
        self.accept()

    def on_refused(self, error: Exception) -> None:
        """Say why nothing was stored; the marks stay."""
        self._saves = False
        self.error.setText(str(getattr(error, "message", error)))
        self.error.show()
        self._announcer.say(self.error.text(), assertive=True)
        self._show_state()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter, take back with Ctrl+Z, leave with Esc."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            self.commit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.canvas.undo()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Go one step back: forget a first corner, else leave; ask before marks are lost."""
        if self._saves or self.canvas.give_up():
            return
        if not self.canvas.marks:
            super().reject()
            return
        question = QMessageBox(self)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.NoIcon)
        question.setText(self.tr("Save the marks?"))
        question.setInformativeText(self.tr("They become a new file; the old one stays as it is."))
        save = question.addButton(self.tr("&Save as a new file"), QMessageBox.ButtonRole.AcceptRole)
        drop = question.addButton(self.tr("&Discard"), QMessageBox.ButtonRole.DestructiveRole)
        stay = question.addButton(self.tr("&Go on marking"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(save)
        question.setEscapeButton(stay)
        save.clicked.connect(self.commit)
        drop.clicked.connect(self._on_discarded)
        question.open()

    def _on_discarded(self) -> None:
        super().reject()

    # --- what changed ----------------------------------------------------------------------------

    def _choose(self, tool: str) -> None:
        self.canvas.tool = tool
        self.canvas.setFocus()
        self.canvas.update()

    def _show_state(self) -> None:
        self.undo.setEnabled(self.canvas.can_undo and not self._saves)
        self.clear.setEnabled(bool(self.canvas.marks) and not self._saves)
        self.save.setEnabled(bool(self.canvas.marks) and not self._saves)
        self.canvas.setEnabled(not self._saves)

    def _on_changed(self) -> None:
        pressed = self.undo.hasFocus() or self.clear.hasFocus()
        self._show_state()
        if pressed and not (self.undo.isEnabled() and self.clear.isEnabled()):
            self.canvas.setFocus()
        self._announcer.say(self.tr("%n mark(s)", "", len(self.canvas.marks)))

    def _on_begun(self) -> None:
        self._announcer.say(self.tr("First corner at {0}").format(self._place()))

    def _on_moved(self) -> None:
        self._announcer.say(self._place())

    def _on_refused_mark(self) -> None:
        self._announcer.say(self.tr("Too small for a mark; nothing was changed."))

    def _place(self) -> str:
        return f"{self.canvas.at.x()}, {self.canvas.at.y()}"
