"""The quick-log field: tokens coloured as they are typed, names completed after a sign.

Tab or Enter takes what is offered; Enter on a finished line logs it. Scanning is pure and cheap, so
a key is painted without waiting for the store; names and reasons come through the reader lane.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
)
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QToolTip, QWidget

from app.domain.folding import fold
from app.services import quick_logging
from app.ui import theme
from app.ui.widgets.offered_list import OfferedList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.quick_log import QuickLog
    from app.domain.quick_log_names import Candidate
    from app.services.quick_logging import Choices
    from app.ui.workbench import Workbench

_TONES = {"who": "violet", "to": "violet", "prio": "p2", "tag": "ok"}
"""By the codes of `TokenKind`, whose module is loaded when something is typed."""
_OFFERED_WIDTH = 240
"""Pixels of the list of names at least."""
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class QuickLogLine(QLineEdit):
    """A line edit over the quick-log grammar."""

    log_requested = Signal(bool)
    """Enter: log the line; True (Ctrl+Enter) also opens the incident."""
    several_pasted = Signal(list)
    recalled = Signal()
    """Up in an empty field: bring the last line back."""
    left = Signal()
    """Esc or Down: the list should have the focus; the text stays."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._choices: Choices | None = None
        self._problems: tuple[str, ...] = ()
        self._wrong: tuple[tuple[int, int], ...] = ()
        self.setAccessibleName(self.tr("Quick log"))
        self.setPlaceholderText(self.tr("What is wrong? printer down @nina !high #printer loc:HQ"))
        self.textEdited.connect(self._on_text_edited)
        self.textChanged.connect(self._on_text_changed)
        theme.current().changed.connect(self._on_theme_changed)

    @cached_property
    def offered(self) -> QStandardItemModel:
        """Return the names on offer."""
        return QStandardItemModel(self)

    @cached_property
    def completer_(self) -> QCompleter:
        """Return what offers names, made with the first offer."""
        completer = QCompleter(self.offered, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCompletionRole(Qt.ItemDataRole.UserRole)
        completer.setWidget(self)
        completer.activated.connect(self.take)
        return completer

    @cached_property
    def popup(self) -> OfferedList:
        """Return the list of the names on offer."""
        popup = OfferedList(self.completer_, self.tr("Names on offer"))
        popup.installEventFilter(self)
        return popup

    # --- keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Log with Enter, recall with Up, leave with Esc or Down, split a paste of lines."""
        key = event.key()
        if key in _ENTER:
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self.log_requested.emit(bool(held))
        elif key == Qt.Key.Key_Up and not self.text():
            self.recalled.emit()
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_Down}:
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.Paste) and self._paste_lines():
            return
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Tab or Enter in the list as its choice; Enter without a choice logs the line."""
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if watched is self.popup and is_key and isinstance(event, QKeyEvent):
            index = self.popup.currentIndex()
            if event.key() in _ENTER and not index.isValid():
                self.popup.hide()
                self.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Tab or event.key() in _ENTER:
                if not index.isValid():
                    index = self.completer_.completionModel().index(0, 0)
                self.popup.hide()
                self.take(str(index.data(Qt.ItemDataRole.UserRole) or ""))
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.popup.hide()
                return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Give the reasons for underlined words as the tooltip."""
        if event.type() == QEvent.Type.ToolTip and self._problems:
            QToolTip.showText(
                self.mapToGlobal(QPoint(0, self.height())), "\n".join(self._problems), self
            )
            return True
        return super().event(event)

    def _paste_lines(self) -> bool:
        from app.domain import quick_log_paste  # nobody pastes before the first paint

        lines = quick_log_paste.split_lines(QGuiApplication.clipboard().text())
        if len(lines) < 2:
            return False
        self.several_pasted.emit(lines)
        return True

    # --- colours ---------------------------------------------------------------------------------

    def show_read(self, read: QuickLog) -> None:
        """Underline what was not understood, with the reasons."""
        if read.line != self.text():
            return  # a newer line is on its way
        self._wrong = tuple((token.start, token.end) for token in read.problems)
        self._problems = tuple(token.problem for token in read.problems)
        self._colour()

    def _on_text_changed(self, _text: str) -> None:
        self._wrong = ()
        self._problems = ()
        self._colour()

    def _on_theme_changed(self) -> None:
        if self.text():
            self._colour()

    def _colour(self) -> None:
        from app.domain.quick_log_tokens import RawToken, scan

        now = theme.current()
        spans: list[tuple[int, int, QTextCharFormat]] = []
        for token in scan(self.text()):
            if isinstance(token, RawToken):
                form = QTextCharFormat()
                form.setForeground(now.colour(_TONES.get(token.kind, "link")))
                form.setFontWeight(600)
                spans.append((token.start, token.end, form))
        for start, end in self._wrong:
            form = QTextCharFormat()
            form.setForeground(now.colour("text"))
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(now.colour("danger"))
            spans.append((start, end, form))
        kind = QInputMethodEvent.AttributeType.TextFormat
        attributes = [
            QInputMethodEvent.Attribute(kind, start - self.cursorPosition(), end - start, form)
            for start, end, form in spans
        ]
        # The one way in which a line edit takes colours: as an input method without text would.
        QApplication.sendEvent(self, QInputMethodEvent("", attributes))

    # --- completion ------------------------------------------------------------------------------

    def _on_text_edited(self, text: str) -> None:
        from app.domain import quick_log_completion  # the first paint does without

        cursor = self.cursorPosition()
        if quick_log_completion.completion_at(text, cursor) is None:
            self._choices = None
            self.popup.hide()
            return
        self._bench.read(
            lambda desk: quick_logging.choices(desk, text, cursor),
            self._on_choices,
            key="quick-log-choices",
        )

    def _on_choices(self, choices: Choices) -> None:
        self._choices = choices
        at = choices.at
        finished = at is not None and _is_finished(at.prefix, choices.offered)
        only = len(choices.offered) == 1
        if at is None or not choices.offered or (finished and only) or not self.hasFocus():
            self.popup.hide()
            return
        self.offered.clear()
        for candidate in choices.offered:
            words = (
                f"{candidate.name}    {candidate.detail}" if candidate.detail else candidate.name
            )
            item = QStandardItem(words)
            item.setData(candidate.name, Qt.ItemDataRole.UserRole)
            self.offered.appendRow(item)
        self.completer_.complete(self._below_the_bar(at.start))
        row = -1 if finished else 0
        self.popup.setCurrentIndex(self.completer_.completionModel().index(row, 0))

    def _below_the_bar(self, start: int) -> QRect:
        """Return where the list hangs: under the value's first letter, clear of the chips."""
        bar = self.parentWidget()
        bottom = self.mapFrom(bar, bar.rect().bottomLeft()).y() if bar else self.height()
        left = self.cursorRect().left()
        left -= self.fontMetrics().horizontalAdvance(self.text()[start : self.cursorPosition()])
        return QRect(max(0, left), 0, _OFFERED_WIDTH, bottom)

    def take(self, name: str) -> None:
        """Put a name on offer into the line, with a space behind it."""
        choices = self._choices
        if choices is None or choices.at is None or not name:
            return
        from app.domain import quick_log_completion

        text, cursor = quick_log_completion.complete(self.text(), choices.at, name)
        self._choices = None
        self.setText(text)
        self.setCursorPosition(cursor)
        self.textEdited.emit(text)


def _is_finished(prefix: str, offered: Sequence[Candidate]) -> bool:
    """Tell whether what was typed names one choice in full, so that Enter logs the line."""
    typed = fold(prefix)
    named = [one for one in offered if typed in {fold(name) for name in (one.name, *one.aliases)}]
    return len(named) == 1
