"""Address and token of the webhook as a page of the settings: copied to a tool, or renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.setting import Section
from app.services import listening
from app.ui import theme

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.ui.workbench import Workbench


class ListenerPage:
    """Adds a page to the section for mail and alerts."""

    section = Section.EMAIL_AND_ALERTS

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    @property
    def title(self) -> str:
        """Return what it is called."""
        return QCoreApplication.translate("ListenerPage", "Webhook for alerts")

    def widget(self, parent: QWidget) -> QWidget:
        """Build the page."""
        return ListenerSettings(self._bench, parent)


class ListenerSettings(QWidget):
    """The address, buttons that copy it and the token, one that makes another token.

    The token itself is not shown.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        px = theme.current().px
        title = QLabel(self.tr("Webhook for alerts"), self)
        title.setProperty("kind", "title")
        help_ = QLabel(
            self.tr(
                "A monitoring tool posts its alerts to the address, or to one of its own such as "
                "/alerts/zabbix, and sends the token in the header X-Auth-Token. The token is kept "
                "in the key store of this computer. Host, port and certificate stand in E-mail and "
                "alerts."
            ),
            self,
        )
        help_.setProperty("kind", "help")
        help_.setWordWrap(True)
        label = QLabel(self.tr("&Address"), self)
        label.setProperty("kind", "label")
        self.address = QLineEdit(self)
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("Address that tools post to"))
        self.address.setPlaceholderText(self.tr("No webhook is set"))
        label.setBuddy(self.address)
        self.copy_address = self._button(self.tr("C&opy"))
        self.copy = self._button(self.tr("&Copy the token"))
        self.renew = self._button(self.tr("Make a &new token"))
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.copy)
        row.addWidget(self.renew)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 16, 24)
        layout.setSpacing(px(10))
        layout.addWidget(title)
        layout.addWidget(help_)
        place = QHBoxLayout()
        place.setSpacing(px(8))
        place.addWidget(self.address, 1)
        place.addWidget(self.copy_address)
        layout.addWidget(label)
        layout.addLayout(place)
        layout.addLayout(row)
        layout.addWidget(self.words)
        layout.addStretch(1)
        self.copy.clicked.connect(self._on_copy)
        self.renew.clicked.connect(self._on_renew)
        self.copy_address.clicked.connect(self._on_copy_address)
        bench.bus.published.connect(self._on_published)
        self._read()

    def _read(self) -> None:
        self._bench.read(listening.address, self._on_address, key="webhook-address")

    def _on_published(self, changes: ChangeSet) -> None:
        if "setting" in changes.kinds:
            self._read()

    def _on_address(self, address: str) -> None:
        self.address.setText(address)
        self.copy_address.setEnabled(bool(address))

    def _on_copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self._say(self.tr("The address is on the clipboard."), "ok")

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def _on_copy(self) -> None:
        self._bench.run_long(listening.token, self._on_token, self._on_failed)

    def _on_token(self, token: str) -> None:
        QGuiApplication.clipboard().setText(token)
        self._say(self.tr("The token is on the clipboard."), "ok")

    def _on_renew(self) -> None:
        self._bench.run_long(listening.renew_token, self._on_renewed, self._on_failed)

    def _on_renewed(self, _changes: object) -> None:
        self._say(self.tr("There is a new token: give it to every tool that posts here."), "ok")

    def _on_failed(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)), "danger")

    def _say(self, sentence: str, tone: str) -> None:
        self.words.setProperty("tone", tone)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.words.setText(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
