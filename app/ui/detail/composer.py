"""The composer at the foot of the detail: a note or a reply, its draft, and files.

Text belongs to its incident: going to another one keeps it as that incident's draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import EntityId, EntryKind
from app.services import drafts, incidents
from app.ui import icons, theme

if TYPE_CHECKING:
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

PAUSE_MS = 500
_LINES = 3


def draft_key(uid: EntityId) -> str:
    """Return under which key the note on an incident is kept."""
    return f"note:{uid.hex()}"


class Composer(QFrame):
    """Writes notes and replies; Ctrl+Enter adds, Tab leaves."""

    attach_requested = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._uid: EntityId | None = None
        self._sent = ""
        self.setProperty("kind", "quick")
        self.text = QPlainTextEdit(self)
        self.text.setProperty("kind", "bare")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setPlaceholderText(self.tr("Add a note. Paste a screenshot or drop a file"))
        self.text.installEventFilter(self)
        self.reply = QPushButton(self)
        self.reply.setProperty("kind", "tag")
        self.reply.setCheckable(True)
        self.reply.toggled.connect(self._on_kind_changed)
        self.attach = QToolButton(self)
        self.attach.setAccessibleName(self.tr("Attach files..."))
        self.attach.setToolTip(self.tr("Attach files..."))
        icons.bind(self.attach, "paperclip")
        self.attach.clicked.connect(self.attach_requested)
        self.add = QPushButton(self.tr("Add"), self)
        self.add.clicked.connect(self.commit)
        key = QLabel(self.tr("Ctrl+Enter"), self)
        key.setProperty("kind", "key")
        row = QHBoxLayout()
        row.addWidget(self.reply)
        row.addWidget(self.attach)
        row.addStretch(1)
        row.addWidget(key, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 8)
        layout.addWidget(self.text)
        layout.addLayout(row)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._keep)
        self.text.textChanged.connect(self._pause.start)
        theme.current().changed.connect(self._fit)
        self._fit()
        self._on_kind_changed(False)

    def show_incident(self, uid: EntityId | None) -> None:
        """Write about another incident; what was typed about the last one is kept for it."""
        if uid == self._uid:
            return
        if self._pause.isActive():
            self._pause.stop()
            self._keep()
        self._uid = uid
        self.setEnabled(uid is not None)
        blocked = self.text.blockSignals(True)
        self.text.clear()
        self.text.blockSignals(blocked)
        if uid is not None:
            key = draft_key(uid)
            self._bench.read(lambda desk: drafts.find(desk, key), self._on_draft, key="note-draft")

    def focus(self, *, reply: bool) -> None:
        """Put the cursor into the text, as a reply to the requester if asked."""
        self.reply.setChecked(reply)
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def commit(self) -> None:
        """Add what was written to the timeline; an empty note is refused in words."""
        uid, text = self._uid, self.text.toPlainText()
        if uid is None or self._sent:
            return
        kind = EntryKind.REPLY if self.reply.isChecked() else EntryKind.NOTE
        self._sent = text
        self._bench.write(
            lambda desk: incidents.add_note(desk, [uid], text, kind=kind),
            self._on_written,
            self._on_refused,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Add with Ctrl+Enter; frame the composer while it has the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.commit()
                return True
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.setProperty("active", event.type() == QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def _on_written(self, _changes: object) -> None:
        if self.text.toPlainText() == self._sent:
            self.text.clear()
        self._sent = ""
        self._pause.stop()
        self._keep()

    def _on_refused(self, error: Exception) -> None:
        self._sent = ""
        self._bench.say_error(error)
        self.text.setFocus()

    def _keep(self) -> None:
        if self._uid is None:
            return
        key, text = draft_key(self._uid), self.text.toPlainText()
        if text.strip():
            self._bench.write(lambda desk: drafts.save(desk, key, "note", {"text": text}))
        else:
            self._bench.write(lambda desk: drafts.discard(desk, key))

    def _on_draft(self, draft: Draft | None) -> None:
        if draft is None or self._uid is None or self.text.toPlainText():
            return
        if draft.key == draft_key(self._uid):
            self.text.setPlainText(str(draft.data.get("text", "")))

    def _on_kind_changed(self, reply: bool) -> None:
        self.reply.setText(self.tr("Reply to requester") if reply else self.tr("Internal note"))
        icons.bind(self.reply, "reply" if reply else "lock", size=12)

    def _fit(self) -> None:
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _LINES)
