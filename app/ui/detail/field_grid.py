"""The fields of an incident in one or two columns, each edited where it stands."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.domain.errors import InvalidInputError
from app.domain.incident import Channel, Status
from app.services import incidents
from app.ui import reader_time, theme
from app.ui.detail import field_values
from app.ui.detail.inline_field import InlineField, LinkField
from app.ui.incidents.cells import channel_word, level_word
from app.ui.widgets.avatar import Avatar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.domain.incident_record import Incident
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
PEOPLE = ("requester", "assignee")
FIRST = (*("requester", "assignee", "phone", "team", "category", "location", "impact", "urgency"),)
MORE = (
    *("service", "channel", "occurred_at", "tags", "detected_at", "ci"),
    *("follow_up_at", "severity", "people_affected", "reported_at", "restored_at"),
    *("review_due_at", "review_done_at", "escalated_at", "major_declared_at"),
    *("workaround_applied_at", "survey_sent_at", "survey_answered_at"),
)
_REVIEW = frozenset({"review_due_at", "review_done_at"})
_SELDOM = _REVIEW | {
    *("escalated_at", "major_declared_at", "workaround_applied_at", "survey_sent_at"),
    "survey_answered_at",
}
"""Instants that most incidents do not have: shown where they are, and where they are to come."""
_TWO_FROM = 320
"""Width in px from which two columns have room."""
_FACE = 18


class FieldGrid(QWidget):
    """Fields by their names; with `custom` the team's own fields follow them."""

    refused = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        parent: QWidget | None = None,
        names: Sequence[str] = FIRST,
        *,
        custom: bool = False,
    ) -> None:
        super().__init__(parent)
        self._bench, self._custom = workbench, custom
        self._read: Inspected | None = None
        self.fields: dict[str, InlineField] = {}
        self._labels: dict[str, QLabel] = {}
        self._cells: dict[str, QWidget] = {}
        self._faces: dict[str, Avatar] = {}
        self._gone: frozenset[str] = frozenset()
        self._columns = 0
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(2)
        words = self._words()
        for name in names:
            self._make(name, words[name])
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        self._lay(2)

    def show_read(self, read: Inspected) -> None:
        """Show the fields of an incident."""
        if self._read is None or self._read.incident.id != read.incident.id:
            self.error.hide()
        self._read = read
        incident = read.incident
        if self._custom:
            self._make_custom(read)
        for name, field in self.fields.items():
            blocker = QSignalBlocker(field)
            field.show_value(field_values.shown(read, name))
            if name.endswith("_at") and field.text():
                field.setToolTip(f"{field.text()} ({reader_time.zone_name()})")
            blocker.unblock()
        for name, face in self._faces.items():
            person = getattr(incident, name)
            face.set_name(person.name if person is not None else "")
            face.setVisible(person is not None or name == "assignee")
        self._leave_out(_meaningless(incident))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many columns as have room."""
        super().resizeEvent(event)
        self._lay(2 if event.size().width() >= theme.current().px(_TWO_FROM) else 1)

    # --- building --------------------------------------------------------------------------------

    def _words(self) -> dict[str, str]:
        return {
            "requester": self.tr("Requester"),
            "assignee": self.tr("Assignee"),
            "phone": self.tr("Phone"),
            "team": self.tr("Team"),
            "category": self.tr("Category"),
            "location": self.tr("Location"),
            "impact": self.tr("Impact"),
            "urgency": self.tr("Urgency"),
            "service": self.tr("Service"),
            "channel": self.tr("Channel"),
            "tags": self.tr("Tags"),
            "ci": self.tr("Device"),
            "occurred_at": self.tr("Occurred"),
            "detected_at": self.tr("Detected"),
            "people_affected": self.tr("Affected"),
            "severity": self.tr("Severity"),
            "follow_up_at": self.tr("Follow up"),
            "reported_at": self.tr("Reported"),
            "restored_at": self.tr("Restored"),
            "review_due_at": self.tr("Review due"),
            "review_done_at": self.tr("Review held"),
            "escalated_at": self.tr("Escalated"),
            "major_declared_at": self.tr("Declared major"),
            "workaround_applied_at": self.tr("Workaround"),
            "survey_sent_at": self.tr("Survey sent"),
            "survey_answered_at": self.tr("Survey answered"),
        }

    def _make(self, name: str, text: str, choices: Sequence[str] = ()) -> None:
        if name in field_values.LEVELS:
            choices = [level_word(level) for level in (1, 2, 3)]
        elif name == "channel":
            choices = [channel_word(str(channel)) for channel in Channel]
        kind = LinkField if name == "phone" else InlineField
        field = kind(self._bench, name, text, self, kind=NAMED.get(name, ""), words=choices)
        label = QLabel(text, self)
        label.setProperty("tone", "quiet")
        label.setBuddy(field)
        field.saved.connect(self._on_saved)
        self.fields[name], self._labels[name] = field, label
        self._cells[name] = self._with_face(name, field) if name in PEOPLE else field

    def _with_face(self, name: str, field: InlineField) -> QWidget:
        cell = QWidget(self)
        row = QHBoxLayout(cell)
        row.setContentsMargins(5, 0, 0, 0)
        row.setSpacing(2)
        self._faces[name] = Avatar("", _FACE, cell)
        row.addWidget(self._faces[name])
        row.addWidget(field, 1)
        return cell

    def _make_custom(self, read: Inspected) -> None:
        """Show exactly the team's own fields that this incident has."""
        wanted = {f"custom.{field.name}": field for field in read.custom_fields}
        have = [name for name in self.fields if name.startswith("custom.")]
        if have == list(wanted):
            return
        for name in have:
            for parts in (self._labels, self._cells):
                part = parts.pop(name)
                self._grid.removeWidget(part)
                part.deleteLater()
            del self.fields[name]
        for name, field in wanted.items():
            choices = (self.tr("yes"), self.tr("no")) if field.type == "yes_no" else field.choices
            self._make(name, field.name, choices)
        self._lay_again()
        for before, after in pairwise(self.fields.values()):
            QWidget.setTabOrder(before, after)
        for name in wanted:
            self._labels[name].show()
            self._cells[name].show()

    def _lay(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for part in (*self._labels.values(), *self._cells.values(), self.error):
            self._grid.removeWidget(part)
        shown = [name for name in self.fields if name not in self._gone]
        for place, name in enumerate(shown):
            row, column = place // columns, place % columns * 2
            self._grid.addWidget(self._labels[name], row, column)
            self._grid.addWidget(self._cells[name], row, column + 1)
        self._grid.setColumnStretch(1, 3)  # the longer values stand in the first column
        self._grid.setColumnStretch(3, 2 * (columns - 1))
        self._grid.addWidget(self.error, len(self.fields), 0, 1, columns * 2)

    def _lay_again(self) -> None:
        columns = self._columns
        self._columns = 0
        self._lay(columns)

    def _leave_out(self, names: frozenset[str]) -> None:
        """Show no field that says nothing about this incident."""
        if names == self._gone:
            return
        self._gone = names
        for name in self.fields:
            self._labels[name].setVisible(name not in names)
            self._cells[name].setVisible(name not in names)
        self._lay_again()

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
            try:
                values = field_values.meant(read, name, text)
            except InvalidInputError as error:
                self._say(error.message)
                return
            make = name in {"requester", "location", "ci"}

            def act(desk: Any) -> Any:
                return incidents.edit(desk, [uid], values, seen=seen, make_unknown=make)

        self._bench.write(act, self._on_written, self._on_refused)

    def _on_written(self, _changes: object) -> None:
        self.error.hide()

    def _on_refused(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)))

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.show()
        self.refused.emit(sentence)


def _meaningless(incident: Incident) -> frozenset[str]:
    """Name the fields that say nothing about this incident."""
    empty = {name for name in _SELDOM if getattr(incident, name) is None}
    if incident.major:
        empty -= _REVIEW
    if incident.status is not Status.PENDING:
        empty.add("follow_up_at")
    return frozenset(empty)
