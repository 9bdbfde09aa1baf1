"""Keep the list as it is now under a name: filter, grouping, order, columns and density."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.domain.errors import NotFoundError
from app.services import configuration

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_KEPT_OF_LIST = ("filter", "group", "sort", "columns", "density")


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

        self._bench.write(
            lambda desk: put_view(desk, name, state, shared=shared),
            self._on_saved,
            self._on_refused,
        )

    def _on_saved(self, _changes: object) -> None:
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._refusal.setText(str(error))
        self._refusal.show()
        self.name.setFocus()


def put_view(desk: Desk, name: str, state: dict[str, Any], *, shared: bool) -> Any:
    """Keep a view under a name in the store lane."""
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


def overwrite_view(desk: Desk, name: str, state: dict[str, Any]) -> Any:
    """Keep a changed view under its own name; who sees it, whose it is and its place stay.

    Raises:
        NotFoundError: there is no saved view of that name.
    """
    for item in configuration.items(desk, "saved_view"):
        if item.name == name:
            new = {key: state[key] for key in _KEPT_OF_LIST if state.get(key) is not None}
            return configuration.put_item(desk, "saved_view", name, {**item.data, **new})
    words = QCoreApplication.translate(
        "SaveViewDialog", "There is no saved view {0}. Save this one under a new name."
    )
    raise NotFoundError(words.format(name))
