"""Resolve and close: the three closure codes, the note, and whether the requester confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.lifecycle import Given

if TYPE_CHECKING:
    from enum import StrEnum

    from app.domain.incident import Incident


class ResolveDialog(QDialog):
    """Asks for what closing needs; `closes` tells which button was chosen."""

    def __init__(self, incident: Incident, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Resolve %1").replace("%1", incident.number))
        self.closes = False
        self.outcome = _codes(Outcome, self.tr("Outcome"), incident.outcome or Outcome.FIXED)
        self.fix_type = _codes(FixType, self.tr("Fix type"), incident.fix_type or FixType.OTHER)
        self.cause_class = _codes(
            CauseClass, self.tr("Cause class"), incident.cause_class or CauseClass.UNDETERMINED
        )
        self.note = QPlainTextEdit(incident.resolution, self)
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName(self.tr("Resolution note"))
        self.confirmed = QCheckBox(self.tr("The requester has confirmed it"), self)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        buttons = QDialogButtonBox(self)
        cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        cancel.clicked.connect(self.reject)
        only = buttons.addButton(self.tr("Resolve only"), QDialogButtonBox.ButtonRole.ActionRole)
        only.clicked.connect(self._on_resolve_only)
        both = buttons.addButton(
            self.tr("Resolve and close"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        both.clicked.connect(self._on_resolve_and_close)
        both.setDefault(True)
        form = QFormLayout(self)
        form.addRow(self.tr("&Outcome"), self.outcome)
        form.addRow(self.tr("Resolution &note"), self.note)
        form.addRow(self.tr("&Fix type"), self.fix_type)
        form.addRow(self.tr("&Cause class"), self.cause_class)
        form.addRow(self.confirmed)
        form.addRow(self.problem)
        form.addRow(buttons)
        self.note.setFocus()

    def given(self) -> Given:
        """Return the codes and the note as the lifecycle takes them."""
        return Given(
            outcome=Outcome(self.outcome.currentData()),
            fix_type=FixType(self.fix_type.currentData()),
            cause_class=CauseClass(self.cause_class.currentData()),
            resolution=self.note.toPlainText(),
        )

    def _on_resolve_only(self) -> None:
        self._finish(closes=False)

    def _on_resolve_and_close(self) -> None:
        self._finish(closes=True)

    def _finish(self, *, closes: bool) -> None:
        if not self.note.toPlainText().strip():
            self.problem.setText(self.tr("Write the resolution note: what was done?"))
            self.note.setFocus()
        elif closes and not self.confirmed.isChecked():
            self.problem.setText(self.tr("Ask the requester, then tick the confirmation."))
            self.confirmed.setFocus()
        else:
            self.closes = closes
            self.accept()


def _codes(kind: type[StrEnum], name: str, chosen: StrEnum) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for code in kind:
        box.addItem(code.replace("_", " ").capitalize(), code.value)
    box.setCurrentIndex(box.findData(chosen.value))
    return box
