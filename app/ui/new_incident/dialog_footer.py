"""The foot of the dialog: the priority and when it is due, the draft, and the two ways to create.

Buttons say their key; none is the default, because Enter alone belongs to the fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, QTime
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.priority_chip import PriorityChip

if TYPE_CHECKING:
    from app.ui.new_incident.questions import Promise


class DialogFooter(QWidget):
    """One row on a quiet ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.setProperty("ground", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.chip = PriorityChip("", self)
        self.due = QLabel(self)
        self.due.setTextFormat(Qt.TextFormat.PlainText)
        self.due.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note = QLabel(self)
        self.note.setProperty("tone", "quiet")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.next = QPushButton(self.tr("Create and &next"), self)
        self.next.setProperty("kind", "secondary")
        self.create_ = QPushButton(self.tr("&Create incident"), self)
        self.create_.setProperty("kind", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(24), px(10), px(20), px(10))
        row.setSpacing(px(8))
        row.addWidget(self.chip)
        row.addWidget(self.due, 1)
        row.addWidget(self.note)
        row.addSpacing(px(6))
        for button, keys in ((self.next, "Ctrl+Shift+Return"), (self.create_, "Ctrl+Return")):
            button.setAutoDefault(False)
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(shown)
            row.addWidget(button)
        for part in ("Ctrl", "Enter"):
            key = QLabel(part, self)
            key.setProperty("kind", "key")
            row.addWidget(key)

    def show_promise(self, priority: str, promise: Promise) -> None:
        """Say the priority, when it would be due, by which target, and whose work it is."""
        self.chip.set_priority(priority)
        parts = [promise.target, promise.team]
        if promise.due_at is None:
            parts[0] = self.tr("No target")
        else:
            locale = QLocale()
            at = promise.due_at
            clock = locale.toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)
            if not promise.today:
                day = locale.toString(QDate(at.year, at.month, at.day), self.tr("ddd d MMM"))
                clock = f"{day} {clock}"
            parts.insert(0, self.tr("Due {0}").format(clock))
        self.due.setText(" \u00b7 ".join(filter(None, parts)))
        self.due.setToolTip(self.due.text())
