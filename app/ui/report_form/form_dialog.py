"""Asks where users' reports shall go, and writes the form for the intranet as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.services import report_form
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.workbench import Workbench

_SIZE = (520, 260)


class FormDialog(QDialog):
    """An address or a folder; the page is written in a lane."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        tr, px = self.tr, workbench.theme.px
        self.setWindowTitle(tr("Form for users' reports"))
        workbench.theme.fit(self, *_SIZE)
        heading = QLabel(
            tr("The form is one page for your intranet. Where shall its reports go?"), self
        )
        heading.setWordWrap(True)
        self.by_mail = QRadioButton(tr("By &mail to this address"), self)
        self.by_file = QRadioButton(tr("As a file into this &folder"), self)
        self.by_mail.setChecked(True)
        self.place = QLineEdit(self)
        self.place.setAccessibleName(tr("Address or folder"))
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.write = QPushButton(tr("&Write the page..."), self)
        self.write.setProperty("kind", "primary")
        cancel = QPushButton(tr("Cancel"), self)
        cancel.setProperty("kind", "secondary")
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addStretch(1)
        for button in (cancel, self.write):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(14))
        column.setSpacing(px(8))
        for part in (heading, self.by_mail, self.by_file, self.place, self.problem):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(buttons)
        self.by_mail.toggled.connect(self._show_example)
        self.place.returnPressed.connect(self._on_write)
        self.write.clicked.connect(self._on_write)
        cancel.clicked.connect(self.reject)
        self._show_example()
        self.place.setFocus()

    def _show_example(self) -> None:
        mail = self.by_mail.isChecked()
        self.place.setPlaceholderText("helpdesk@example.com" if mail else r"\\server\reports")

    def _on_write(self) -> None:
        given = self.place.text().strip()
        mail, drop = (given, "") if self.by_mail.isChecked() else ("", given)
        if not given:
            self._say(self.tr("Say where the reports shall go."))
            return
        path = ask_save_place(self, self.windowTitle(), "report.html", self.tr("Page (*.html)"))
        if path is not None:
            self._bench.read(
                lambda _desk: report_form.write_form(path, mail=mail, drop=drop),
                self._on_written,
                self._on_refused,
            )

    def _on_written(self, path: Path) -> None:
        self._bench.say(self.tr("The form is in {0}").format(path))
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)))

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setAccessibleName(sentence)
        self.problem.setVisible(bool(sentence))
        self.place.setFocus()
