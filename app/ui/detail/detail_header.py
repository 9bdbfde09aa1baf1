"""The head of the detail: number, chip, status, previous and next, summary, clock, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import Status
from app.ui import icons, theme
from app.ui.detail.conflict_band import ConflictBand
from app.ui.detail.sla_band import SlaBand
from app.ui.detail.title_field import TitleField
from app.ui.widgets.cut_label import CutLabel
from app.ui.widgets.priority_chip import PriorityChip
from app.ui.widgets.status_label import StatusLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.domain.incident_record import Incident

_ONE_ROW_FROM = 330
"""Width in px from which the words of the four buttons fit beside one another."""
_ICONS_FROM = 390
"""Width in px from which the four buttons have room for icons."""

_FIRST_SHARE, _SHARE = 5, 4
"""How the room of a row is shared out: the first button has more of it."""
_BESIDE_WORDS = 12
"""Room in px that a button needs beside its words."""


class DetailHeader(QWidget):
    """What is seen first; its buttons ask the window to run commands of the registry."""

    step_requested = Signal(int)
    menu_requested = Signal()
    command_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = QLabel(self)
        self.number.setProperty("tone", "quiet")
        self.chip = PriorityChip("", self)
        self.status = StatusLabel("", self)
        self.here = CutLabel(self)
        self.here.setProperty("tone", "quiet")
        self.here.hide()
        self.title = TitleField(self)
        self.band = SlaBand(self)
        self.conflicts = ConflictBand(self)
        self._previous = self._tool("chevron-up", self.tr("Previous incident (K)"))
        self._next = self._tool("chevron-down", self.tr("Next incident (J)"))
        self.more = self._tool("ellipsis", self.tr("More"))
        self._previous.clicked.connect(self._on_previous)
        self._next.clicked.connect(self._on_next)
        self.more.clicked.connect(self.menu_requested)
        first = self._first = QHBoxLayout()
        first.setSpacing(8)
        for part in (self.number, self.chip, self.status):
            first.addWidget(part)
        first.addWidget(self.here, 1)
        first.addStretch(0)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(8)
        for tool in (self._previous, self._next, self.more):
            self._tools.addWidget(tool)
        first.addLayout(self._tools)
        self.buttons: dict[str, QPushButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        for command, text, icon, kind in (
            ("incident.resolve", self.tr("Resolve..."), "check", "primary"),
            ("incident.escalate", self.tr("Escalate"), "arrow-up-right", ""),
            ("incident.pending", self.tr("Pending"), "pause", ""),
            ("incident.report", self.tr("Print"), "printer", ""),
        ):
            button = QPushButton(text, self)
            button.setObjectName(command)
            button.setProperty("kind", kind)
            icons.bind(button, icon, "on_accent" if kind else "text")
            button.clicked.connect(self._on_clicked)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self.buttons[command] = button
        layout = self._rows = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addWidget(self.title)
        layout.addWidget(self.band)
        layout.addWidget(self.conflicts)
        layout.addLayout(self._grid)
        self._rows_of_buttons = 0
        self._lay_buttons(1)

    def show_incident(self, incident: Incident, now_ms: int) -> None:
        """Show the head of an incident as it stands at an instant."""
        self.number.setText(incident.number)
        self.chip.set_priority(incident.priority)
        self.status.set_status(str(incident.status))
        self.title.show_title(incident.title)
        self.band.show_clock(incident, now_ms)
        pending = incident.status is Status.PENDING
        self._name("incident.pending", "incident.resume" if pending else "incident.pending")
        resolve = self.buttons["incident.resolve"]
        words = {
            Status.RESOLVED: self.tr("Close..."),
            Status.CLOSED: self.tr("Reopen..."),
            Status.CANCELLED: self.tr("Reopen..."),
        }
        resolve.setText(words.get(incident.status, self.tr("Resolve...")))
        closed = incident.status in {Status.CLOSED, Status.CANCELLED}
        command = "incident.close" if incident.status is Status.RESOLVED else "incident.resolve"
        resolve.setObjectName("incident.reopen" if closed else command)
        self.buttons["incident.pending"].setText(
            self.tr("Resume") if pending else self.tr("Pending")
        )
        self._fit_buttons()

    def lead_with(self, widget: QWidget) -> None:
        """Put a widget and the tools in a row of their own above the number."""
        self._first.removeItem(self._tools)
        row = QHBoxLayout()
        row.addWidget(widget)
        row.addStretch(1)
        row.addLayout(self._tools)
        self._rows.insertLayout(0, row)

    def hide_steps(self) -> None:
        """Offer no previous and no next incident: there is no list beside this one."""
        self._previous.hide()
        self._next.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the icons of the buttons out where their words would be cut."""
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """Choose rows and icons by the room that the words of the buttons need."""
        now, width = theme.current(), self.width()
        one = width >= now.px(_ONE_ROW_FROM) and self._words_fit(1, 0)
        self._lay_buttons(1 if one else 2)
        icon = now.px(16)
        side = icon if width >= now.px(_ICONS_FROM) and self._words_fit(2 - one, icon) else 0
        for button in self.buttons.values():
            button.setIconSize(QSize(side, side))

    def _words_fit(self, rows: int, side: int) -> bool:
        columns = len(self.buttons) // rows
        room = self.width() - self._grid.horizontalSpacing() * (columns - 1)
        whole = _FIRST_SHARE + _SHARE * (columns - 1)
        beside = theme.current().px(_BESIDE_WORDS) + (side + theme.current().px(6) if side else 0)
        return all(
            button.fontMetrics().horizontalAdvance(button.text()) + beside
            <= room * (_SHARE if place % columns else _FIRST_SHARE) // whole
            for place, button in enumerate(self.buttons.values())
        )

    def _lay_buttons(self, rows: int) -> None:
        """Place the four buttons in one row, or in two where their words would be cut."""
        if rows == self._rows_of_buttons:
            return
        self._rows_of_buttons = rows
        columns = len(self.buttons) // rows
        for place, button in enumerate(self.buttons.values()):
            self._grid.removeWidget(button)
            self._grid.addWidget(button, *divmod(place, columns))
            share = _SHARE if place else _FIRST_SHARE
            self._grid.setColumnStretch(place, 0 if place >= columns else share)

    def _name(self, button: str, command: str) -> None:
        self.buttons[button].setObjectName(command)

    def _tool(self, icon: str, name: str) -> QToolButton:
        tool = QToolButton(self)
        tool.setAccessibleName(name)
        tool.setToolTip(name)
        icons.bind(tool, icon)
        return tool

    def _on_previous(self) -> None:
        self.step_requested.emit(-1)

    def _on_next(self) -> None:
        self.step_requested.emit(1)

    def _on_clicked(self) -> None:
        self.command_requested.emit(self.sender().objectName())
