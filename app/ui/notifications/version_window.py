"""Shows what the team's version file says of a new version; the program downloads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import __version__

if TYPE_CHECKING:
    from app.domain.notification import Notice


class VersionWindow(QDialog):
    """The words as plain text, and the address to open or copy."""

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._address = notice.address
        self.setWindowTitle(self.tr("What is new"))
        title = QLabel(self.tr("Incident Desk {0} is there").format(notice.number), self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("kind", "dialog_title")
        self.said = QLabel(
            self.tr(
                "This is {0}. The program never loads or installs a version by itself: take it "
                "from the place below, or from whoever looks after your computer."
            ).format(__version__),
            self,
        )
        self.said.setWordWrap(True)
        self.words = QPlainTextEdit(notice.text, self)
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(self.tr("What is new"))
        self.words.setVisible(bool(notice.text))
        self.address = QLabel(notice.address, self)
        self.address.setTextFormat(Qt.TextFormat.PlainText)
        self.address.setWordWrap(True)
        self.address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.open_address = QPushButton(self.tr("Open address"), self)
        self.copy = QPushButton(self.tr("Copy address"), self)
        for button in (self.open_address, self.copy):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        shown: tuple[QWidget, ...] = (self.address, self.open_address, self.copy)
        for part in shown:
            part.setVisible(bool(notice.address))
        layout = QVBoxLayout(self)
        for line in (title, self.said, self.words, self.address, buttons):
            layout.addWidget(line)
        self.open_address.clicked.connect(self._on_open)
        self.copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)
        self.resize(520, 300 if notice.text else 160)

    @Slot()
    def _on_open(self) -> None:
        if not QDesktopServices.openUrl(QUrl(self._address)):
            self.said.setText(self.tr("No browser opens it: copy the address instead."))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
