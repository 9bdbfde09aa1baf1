"""Two or more versions of a text side by side, of which one is kept, or all of them together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.detail.conflict_words import field_word, keep_words
from app.ui.detail.timeline_words import clock

if TYPE_CHECKING:
    from app.services.choosing import Contested

_SIZE = (860, 460)


class CompareDialog(QDialog):
    """Shows every version whole: nothing is dropped (sync.md, conflicts)."""

    chosen = Signal(str, str)

    def __init__(self, one: Contested, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one = one
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Choose: {0}").format(field_word(one.field)))
        self.resize(*_SIZE)
        versions = QHBoxLayout()
        versions.setSpacing(16)
        self.keep: list[QPushButton] = []
        for said in one.values:
            who = self.tr("You") if said.own else said.author or self.tr("Another station")
            head = QLabel(self.tr("{0}, {1}").format(who, clock(said.at)), self)
            head.setProperty("tone", "quiet")
            text = QPlainTextEdit(str(said.value or ""), self)
            text.setReadOnly(True)
            text.setTabChangesFocus(True)
            text.setAccessibleName(head.text())
            button = QPushButton(keep_words(one, said), self)
            button.clicked.connect(partial(self._keep, said.keep))
            self.keep.append(button)
            column = QVBoxLayout()
            column.addWidget(head)
            column.addWidget(text, 1)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            versions.addLayout(column, 1)
        self.both = QPushButton(self.tr("Keep &all, one below the other"), self)
        self.both.clicked.connect(self._keep_all)
        later = QPushButton(self.tr("Choose &later"), self)
        later.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.both)
        foot.addStretch(1)
        foot.addWidget(later)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(versions, 1)
        layout.addLayout(foot)

    def _keep(self, keep: str, _checked: bool = False) -> None:
        self.chosen.emit(self._one.field, keep)
        self.accept()

    def _keep_all(self) -> None:
        oldest_first = [str(said.value) for said in reversed(self._one.values) if said.value]
        self._keep("\n\n".join(oldest_first))
