"""Mails that were kept and not taken in: each with its reason, a safe look, and what can be done.

The look is plain text: no picture is loaded, no link can be followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services import mail_intake, mail_quarantine
from app.ui import theme
from app.ui.importing.text_table import TextTable, text_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex

    from app.services.desk import Desk
    from app.services.mail_intake import Taken
    from app.services.mail_quarantine import Kept
    from app.ui.workbench import Workbench

_SIZE = (820, 560)


class QuarantineDialog(QDialog):
    """A table of kept mails; the buttons act on the one that is current."""

    decided = Signal()
    """Somebody has decided about a mail."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.mails: list[Kept] = []
        self._discarded: Kept | None = None
        self.setWindowTitle(self.tr("Held mails"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = theme.current().px
        self.resize(px(_SIZE[0]), px(_SIZE[1]))
        self.table = TextTable(self)
        self.view = text_view(self.tr("Mails"), self.table, self)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(self.tr("The mail as plain text"))
        self.let_in = self._button(self.tr("&Let in"))
        self.as_new = self._button(self.tr("As &new incident"))
        self.number = QLineEdit(self)
        self.number.setPlaceholderText(self.tr("INC-000000"))
        self.number.setAccessibleName(self.tr("Number of the incident to attach it to"))
        self.number.setMaximumWidth(px(120))
        self.attach = self._button(self.tr("&Attach to incident"))
        self.discard = self._button(self.tr("&Discard"))
        self.back = self._button(self.tr("&Undo"))
        self.back.setEnabled(False)
        leave = self._button(self.tr("Close"))
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        for widget in (self.let_in, self.as_new, self.number, self.attach, self.discard, self.back):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(10))
        layout.addWidget(self.view, 2)
        layout.addWidget(self.reason)
        layout.addWidget(self.preview, 3)
        layout.addLayout(foot)
        self.let_in.clicked.connect(self._on_let_in)
        self.as_new.clicked.connect(self._on_as_new)
        self.attach.clicked.connect(self._on_attach)
        self.number.returnPressed.connect(self._on_attach)
        self.discard.clicked.connect(self._on_discard)
        self.back.clicked.connect(self._on_back)
        leave.clicked.connect(self.reject)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self._read()
        self.view.setFocus()

    def current(self) -> Kept | None:
        """Return the mail that the buttons act on."""
        row = self.view.currentIndex().row()
        return self.mails[row] if 0 <= row < len(self.mails) else None

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def _read(self) -> None:
        self._bench.read(mail_quarantine.undecided, self._on_read, key="held-mails")

    def _on_read(self, mails: list[Kept]) -> None:
        row = max(0, min(self.view.currentIndex().row(), len(mails) - 1))
        self.mails = mails
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
        self.table.show_rows(header, rows)
        self.view.resizeColumnsToContents()
        self.view.selectRow(row)
        self._show()

    def _on_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show()

    def _show(self) -> None:
        mail = self.current()
        whole = mail is not None and bool(mail.sha256)
        self.let_in.setEnabled(whole)
        self.as_new.setEnabled(whole and mail is not None and mail.incident is not None)
        self.attach.setEnabled(whole)
        self.number.setEnabled(whole)
        self.discard.setEnabled(mail is not None)
        self.preview.clear()
        if mail is None:
            self.reason.setText(self.tr("No mail is held on this computer."))
            return
        self.reason.setText(mail.reason)
        message_id = mail.message_id
        self._bench.read(
            lambda desk: (message_id, mail_quarantine.preview(desk, message_id)),
            self._on_preview,
            self._on_failed,
            key="held-mail",
        )

    def _on_preview(self, found: tuple[str, str]) -> None:
        mail = self.current()
        if mail is not None and mail.message_id == found[0]:
            self.preview.setPlainText(found[1])

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
            self._bench.write(
                lambda desk: act(desk, message_id), self._on_taken, self._on_failed, quiet=True
            )

    def _on_taken(self, taken: Taken) -> None:
        self.number.clear()
        self._bench.say(f"{taken.number}: {taken.reason}", "ok", undo=True)
        self._after()

    def _on_discard(self) -> None:
        mail = self.current()
        if mail is not None:
            message_id = mail.message_id
            self._bench.write(
                lambda desk: mail_quarantine.discard(desk, message_id),
                self._on_discarded,
                self._on_failed,
                quiet=True,
            )

    def _on_discarded(self, mail: Kept) -> None:
        self._discarded = mail
        self.back.setEnabled(True)
        self._after()

    def _on_back(self) -> None:
        mail = self._discarded
        if mail is not None:
            self._bench.write(
                lambda desk: mail_quarantine.take_back(desk, mail),
                self._on_taken_back,
                self._on_failed,
                quiet=True,
            )

    def _on_taken_back(self, _mail: Kept) -> None:
        self._discarded = None
        self.back.setEnabled(False)
        self.view.setFocus()
        self._after()

    def _after(self) -> None:
        self._read()
        self.decided.emit()

    def _on_failed(self, error: Exception) -> None:
        self.reason.setText(str(getattr(error, "message", error)))
