"""The incident beside the list: what it is, where it stands, its story, and a line for notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from app.domain.incident import Incident, TimelineEntry
    from app.ui.theme import Theme

NOTHING = "\u2013"


class DetailPane(QWidget):
    """Shows one incident; asks for work by signals and never touches a service."""

    note_written = Signal(str)
    assign_requested = Signal()
    start_requested = Signal()
    resolve_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.incident: Incident | None = None
        self._number = QLabel(self)
        self._title = QLabel(self)
        self._title.setWordWrap(True)
        self._title.setFont(theme.font("dialog", 650))
        self._clock = QLabel(self)
        self._clock.setWordWrap(True)
        self._facts = QLabel(self)
        self._facts.setWordWrap(True)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._timeline = QListWidget(self)
        self._timeline.setWordWrap(True)
        self._timeline.setAccessibleName(self.tr("Timeline"))
        self.note = QLineEdit(self)
        self.note.setPlaceholderText(self.tr("Add a note, then Enter"))
        self.note.setAccessibleName(self.tr("Note"))
        self.note.returnPressed.connect(self._on_note_returned)
        buttons = QHBoxLayout()
        self.buttons = [
            self._button(self.tr("Assign to me"), self.assign_requested),
            self._button(self.tr("Start work"), self.start_requested),
            self._button(self.tr("Resolve..."), self.resolve_requested),
        ]
        for button in self.buttons:
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        for widget in (self._number, self._title, self._clock):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self._facts)
        layout.addWidget(self._timeline, 1)
        layout.addWidget(self.note)
        self.show_incident(None)

    def _button(self, text: str, signal: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(text)
        button.clicked.connect(signal)
        return button

    def show_incident(self, incident: Incident | None) -> None:
        """Show an incident, or that none is chosen; a note being written stays."""
        self.incident = incident
        for widget in (*self.buttons, self.note):
            widget.setEnabled(incident is not None)
        self._timeline.clear()
        if incident is None:
            self._number.setText("")
            self._title.setText(self.tr("Choose an incident in the list."))
            self._clock.setText("")
            self._facts.setText("")
            return
        status = incident.status.replace("_", " ")
        self._number.setText(f"{incident.number}  \u00b7  {incident.priority}  \u00b7  {status}")
        self._title.setText(incident.title)
        clock = incident.resolution_clock
        self._clock.setText(clock.trace[-1].capitalize() if clock and clock.trace else "")
        self._facts.setText("\n".join(f"{label}: {value}" for label, value in _facts(incident)))
        for entry in reversed(incident.timeline):
            self._timeline.addItem(_entry_text(entry))

    def _on_note_returned(self) -> None:
        if self.note.text().strip():
            self.note_written.emit(self.note.text())
            self.note.clear()


def _facts(incident: Incident) -> list[tuple[str, str]]:
    named = (
        ("Requester", incident.requester),
        ("Assignee", incident.assignee),
        ("Team", incident.team),
        ("Category", incident.category),
        ("Location", incident.location),
    )
    return [(label, value.name) for label, value in named if value is not None]


def _entry_text(entry: TimelineEntry) -> str:
    changed = "; ".join(
        f"{c.field.replace('_', ' ')}: {c.old or NOTHING} \u2192 {c.new or NOTHING}"
        for c in entry.changes
    )
    head = f"{entry.at.astimezone():%d %b %H:%M}  {entry.author}  {entry.kind}"
    return "\n".join(filter(None, (head, entry.text, changed)))
