"""Alerts that were kept and not taken: each with its reason, its payload, and what can be done.

The payload is plain text: nothing in it is loaded, followed or run.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services import alert_quarantine
from app.ui import theme
from app.ui.importing.text_table import TextTable, text_view
from app.ui.incidents.cells import moment

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from app.services.alert_intake import Taken
    from app.services.alert_quarantine import Payload
    from app.ui.workbench import Workbench

_SIZE = (820, 560)


class AlertQuarantineDialog(QDialog):
    """A table of kept payloads; the buttons act on the one that is current."""

    taken = Signal()
    """A payload was taken: what it opened or closed is written."""
    decided = Signal()
    """A payload left the quarantine, or came back."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.payloads: list[Payload] = []
        self._discarded: Payload | None = None
        self.setWindowTitle(self.tr("Held alerts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = theme.current().px
        self.resize(px(_SIZE[0]), px(_SIZE[1]))
        self.table = TextTable(self)
        self.view = text_view(self.tr("Alerts"), self.table, self)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(self.tr("The payload as plain text"))
        self.format = QComboBox(self)
        self.format.addItem(self.tr("Recognise the format"), "")
        self.format.setAccessibleName(self.tr("Format that the payload is read as"))
        self.again = self._button(self.tr("&Try again"))
        self.teach = self._button(self.tr("Teac&h a format..."))
        self.discard = self._button(self.tr("&Discard"))
        self.back = self._button(self.tr("&Undo"))
        self.back.setEnabled(False)
        leave = self._button(self.tr("Close"))
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        for widget in (self.format, self.again, self.teach, self.discard, self.back):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(10))
        layout.addWidget(self.view, 2)
        layout.addWidget(self.reason)
        layout.addWidget(self.preview, 3)
        layout.addLayout(foot)
        self.again.clicked.connect(self._on_again)
        self.teach.clicked.connect(self._on_teach)
        self.discard.clicked.connect(self._on_discard)
        self.back.clicked.connect(self._on_back)
        leave.clicked.connect(self.reject)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self._read_formats()
        self._read()
        self.view.setFocus()

    def current(self) -> Payload | None:
        """Return the payload that the buttons act on."""
        row = self.view.currentIndex().row()
        return self.payloads[row] if 0 <= row < len(self.payloads) else None

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def _read(self) -> None:
        self._bench.read(alert_quarantine.payloads, self._on_read, key="held-alerts")

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

    def _on_read(self, payloads: list[Payload]) -> None:
        row = max(0, min(self.view.currentIndex().row(), len(payloads) - 1))
        self.payloads = payloads
        header = (self.tr("Received"), self.tr("From"), self.tr("Reason"))
        rows = [(moment(one.at), one.source, one.reason) for one in payloads]
        self.table.show_rows(header, rows)
        self.view.resizeColumnsToContents()
        self.view.selectRow(row)
        self._show()

    def _on_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show()

    def _show(self) -> None:
        payload = self.current()
        for widget in (self.format, self.again, self.teach, self.discard):
            widget.setEnabled(payload is not None)
        self.preview.clear()
        if payload is None:
            self.reason.setText(self.tr("No alert is held on this computer."))
            return
        self.reason.setText(payload.reason)
        row_id = payload.id
        self._bench.read(
            lambda desk: (row_id, alert_quarantine.shown(desk, row_id)),
            self._on_preview,
            self._on_failed,
            key="held-alert",
        )

    def _on_preview(self, found: tuple[int, str]) -> None:
        payload = self.current()
        if payload is not None and payload.id == found[0]:
            self.preview.setPlainText(found[1])

    def _on_again(self) -> None:
        payload = self.current()
        if payload is not None:
            act = partial(
                alert_quarantine.try_again,
                payload_id=payload.id,
                name=str(self.format.currentData()),
            )
            self._bench.write(act, self._on_taken, self._on_failed, quiet=True)

    def _on_taken(self, taken: list[Taken]) -> None:
        for one in taken[:1]:
            more = self.tr(" (and %n more)", "", len(taken) - 1) if len(taken) > 1 else ""
            said = f"{one.number or one.source}: {one.reason or one.action}{more}"
            self._bench.say(said, "warn" if one.action == "quarantined" else "ok")
        self.taken.emit()
        self._after()

    def _on_discard(self) -> None:
        payload = self.current()
        if payload is not None:
            act = partial(alert_quarantine.discard, payload_id=payload.id)
            self._bench.write(act, self._on_discarded, self._on_failed, quiet=True)

    def _on_discarded(self, payload: Payload) -> None:
        self._discarded = payload
        self.back.setEnabled(True)
        self._after()

    def _on_back(self) -> None:
        payload = self._discarded
        if payload is not None:
            act = partial(alert_quarantine.put_back, payload=payload)
            self._bench.write(act, self._on_put_back, self._on_failed, quiet=True)

    def _on_put_back(self, _nothing: object) -> None:
        self._discarded = None
        self.back.setEnabled(False)
        self.view.setFocus()
        self._after()

    def _after(self) -> None:
        self._read()
        self.decided.emit()

    def _on_failed(self, error: Exception) -> None:
        self.reason.setText(str(getattr(error, "message", error)))
