"""The window: views at the left, the list of work in the middle, the chosen incident at the right.

Every read and write goes through the job lanes; this thread never waits for the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.domain import quick_log
from app.domain.errors import KnownError
from app.domain.incident import EntityId
from app.domain.listing import ListQuery, ListRow
from app.services import (
    browsing,
    incidents,
    logging_incidents,
    moves,
    undoing,
)
from app.services.naming import CatalogueNames
from app.ui.incidents.columns import ColumnModel
from app.ui.incidents.detail_pane import DetailPane
from app.ui.incidents.list_source import DeskList
from app.ui.incidents.queue_model import ROW_ROLE, QueueModel
from app.ui.incidents.resolve_dialog import ResolveDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import ChangeSet
    from app.domain.incident import Incident
    from app.services.desk import Desk
    from app.ui.change_bus import ChangeBus
    from app.ui.jobs import Jobs
    from app.ui.theme import Theme

WIDTHS = {"priority": 84, "number": 70, "title": 330, "status": 100, "sla": 80, "assignee": 110}
"""Starting widths of columns in pixels."""

VIEWS = (
    ("All open", "is:open"),
    ("Assigned to me", "assignee:me is:open"),
    ("Unassigned", "is:unassigned is:open"),
    ("Due within 1 h", "is:open sla:<1h"),
    ("Breached", "is:breached"),
    ("Pending", "status:pending"),
    ("Resolved, to close", "status:resolved"),
    ("Closed, last 7 days", "closed:<7d"),
)


class MainWindow(QMainWindow):
    """The one window of the program."""

    def __init__(self, jobs: Jobs, bus: ChangeBus, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("Incident Desk")
        self._jobs, self._bus = jobs, bus
        self.views = QListWidget(self)
        self.views.setAccessibleName(self.tr("Views"))
        for title, text in VIEWS:
            item = QListWidgetItem(title, self.views)
            item.setData(Qt.ItemDataRole.UserRole, text)
        self.filter = QLineEdit(self)
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.setPlaceholderText(self.tr("Filter, such as priority:p1 printer"))
        self.quick = QLineEdit(self)
        self.quick.setAccessibleName(self.tr("Quick log"))
        self.quick.setPlaceholderText(
            self.tr("What is wrong? printer down @nina !high #hardware/printer, then Enter")
        )
        self.model = QueueModel(jobs, DeskList, ColumnModel(), parent=self)
        self.tree = QTreeView(self)
        self.tree.setAccessibleName(self.tr("Incidents"))
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.setRootIsDecorated(True)
        self.tree.header().setStretchLastSection(False)
        self.detail = DetailPane(theme, self)
        self.count = QLabel(self)
        self._lay_out()
        self._connect()
        self.views.setCurrentRow(0)
        self._refresh_counts()
        self.quick.setFocus()

    def _lay_out(self) -> None:
        middle = QWidget(self)
        layout = QVBoxLayout(middle)
        layout.addWidget(self.filter)
        layout.addWidget(self.quick)
        layout.addWidget(self.tree, 1)
        panes = QSplitter(self)
        for pane in (self.views, middle, self.detail):
            panes.addWidget(pane)
        panes.setStretchFactor(1, 1)
        panes.setSizes([224, 760, 440])
        self.setCentralWidget(panes)
        self.statusBar().addPermanentWidget(self.count)
        self.setMinimumSize(800, 520)

    def _connect(self) -> None:
        self.views.currentItemChanged.connect(self._on_view_chosen)
        self.filter.textChanged.connect(self._on_filter_changed)
        self.quick.returnPressed.connect(self._on_quick_returned)
        self.tree.selectionModel().currentChanged.connect(self._on_row_chosen)
        self.model.changed.connect(self._on_list_changed)
        self.model.failed.connect(self._on_failed)
        self.detail.note_written.connect(self._on_note_written)
        self.detail.assign_requested.connect(self._on_assign)
        self.detail.start_requested.connect(self._on_start)
        self.detail.resolve_requested.connect(self._on_resolve)
        self._bus.incidents_changed.connect(self._on_incidents_changed)
        self._key(self.tr("Undo"), QKeySequence.StandardKey.Undo, self._on_undo)
        self._key(self.tr("Quick log"), QKeySequence("Ctrl+L"), self.quick.setFocus)
        self._key(self.tr("New incident"), QKeySequence("Ctrl+N"), self.quick.setFocus)
        self._key(self.tr("Filter"), QKeySequence("Ctrl+F"), self.filter.setFocus)

    def _key(self, text: str, keys: Any, slot: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.triggered.connect(slot)
        self.addAction(action)

    # --- reading ---------------------------------------------------------------------------------

    def _on_view_chosen(self, item: QListWidgetItem | None, _before: object = None) -> None:
        if item is not None:
            self.filter.setText(str(item.data(Qt.ItemDataRole.UserRole)))

    def _on_filter_changed(self, text: str) -> None:
        self.model.show_query(ListQuery(text))

    def _on_list_changed(self) -> None:
        self.tree.expandAll()
        for column, key in enumerate(self.model.keys):
            if key in WIDTHS:
                self.tree.setColumnWidth(column, WIDTHS[key])
        for group in range(self.model.rowCount()):
            self.tree.setFirstColumnSpanned(group, QModelIndex(), True)

    def _on_row_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = self.model.data(index, ROW_ROLE)
        if isinstance(row, ListRow):
            self._show(EntityId(row.id))

    def _show(self, uid: EntityId) -> None:
        self._jobs.on_reader(
            lambda desk: browsing.incident(desk, uid), self._on_incident_read, key="detail"
        )

    def _on_incident_read(self, incident: Incident) -> None:
        self.detail.show_incident(incident)

    def _refresh_counts(self) -> None:
        filters = [text for _, text in VIEWS]
        self._jobs.on_reader(
            lambda desk: browsing.counts(desk, filters), self._on_counts_read, key="counts"
        )

    def _on_counts_read(self, counts: list[int]) -> None:
        for row, ((title, _), n) in enumerate(zip(VIEWS, counts, strict=True)):
            item = self.views.item(row)
            item.setText(f"{title}  {n}")

    # --- writing ---------------------------------------------------------------------------------

    def _write(self, act: Callable[[Desk], ChangeSet]) -> None:
        self._jobs.on_store(act, self._on_written, self._on_failed)

    def _on_written(self, changes: ChangeSet) -> None:
        words = f"{changes.number} " if changes.number else ""
        self.statusBar().showMessage(f"{words}{changes.title}. Ctrl+Z undoes it.", 10_000)
        self._bus.publish(changes)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.statusBar().showMessage(error.message)

    def _on_incidents_changed(self, changes: ChangeSet) -> None:
        self.model.refresh(changes)
        self._refresh_counts()
        touched = changes.ids.get("incident", ())
        shown = self.detail.incident
        if shown is not None and shown.id in touched:
            self._show(shown.id)

    def _on_quick_returned(self) -> None:
        line = self.quick.text()
        if line.strip():
            self._jobs.on_store(
                lambda desk: _log_line(desk, line), self._on_logged, self._on_failed
            )

    def _on_logged(self, changes: ChangeSet) -> None:
        # Only a line that is safely in the database leaves the field.
        self.quick.clear()
        self._on_written(changes)
        self._show(changes.ids["incident"][0])

    def _on_note_written(self, text: str) -> None:
        if self.detail.incident is not None:
            uid = self.detail.incident.id
            self._write(lambda desk: incidents.add_note(desk, [uid], text))

    def _on_assign(self) -> None:
        if self.detail.incident is not None:
            uid = self.detail.incident.id
            self._write(lambda desk: moves.assign(desk, [uid], desk.person))

    def _on_start(self) -> None:
        if self.detail.incident is not None:
            uid = self.detail.incident.id
            self._write(lambda desk: moves.start(desk, [uid]))

    def _on_resolve(self) -> None:
        incident = self.detail.incident
        if incident is None:
            return
        dialog = ResolveDialog(incident, self)
        dialog.accepted.connect(lambda: self._resolve(incident, dialog))
        dialog.open()

    def _resolve(self, incident: Incident, dialog: ResolveDialog) -> None:
        given, closes = dialog.given(), dialog.closes
        confirmed = dialog.confirmed.isChecked()
        who = incident.requester.name if incident.requester else ""

        def act(desk: Desk) -> ChangeSet:
            extra = {}
            if confirmed:
                extra = {
                    "verified_by": who or desk.person.name,
                    "verified_how": "in person",
                    "verified_at": desk.now(),
                }
            if closes:
                return moves.resolve_and_close(desk, incident.id, given, extra=extra)
            return moves.resolve(desk, [incident.id], given, extra=extra)

        self._write(act)

    def _on_undo(self) -> None:
        self._write(undoing.undo)


def _log_line(desk: Desk, line: str) -> ChangeSet:
    zone = ZoneInfo(desk.store.zone)
    read = quick_log.parse(
        line,
        now=desk.now().astimezone(zone),
        zone=zone,
        names=CatalogueNames(desk),
        matrix=desk.rules.matrix,
        me=desk.person.name,
    )
    return logging_incidents.log(desk, read.to_draft())
