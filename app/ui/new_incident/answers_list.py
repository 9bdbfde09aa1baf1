"""Articles and known errors about what is being typed; each is read beside it with Alt and a digit.

The digits go on where those of similar incidents end. GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.new_incident.questions import ANSWERS, SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.insight.answers import Answer

_TOLD, _TOOL_TIP = 160, 600
"""So many letters of an answer are shown, and in its tooltip."""


class AnswerCard(QFrame):
    """One answer: what it is, how it begins, why it is offered, and the button that opens it."""

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.key = f"Alt+{SHOWN + place + 1}"
        self.answer: Answer | None = None
        self.setProperty("kind", "card")
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setWordWrap(True)
        self.button = QPushButton(self.key, self)
        self.button.setProperty("kind", "tag")
        self.button.setAutoDefault(False)
        icons.bind(self.button, "book-open", size=12)
        low = QHBoxLayout()
        low.addStretch(1)
        low.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(11), px(8), px(8), px(8))
        layout.setSpacing(px(3))
        layout.addWidget(self.text)
        layout.addLayout(low)
        self.hide()

    def show_answer(self, answer: Answer) -> None:
        """Show an answer."""
        self.answer = answer
        one = answer.writing
        told = " ".join((one.workaround or one.text).split())
        if len(told) > _TOLD:
            told = f"{told[:_TOLD].rstrip()}\N{HORIZONTAL ELLIPSIS}"
        head = f"{self.kind()}: {one.title}"
        self.text.setText("\n".join(filter(None, (head, told, answer.reason))))
        self.text.setToolTip(one.text[:_TOOL_TIP])
        self.button.setToolTip(self.tr("Read it, {0}").format(self.key))
        self.button.setAccessibleName(self.tr("Read {0}, {1}").format(head, self.key))
        self.show()

    def kind(self) -> str:
        """Return what the answer is, with its code: "Article KB-12"."""
        if self.answer is None:
            return ""
        one = self.answer.writing
        kind = self.tr("Known error") if one.kind == "problem" else self.tr("Article")
        return " ".join(filter(None, (kind, one.code)))


class AnswersList(QWidget):
    """Up to two answers below their heading, and the window in which one is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading: ReadingWindow | None = None
        heading = QLabel(self.tr("Written about it"), self)
        heading.setProperty("kind", "label")
        self.cards = [AnswerCard(place, self) for place in range(ANSWERS)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.current().px(7))
        layout.addWidget(heading)
        for place, card in enumerate(self.cards):
            layout.addWidget(card)
            # Of the window: while nothing is offered the key must not type its digit.
            shortcut = QShortcut(QKeySequence(card.key), self.window())
            shortcut.activated.connect(partial(self.read, place))
            card.button.clicked.connect(partial(self.read, place))
        self.hide()

    def show_answers(self, answers: Sequence[Answer]) -> None:
        """Show these answers; none hides the list. What is being read stays open."""
        for place, card in enumerate(self.cards):
            if place < len(answers):
                card.show_answer(answers[place])
            else:
                card.hide()
        self.setVisible(bool(answers))

    def read(self, place: int) -> None:
        """Open the answer at a place (from 0) beside what is being typed."""
        card = self.cards[place]
        if card.isHidden() or card.answer is None:
            return
        if self.reading is None:
            self.reading = ReadingWindow(self.window())
        self.reading.show_answer(card.kind(), card.answer)


class ReadingWindow(QDialog):
    """One answer whole; Esc goes back to where the person was typing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        from app.ui.knowledge.article_reader import ArticleReader  # rarely wanted at the start

        px = theme.current().px
        theme.current().fit(self, 560, 520)
        self._before: QWidget | None = None
        self.title = QLabel(self)
        self.title.setProperty("kind", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.why = QLabel(self)
        self.why.setProperty("tone", "quiet")
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        self.why.setWordWrap(True)
        self.reader = ArticleReader(self.tr("Text"), self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(8))
        for part in (self.title, self.why, self.reader, buttons):
            layout.addWidget(part)

    def show_answer(self, kind: str, answer: Answer) -> None:
        """Show an answer and put the focus on its text."""
        typing = self.parentWidget()
        if not self.isVisible() and typing is not None:
            self._before = typing.focusWidget()
        one = answer.writing
        self.setWindowTitle(kind)
        self.title.setText(one.title)
        self.why.setText(answer.reason)
        parts = [one.text.strip()]
        if one.workaround.strip():
            parts.insert(0, self.tr("**Workaround:** {0}").format(one.workaround.strip()))
        self.reader.show_markdown("\n\n".join(filter(None, parts)))
        self.show()
        self.raise_()
        self.activateWindow()
        self.reader.setFocus()

    def done(self, result: int) -> None:
        """Close, and go back to the field in which the person was typing."""
        super().done(result)
        if self._before is not None:
            self._before.window().activateWindow()
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
