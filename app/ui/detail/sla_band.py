"""The band that says how the resolution clock stands: words, when it is due, the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.system.clock import to_ms
from app.ui import icons, theme
from app.ui.detail.timeline_words import clock
from app.ui.widgets.sla_bar import SlaBar, SlaLook, sla_look

if TYPE_CHECKING:
    from app.domain.incident import Incident


class SlaBand(QWidget):
    """Tinted by the state of the clock; its tooltip is the trace in plain words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "p4"
        self._mark = QLabel(self)
        self._words = QLabel(self)
        self._due = QLabel(self)
        self._bar = SlaBar(self)
        row = QHBoxLayout()
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self._due)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

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
        target = f"{incident.priority}"
        self._due.setText(
            self.tr("Due {0} \u00b7 {1}").format(clock(due), target) if due is not None else target
        )
        self._bar.set_look(look)
        trace = "\n".join(state.trace) if state is not None else ""
        self.setToolTip(trace)
        self.setAccessibleName(look.spoken)
        self.setAccessibleDescription(trace)
        self.update()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tinted ground."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(now.colour("line" if not now.high_contrast else "text"))
        painter.setBrush(now.colour(f"{self._tone}.tint"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
        painter.end()
