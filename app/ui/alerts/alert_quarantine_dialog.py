"""Alerts that were kept and not taken: each with its reason, its payload, and what can be done.

The payload is plain text: nothing in it is loaded, followed or run.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.services import alert_quarantine
from app.ui.incidents.cells import moment
from app.ui.widgets.held_dialog import HeldDialog

if TYPE_CHECKING:
    from app.services.alert_intake import Taken
    from app.services.alert_quarantine import Payload
    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class AlertQuarantineDialog(HeldDialog):
    """A table of kept payloads; the buttons act on the one that is current."""

    taken = Signal()
    """A payload was taken: what it opened or closed is written."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, parent)
        self.setWindowTitle(self.tr("Held alerts"))
        self.view.setAccessibleName(self.tr("Alerts"))
        self.preview.setAccessibleName(self.tr("The payload as plain text"))
        self.format = QComboBox(self)
        self.format.addItem(self.tr("Recognise the format"), "")
        self.format.setAccessibleName(self.tr("Format that the payload is read as"))
        self.again = self.button(self.tr("&Try again"))
        self.teach = self.button(self.tr("Teac&h a format..."))
        self.again.clicked.connect(self._on_again)
        self.teach.clicked.connect(self._on_teach)
        self._read_formats()
        self.lay_out(self.format, self.again, self.teach)

    def read(self) -> None:
        """Read the payloads that are held."""
        self._bench.read(alert_quarantine.payloads, self._on_read, key="held-alerts")

    def _on_read(self, payloads: list[Payload]) -> None:
        header = (self.tr("Received"), self.tr("From"), self.tr("Reason"))
        rows = [(moment(one.at), one.source, one.reason) for one in payloads]
        self.show_items(payloads, header, rows)

    def show_current(self, item: Payload | None) -> None:
        """Offer what can be done with the payload."""
        for widget in (self.format, self.again, self.teach):
            widget.setEnabled(item is not None)
        if item is None:
            self.reason.setText(self.tr("No alert is held on this computer."))

    def look_at(self, desk: Desk, item: Payload) -> str:
        """Return the payload as plain text."""
        return alert_quarantine.shown(desk, item.id)

    def discard_in(self, desk: Desk, item: Payload) -> Payload:
        """Discard the payload."""
        return alert_quarantine.discard(desk, item.id)

    def put_back_in(self, desk: Desk, discarded: Payload) -> None:
        """Hold the payload again."""
        alert_quarantine.put_back(desk, discarded)

    def _read_formats(self) -> None:
        self._bench.read(alert_quarantine.format_names, self._on_formats, key="alert-formats")

    def _on_formats(self, names: list[str]) -> None:
        chosen = self.format.currentData()
        while self.format.count() > 1:
            self.format.removeItem(1)
        for name in names:
            self.format.addItem(name, name)
        self.format.setCurrentIndex(max(0, self.format.findData(chosen)))

    def _on_teach(self) -> None:
        from app.ui.alerts.teach_dialog import TeachDialog

        payload = self.current()
        if payload is not None:
            dialog = TeachDialog(self._bench, self, payload_id=payload.id)
            dialog.saved.connect(self._read_formats)
            dialog.open()

    def _on_again(self) -> None:
        payload = self.current()
        if payload is not None:
            name = str(self.format.currentData())
            self.act(
                partial(alert_quarantine.try_again, payload_id=payload.id, name=name),
                self._on_taken,
            )

    def _on_taken(self, taken: list[Taken]) -> None:
        for one in taken[:1]:
            more = self.tr(" (and %n more)", "", len(taken) - 1) if len(taken) > 1 else ""
            said = f"{one.number or one.source}: {one.reason or one.action}{more}"
            self._bench.say(said, "warn" if one.action == "quarantined" else "ok")
        self.taken.emit()
        self.after()
