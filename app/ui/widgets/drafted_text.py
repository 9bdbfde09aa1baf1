"""A text of several lines that keeps what is typed as a draft until it is saved.

A draft is kept at every pause of half a second, so that a killed process loses at most that. Ctrl+
Enter saves, going to another thing keeps the draft for this one. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.services import drafts

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

PAUSE_MS = 500


class DraftedText(QPlainTextEdit):
    """Shows one text; Ctrl+Enter, or leaving the field with another text in it, saves it."""

    def __init__(
        self, workbench: Workbench, kind: str, name: str, lines: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._kind = workbench, kind
        self._key = self._stored = self._sent = ""
        self._save: Callable[[Desk, str], Any] | None = None
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + workbench.theme.px(16))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._keep)
        self.textChanged.connect(self._pause.start)

    def show_text(self, key: str, stored: str, save: Callable[[Desk, str], Any]) -> None:
        """Show what is stored, or the draft of this key where one is kept.

        Args:
            key: under which the draft is kept.
            stored: what is saved now.
            save: the service that saves another text.
        """
        self._save = save
        if key == self._key and self.toPlainText() != self._stored:
            self._stored = stored  # somebody else's change does not take away what is typed here
            return
        self.let_go()
        self._key, self._stored = key, stored
        self._put(stored)
        self._bench.write(lambda desk: (key, drafts.find(desk, key)), self._on_draft, quiet=True)

    def let_go(self) -> None:
        """Keep what was typed last, before something else is shown."""
        if self._pause.isActive():
            self._pause.stop()
            self._keep()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter; Esc shows again what is stored."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.commit()
            return
        if event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._stored:
            self._put(self._stored)
            self._keep()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save what was typed when another field is gone to; a window in front changes nothing."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.PopupFocusReason,
        }:
            self.commit()

    def commit(self) -> None:
        """Save what stands in the field, unless it is stored already."""
        text, key, save = self.toPlainText(), self._key, self._save
        if self.isReadOnly() or not key or save is None or text == self._stored:
            return

        def act(desk: Desk) -> Any:
            done = save(desk, text)
            drafts.discard(desk, key)  # at once: a process killed now must not offer it again
            return done

        self._pause.stop()
        self._sent = text
        self._bench.write(act, self._on_saved, self._on_refused)

    def _on_saved(self, _changes: object) -> None:
        self._stored = self._sent

    def _on_refused(self, error: Exception) -> None:
        self._pause.start()
        self._bench.say_error(error)

    def _keep(self) -> None:
        key, text, kind = self._key, self.toPlainText(), self._kind
        if not key:
            return
        if text != self._stored:
            self._bench.write(lambda desk: drafts.save(desk, key, kind, {"text": text}), quiet=True)
        else:
            self._bench.write(lambda desk: drafts.discard(desk, key), quiet=True)

    def _on_draft(self, found: tuple[str, Draft | None]) -> None:
        key, draft = found
        if key == self._key and draft is not None and self.toPlainText() == self._stored:
            self._put(str(draft.data.get("text", "")))

    def _put(self, text: str) -> None:
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        self.viewport().update()
