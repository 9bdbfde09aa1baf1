"""The answer about a report: one verdict in plain words, and what it rests on. GUI thread only.

The file is read and the chain checked in the long lane, so a list is never kept waiting by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileInfo, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.reports.signature import SignatureState
from app.services import verification
from app.services.verification import Verdict
from app.ui import icons, theme
from app.ui.verifying.pdf_drop import pdf_of
from app.ui.widgets.text_table import TextTable, text_view

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.verification import Verification
    from app.ui.workbench import Workbench

_SIZE, _MARK = (680, 460), 28
_MARKS = {
    Verdict.GENUINE: ("circle-check", "ok"),
    Verdict.RECORD_CHANGED: ("triangle-alert", "warn"),
    Verdict.FILE_ALTERED: ("circle-x", "danger"),
    Verdict.NOT_OURS: ("circle-question-mark", "warn"),
}


class VerifyDialog(QDialog):
    """Takes a file, by button or drop, and says what it is."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.found: Verification | None = None
        self._path: Path | None = None
        self.setWindowTitle(self.tr("Verify a report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        px = theme.current().px
        self.resize(px(_SIZE[0]), px(_SIZE[1]))
        self.mark = QLabel(self)
        self.verdict = self._label("title")
        self.file = self._label("help")
        self.reason = self._label("")
        self.facts = self._label("help")
        self.changes = TextTable(self)
        self.table = text_view(self.tr("What differs"), self.changes, self)
        self.choose = self._button(self.tr("C&hoose a file..."), "secondary")
        self.copy = self._button(self.tr("&Copy details"), "secondary")
        self.leave = self._button(self.tr("Close"), "secondary")
        self._lay_out()
        self.choose.clicked.connect(self.ask)
        self.copy.clicked.connect(self._on_copy)
        self.leave.clicked.connect(self.reject)
        self._show(
            "file-text",
            "text2",
            self.tr("Drop a report here"),
            self.tr(
                "Choose the PDF of a report. It is compared with what was issued, with the record "
                "as it is now and with the audit chain. Nothing is changed."
            ),
        )
        self.choose.setFocus()

    def verify(self, path: Path) -> None:
        """Verify a file and show the answer."""
        self._path, self.found = path, None
        self.file.setText(str(path))
        self._show("clock", "text2", self.tr("Looking at the file"), "")
        self._bench.run_long(lambda desk: self._asked(desk, path), self._on_found, self._on_failed)

    def ask(self) -> None:
        """Ask for a file."""
        start = QFileInfo(str(self._path)).absolutePath() if self._path else ""
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Verify a report"), start, self.tr("Reports (*.pdf);;All files (*)")
        )
        if path:
            self.verify(Path(path))

    @staticmethod
    def _asked(desk: Desk, path: Path) -> tuple[Path, Verification]:
        return path, verification.verify_file(desk, path)

    # --- parts -----------------------------------------------------------------------------------

    def _label(self, kind: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            label.setProperty("kind", kind)
        return label

    def _button(self, text: str, kind: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        px = theme.current().px
        for label in (self.reason, self.facts, self.file):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(px(6))
        words.addWidget(self.verdict)
        words.addWidget(self.file)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self.choose)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(12))
        layout.addLayout(head)
        layout.addWidget(self.reason)
        layout.addWidget(self.facts)
        layout.addWidget(self.table, 1)
        layout.addStretch()
        layout.addLayout(foot)

    # --- the answer ------------------------------------------------------------------------------

    def _on_found(self, answer: tuple[Path, Verification]) -> None:
        path, found = answer
        if path != self._path:
            return
        self.found = found
        words = {
            Verdict.GENUINE: self.tr("Genuine"),
            Verdict.RECORD_CHANGED: self.tr("The record has changed since"),
            Verdict.FILE_ALTERED: self.tr("The file was altered"),
            Verdict.NOT_OURS: self.tr("Not a report of ours"),
        }
        self._show(*_MARKS[found.verdict], words[found.verdict], found.reason)
        self.facts.setText("\n".join(self._facts(found)))
        self.facts.setVisible(bool(self.facts.text()))
        rows = [(change.field, change.was, change.now) for change in found.changes]
        rows += [(self.tr("added by handing it out"), "", line) for line in found.since]
        header = (self.tr("Field"), self.tr("In the report"), self.tr("Now"))
        self.changes.show_rows(header, rows)
        self.table.resizeColumnsToContents()
        self.table.setVisible(bool(rows))
        self.copy.setVisible(True)
        self._say(f"{self.verdict.text()}. {found.reason}")

    def _facts(self, found: Verification) -> list[str]:
        lines = []
        if found.number:
            lines.append(self.tr("Incident: {0}").format(found.number))
        if found.record_sha256:
            digest = found.record_sha256
            groups = " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
            lines.append(self.tr("Record (SHA-256): {0}").format(groups))
        if found.signature is not None:
            words = {
                SignatureState.VALID: self.tr("Signature: valid, by {0}"),
                SignatureState.UNKNOWN_SIGNER: self.tr("Signature: whole, by {0}, unknown here"),
                SignatureState.ALTERED: self.tr("Signature: not valid, the file was changed"),
                SignatureState.UNCHECKED: self.tr("Signature: there is one, not checked here"),
            }
            lines.append(words[found.signature.state].format(found.signature.signer))
        return lines

    def _on_failed(self, error: Exception) -> None:
        sentence = str(getattr(error, "message", error))
        self._show("circle-alert", "danger", self.tr("The file could not be verified"), sentence)
        self._say(sentence)

    def _show(self, icon: str, tone: str, verdict: str, reason: str) -> None:
        now = theme.current()
        self.mark.setPixmap(icons.pixmap(icon, now.colour(tone).name(), now.px(_MARK)))
        self.verdict.setText(verdict)
        self.reason.setText(reason)
        self.facts.hide()
        self.table.hide()
        self.copy.hide()

    def _say(self, sentence: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _on_copy(self) -> None:
        if self.found is None:
            return
        lines = [self.verdict.text(), self.file.text(), self.found.reason]
        lines += self._facts(self.found)
        lines += [f"{one.field}: {one.was} -> {one.now}" for one in self.found.changes]
        lines += self.found.since
        QGuiApplication.clipboard().setText("\n".join(lines))

    # --- drop ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that is dragged over the dialog."""
        if pdf_of(event.mimeData(), any_file=True) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Verify the file that is dropped."""
        path = pdf_of(event.mimeData(), any_file=True)
        if path is not None:
            event.acceptProposedAction()
            self.verify(path)
