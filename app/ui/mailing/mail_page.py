"""The password of outgoing mail and a try-out, as a page of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.setting import Section
from app.services import mail_settings
from app.ui import theme

if TYPE_CHECKING:
    from app.ui.workbench import Workbench


class MailPage:
    """Adds the page to the section for mail."""

    section = Section.EMAIL_AND_ALERTS

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    @property
    def title(self) -> str:
        """Return what it is called."""
        return QCoreApplication.translate("MailPage", "Outgoing mail")

    def widget(self, parent: QWidget) -> QWidget:
        """Build the page."""
        return MailSettings(self._bench, parent)


class MailSettings(QWidget):
    """One field for the password, one button that tries the server."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        px = theme.current().px
        title = QLabel(self.tr("Outgoing mail"), self)
        title.setProperty("kind", "title")
        help_ = QLabel(
            self.tr(
                "Server, port, security, user and sender stand in E-mail and alerts. The password "
                "is kept in the key store of this computer, and on no other one."
            ),
            self,
        )
        help_.setProperty("kind", "help")
        help_.setWordWrap(True)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        label = QLabel(self.tr("&Password"), self)
        label.setProperty("kind", "label")
        label.setBuddy(self.password)
        self.password.setAccessibleName(self.tr("Password of outgoing mail"))
        self.keep = self._button(self.tr("&Keep it"))
        self.try_ = self._button(self.tr("&Try the server"))
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.password, 1)
        row.addWidget(self.keep)
        below = QHBoxLayout()
        below.addWidget(self.try_)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 16, 24)
        layout.setSpacing(px(10))
        layout.addWidget(title)
        layout.addWidget(help_)
        layout.addWidget(label)
        layout.addLayout(row)
        layout.addLayout(below)
        layout.addWidget(self.words)
        layout.addStretch(1)
        self.keep.clicked.connect(self._on_keep)
        self.password.returnPressed.connect(self._on_keep)
        self.try_.clicked.connect(self._on_try)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def _on_keep(self) -> None:
        password = self.password.text()
        self._bench.run_long(
            lambda desk: mail_settings.set_password(desk, password), self._on_kept, self._on_failed
        )

    def _on_kept(self, _nothing: object) -> None:
        emptied = not self.password.text()
        self.password.clear()
        self._say(self.tr("The password is forgotten.") if emptied else self.tr("Kept."), "ok")

    def _on_try(self) -> None:
        self._say(self.tr("Asking the server"), "quiet")
        self._bench.run_long(mail_settings.try_server, self._on_tried, self._on_failed)

    def _on_tried(self, sentence: str) -> None:
        self._say(sentence, "ok")

    def _on_failed(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)), "danger")

    def _say(self, sentence: str, tone: str) -> None:
        self.words.setProperty("tone", tone)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.words.setText(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
