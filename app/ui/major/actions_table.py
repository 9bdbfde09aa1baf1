"""A table of follow-up actions: Space marks one done or open again, Enter opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.ui.detail.timeline_words import clock
from app.ui.widgets.text_table import TextTable, fit_columns, text_view

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

    from app.domain.incident_record import FollowUp
    from app.domain.major_incident import OpenAction

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ActionsTable(QObject):
    """Shows actions of one incident, or of all with their numbers."""

    done_toggled = Signal(object)
    """Space on an action: an `OpenAction` or a `FollowUp`."""
    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: Sequence[OpenAction | FollowUp] = ()
        self.table = TextTable(self)
        self.view = text_view(name, self.table, parent)
        self.view.installEventFilter(self)

    def show_actions(self, items: Sequence[OpenAction | FollowUp], now: datetime) -> None:
        """Show actions; one that is overdue says so in words."""
        self.items = items
        numbers = any(hasattr(one, "number") for one in items)
        header = [self.tr("State"), self.tr("Until"), self.tr("Action"), self.tr("Who")]
        rows = []
        for one in items:
            row = [self._state(one, now), "" if one.due_at is None else clock(one.due_at)]
            row += [one.action, one.owner or self.tr("nobody yet")]
            if numbers:
                row.append(f"{getattr(one, 'number', '')} {getattr(one, 'title', '')}")
            rows.append(row)
        if numbers:
            header.append(self.tr("Incident"))
        at = self.view.currentIndex().row()
        self.table.show_rows(header, rows)
        fit_columns(self.view, stretched=2)
        if rows:
            self.view.selectRow(min(max(at, 0), len(rows) - 1))

    def current(self) -> OpenAction | FollowUp | None:
        """Return the chosen action."""
        row = self.view.currentIndex().row()
        return self.items[row] if 0 <= row < len(self.items) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Space and Enter."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            one = self.current()
            if one is not None and event.key() == Qt.Key.Key_Space:
                self.done_toggled.emit(one)
                return True
            if one is not None and event.key() in _ENTER:
                self.opened.emit(one)
                return True
        return super().eventFilter(watched, event)

    def _state(self, one: OpenAction | FollowUp, now: datetime) -> str:
        if one.done:
            return self.tr("\N{CHECK MARK} Done")
        if one.due_at is not None and one.due_at < now:
            return self.tr("! Overdue")
        return self.tr("Open")
