"""The open windows of a week as text, one line a day: `09:00-17:00, 22:00-06:00`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.calendar_text import WEEKDAYS
from app.ui import theme
from app.ui.settings.catalogue.field_editors import TextField

if TYPE_CHECKING:
    from collections.abc import Sequence


class WeekField(QWidget):
    """Seven lines; an empty one is a day on which the team does not work."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        self.days: dict[str, TextField] = {}
        for number, day in enumerate(WEEKDAYS, 1):
            name = QLocale().standaloneDayName(number, QLocale.FormatType.LongFormat)
            line = TextField(self)
            line.setPlaceholderText(self.tr("Closed"))
            line.setAccessibleName(self.tr("Open on {0}").format(name))
            line.committed.connect(self.committed)
            label = QLabel(name, self)
            label.setProperty("tone", "quiet")
            label.setBuddy(line)
            grid.addWidget(label, number, 0)
            grid.addWidget(line, number, 1)
            self.days[day] = line
        self.setFocusProxy(self.days["mon"])

    def value(self) -> dict[str, list[str]]:
        """Return the windows of each day that has any."""
        week = {
            day: [part.strip() for part in line.text().split(",") if part.strip()]
            for day, line in self.days.items()
        }
        return {day: windows for day, windows in week.items() if windows}

    def show_value(self, value: Any) -> None:
        """Show the windows of a week."""
        week = value or {}
        for day, line in self.days.items():
            line.show_value(", ".join(week.get(day, ())))

    def put(self, value: Any) -> None:
        """Write the windows of a week as if they were typed."""
        week = value or {}
        for day, line in self.days.items():
            line.put(", ".join(week.get(day, ())))

    def offer(self, names: Sequence[str]) -> None:
        """Offer nothing: hours have no list."""
