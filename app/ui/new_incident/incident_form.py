"""The fields of a new incident, from what is wrong to its files; only the first is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.incident import Channel
from app.domain.incident_record import IncidentDraft
from app.ui import theme
from app.ui.new_incident import questions
from app.ui.new_incident.channel_field import ChannelField
from app.ui.new_incident.field_box import FieldBox
from app.ui.new_incident.files_row import FilesRow
from app.ui.new_incident.matrix_field import MatrixField
from app.ui.new_incident.name_field import NameField
from app.ui.new_incident.own_fields import OwnFields
from app.ui.new_incident.requester_card import reach_words

if TYPE_CHECKING:
    from app.ui.new_incident.questions import About, Found, Start
    from app.ui.workbench import Workbench


class IncidentForm(QWidget):
    """Everything that is typed about the incident; `changed` at each key and choice."""

    changed = Signal()
    priority_changed = Signal()
    """Priority or category are others than before: the footer says what that means."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggested = ""
        self._score = 0.0
        self._rated = False
        self._filling = False
        self._place_of_person = ""
        self._meant: About | None = None
        workbench.run_long(questions.learn)
        self.title = QLineEdit(self)
        self.title.setProperty("kind", "big")
        self.title.setMinimumHeight(theme.current().px(38))
        self.title.setMaxLength(500)
        self.requester = NameField(workbench, "person", self)
        self.channel = ChannelField(self)
        self.category = NameField(workbench, "category", self)
        self.location = NameField(workbench, "location", self)
        self.assignee = NameField(workbench, "person", self)
        self.matrix = MatrixField(self)
        self.details = QPlainTextEdit(self)
        self.details.setTabChangesFocus(True)
        self.details.setMinimumHeight(theme.current().px(60))
        self.own = OwnFields(self)
        self.files = FilesRow(workbench, self)
        tr = self.tr
        self.boxes = {
            "title": FieldBox(tr("&What is wrong?"), self.title, self),
            "requester": FieldBox(tr("&Requester"), self.requester, self),
            "channel": FieldBox(tr("How it reached us"), self.channel, self),
            "category": FieldBox(tr("Ca&tegory"), self.category, self),
            "location": FieldBox(tr("&Location"), self.location, self),
            "assignee": FieldBox(tr("Assi&gn to"), self.assignee, self),
            "impact": FieldBox(tr("Impact (rows) × urgency (columns)"), self.matrix, self),
            "description": FieldBox(tr("&Details (optional)"), self.details, self),
            "file": FieldBox("", self.files, self),
        }
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        px = theme.current().px
        boxes = self.boxes
        who = QHBoxLayout()
        who.setSpacing(px(16))
        who.addWidget(boxes["requester"], 4)
        who.addWidget(boxes["channel"], 7)
        names = QVBoxLayout()
        names.setSpacing(px(10))
        for field in ("category", "location", "assignee"):
            names.addWidget(boxes[field])
        names.addStretch(1)
        where = QHBoxLayout()
        where.setSpacing(px(20))
        where.addLayout(names, 1)
        rated = QVBoxLayout()
        rated.addWidget(boxes["impact"])
        rated.addStretch(1)
        where.addLayout(rated, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(14), px(24), px(12))
        layout.setSpacing(px(12))
        layout.addWidget(boxes["title"])
        layout.addLayout(who)
        layout.addLayout(where)
        layout.addWidget(self.own)
        layout.addWidget(boxes["description"], 1)
        boxes["file"].label.hide()
        layout.addWidget(boxes["file"])

    def _connect(self) -> None:
        for field in (self.title, self.requester, self.category, self.location, self.assignee):
            field.textChanged.connect(self._on_changed)
        self.details.textChanged.connect(self._on_changed)
        self.channel.changed.connect(self._on_changed)
        self.own.changed.connect(self._on_changed)
        self.files.changed.connect(self._on_changed)
        self.files.refused.connect(self.boxes["file"].show_problem)
        self.requester.editingFinished.connect(self._on_requester_left)
        self.category.textEdited.connect(self._on_category_typed)
        self.category.textChanged.connect(self.priority_changed)
        self.category.textChanged.connect(self._show_own)
        self.matrix.changed.connect(self._on_rated)

    # --- what is known ---------------------------------------------------------------------------

    def show_start(self, start: Start) -> None:
        """Take the team's matrix and who "me" is."""
        self.matrix.set_matrix(start.matrix)
        self.assignee.me = start.me
        self.own.take_fields(start.custom_fields)
        self.boxes |= {f"custom.{name}": box for name, box in self.own.boxes.items()}
        self._show_own()
        self.priority_changed.emit()

    def show_person(self, about: About) -> None:
        """Say beside the label how to reach the requester, and where they are."""
        self._meant = about
        self.boxes["requester"].say_beside(
            reach_words(about) if about.name or not about.asked.strip() else self.tr("new")
        )
        if about.place and self.location.text() in ("", self._place_of_person):
            self._place_of_person = about.place
            self.location.setText(about.place)

    def _on_requester_left(self) -> None:
        """Write the name where a phone number, mail or login was typed."""
        text, meant = self.requester.text(), self._meant
        if meant is not None and meant.name and meant.asked == text:
            self.requester.setText(meant.name)

    def show_suggestion(self, found: Found) -> None:
        """Fill in the category that the text suggests, as long as nobody typed one."""
        team = self.tr("suggested team: {0}, {1} %")
        told = team.format(found.team, _percent(found.team_score)) if found.team else ""
        self.boxes["assignee"].say_beside(told)
        self.assignee.setAccessibleDescription(told)
        if self.category.text() and self.category.value() != self._suggested:
            return
        self._score = found.category_score
        if found.category == self._suggested:
            self._show_suggested()
            return
        self._suggested = found.category
        self.category.set_value(found.category)
        self._show_suggested()
        if not self._rated and found.category:
            self._filling = True
            self.matrix.set_cell(found.impact or 3, found.urgency or 3)
            self._filling = False

    def _show_suggested(self) -> None:
        said = self.tr("suggested") if self._suggested else ""
        if said and self._score:
            said = self.tr("suggested from the text, {0} %").format(_percent(self._score))
        self.boxes["category"].say_beside(said)
        self.category.setAccessibleDescription(said)

    def _show_own(self) -> None:
        self.own.show_for(self.category.value())

    # --- values ----------------------------------------------------------------------------------

    def is_empty(self) -> bool:
        """Tell whether nothing was typed that would be missed."""
        typed = (self.title, self.requester, self.location, self.assignee)
        return not (
            any(field.text().strip() for field in typed)
            or self.details.toPlainText().strip()
            or self.files.files()
            or self.own.typed()
            or (self.category.text().strip() and not self._suggested)
        )

    def to_data(self) -> dict[str, Any]:
        """Return all fields as plain values for a draft."""
        impact, urgency = self.matrix.cell()
        return {
            "title": self.title.text(),
            "requester": self.requester.text(),
            "channel": self.channel.channel().value,
            "category": self.category.value(),
            "suggested": self._suggested,
            "location": self.location.text(),
            "assignee": self.assignee.text(),
            "impact": impact,
            "urgency": urgency,
            "rated": self._rated,
            "description": self.details.toPlainText(),
            "custom": self.own.typed(),
            "files": self.files.to_data(),
        }

    def set_data(self, data: dict[str, Any]) -> None:
        """Show all fields of a draft."""
        self._filling = True
        self._suggested, self._score = str(data.get("suggested", "")), 0.0
        self._place_of_person = ""
        self.title.setText(str(data.get("title", "")))
        self.requester.setText(str(data.get("requester", "")))
        known = set(Channel)
        channel = str(data.get("channel", ""))
        self.channel.set_channel(Channel(channel) if channel in known else Channel.PHONE)
        self.category.set_value(str(data.get("category", "")))
        self.location.setText(str(data.get("location", "")))
        self.assignee.setText(str(data.get("assignee", "")))
        self.matrix.set_cell(int(data.get("impact", 3)), int(data.get("urgency", 3)))
        self._rated = bool(data.get("rated", False))
        self.details.setPlainText(str(data.get("description", "")))
        self.own.put(data.get("custom", {}))
        self.files.set_data(data.get("files", []))
        self._filling = False
        self._show_suggested()
        self.show_problem("", "")
        self.priority_changed.emit()

    def to_draft(self, related: tuple[str, ...]) -> IncidentDraft:
        """Return what is to be logged."""
        impact, urgency = self.matrix.cell()
        assignee = self.assignee.text().strip()
        if self.assignee.me and assignee.casefold() in ("me", self.tr("Me").casefold()):
            assignee = self.assignee.me
        return IncidentDraft(
            title=self.title.text(),
            description=self.details.toPlainText(),
            requester=self.requester.value(),
            assignee=assignee,
            category=self.category.value(),
            location=self.location.value(),
            channel=self.channel.channel(),
            impact=impact,
            urgency=urgency,
            attachments=cast("Any", self.files.files()),
            related=related,
            custom=self.own.values(self.category.value()),
        )

    def show_problem(self, field: str, sentence: str) -> bool:
        """Say under a field what is wrong and go there; tell whether there is such a field."""
        for box in self.boxes.values():
            box.show_problem("")
        found = self.boxes.get("impact" if field in ("urgency", "priority") else field)
        if found is None:
            return False
        found.show_problem(sentence)
        found.field.setFocus()
        return True

    # --- while typing ----------------------------------------------------------------------------

    def _on_changed(self) -> None:
        if not self._filling:
            sender = self.sender()
            for box in self.boxes.values():
                if box.field is sender:
                    box.show_problem("")
            self.changed.emit()

    def _on_category_typed(self) -> None:
        self._suggested = ""
        self._show_suggested()

    def _on_rated(self) -> None:
        if not self._filling:
            self._rated = True
            self.changed.emit()
        self.priority_changed.emit()


def _percent(score: float) -> int:
    """Return a likelihood in percent; nothing that was learnt is certain."""
    return min(99, round(score * 100))
