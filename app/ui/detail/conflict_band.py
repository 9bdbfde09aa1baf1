"""Says of which fields two stations said different things, and settles each by a click.

Never a dialog that stands in the way (ux.md, states). Long texts are compared side by side.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.detail.compare_dialog import CompareDialog
from app.ui.detail.conflict_words import field_word, is_long, keep_words, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.choosing import Contested

_MOST = 3
"""So many fields are told at once; the next follow as these are settled."""


class ConflictBand(QFrame):
    """Hidden while nothing is to be chosen."""

    chosen = Signal(str, str)
    """A field, and the value of it that is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "band")
        self.setAccessibleName(self.tr("Conflicts"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 8, 8, 8)
        self._rows.setSpacing(6)
        self._shown: tuple[Contested, ...] = ()
        self._parts: list[QWidget] = []
        self.hide()

    def show_contested(self, contested: Sequence[Contested]) -> None:
        """Show what is to be chosen; the focus stays in the band while something is."""
        if tuple(contested) == self._shown:
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._shown = tuple(contested)
        while self._parts:
            part = self._parts.pop()
            part.hide()
            part.deleteLater()
        for one in self._shown[:_MOST]:
            self._add(self._row(one))
        more = len(self._shown) - _MOST
        if more > 0:
            self._add(QLabel(self.tr("And {0} more to choose.").format(more), self))
        self.setVisible(bool(self._shown))
        if had_focus and self._shown:
            self.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def buttons(self) -> list[QPushButton]:
        """Return the buttons in reading order."""
        return [button for part in self._parts for button in part.findChildren(QPushButton)]

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._rows.addWidget(part)

    def _row(self, one: Contested) -> QWidget:
        row = QWidget(self)
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        said = QHBoxLayout()
        said.setSpacing(8)
        mark = QLabel(row)
        now = theme.current()
        mark.setPixmap(icons.pixmap("triangle-alert", now.colour("warn").name(), now.px(16)))
        words = QLabel(sentence(one), row)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        said.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(words, 1)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addSpacing(now.px(24))
        if any(is_long(value) for value in one.values):
            button = QPushButton(self.tr("Compare..."), row)
            button.clicked.connect(partial(self._compare, one))
            self._offer(choices, button, one)
        else:
            for value in one.values:
                button = QPushButton(keep_words(one, value), row)
                button.clicked.connect(partial(self._keep, one.field, value.keep))
                self._offer(choices, button, one)
        choices.addStretch(1)
        layout.addLayout(said)
        layout.addLayout(choices)
        return row

    def _offer(self, choices: QHBoxLayout, button: QPushButton, one: Contested) -> None:
        button.setProperty("kind", "link")
        button.setAccessibleName(f"{button.text()} ({field_word(one.field)})")
        choices.addWidget(button)

    def _keep(self, field: str, keep: str, _checked: bool = False) -> None:
        self.chosen.emit(field, keep)

    def _compare(self, one: Contested, _checked: bool = False) -> None:
        dialog = CompareDialog(one, self)
        dialog.chosen.connect(self.chosen)
        dialog.open()
