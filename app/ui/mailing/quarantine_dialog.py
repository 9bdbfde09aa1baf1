"""Mails that were kept and not taken in: each with its reason, a safe look, and what can be done.

The look is plain text: no picture is loaded, no link can be followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services import mail_intake, mail_quarantine
from app.ui import theme
from app.ui.widgets.held_dialog import HeldDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.services.mail_intake import Taken
    from app.services.mail_quarantine import Kept
    from app.ui.workbench import Workbench


class QuarantineDialog(HeldDialog):
    """A table of kept mails; the buttons act on the one that is current."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, parent)
        self.setWindowTitle(self.tr("Held mails"))
        self.view.setAccessibleName(self.tr("Mails"))
        self.preview.setAccessibleName(self.tr("The mail as plain text"))
        self.let_in = self.button(self.tr("&Let in"))
        self.as_new = self.button(self.tr("As &new incident"))
        self.number = QLineEdit(self)
        self.number.setPlaceholderText(self.tr("INC-000000"))
        self.number.setAccessibleName(self.tr("Number of the incident to attach it to"))
        self.number.setMaximumWidth(theme.current().px(120))
        self.attach = self.button(self.tr("&Attach to incident"))
        self.let_in.clicked.connect(self._on_let_in)
        self.as_new.clicked.connect(self._on_as_new)
        self.attach.clicked.connect(self._on_attach)
        self.number.returnPressed.connect(self._on_attach)
        self.lay_out(self.let_in, self.as_new, self.number, self.attach)

    def read(self) -> None:
        """Read the mails about which nobody has decided."""
        self._bench.read(mail_quarantine.undecided, self._on_read, key="held-mails")

    def _on_read(self, mails: list[Kept]) -> None:
        states = {
            mail_quarantine.HELD: self.tr("Waits for you"),
            mail_quarantine.UNREADABLE: self.tr("Cannot be read"),
            mail_quarantine.IGNORED: self.tr("Sent by a machine"),
        }
        rows = [
            (one.sender or one.source, one.subject, states.get(one.state, one.state), one.reason)
            for one in mails
        ]
        header = (self.tr("From"), self.tr("Subject"), self.tr("State"), self.tr("Reason"))
        self.show_items(mails, header, rows)

    def show_current(self, item: Kept | None) -> None:
        """Offer what can be done with the mail; only one that is whole can be taken in."""
        whole = item is not None and bool(item.sha256)
        for widget in (self.let_in, self.attach, self.number):
            widget.setEnabled(whole)
        self.as_new.setEnabled(whole and item is not None and item.incident is not None)
        if item is None:
            self.reason.setText(self.tr("No mail is held on this computer."))

    def look_at(self, desk: Desk, item: Kept) -> str:
        """Return the mail as plain text."""
        return mail_quarantine.preview(desk, item.message_id)

    def discard_in(self, desk: Desk, item: Kept) -> Kept:
        """Discard the mail."""
        return mail_quarantine.discard(desk, item.message_id)

    def put_back_in(self, desk: Desk, discarded: Kept) -> None:
        """Hold the mail again."""
        mail_quarantine.take_back(desk, discarded)

    def _on_let_in(self) -> None:
        self._take(mail_intake.let_in)

    def _on_as_new(self) -> None:
        self._take(lambda desk, message_id: mail_intake.let_in(desk, message_id, as_new=True))

    def _on_attach(self) -> None:
        number = self.number.text()
        self._take(lambda desk, message_id: mail_quarantine.attach(desk, message_id, number))

    def _take(self, act: Callable[[Desk, str], Taken]) -> None:
        mail = self.current()
        if mail is not None:
            message_id = mail.message_id
            self.act(lambda desk: act(desk, message_id), self._on_taken)

    def _on_taken(self, taken: Taken) -> None:
        self.number.clear()
        self._bench.say(f"{taken.number}: {taken.reason}", "ok", undo=True)
        self.after()
