"""Keep the list as it is now under a name: filter, grouping, order, columns and density."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.services import configuration

if TYPE_CHECKING:
    from app.ui.workbench import Workbench


class SaveViewDialog(QDialog):
    """Asks for the name of a view, and whether the team sees it."""

    def __init__(
        self, workbench: Workbench, state: dict[str, Any], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save view"))
        self._bench, self._state = workbench, state
        self.name = QLineEdit(self)
        self.shared = QCheckBox(self.tr("The whole team sees it"), self)
        self.shared.setChecked(True)
        self._filter = QLabel(state.get("filter") or self.tr("no filter: everything"), self)
        self._filter.setWordWrap(True)
        self._refusal = QLabel(self)
        self._refusal.setProperty("tone", "danger")
        self._refusal.setWordWrap(True)
        self._refusal.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        save = buttons.addButton(self.tr("Save view"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setDefault(True)
        form = QFormLayout(self)
        form.addRow(self.tr("Name"), self.name)
        form.addRow("", self._refusal)
        form.addRow(self.tr("Filter"), self._filter)
        form.addRow("", self.shared)
        form.addRow(buttons)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        self.resize(440, self.sizeHint().height())

    def _on_accepted(self) -> None:
        name, state, shared = self.name.text(), dict(self._state), self.shared.isChecked()

        def act(desk: Any) -> Any:
            data = {
                "filter": state.get("filter", ""),
                "group": state.get("group") or "sla",
                "sort": state.get("sort") or "sla",
                "columns": list(state.get("columns") or ()),
                "density": state.get("density") or "",
                "shared": shared,
                "owner": desk.person.name,
                "position": 10_000,
            }
            return configuration.put_item(desk, "saved_view", name, data)

        self._bench.write(act, self._on_saved, self._on_refused)

    def _on_saved(self, _changes: object) -> None:
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._refusal.setText(str(error))
        self._refusal.show()
        self.name.setFocus()
