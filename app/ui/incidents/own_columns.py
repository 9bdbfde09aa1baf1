"""Reads which fields the team has of its own, so that the queue can show them as columns.

Nothing is read until such a column is shown or the chooser opens. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.ui.incidents.columns import ColumnModel
    from app.ui.workbench import Workbench


class OwnColumns(QObject):
    """Keeps the columns in step with the team's own fields."""

    def __init__(self, workbench: Workbench, columns: ColumnModel, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._columns = workbench, columns
        self._asked = False
        columns.changed.connect(self._on_columns_changed)
        workbench.bus.published.connect(self._on_published)

    def read(self) -> None:
        """Ask which fields there are."""
        self._asked = True
        self._bench.read(_names, self._columns.set_fields, key="queue-own-columns")

    def _on_columns_changed(self) -> None:
        if self._columns.custom and not self._asked:
            self.read()

    def _on_published(self, changes: ChangeSet) -> None:
        if self._asked and "custom_field" in changes.kinds:
            self.read()


def _names(desk: Desk) -> list[str]:
    from app.services import cataloguing  # a list without such columns does without

    return cataloguing.names(desk, cataloguing.FIELD_KIND)
