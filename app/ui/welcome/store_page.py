"""Where the incidents are kept: three cards, and below them what the chosen one needs (ux.md 7).

A folder is tested as soon as it is named, a server when it is asked for, both away from this
thread. GUI thread only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services import beginning
from app.ui import icons
from app.ui.sharing.checks_view import ChecksView
from app.ui.sharing.place_form import FOLDER, HERE, SERVER
from app.ui.welcome.store_card import StoreCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.beginning import Examined
    from app.ui.jobs import Jobs

TEST_AFTER_MS = 400


class StorePage(QWidget):
    """Asks where; `chosen` says that there can be gone on."""

    chosen = Signal()
    busy = Signal(bool)

    def __init__(
        self, jobs: Jobs, now_ms: Callable[[], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._now_ms = jobs, now_ms
        self._known: tuple[str, Examined] | None = None
        self._asked, self._goes_on = "", False
        tr = self.tr
        self.title = QLabel(tr("Where should your incidents be kept?"), self)
        self.title.setProperty("kind", "title")
        self._group = QButtonGroup(self)
        self.cards: dict[str, StoreCard] = {}
        row = QHBoxLayout()
        row.setSpacing(12)
        for key, icon, name, words in (
            (
                HERE,
                "monitor",
                tr("&This computer"),
                tr("Nobody else sees your work. You can share it with a team at any time."),
            ),
            (
                FOLDER,
                "users",
                tr("Shared &folder"),
                tr("A network drive, a cloud folder or a USB stick that your team can reach."),
            ),
            (
                SERVER,
                "archive",
                tr("&PostgreSQL"),
                tr("A database server of your own, version 15 or newer."),
            ),
        ):
            card = StoreCard(icon, name, words, self)
            self._group.addButton(card)
            self.cards[key] = card
            row.addWidget(card, 1)
        self._pages = {FOLDER: self._folder_page(), SERVER: self._server_page()}
        self.checks = ChecksView(self)
        self.checks.hide()
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.title)
        layout.addLayout(row)
        for page in self._pages.values():
            layout.addWidget(page)
        layout.addWidget(self.checks, 1)
        layout.addWidget(self.said)
        self._rest = QWidget(self)  # takes the room that the tests leave
        layout.addWidget(self._rest, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TEST_AFTER_MS)
        self._soon.timeout.connect(self._test)
        self._group.buttonToggled.connect(self._on_toggled)
        self.cards[HERE].setChecked(True)

    def way(self) -> str:
        """Return which card is chosen."""
        return next(key for key, card in self.cards.items() if card.isChecked())

    def place(self) -> str:
        """Return the folder or the address; "" for this computer, or while a field is missing."""
        if self.way() == FOLDER:
            return self.folder.text().strip()
        if self.way() == SERVER:
            fields = (self.host, self.database, self.user, self.password)
            return beginning.server_address(*(field.text() for field in fields))
        return ""

    def go_on(self) -> None:
        """Go on when the place can be used, after its test where that is still to come."""
        if self.way() == HERE:
            self.chosen.emit()
            return
        place = self.place()
        if not place:
            self._say(self._missing(), "danger")
            self._first_empty().setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._known is not None and self._known[0] == place:
            if self._known[1].usable:
                self.chosen.emit()
        else:
            self._goes_on = True
            self._test()

    # --- building --------------------------------------------------------------------------------

    def _folder_page(self) -> QWidget:
        page = QWidget(self)
        self.folder = self._line(self.tr("Folder"), page)
        self.folder.setPlaceholderText(self.tr("The folder that your team shares"))
        self.choose = QPushButton(self.tr("C&hoose..."), page)
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._on_choose)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        return page

    def _server_page(self) -> QWidget:
        page, tr = QWidget(self), self.tr
        self.host = self._line(tr("Host"), page)
        self.host.setPlaceholderText(tr("db.example.org, or with a port db.example.org:5433"))
        self.database = self._line(tr("Database"), page)
        self.user = self._line(tr("User"), page)
        self.password = self._line(tr("Password"), page)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(tr("Kept in the system's own safe"))
        self.test = QPushButton(tr("T&est"), page)
        self.test.setAutoDefault(False)
        icons.bind(self.test, "stethoscope", "text")
        self.test.clicked.connect(self._test)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, field in (
            (tr("H&ost"), self.host),
            (tr("&Database"), self.database),
            (tr("&User"), self.user),
            (tr("Pa&ssword"), self.password),
        ):
            form.addRow(name, field)
        form.addRow("", self.test)
        return page

    def _line(self, name: str, parent: QWidget) -> QLineEdit:
        line = QLineEdit(parent)
        line.setAccessibleName(name)
        line.textChanged.connect(self._on_text_changed)
        return line

    # --- inside ----------------------------------------------------------------------------------

    def _first_empty(self) -> QLineEdit:
        if self.way() == FOLDER:
            return self.folder
        fields = (self.host, self.database, self.user)
        return next((field for field in fields if not field.text().strip()), self.host)

    def _missing(self) -> str:
        if self.way() == FOLDER:
            return self.tr("Name the folder that your team shares.")
        return self.tr("Name the host, the database and the user.")

    def _say(self, words: str, tone: str) -> None:
        self.said.setProperty("tone", tone)
        self.said.style().polish(self.said)
        self.said.setText(words)

    def _forget(self) -> None:
        self._known, self._asked, self._goes_on = None, "", False
        self.checks.hide()
        self._rest.show()
        self._say("", "quiet")
        self.busy.emit(False)

    def _on_toggled(self, _card: QAbstractButton, on: bool) -> None:
        if on:
            self._forget()
            for key, page in self._pages.items():
                page.setVisible(key == self.way())
            if self.way() == FOLDER and self.place():
                self._soon.start()

    def _on_text_changed(self, _text: str) -> None:
        self._forget()
        if self.way() == FOLDER:
            self._soon.start()

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the shared folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _test(self) -> None:
        self._soon.stop()
        place = self.place()
        if not place:
            if self.way() == SERVER:
                self.go_on()
            return
        if place == self._asked:
            return
        self._asked, unique, now_ms = place, f"welcome-{os.getpid()}", self._now_ms()
        self.busy.emit(True)
        self._jobs.on_long(
            lambda _: (place, beginning.examine(place, unique=unique, now_ms=now_ms)),
            self._on_examined,
            self._on_failed,
        )

    def _on_examined(self, found: tuple[str, Examined]) -> None:
        if found[0] != self._asked:
            return  # something else was typed meanwhile
        self._known, self._asked = found, ""
        self.busy.emit(False)
        self.checks.show_checks(found[1].checks)
        self.checks.show()
        self._rest.hide()
        bad = self.tr("It cannot be used as it is; see above.")
        self._say("" if found[1].usable else bad, "danger")
        if found[1].usable and self._goes_on:
            self.chosen.emit()
        self._goes_on = False

    def _on_failed(self, error: Exception) -> None:
        self._forget()
        self._say(str(getattr(error, "message", error)), "danger")
