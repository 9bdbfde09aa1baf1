"""The composer at the foot of the detail: a note or a reply, its draft, and files.

Text belongs to its incident: going to another one keeps it as that incident's draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
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
from app.ui.detail.new_files import clipboard_files

if TYPE_CHECKING:
    from PySide6.QtCore import QSizeF

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

PAUSE_MS = 500
_MOST_LINES = 8


def draft_key(uid: EntityId) -> str:
    """Return under which key the note on an incident is kept."""
    return f"note:{uid.hex()}"


class Composer(QFrame):
    """Writes notes and replies; Ctrl+Enter adds, Tab leaves."""

    attach_requested = Signal()
    picture_requested = Signal()
    pasted = Signal(list)
    """Files or a picture of the clipboard, pasted in place of text."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._uid: EntityId | None = None
        self._sent = ""
        self._kept = ""
        """What stands in the field and in the store."""
        self.setProperty("kind", "quick")
        self.text = QPlainTextEdit(self)
        self.text.setProperty("kind", "bare")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setPlaceholderText(self.tr("Add a note. Paste a screenshot or drop a file"))
        self.text.installEventFilter(self)
        self.text.setAcceptDrops(False)  # a file is dropped on the incident, not into the text
        self.reply = QPushButton(self)
        self.reply.setProperty("kind", "tag")
        self.reply.setCheckable(True)
        self.reply.toggled.connect(self._on_kind_changed)
        self.attach = self._tool("paperclip", self.tr("Attach files..."))
        self.attach.clicked.connect(self.attach_requested)
        self.picture = self._tool("image", self.tr("Attach a picture..."))
        self.picture.clicked.connect(self.picture_requested)
        self.add = QPushButton(self.tr("Add"), self)
        self.add.clicked.connect(self.commit)
        row = QHBoxLayout()
        row.addWidget(self.reply)
        row.addWidget(self.attach)
        row.addWidget(self.picture)
        row.addStretch(1)
        for key in (self.tr("Ctrl"), self.tr("Enter")):
            cap = QLabel(key, self)
            cap.setProperty("kind", "key")
            row.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
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
        self.text.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        theme.current().changed.connect(self._fit)
        self._fit()
        self._on_kind_changed(False)

    def show_incident(self, uid: EntityId | None) -> None:
        """Write about another incident; what was typed about the last one is kept for it."""
        if uid == self._uid:
            self._read_draft()
            return
        if self._pause.isActive():
            self._pause.stop()
            self._keep()
        self._uid = uid
        self.setEnabled(uid is not None)
        self._show("", reply=False)
        self._read_draft()

    def focus(self, *, reply: bool) -> None:
        """Put the cursor into the text, as a reply to the requester if asked."""
        self.reply.setChecked(reply)
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_replying(self) -> bool:
        """Tell whether a reply to the requester is being written."""
        return self.reply.isChecked() and bool(self.text.toPlainText().strip())

    def commit(self) -> None:
        """Add what was written to the timeline; an empty note is refused in words."""
        uid, text = self._uid, self.text.toPlainText()
        if uid is None or self._sent:
            return
        kind = EntryKind.REPLY if self.reply.isChecked() else EntryKind.NOTE
        key = draft_key(uid)

        def act(desk: Desk) -> ChangeSet:
            if kind is EntryKind.REPLY:
                from app.services import replying  # a window starts without mail

                added = replying.reply(desk, uid, text)
            else:
                added = incidents.add_note(desk, [uid], text)
            drafts.discard(desk, key)  # at once: a process killed now must not offer it again
            return added

        self._sent = text
        self._pause.stop()
        self._bench.write(act, self._on_written, self._on_refused)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Add with Ctrl+Enter; take pasted files; frame the composer while it has the focus."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind in {
            QEvent.Type.KeyPress,
            QEvent.Type.ShortcutOverride,
        }:
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if kind == QEvent.Type.KeyPress:
                    self.commit()
                event.accept()
                return True
            if kind == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Paste):
                files = clipboard_files(beside_text=False)
                if files:
                    self.pasted.emit(files)
                    return True
        if kind in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.setProperty("active", kind == QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def _on_written(self, _changes: object) -> None:
        if self.text.toPlainText() == self._sent:
            self._show("", reply=self.reply.isChecked())
        else:
            self._pause.start()
        self._sent = ""

    def _on_refused(self, error: Exception) -> None:
        self._sent = ""
        self._pause.start()
        self._bench.say_error(error)
        self.text.setFocus()

    def _keep(self) -> None:
        if self._uid is None:
            return
        key, text = draft_key(self._uid), self.text.toPlainText()
        data = {"text": text, "reply": self.reply.isChecked()}
        self._kept = text
        if text.strip():
            self._bench.write(lambda desk: drafts.save(desk, key, "note", data))
        else:
            self._bench.write(lambda desk: drafts.discard(desk, key))

    def _read_draft(self) -> None:
        """Ask for the draft in the lane that keeps drafts: one on its way is written before."""
        if self._uid is None or self.text.toPlainText() != self._kept:
            return
        key = draft_key(self._uid)
        self._bench.write(lambda desk: (key, drafts.find(desk, key)), self._on_draft, quiet=True)

    def _on_draft(self, found: tuple[str, Draft | None]) -> None:
        """Show the draft unless something was typed here that is not kept yet."""
        key, draft = found
        mine = self._uid is not None and key == draft_key(self._uid)
        if not mine or self._sent or self._pause.isActive():
            return
        text = str(draft.data.get("text", "")) if draft is not None else ""
        if text != self.text.toPlainText():
            reply = bool(draft.data.get("reply")) if draft is not None else False
            self._show(text, reply=reply)

    def _show(self, text: str, *, reply: bool) -> None:
        blocked = self.text.blockSignals(True)
        self.text.setPlainText(text)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.blockSignals(blocked)
        self.text.viewport().update()
        self._kept = text
        self.reply.setChecked(reply)

    def _tool(self, icon: str, name: str) -> QToolButton:
        tool = QToolButton(self)
        tool.setAccessibleName(name)
        tool.setToolTip(name)
        icons.bind(tool, icon)
        return tool

    def _on_kind_changed(self, reply: bool) -> None:
        self.reply.setText(self.tr("Reply to requester") if reply else self.tr("Internal note"))
        icons.bind(self.reply, "reply" if reply else "lock", size=12)

    def _on_size_changed(self, _size: QSizeF) -> None:
        self._fit()

    def _fit(self) -> None:
        """Be as high as the text, within limits: the timeline above has the room that is left."""
        needed = max(1, int(self.text.document().size().height()))
        lines = min(_MOST_LINES, needed)
        policy = Qt.ScrollBarPolicy
        self.text.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if needed <= _MOST_LINES else policy.ScrollBarAsNeeded
        )
        margin = round(self.text.document().documentMargin())
        height = self.text.fontMetrics().lineSpacing() * lines + 2 * margin
        if height != self.text.height():
            self.text.setFixedHeight(height)
