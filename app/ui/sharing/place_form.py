"""Asks where a team shares: this computer, a folder or a PostgreSQL server (ux.md 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services import exchanging
from app.ui import icons

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE, FOLDER, SERVER = "here", "folder", "server"


class PlaceForm(QWidget):
    """Three ways, one of them chosen; the fields below belong to it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, here: bool = True) -> None:
        super().__init__(parent)
        tr = self.tr
        self._group = QButtonGroup(self)
        self.ways: dict[str, QRadioButton] = {}
        ways = QVBoxLayout()
        ways.setSpacing(4)
        for key, title, words in (
            (HERE, tr("&This computer"), tr("Nobody else sees your work. Change it at any time.")),
            (
                FOLDER,
                tr("Shared &folder"),
                tr("A network drive, a cloud folder or a USB stick that the team can reach."),
            ),
            (SERVER, tr("&PostgreSQL"), tr("A database server of your own, version 15 or newer.")),
        ):
            if key == HERE and not here:
                continue
            way = QRadioButton(title, self)
            way.setAccessibleDescription(words)
            self._group.addButton(way)
            self.ways[key] = way
            said = QLabel(words, self)
            said.setProperty("tone", "quiet")
            said.setWordWrap(True)
            said.setIndent(24)
            ways.addWidget(way)
            ways.addWidget(said)
        self.folder = QLineEdit(self)
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.setPlaceholderText(tr("The folder that your team shares"))
        choose = QPushButton(tr("C&hoose..."), self)
        choose.setAutoDefault(False)
        choose.clicked.connect(self._on_choose)
        icons.bind(choose, "upload", "text")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        folder = QWidget(self)
        folder.setLayout(row)
        self.address = QLineEdit(self)
        self.address.setAccessibleName(tr("Address of the database"))
        self.address.setPlaceholderText("postgresql://user@host/database")
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(tr("Password"))
        self.password.setPlaceholderText(tr("Password, kept in the system's own safe"))
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.address)
        column.addWidget(self.password)
        server = QWidget(self)
        server.setLayout(column)
        self.approve = QCheckBox(tr("I admit each new workstation myself"), self)
        self.approve.setToolTip(
            tr("For a folder that others than the team can write to. It counts when you begin it.")
        )
        self._fields = QStackedWidget(self)
        self._pages = {HERE: QWidget(self), FOLDER: folder, SERVER: server}
        for page in self._pages.values():
            self._fields.addWidget(page)
        for field in (self.folder, self.address, self.password):
            field.textChanged.connect(self._on_text_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(ways)
        layout.addWidget(self._fields)
        layout.addWidget(self.approve)
        layout.addStretch(1)
        self._group.buttonToggled.connect(self._on_toggled)
        next(iter(self.ways.values())).setChecked(True)

    def way(self) -> str:
        """Return which way is chosen."""
        return next(key for key, button in self.ways.items() if button.isChecked())

    def place(self) -> str:
        """Return the folder, or the address with its password; "" for this computer alone."""
        if self.way() == FOLDER:
            return self.folder.text().strip()
        if self.way() == SERVER:
            return exchanging.with_password(self.address.text().strip(), self.password.text())
        return ""

    def focus_field(self) -> None:
        """Put the cursor where the chosen way wants a text."""
        field = self.folder if self.way() == FOLDER else self.address
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def tab_stops(self) -> Iterable[QWidget]:
        """Return what Tab goes through."""
        return [*self.ways.values(), self.folder, self.address, self.password, self.approve]

    def _on_toggled(self, _button: QAbstractButton, on: bool) -> None:
        if on:
            self._fields.setCurrentWidget(self._pages[self.way()])
            self._fields.setVisible(self.way() != HERE)
            self.approve.setVisible(self.way() != HERE)
            self.changed.emit()

    def _on_text_changed(self, _text: str) -> None:
        self.changed.emit()

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the shared folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()
