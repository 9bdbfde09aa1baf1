"""The fields of an incident in two columns, each edited where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.folding import fold
from app.domain.incident import Channel
from app.services import incidents
from app.ui.detail.inline_field import InlineField
from app.ui.detail.own_fields import OwnFields
from app.ui.incidents.cells import level_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident import Incident
    from app.services.inspecting import Inspected
    from app.ui.workbench import Workbench

NAMED = {
    "requester": "person",
    "assignee": "person",
    "team": "team",
    "category": "category",
    "service": "service",
    "location": "location",
    "ci": "ci",
}
LEVELS = ("impact", "urgency")


class FieldGrid(QWidget):
    """Requester, assignee, team, category, place, impact, urgency and the like."""

    refused = Signal(str)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._read: Inspected | None = None
        self.fields: dict[str, InlineField] = {}
        labels = (
            ("requester", self.tr("Requester")),
            ("assignee", self.tr("Assignee")),
            ("phone", self.tr("Phone")),
            ("team", self.tr("Team")),
            ("category", self.tr("Category")),
            ("location", self.tr("Location")),
            ("impact", self.tr("Impact")),
            ("urgency", self.tr("Urgency")),
            ("service", self.tr("Service")),
            ("channel", self.tr("Channel")),
            ("tags", self.tr("Tags")),
            ("ci", self.tr("Device")),
        )
        levels = [level_word(level) for level in (1, 2, 3)]
        channels = [str(channel) for channel in Channel]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        widths = [0, 0]
        for place, (name, text) in enumerate(labels):
            words = levels if name in LEVELS else channels if name == "channel" else ()
            field = InlineField(workbench, name, text, self, kind=NAMED.get(name, ""), words=words)
            field.setReadOnly(name == "phone")
            label = QLabel(text, self)
            label.setProperty("tone", "quiet")
            label.setBuddy(field)
            widths[place % 2] = max(widths[place % 2], label.sizeHint().width())
            row, column = place // 2, place % 2 * 2
            grid.addWidget(label, row, column)
            grid.addWidget(field, row, column + 1)
            field.saved.connect(self._on_saved)
            self.fields[name] = field
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.own = OwnFields(workbench, self)
        self.own.line_up(*widths)
        self.own.saved.connect(self._on_saved)
        grid.addWidget(self.own, grid.rowCount(), 0, 1, 4)
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        grid.addWidget(self.error, grid.rowCount(), 0, 1, 4)

    def show_read(self, read: Inspected) -> None:
        """Show the fields of an incident."""
        if self._read is None or self._read.incident.id != read.incident.id:
            self.error.hide()
        self._read = read
        incident = read.incident
        for name, field in self.fields.items():
            blocker = QSignalBlocker(field)
            field.show_value(self._text(incident, name))
            blocker.unblock()
        self.own.show_read(read)

    def _text(self, incident: Incident, name: str) -> str:
        if name == "phone":
            return self._read.phone if self._read is not None else ""
        if name in LEVELS:
            return level_word(getattr(incident, name))
        if name == "tags":
            return ", ".join(incident.tags)
        value: Any = getattr(incident, name)
        return "" if value is None else str(value)

    # --- saving ----------------------------------------------------------------------------------

    def _on_saved(self, name: str, text: str) -> None:
        read = self._read
        if read is None:
            return
        uid, seen = read.incident.id, read.heads
        act: Callable[[Any], Any]
        if name == "tags":
            wanted = [tag.strip() for tag in text.split(",") if tag.strip()]
            gone = [tag for tag in read.incident.tags if tag not in wanted]

            def act(desk: Any) -> Any:
                return incidents.tag(desk, [uid], add=wanted, remove=gone)
        else:
            value: Any = text
            if name in LEVELS:
                value = _level(text)
                if value is None:
                    self._say(self.tr("{0}: write High, Medium or Low.").format(name.capitalize()))
                    return
            make = name in {"requester", "location", "ci"}

            def act(desk: Any) -> Any:
                return incidents.edit(
                    desk, [uid], {name: value or None}, seen=seen, make_unknown=make
                )

        self._bench.write(act, self._on_written, self._on_refused)

    def _on_written(self, _changes: object) -> None:
        self.error.hide()

    def _on_refused(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)))

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.show()
        self.refused.emit(sentence)


def _level(text: str) -> int | None:
    folded = fold(text)
    for level in (1, 2, 3):
        if folded in {fold(level_word(level)), str(level)}:
            return level
    return None
