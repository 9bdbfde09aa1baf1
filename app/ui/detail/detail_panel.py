"""The detail pane: shows one incident and edits it where it stands. GUI thread only.

It reads the incident again when the bus says that it changed; what is being typed stays.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QDateTime,
    QIODevice,
    QMimeData,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDesktopServices, QImage, QKeySequence
from PySide6.QtWidgets import QFileDialog, QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.domain.incident import EntityId
from app.services import evidence, incidents, inspecting
from app.ui.detail.belongings import Checks, FileList, SimilarList
from app.ui.detail.composer import Composer
from app.ui.detail.detail_header import DetailHeader
from app.ui.detail.field_grid import FieldGrid
from app.ui.detail.timeline_view import TimelineView

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from app.domain.changes import ChangeSet
    from app.domain.incident import Attachment, Incident
    from app.services.evidence import NewFile
    from app.services.inspecting import Inspected
    from app.ui.workbench import Workbench

_TICK_MS = 1_000


class DetailPanel(QStackedWidget):
    """The pane at the right."""

    step_requested = Signal(int)
    incident_changed = Signal()
    """Another incident, or a fresh state of this one, is shown."""
    menu_requested = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.incident: Incident | None = None
        self._wanted: EntityId | None = None
        self.setAccessibleName(self.tr("Incident"))
        self.setAcceptDrops(True)
        self.setProperty("ground", "surface")
        self.header = DetailHeader(self)
        self.grid = FieldGrid(workbench, self)
        self.timeline = TimelineView(self)
        self.similar = SimilarList(self)
        self.files = FileList(self)
        self.checks = Checks(self)
        self.tabs = QTabWidget(self)
        self.composer = Composer(workbench, self)
        self._build()
        self._connect()

    # --- what others ask -------------------------------------------------------------------------

    def show_incident(self, uid: EntityId | None) -> None:
        """Show an incident as soon as it is read; None shows that none is chosen."""
        self._wanted = uid
        if uid is None:
            self.incident = None
            self.composer.show_incident(None)
            self.setCurrentWidget(self._nothing)
            self.incident_changed.emit()
            return
        self._bench.read(
            lambda desk: inspecting.inspect(desk, uid), self._on_read, self._on_unread, key="detail"
        )

    def focus_composer(self, *, reply: bool = False) -> None:
        """Put the cursor into the composer."""
        self.composer.focus(reply=reply)

    def attach(self, files: list[NewFile]) -> None:
        """Attach files or pictures to the incident that is shown."""
        shown = self.incident
        if shown is not None and files:
            uid = shown.id
            self._bench.write(lambda desk: evidence.attach(desk, uid, files))

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self._nothing = QLabel(self.tr("Choose an incident in the list."), self)
        self._nothing.setProperty("tone", "hint")
        self._nothing.setMargin(24)
        self._page = QWidget(self)
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.header)
        layout.addWidget(self.grid)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Parts of the incident"))
        self.tabs.tabBar().setExpanding(False)
        for widget in (self.timeline, self.similar, self.files, self.checks):
            self.tabs.addTab(widget, "")
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.composer)
        self.addWidget(self._nothing)
        self.addWidget(self._page)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()

    def _connect(self) -> None:
        self.header.step_requested.connect(self.step_requested)
        self.header.menu_requested.connect(self.menu_requested)
        self.header.command_requested.connect(self._bench.command_requested)
        self.header.title.saved.connect(self._on_title_saved)
        self.composer.attach_requested.connect(self._on_attach_requested)
        self.similar.opened.connect(self._on_similar_opened)
        self.similar.link_requested.connect(self._on_link_requested)
        self.files.opened.connect(self._on_file_opened)
        self.files.remove_requested.connect(self._on_file_removed)
        self.checks.ticked.connect(self._on_ticked)
        self._bench.bus.published.connect(self._on_published)

    # --- showing ---------------------------------------------------------------------------------

    def _on_read(self, read: Inspected) -> None:
        shown = read.incident
        if shown.id != self._wanted:
            return
        another = self.incident is None or self.incident.id != shown.id
        self.incident = shown
        self.header.show_incident(shown, QDateTime.currentMSecsSinceEpoch())
        self.grid.show_read(read)
        self.timeline.show_entries(shown.timeline, shown.description)
        if another:
            self.timeline.scrollToTop()
        self.similar.show_rows(read.similar)
        self.files.show_files(shown.attachments)
        self.checks.show_items(shown.checklist)
        done = sum(step.done for step in shown.checklist)
        for place, text in enumerate(
            (
                self.tr("Timeline {0}").format(len(shown.timeline)),
                self.tr("Similar {0}").format(len(read.similar)),
                self.tr("Files {0}").format(len(shown.attachments)),
                self.tr("Checklist {0}/{1}").format(done, len(shown.checklist)),
            )
        ):
            self.tabs.setTabText(place, text)
        self.composer.show_incident(shown.id)
        self.setCurrentWidget(self._page)
        self.setAccessibleDescription(f"{shown.number} {shown.title}")
        self.incident_changed.emit()

    def _on_unread(self, error: Exception) -> None:
        self.show_incident(None)
        self._nothing.setText(str(getattr(error, "message", error)))

    def _on_published(self, changes: ChangeSet) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        touched = changes.ids.get("incident", ())
        if wanted in touched or changes.kinds - {"incident", "draft", "saved_view"}:
            self.show_incident(wanted)

    def _on_tick(self) -> None:
        if self.incident is not None and self.isVisible():
            self.header.band.show_clock(self.incident, QDateTime.currentMSecsSinceEpoch())

    # --- doing -----------------------------------------------------------------------------------

    def _on_title_saved(self, text: str) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: incidents.edit(desk, [uid], {"title": text}))

    def _on_similar_opened(self, uid: EntityId) -> None:
        self._bench.open_incident(EntityId(uid))

    def _on_link_requested(self, other: EntityId) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: incidents.link(desk, uid, EntityId(other)))

    def _on_ticked(self, item: str, done: bool) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: incidents.tick(desk, uid, item, done=done))

    def _on_file_removed(self, file: Attachment) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: evidence.remove_attachment(desk, uid, file.id))

    def _on_file_opened(self, file: Attachment) -> None:
        folder = Path(tempfile.mkdtemp(prefix="incident-desk-"))
        self._bench.read(
            lambda desk: inspecting.save_attachment(desk, file, folder / file.name),
            self._on_file_copied,
        )

    def _on_file_copied(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _on_attach_requested(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Attach files"))
        self.attach([Path(name) for name in names])

    # --- drop and paste --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste pictures and files with Ctrl+V."""
        if event.matches(QKeySequence.StandardKey.Paste):
            clipboard = self._clipboard()
            files = files_of(clipboard)
            if files:
                self.attach(files)
                return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures while an incident is shown."""
        data = event.mimeData()
        if self.incident is not None and (data.hasUrls() or data.hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        self.attach(files_of(event.mimeData()))
        event.acceptProposedAction()

    def _clipboard(self) -> QMimeData:
        from PySide6.QtGui import QGuiApplication

        return QGuiApplication.clipboard().mimeData()


def files_of(data: QMimeData) -> list[NewFile]:
    """Return the files, or the picture, that somebody dropped or pasted."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if paths or not data.hasImage():
        return list(paths)
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return []
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    name = QDateTime.currentDateTime().toString("'Screenshot' HH.mm")
    return [(f"{name}.png", bytes(content.data()))]
