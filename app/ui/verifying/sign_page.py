"""The certificate that reports are signed with, as a page of the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from app.domain.setting import Section
from app.services import signing
from app.ui.settings.settings_form import SettingsForm
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class SignPage:
    """Adds the page to the section for print."""

    section = Section.PRINT

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    @property
    def title(self) -> str:
        """Return what it is called."""
        return QCoreApplication.translate("SignPage", "Signing")

    def widget(self, parent: QWidget) -> QWidget:
        """Build the page."""
        return SignSettings(self._bench, parent)


class SignSettings(SettingsForm):
    """A password, and two ways to a certificate: the firm's file, or one of one's own."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            bench,
            self.tr("Signing"),
            self.tr(
                "A signed report shows in other programs who issued it, and that nothing was "
                "changed. With a certificate of your own they call the signer unknown until they "
                "are told to trust it; one of your organisation (.p12, .pfx) they may know. The "
                "password is kept in the key store of this computer."
            ),
            parent,
        )
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(self.tr("Password of the certificate"))
        self.choose = self.button(self.tr("&Choose a certificate..."))
        self.make = self.button(self.tr("&Make one of my own..."))
        self.add_label(self.tr("&Password of the certificate"), self.password)
        self.add_row(self.password, wide=True)
        self.add_row(self.choose, self.make)
        self.end()
        self.choose.clicked.connect(self._on_choose)
        self.make.clicked.connect(self._on_make)

    def _on_choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a certificate"),
            "",
            self.tr("Certificates (*.p12 *.pfx);;All files (*)"),
        )
        self._run(name, signing.choose_certificate)

    def _on_make(self) -> None:
        if not self.password.text():
            self.say(self.tr("Give a password that keeps the key."), "danger")
            self.password.setFocus()
            return
        path = ask_save_place(
            self,
            self.tr("Where the certificate is kept"),
            str(Path.home() / "incident-desk.p12"),
            self.tr("Certificates (*.p12)"),
        )
        self._run("" if path is None else str(path), signing.make_certificate)

    def _run(self, name: str, act: Callable[[Desk, Path, str], str]) -> None:
        if name:
            path, password = Path(name), self.password.text()
            self.run(lambda desk: act(desk, path, password), self._on_taken)

    def _on_taken(self, whose: str) -> None:
        self.password.clear()
        text = self.tr("Reports that are saved or mailed are signed by {0} from now on.")
        self.say(text.format(whose), "ok")
