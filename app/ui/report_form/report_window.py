"""The small window in which a user reports something from their own computer.

It has no profile and no database: it writes one report file to the drop folder, or a mail that the
user sends. A picture of the screen is taken only when the user asks for it; it and the facts about
the computer are shown before anything is written. GUI thread only.
"""

from __future__ import annotations

import secrets
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KnownError
from app.intake.report_file import Report, write_report
from app.intake.safe_write import whole_file
from app.system.machine_facts import machine_facts
from app.ui import language, theme
from app.ui.report_form.screen_shot import ScreenShot, grab, packed
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QImage

_SIZE = (640, 620)
_SIZE_WITH_PICTURE = (760, 960)
_HIDDEN_MS = 400
"""How long the window is out of the way before the picture is taken."""


class ReportWindow(QDialog):
    """Ask what is wrong; `written` is the file, once there is one."""

    def __init__(
        self,
        *,
        mail: str = "",
        drop: str = "",
        user: str = "",
        now: Callable[[], datetime],
        take: Callable[[], QImage] = grab,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mail, self._drop, self._now, self._take = mail, drop, now, take
        self._id = secrets.token_hex(16)
        self.written = ""
        tr = self.tr
        self.setWindowTitle(tr("Report an incident"))
        theme.current().fit(self, *_SIZE)
        self.title = self._line(200)
        self.description = QPlainTextEdit(self)
        self.description.setTabChangesFocus(True)
        self.description.setMaximumHeight(theme.current().px(100))
        self.effect = QComboBox(self)
        for code, words in (
            ("one", tr("Only me")), ("some", tr("Several people")), ("all", tr("Everybody")),
        ):  # fmt: skip
            self.effect.addItem(words, code)
        self.requester, self.contact = self._line(200), self._line(200)
        self.requester.setText(user)
        self.picture = QPushButton(tr("Take a &picture of the screen"), self)
        self.picture.setProperty("kind", "secondary")
        self.picture.setAutoDefault(False)
        self.shot = ScreenShot(self)
        self._facts = machine_facts()
        self.with_facts = QCheckBox(tr("Send these &facts about this computer"), self)
        self.with_facts.setChecked(True)
        self.facts = QLabel("\n".join(f"{k}: {v}" for k, v in self._facts.items()), self)
        self.facts.setProperty("tone", "quiet")
        self.facts.setWordWrap(True)
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.send = QPushButton(self._what(), self)
        self.send.setProperty("kind", "primary")
        self.cancel = QPushButton(tr("Close"), self)
        self.cancel.setProperty("kind", "secondary")
        for button in (self.send, self.cancel):
            button.setAutoDefault(False)
        self._lay_out()
        self.picture.clicked.connect(self._on_picture)
        self.shot.removed.connect(self.picture.setFocus)
        self.send.clicked.connect(self._on_send)
        self.cancel.clicked.connect(self.reject)
        self.title.setFocus()

    def _what(self) -> str:
        if self._drop:
            return self.tr("&Send report")
        return self.tr("Write the &mail") if self._mail else self.tr("&Save report...")

    def _lay_out(self) -> None:
        px, tr = theme.current().px, self.tr
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(14))
        column.setSpacing(px(6))
        for words, part in (
            (tr("What is &wrong, in one line?"), self.title),
            (tr("What did you &do, and what did you see?"), self.description),
            (tr("Who cannot w&ork?"), self.effect),
            (tr("Your &name"), self.requester),
            (tr("How do we &reach you?"), self.contact),
        ):
            caption = QLabel(words, self)
            caption.setProperty("kind", "label")
            caption.setBuddy(part)
            part.setAccessibleName(words.replace("&", ""))
            column.addWidget(caption)
            column.addWidget(part)
        column.addWidget(self.picture)
        column.addWidget(self.shot, 3)
        column.addWidget(self.with_facts)
        column.addWidget(self.facts)
        column.addStretch(1)
        column.addWidget(self.problem)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.send)
        column.addLayout(buttons)

    def _line(self, most: int) -> QLineEdit:
        line = QLineEdit(self)
        line.setMaxLength(most)
        return line

    # --- the picture -----------------------------------------------------------------------------

    def _on_picture(self) -> None:
        """Get out of the way, and take the picture then."""
        self.hide()
        QTimer.singleShot(_HIDDEN_MS, self, self._on_out_of_the_way)

    def _on_out_of_the_way(self) -> None:
        image = self._take()
        self.show()
        if image.isNull():
            self._say(self.tr("This desktop lets no program take a picture of the screen."))
            return
        self._say("")
        self.shot.show_image(image)
        self.title.deselect()
        theme.current().fit(self, *_SIZE_WITH_PICTURE)

    # --- sending ---------------------------------------------------------------------------------

    def report(self) -> Report:
        """Return what would be sent."""
        image = self.shot.image
        return Report(
            id=self._id,
            title=self.title.text().strip(),
            requester=self.requester.text().strip(),
            description=self.description.toPlainText()[:20_000],
            contact=self.contact.text().strip(),
            effect=str(self.effect.currentData()),
            written_at=self._now(),
            machine=self._facts if self.with_facts.isChecked() else {},
            picture=b"" if image is None else packed(image),
        )

    def _on_send(self) -> None:
        for line, sentence in (
            (self.title, self.tr("Say in one line what is wrong.")),
            (self.requester, self.tr("Say who you are.")),
        ):
            if not line.text().strip():
                self._say(sentence)
                line.setFocus()
                return
        try:
            self.written = self._write(self.report())
        except KnownError as error:
            self._say(error.message)
            return
        if self.written:
            self.accept()

    def _write(self, report: Report) -> str:
        """Write the file or the mail; return where, "" when the user chose no place."""
        name = f"report-{report.id[:12]}"
        if self._mail:
            path = self._asked(f"{name}.eml", self.tr("Mail (*.eml)"))
            if path:
                _write_bytes(path, mail_of(report, self._mail))
                QDesktopServices.openUrl(QUrl.fromLocalFile(path))
            return path
        path = (
            str(Path(self._drop) / f"{name}.json")
            if self._drop
            else self._asked(f"{name}.json", self.tr("Report (*.json)"))
        )
        if path:
            _write_bytes(path, write_report(report))
        return path

    def _asked(self, name: str, kinds: str) -> str:
        path = ask_save_place(self, self.windowTitle(), name, kinds)
        return "" if path is None else str(path)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setAccessibleName(sentence)
        self.problem.setVisible(bool(sentence))


