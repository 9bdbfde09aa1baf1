"""The passwords of outgoing mail and of the mailbox with a try-out, as pages of the settings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.setting import Section
from app.services import mail_settings, mailbox_settings
from app.ui.settings.settings_form import SettingsForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class Account(NamedTuple):
    """Whose password a page keeps: its words, and what keeps and tries it."""

    title: str
    help_: str
    password_name: str
    try_text: str
    keep: Callable[[Desk, str, str], None]
    """Keeps a password, of the account of a name."""
    try_: Callable[[Desk, str], str]
    """Tries the account of a name; returns a sentence that it works."""
    choices: Callable[[Desk], list[tuple[str, str]]] | None = None
    """What each account is known by, and its name; None where there is one only."""


def outgoing() -> Account:
    """Return the server that letters leave by."""
    tr = partial(QCoreApplication.translate, "MailPage")
    return Account(
        tr("Outgoing mail"),
        tr(
            "Server, port, security, user and sender stand in E-mail and alerts. The password "
            "is kept in the key store of this computer, and on no other one."
        ),
        tr("Password of outgoing mail"),
        tr("&Try the server"),
        lambda desk, password, _name: mail_settings.set_password(desk, password),
        lambda desk, _name: mail_settings.try_server(desk),
    )


def incoming() -> Account:
    """Return the mailbox that incidents come from."""
    tr = partial(QCoreApplication.translate, "MailPage")
    return Account(
        tr("Mailbox"),
        tr(
            "Server, port, security, user, folder and address of the mailbox stand in E-mail and "
            "alerts, and so does whether this computer fetches; further ones have a page of their "
            "own. The password is kept in the key store of this computer; each computer that may "
            "fetch needs it."
        ),
        tr("Password of the mailbox"),
        tr("&Test"),
        lambda desk, password, name: mailbox_settings.set_password(desk, password, name),
        lambda desk, name: mailbox_settings.try_mailbox(desk, name),
        mailbox_settings.choices,
    )


class MailPage:
    """Adds a page to the section for mail."""

    section = Section.EMAIL_AND_ALERTS

    def __init__(self, bench: Workbench, account: Callable[[], Account] = outgoing) -> None:
        self._bench, self._account = bench, account

    @property
    def title(self) -> str:
        """Return what it is called."""
        return self._account().title

    def widget(self, parent: QWidget) -> QWidget:
        """Build the page."""
        return MailSettings(self._bench, parent, self._account())


class MailSettings(SettingsForm):
    """One field for the password, one button that tries the server."""

    def __init__(
        self, bench: Workbench, parent: QWidget | None = None, account: Account | None = None
    ) -> None:
        self._account = account or outgoing()
        super().__init__(bench, self._account.title, self._account.help_, parent)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(self._account.password_name)
        self.box = QComboBox(self)
        self.box.setAccessibleName(self.tr("Mailbox whose password it is"))
        self.box.view().setAccessibleName(self.tr("Mailboxes"))
        self.box.hide()
        self.keep = self.button(self.tr("&Keep it"))
        self.try_ = self.button(self._account.try_text)
        self.add_row(self.box, wide=True)
        self.add_label(self.tr("&Password"), self.password)
        self.add_row(self.password, self.keep, wide=True)
        self.add_row(self.try_)
        self.end()
        self.keep.clicked.connect(self._on_keep)
        self.password.returnPressed.connect(self._on_keep)
        self.try_.clicked.connect(self._on_try)
        bench.bus.published.connect(self._on_published)
        self._read()

    def _read(self) -> None:
        if self._account.choices is not None:
            self._bench.read(self._account.choices, self._on_choices, key="mailbox-choices")

    def _on_published(self, changes: ChangeSet) -> None:
        if changes.kinds & {"setting", "mailbox"}:
            self._read()

    def _on_choices(self, choices: list[tuple[str, str]]) -> None:
        """Offer the mailboxes where there are several."""
        chosen = self.box.currentData()
        self.box.clear()
        for shown, name in choices:
            self.box.addItem(shown, name)
        self.box.setCurrentIndex(max(0, self.box.findData(chosen)))
        self.box.setVisible(len(choices) > 1)

    def _chosen(self) -> str:
        return str(self.box.currentData() or "")

    def _on_keep(self) -> None:
        password, name = self.password.text(), self._chosen()
        keep = self._account.keep
        self.run(lambda desk: keep(desk, password, name), self._on_kept)

    def _on_kept(self, _nothing: object) -> None:
        emptied = not self.password.text()
        self.password.clear()
        self.say(self.tr("The password is forgotten.") if emptied else self.tr("Kept."), "ok")

    def _on_try(self) -> None:
        self.say(self.tr("Asking the server"), "quiet")
        try_, name = self._account.try_, self._chosen()
        self.run(lambda desk: try_(desk, name), self._on_tried)

    def _on_tried(self, sentence: str) -> None:
        self.say(sentence, "ok")
