"""The quick-log bar: the field, its key, the chips of what will be stored.

Only a line that is safely in the database leaves the field; what is being typed is kept as a draft,
so a killed process loses half a second of it. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services import drafts, quick_logging
from app.ui import icons, theme
from app.ui.quick_log.preview_row import Chip, PreviewRow
from app.ui.quick_log.quick_log_line import QuickLogLine

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.drafts import Draft
    from app.services.quick_logging import Preview
    from app.ui.workbench import Workbench

DRAFT = "quick_log"
PAUSE_MS = 500
"""A draft is kept at each pause of this length (ux.md 2.2)."""

_ICONS = {
    "who": "user",
    "prio": "triangle-alert",
    "cat": "tag",
    "loc": "map-pin",
    "team": "users",
    "to": "user-check",
    "svc": "activity",
    "ci": "monitor",
    "tag": "hash",
    "at": "history",
    "due": "calendar",
    "via": "phone",
    "status": "circle-dot",
}
"""By the codes of `TokenKind`, whose module is loaded when something is typed."""


class QuickLogBar(QFrame):
    """The bar between the header and the list, always there."""

    logged = Signal(object)
    """The `ChangeSet` of what was logged."""
    left = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._opens = False
        self._last = ""
        self._sent = ""
        self.setProperty("kind", "quick")
        self.line = QuickLogLine(workbench, self)
        self.line.setProperty("kind", "bare")
        self.line.installEventFilter(self)
        self.chips = PreviewRow(self)
        self.chips.hide()
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._mark = QLabel(self)
        self._key = QLabel(self.tr("Enter"), self)
        self._key.setProperty("kind", "key")
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._keep)
        self.line.textChanged.connect(self._on_text_changed)
        self.line.log_requested.connect(self._on_log_requested)
        self.line.several_pasted.connect(self._on_several_pasted)
        self.line.recalled.connect(self._on_recalled)
        self.line.left.connect(self.left)
        theme.current().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def lock(self, reason: str) -> None:
        """Take no text, and say why; "" takes it again."""
        self.line.setEnabled(not reason)
        self._key.setVisible(not reason)
        for part in (self, self.line):
            part.setToolTip(reason)
        self.line.setAccessibleDescription(reason)

    def read_draft(self) -> None:
        """Bring back what was being typed, unless something is being typed already."""
        self._bench.read(
            lambda desk: drafts.find(desk, DRAFT), self._on_draft, key="quick-log-draft"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Frame the bar while its field has the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.setProperty("active", event.type() == QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self.line, 1)
        row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 3, 12, 4)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.chips)
        layout.addWidget(self.problem)

    # --- typing ----------------------------------------------------------------------------------

    def _on_text_changed(self, text: str) -> None:
        self._pause.start()
        self.problem.hide()
        if not text.strip():
            self.chips.hide()
            self.chips.show_chips(())
            self.line.setAccessibleDescription("")
            return
        self._bench.read(
            lambda desk: quick_logging.preview(desk, text), self._on_preview, key="quick-log"
        )

    def _on_preview(self, preview: Preview) -> None:
        read = preview.read
        if read.line != self.line.text():
            return
        self.line.show_read(read)
        chips = []
        for chip in preview.chips:
            tone = preview.priority.casefold() if chip.kind == "prio" else "text2"
            chips.append(Chip(_ICONS[chip.kind], chip.text, tone, chip.is_new))
        if preview.target:
            chips.append(Chip("clock", self.tr("{0} SLA").format(preview.target)))
        self.chips.show_chips(tuple(chips))
        self.chips.show()
        words = [chip.text for chip in chips] + [one.problem for one in read.problems]
        self.line.setAccessibleDescription(", ".join(words))

    # --- drafts ----------------------------------------------------------------------------------

    def _keep(self) -> None:
        text = self.line.text()
        if text.strip():
            self._bench.write(lambda desk: drafts.save(desk, DRAFT, DRAFT, {"line": text}))
        else:
            self._bench.write(lambda desk: drafts.discard(desk, DRAFT))

    def _on_draft(self, draft: Draft | None) -> None:
        if draft is not None and not self.line.text():
            self.line.setText(str(draft.data.get("line", "")))

    # --- logging ---------------------------------------------------------------------------------

    def _on_log_requested(self, opens: bool) -> None:
        line = self.line.text()
        if line.strip() and not self._sent:
            self._opens = opens
            self._send([line], line)

    def _send(self, lines: list[str], sent: str) -> None:
        self._sent = sent
        self._bench.write(
            lambda desk: quick_logging.log_lines(desk, lines), self._on_logged, self._on_refused
        )

    def _on_logged(self, changes: ChangeSet) -> None:
        sent, self._sent = self._sent, ""
        if sent:
            self._last = sent
            if self.line.text() == sent:  # what was typed meanwhile is another line
                self.line.clear()
        self._keep()
        ids = changes.ids.get("incident", ())
        if ids:
            self._bench.open_incident(ids[0], reveal=True)
        self.logged.emit(changes)

    def _on_refused(self, error: Exception) -> None:
        self._sent = ""
        self.problem.setText(str(getattr(error, "message", error)))
        self.problem.show()
        self.line.setFocus()

    def _on_recalled(self) -> None:
        self.line.setText(self._last)

    def _on_several_pasted(self, lines: list[str]) -> None:
        from PySide6.QtWidgets import QMessageBox

        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.NoIcon)
        question.setText(
            self.tr("Log %n incidents?", "", len(lines)).replace("%n", str(len(lines)))
        )
        question.setInformativeText("\n".join(lines[:6]))
        log = question.addButton(
            self.tr("Log %n incidents", "", len(lines)).replace("%n", str(len(lines))),
            QMessageBox.ButtonRole.AcceptRole,
        )
        one = question.addButton(self.tr("As one line"), QMessageBox.ButtonRole.ActionRole)
        question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(log)
        self._pasted = (question, log, one, lines)
        question.finished.connect(self._on_paste_answered)
        question.open()

    def _on_paste_answered(self, _result: int) -> None:
        question, log, one, lines = self._pasted
        if question.clickedButton() is log:
            self._send(lines, "\n".join(lines))
        elif question.clickedButton() is one:
            self.line.insert(" ".join(lines))
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        question.deleteLater()

    def _on_theme_changed(self) -> None:
        now = theme.current()
        self._mark.setPixmap(icons.pixmap("zap", now.colour("accent").name(), now.px(16)))
