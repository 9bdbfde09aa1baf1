"""Address and token of the webhook as a page of the settings: copied to a tool, or renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.setting import Section
from app.services import listening
from app.ui.settings.settings_form import SettingsForm

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


class ListenerSettings(SettingsForm):
    """The address, buttons that copy it and the token, one that makes another token.

    The token itself is not shown.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            bench,
            self.tr("Webhook for alerts"),
            self.tr(
                "A monitoring tool posts its alerts to the address, or to one of its own such as "
                "/alerts/zabbix, and sends the token in the header X-Auth-Token. The token is kept "
                "in the key store of this computer. Host, port and certificate stand in E-mail and "
                "alerts."
            ),
            parent,
        )
        self.address = QLineEdit(self)
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("Address that tools post to"))
        self.address.setPlaceholderText(self.tr("No webhook is set"))
        self.copy_address = self.button(self.tr("C&opy"))
        self.copy = self.button(self.tr("&Copy the token"))
        self.renew = self.button(self.tr("Make a &new token"))
        self.add_label(self.tr("&Address"), self.address)
        self.add_row(self.address, self.copy_address, wide=True)
        self.add_row(self.copy, self.renew)
        self.end()
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
        self.say(self.tr("The address is on the clipboard."), "ok")

    def _on_copy(self) -> None:
        self.run(listening.token, self._on_token)

    def _on_token(self, token: str) -> None:
        QGuiApplication.clipboard().setText(token)
        self.say(self.tr("The token is on the clipboard."), "ok")

    def _on_renew(self) -> None:
        self.run(listening.renew_token, self._on_renewed)

    def _on_renewed(self, _changes: object) -> None:
        self.say(self.tr("There is a new token: give it to every tool that posts here."), "ok")
