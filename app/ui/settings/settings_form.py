"""A page of the settings that does something: a title, what it is for, fields, and an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class SettingsForm(QWidget):
    """The frame of such a page; a subclass adds its rows, and `end` closes it."""

    def __init__(
        self, bench: Workbench, title: str, help_: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        heading = QLabel(title, self)
        heading.setProperty("kind", "title")
        about = QLabel(help_, self)
        about.setProperty("kind", "help")
        about.setWordWrap(True)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 16, 16, 24)
        self._column.setSpacing(theme.current().px(10))
        self._column.addWidget(heading)
        self._column.addWidget(about)

    def button(self, text: str) -> QPushButton:
        """Return a button that Enter elsewhere does not press."""
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def add_label(self, text: str, field: QWidget) -> None:
        """Add the label of a field, which is added after it."""
        label = QLabel(text, self)
        label.setProperty("kind", "label")
        label.setBuddy(field)
        self._column.addWidget(label)

    def add_row(self, *widgets: QWidget, wide: bool = False) -> None:
        """Add widgets beside each other; with `wide` the first takes the room that is left."""
        row = QHBoxLayout()
        row.setSpacing(theme.current().px(8))
        for place, widget in enumerate(widgets):
            row.addWidget(widget, 1 if wide and place == 0 else 0)
        if not wide:
            row.addStretch(1)
        self._column.addLayout(row)

    def end(self) -> None:
        """Add the place of the answer below everything."""
        self._column.addWidget(self.words)
        self._column.addStretch(1)

    def run(self, act: Callable[[Desk], Any], then: Callable[[Any], None]) -> None:
        """Do what may take long; a refusal is the answer."""
        self._bench.run_long(act, then, self._on_failed)

    def say(self, sentence: str, tone: str) -> None:
        """Show an answer, and say it to a screen reader."""
        self.words.setProperty("tone", tone)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.words.setText(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _on_failed(self, error: Exception) -> None:
        self.say(str(getattr(error, "message", error)), "danger")
