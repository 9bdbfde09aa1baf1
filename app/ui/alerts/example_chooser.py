"""Chooses the payload that a format is taught with: a received one, or a file. GUI thread only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QWidget

from app.intake.strict_json import MOST_BYTES
from app.services import alert_teaching
from app.ui import icons, theme
from app.ui.importing.dialog_parts import button
from app.ui.incidents.cells import moment

if TYPE_CHECKING:
    from app.services.alert_teaching import Example
    from app.ui.workbench import Workbench


class ExampleChooser(QWidget):
    """A list of what was received, and a button that opens a file."""

    chosen = Signal(bytes)
    """The bytes of another payload."""
    failed = Signal(str)
    """There is none to choose; the sentence says why."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.examples: list[Example] = []
        caption = QLabel(self.tr("Re&ceived"), self)
        caption.setProperty("kind", "label")
        self.list = QComboBox(self)
        self.list.setAccessibleName(self.tr("Received payload"))
        self.list.view().setAccessibleName(self.tr("Received payloads"))
        self.list.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        caption.setBuddy(self.list)
        self.file = button(self, self.tr("&Open a file..."), "secondary")
        icons.bind(self.file, "upload")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().px(8))
        row.addWidget(caption)
        row.addWidget(self.list, 1)
        row.addWidget(self.file)
        self.list.currentIndexChanged.connect(self._on_row)
        self.file.clicked.connect(self._on_file)

    def offer(self, examples: list[Example], payload_id: int) -> None:
        """Offer what was received; begin with a held payload when its number is given."""
        self.examples = examples
        held, taken = self.tr("held"), self.tr("taken as {0}")
        before = self.list.blockSignals(True)
        self.list.clear()
        for one in examples:
            how = taken.format(one.source) if one.source else held
            self.list.addItem(f"{moment(one.at)}  {one.origin}  {how}")
        wanted = (at for at, one in enumerate(examples) if payload_id == one.payload_id != 0)
        self.list.setCurrentIndex(next(wanted, 0 if examples else -1))
        self.list.blockSignals(before)
        self.list.setEnabled(bool(examples))
        if examples:
            self._on_row(self.list.currentIndex())
        else:
            self.failed.emit(
                self.tr("Nothing was received yet. Open a file with an example of the tool.")
            )

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self.examples):
            one = self.examples[row]
            self._bench.read(
                lambda desk: alert_teaching.body_of(desk, one),
                self._on_body,
                self._on_gone,
                key="alert-example",
            )

    def _on_body(self, body: bytes) -> None:
        self.chosen.emit(body)

    def _on_gone(self, error: Exception) -> None:
        self.failed.emit(str(getattr(error, "message", error)))

    def _on_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open an example"), "", self.tr("Payloads (*.json *.txt);;All (*)")
        )
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Take a file as the example."""
        try:
            with path.open("rb") as file:
                body = file.read(MOST_BYTES + 1)
        except OSError as error:
            self.failed.emit(
                self.tr("{0} cannot be read: {1}.").format(path.name, error.strerror or error)
            )
            return
        before = self.list.blockSignals(True)
        self.list.setCurrentIndex(-1)
        self.list.blockSignals(before)
        self.chosen.emit(body)
