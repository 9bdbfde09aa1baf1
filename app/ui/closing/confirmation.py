"""Who confirmed that it works, how and when: the requester's word in the closing dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui import theme
from app.ui.closing.closing_frame import labelled
from app.ui.closing.people_told import WhenField, ways

if TYPE_CHECKING:
    from app.domain.incident_record import Incident


class Confirmation(QObject):
    """The three fields; nothing counts as confirmed before it is said how."""

    changed = Signal()

    def __init__(self, incident: Incident, parent: QWidget) -> None:
        super().__init__(parent)
        self._known = bool(incident.verified_by)
        self.by = QLineEdit(incident.verified_by, parent)
        self.by.setPlaceholderText(incident.requester.name if incident.requester else "")
        self.how = ways(parent)
        self.how.setCurrentText(incident.verified_how)
        self.when = WhenField(parent)
        if incident.verified_at is not None:
            self.when.show_instant(int(incident.verified_at.timestamp()))
        self.by.textEdited.connect(self.changed)
        self.how.editTextChanged.connect(self.changed)
        self.when.dateTimeChanged.connect(self.changed)

    def row(self) -> QHBoxLayout:
        """Return the fields side by side under their labels."""
        row = QHBoxLayout()
        row.setSpacing(theme.current().px(16))
        row.addLayout(labelled(self.tr("Confirmed &by"), self.by), 3)
        row.addLayout(labelled(self.tr("&How it was confirmed"), self.how), 3)
        row.addLayout(labelled(self.tr("&When it was confirmed"), self.when), 3)
        return row

    def values(self) -> dict[str, Any]:
        """Return what stands in the fields, as fields of the incident."""
        how = self.how.currentText().strip()
        if not how:
            return {}
        values: dict[str, Any] = {"verified_by": self._who(), "verified_how": how}
        if self.when.instant() is not None:
            values["verified_at"] = self.when.instant()
        return values

    def missing(self) -> tuple[QWidget, str] | None:
        """Return the first field that closing still needs, and its line."""
        if not self.how.currentText().strip() and not self._known:
            return self.how, self.tr("Ask the requester, then say how it was confirmed.")
        if not self._who():
            return self.by, self.tr("Say who confirmed that it works.")
        return None

    def draft(self) -> dict[str, Any]:
        """Return what is typed, as a draft keeps it."""
        return {
            "confirmed": [self.by.text(), self.how.currentText()],
            "confirmed_at": self.when.dateTime().toSecsSinceEpoch() if self.when.given else None,
        }

    def show_draft(self, data: dict[str, Any]) -> None:
        """Show again what a draft kept."""
        who, how = data["confirmed"]
        self.by.setText(who)
        self.how.setCurrentText(how)
        if data["confirmed_at"]:
            self.when.show_instant(int(data["confirmed_at"]))

    def _who(self) -> str:
        return self.by.text().strip() or self.by.placeholderText()
