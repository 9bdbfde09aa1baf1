"""The band that names the likeliest problem of the last days: show, open a problem, dismiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.services import patterns, problems
from app.ui import reader_time, theme
from app.ui.pattern_words import group_words

if TYPE_CHECKING:
    from app.services.patterns import Recurring
    from app.ui.workbench import Workbench


class LikelyBand(QFrame):
    """Hidden until a pattern is more than chance."""

    numbers_requested = Signal(list)
    """Numbers of incidents to show in the list."""
    opened = Signal(object)
    """A problem (EntityId) was opened from the pattern."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._shown: Recurring | None = None
        self.setProperty("kind", "band")
        self.setAccessibleName(self.tr("Likely problem"))
        px = theme.current().px
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.why = QLabel(self)
        self.why.setProperty("kind", "help")
        self.why.setWordWrap(True)
        self.show_them = self._button("")
        self.open_one = self._button(self.tr("&Open a problem"))
        self.dismiss = self._button(self.tr("&Dismiss"))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for button in (self.show_them, self.open_one, self.dismiss):
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), px(8), px(12), px(8))
        layout.setSpacing(px(6))
        layout.addWidget(self.words)
        layout.addWidget(self.why)
        layout.addLayout(row)
        self.show_them.clicked.connect(self._on_show)
        self.open_one.clicked.connect(self._on_open)
        self.dismiss.clicked.connect(self._on_dismiss)
        self.hide()

    def look(self) -> None:
        """Ask what recurs now."""
        self._bench.read(problems.likeliest, self._on_found, key="likely-problem")

    def _on_found(self, found: Recurring | None) -> None:
        self._shown = found
        self.setVisible(found is not None)
        if found is None:
            return
        shared = group_words(found.pattern.group)
        first = min(one.at_ms for one in found.pattern.incidents)
        since = QLocale().toString(reader_time.local(first).date(), "d MMM")
        count = found.pattern.count
        self.words.setText(
            self.tr("Likely problem: {0} incidents since {1} share {2}.").format(
                count, since, shared
            )
        )
        self.why.setText(found.pattern.arithmetic())
        self.show_them.setText(self.tr("&Show the {0}").format(count))

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        return button

    def _on_show(self) -> None:
        if self._shown is not None:
            self.numbers_requested.emit(self._shown.numbers)

    def _on_open(self) -> None:
        if self._shown is not None:
            group = str(self._shown.pattern.group)
            self._bench.write(lambda desk: problems.open_from_pattern(desk, group), self._on_opened)

    def _on_opened(self, changes: object) -> None:
        self.opened.emit(changes)

    def _on_dismiss(self) -> None:
        if self._shown is not None:
            group = str(self._shown.pattern.group)
            self._bench.write(lambda desk: patterns.dismiss(desk, group), self._on_dismissed)

    def _on_dismissed(self, _changes: object) -> None:
        self.look()
