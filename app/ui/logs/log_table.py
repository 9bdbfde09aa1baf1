"""The table of the lines of a log: rows of one height, so that a million of them cost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.ui import theme
from app.ui.logs.log_model import LogColumn

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.ui.logs.log_model import LogModel

_WIDEST = 400
_PAD = 2


class LogTable(QTableView):
    """Whole lines are chosen; Home and End go to the first and the last."""

    def __init__(self, model: LogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        log = model.logs[0]
        self.setAccessibleName(self.tr("Lines of {0}").format(log.file.name))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(theme.current().px(12))
        self.setFont(fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _PAD)
        self.setColumnHidden(LogColumn.TIME, True)
        wide = self.fontMetrics().horizontalAdvance("9")
        count = min(_WIDEST, log.lines.count)
        longest = max((len(log.lines.line(n)) for n in range(count)), default=0)
        self.setColumnWidth(LogColumn.LINE, wide * 9)
        self.setColumnWidth(LogColumn.TIME, wide * 21)
        self.setColumnWidth(LogColumn.TEXT, wide * (min(longest, _WIDEST) + 4))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the first or the last line with Home and End; Qt would go along the line."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and not shift:
            last = self.model().rowCount() - 1
            index = self.model().index(0 if event.key() == Qt.Key.Key_Home else last, 0)
            self.selectionModel().setCurrentIndex(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
        else:
            super().keyPressEvent(event)
