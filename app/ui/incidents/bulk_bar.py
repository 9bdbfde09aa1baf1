"""The bar that replaces the header while several incidents are chosen (ux.md 6, bulk)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.ui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_LEAST, _GAP = 160, 4

_COMMANDS = (
    ("incident.assign", str(QT_TRANSLATE_NOOP("BulkBar", "Assign"))),
    ("incident.priority", str(QT_TRANSLATE_NOOP("BulkBar", "Priority"))),
    ("incident.status", str(QT_TRANSLATE_NOOP("BulkBar", "Status"))),
    ("incident.category", str(QT_TRANSLATE_NOOP("BulkBar", "Category"))),
    ("incident.field", str(QT_TRANSLATE_NOOP("BulkBar", "Field"))),
    ("incident.note_all", str(QT_TRANSLATE_NOOP("BulkBar", "Note"))),
    ("incident.tag", str(QT_TRANSLATE_NOOP("BulkBar", "Tag"))),
    ("incident.pending", str(QT_TRANSLATE_NOOP("BulkBar", "Pending"))),
    ("incident.resolve", str(QT_TRANSLATE_NOOP("BulkBar", "Resolve"))),
    ("incident.merge", str(QT_TRANSLATE_NOOP("BulkBar", "Merge"))),
    ("incident.report", str(QT_TRANSLATE_NOOP("BulkBar", "Print"))),
    ("file.export_chosen", str(QT_TRANSLATE_NOOP("BulkBar", "Export"))),
)


class BulkBar(QWidget):
    """How many are chosen, and what can be done with all of them in one act and one undo."""

    command_requested = Signal(str)
    cleared = Signal()
    more_requested = Signal(QPoint)
    """Where on the screen the commands that have no room here are to be offered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = QLabel(self)
        self.count.setFont(theme.current().font("body", 650))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self.count)
        self.buttons: dict[str, QPushButton] = {}
        for command, title in _COMMANDS:
            button = QPushButton(QCoreApplication.translate("BulkBar", title), self)
            button.setProperty("kind", "ghost")
            button.setObjectName(command)
            button.clicked.connect(self._on_clicked)
            layout.addWidget(button)
            self.buttons[command] = button
        self.more = QToolButton(self)
        icons.bind(self.more, "ellipsis")
        self.more.setAccessibleName(self.tr("More"))
        self.more.setToolTip(self.tr("More"))
        self.more.clicked.connect(self._on_more)
        layout.addWidget(self.more)
        layout.addStretch(1)
        self.clear = QToolButton(self)
        icons.bind(self.clear, "x")
        self.clear.setAccessibleName(self.tr("Choose none"))
        self.clear.setToolTip(self.tr("Choose none (Esc)"))
        self.clear.clicked.connect(self.cleared)
        layout.addWidget(self.clear)
        self.setMinimumWidth(theme.current().px(_LEAST))

    def show_count(self, count: int) -> None:
        """Say how many incidents are chosen."""
        said = self.tr("%n selected", "", count).replace(str(count), f"{count:,}", 1)
        self.count.setText(said)
        self.setAccessibleName(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many commands as there is room for; the others are under More."""
        super().resizeEvent(event)
        gap = _GAP
        left = event.size().width() - self.count.sizeHint().width()
        left -= self.clear.sizeHint().width() + self.more.sizeHint().width() + 4 * gap
        for button in self.buttons.values():
            left -= button.sizeHint().width() + gap
            button.setVisible(left >= 0)

    def _on_more(self) -> None:
        self.more_requested.emit(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.command_requested.emit(sender.objectName())