def _write_bytes(path: str, data: bytes) -> None:
    with whole_file(path) as file:
        file.write(data)


def mail_of(report: Report, address: str) -> bytes:
    """Return a mail that was not sent yet (`X-Unsent`), with the picture attached."""
    mail = EmailMessage()
    mail["To"] = address
    mail["Subject"] = report.title
    mail["X-Unsent"] = "1"
    parts = [report.description, f"From: {report.requester} {report.contact}".strip()]
    parts += ["\n".join(f"{name}: {value}" for name, value in report.machine.items())]
    mail.set_content("\n\n".join(part for part in parts if part))
    if report.picture:
        mail.add_attachment(
            report.picture, maintype="image", subtype="png", filename=report.picture_name
        )
    return mail.as_bytes()


def ask(*, mail: str, drop: str, user: str, now: Callable[[], datetime]) -> str:
    """Show the window until it is closed; return the file that was written, "" for none."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
        application.setApplicationName("Incident Desk")
        language.install(application)
    theme.current().apply()
    window = ReportWindow(mail=mail, drop=drop, user=user, now=now)
    waiting = QEventLoop()  # not `exec`: the window hides itself while the picture is taken
    window.finished.connect(waiting.quit)
    application.setQuitOnLastWindowClosed(False)
    window.show()
    waiting.exec()
    return window.written
