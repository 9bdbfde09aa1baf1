"""The band that says how the resolution clock stands: words, when it is due, the bar, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.instants import format_duration
from app.system.clock import to_ms
from app.ui import icons, reader_time, theme
from app.ui.detail.timeline_words import clock
from app.ui.widgets.sla_bar import SlaBar, SlaLook, sla_look

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.incident_record import ClockState, Incident


class SlaBand(QWidget):
    """Tinted by the state of the clock; its button unfolds the trace in plain words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "p4"
        self._mark = QLabel(self)
        self._words = QLabel(self)
        self.why = QToolButton(self)
        self.why.setProperty("kind", "choice")
        self.why.setCheckable(True)
        self.why.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.bind(self.why, "chevron-down", size=12)
        self._bar = SlaBar(self)
        self.trace = QLabel(self)
        self.trace.setWordWrap(True)
        self.trace.setTextFormat(Qt.TextFormat.PlainText)
        self.trace.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.trace.setAccessibleName(self.tr("How the due time comes about"))
        self.trace.hide()
        self.why.toggled.connect(self._on_unfolded)
        row = QHBoxLayout()
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 10)
        layout.setSpacing(6)
        layout.addLayout(row)
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 6, 0)
        bar.addWidget(self._bar)
        layout.addLayout(bar)
        layout.addWidget(self.trace)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_clock(self, incident: Incident, now_ms: int) -> None:
        """Show how the clock of an incident stands at an instant."""
        state = incident.resolution_clock
        due = state.due_at if state is not None else None
        look = sla_look(
            to_ms(due) if due is not None else 0,
            to_ms(incident.registered_at),
            now_ms,
            paused=state is not None and state.paused,
            stopped=state is not None and state.stopped_at is not None,
            breached=state is not None and state.breached,
        )
        self._tone = "p4" if look.tone == "text3" else look.tone
        now = theme.current()
        ink = now.colour(self._tone).name()
        self._mark.setPixmap(icons.pixmap("timer", ink, now.px(16)))
        self._words.setText(self._said(incident, look))
        self._words.setStyleSheet(f"color: {ink}; font-weight: 600;")
        target = incident.priority
        if state is not None and state.target_s is not None:
            target = f"{target} {format_duration(state.target_s)}"
        said = target
        if due is not None:
            said = self.tr("Due {0} \u00b7 {1}").format(_told(due, incident.zone), target)
        if self.why.text() != said:
            self.why.setText(said)
            self.why.setAccessibleName(self.tr("{0}. Why?").format(said))
        self._bar.set_look(look)
        trace = self._explained(state, incident.response)
        self.setToolTip(trace)
        self.why.setToolTip(self.tr("How the due time comes about"))
        if self.trace.text() != trace:
            self.trace.setText(trace)
        self.setAccessibleName(look.spoken)
        self.setAccessibleDescription(trace)
        self.update()

    def _explained(self, resolution: ClockState | None, response: ClockState | None) -> str:
        parts = []
        for words, state in (
            (self.tr("To resolve"), resolution),
            (self.tr("To respond"), response),
        ):
            if state is not None and state.trace:
                parts.append("\n".join([f"{words}:", *state.trace]))
        return "\n\n".join(parts)

    def _said(self, incident: Incident, look: SlaLook) -> str:
        state = incident.resolution_clock
        if state is None or state.target_s is None:
            return self.tr("No target")
        if state.stopped_at is not None:
            return self.tr("Resolved in time") if state.met else self.tr("Resolved too late")
        if state.paused:
            return self.tr("Clock paused")
        if look.tone == "danger":
            return self.tr("{0} past due").format(look.text)
        return self.tr("{0} left to resolve").format(look.text)

    def _on_unfolded(self, unfolded: bool) -> None:
        self.trace.setVisible(unfolded)
        icons.bind(self.why, "chevron-up" if unfolded else "chevron-down", size=12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tinted ground."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(now.colour("line" if not now.high_contrast else "text"))
        painter.setBrush(now.colour(f"{self._tone}.tint"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
        painter.end()


def _told(due: datetime, record_zone: str) -> str:
    """Return an instant, with the reader's zone where the record was made in another (ux.md 9)."""
    if not reader_time.differs(record_zone):
        return clock(due)
    return f"{clock(due)} {reader_time.abbreviation(to_ms(due))}"
