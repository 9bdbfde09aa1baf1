"""What is done with the files of an incident. GUI thread; disks are touched in the lanes."""

from __future__ import annotations

import atexit
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services import evidence, incidents, inspecting, log_viewing, viewing
from app.ui.detail.new_files import as_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident import EntityId
    from app.domain.incident_record import Attachment, Incident
    from app.services.log_viewing import OpenLog
    from app.ui.detail.file_viewer import FileViewer, Loaded
    from app.ui.detail.files_panel import FilesPanel
    from app.ui.detail.new_files import Given
    from app.ui.detail.picture_editor import MarkedPicture
    from app.ui.workbench import Workbench


class FileWork(QObject):
    """Attaches, shows, opens, saves and removes; says in the toast what could not be done."""

    def __init__(self, workbench: Workbench, panel: QWidget) -> None:
        super().__init__(panel)
        self._bench, self._panel = workbench, panel
        self._shown: Incident | None = None
        self._opening: Attachment | None = None

    def listen(self, files: FilesPanel) -> None:
        """Do what is asked for in a list of files."""
        files.attach_requested.connect(self.choose)
        files.show_requested.connect(self.show_file)
        files.open_requested.connect(self.open_file)
        files.save_requested.connect(self.save_copy)
        files.hash_requested.connect(self.copy_hash)
        files.remove_requested.connect(self.remove)
        files.redact_requested.connect(self.redact)

    def show_incident(self, incident: Incident | None) -> None:
        """Work on the files of another incident."""
        self._shown = incident

    def attach(self, files: Sequence[Given]) -> None:
        """Attach files or pictures to the incident that is shown."""
        if self._shown is not None and files:
            uid = self._shown.id
            self._bench.write(lambda desk: evidence.attach(desk, uid, as_files(files)))

    def choose(self) -> None:
        """Ask for files to attach."""
        names, _ = QFileDialog.getOpenFileNames(self._panel, self.tr("Attach files"))
        self.attach([Path(name) for name in names])

    def choose_pictures(self) -> None:
        """Ask for pictures to attach."""
        kinds = " ".join(f"*.{kind}" for kind in viewing.PICTURE_KINDS)
        names, _ = QFileDialog.getOpenFileNames(
            self._panel, self.tr("Attach pictures"), "", self.tr("Pictures ({0})").format(kinds)
        )
        self.attach([Path(name) for name in names])

    def show_file(self, file: Attachment) -> None:
        """Show a text or a picture here, anything else in the program that it belongs to."""
        from app.ui.detail.file_viewer import load  # rarely wanted at the start

        self._opening = file
        self._bench.read(
            lambda desk: log_viewing.open_log(desk, file) or load(desk, file),
            self._on_viewed,
            self._on_not_shown,
            key="view",
        )

    def open_file(self, file: Attachment) -> None:
        """Open a copy in the program that the system has for it."""
        self._bench.read(
            lambda desk: inspecting.save_attachment(desk, file, _new_folder() / file.name),
            self._on_copied,
        )

    def save_copy(self, file: Attachment) -> None:
        """Ask where to, and save a copy there."""
        start = str(Path(QDir.homePath()) / file.name)
        name, _ = QFileDialog.getSaveFileName(self._panel, self.tr("Save a copy"), start)
        if name:
            self._bench.read(
                lambda desk: inspecting.save_attachment(desk, file, Path(name)), self._on_saved
            )

    def copy_hash(self, file: Attachment) -> None:
        """Put the SHA-256 of a file on the clipboard."""
        QGuiApplication.clipboard().setText(file.sha256)
        self._bench.say(self.tr("Copied the SHA-256 of {0}").format(file.name))

    def remove(self, file: Attachment) -> None:
        """Take a file off the incident; undo brings it back."""
        if self._shown is not None:
            uid = self._shown.id
            self._bench.write(lambda desk: evidence.remove_attachment(desk, uid, file.id))

    def redact(self, file: Attachment) -> None:
        """Ask why a file has to go for good, then remove it from everywhere."""
        from app.ui.asking import redaction  # rarely wanted

        if self._shown is not None:
            redaction.ask_file(self._bench, self._shown.id, file, self._panel)

    def _on_viewed(self, loaded: Loaded | OpenLog) -> None:
        from app.ui.detail.file_viewer import FileViewer

        shown = self._shown
        if isinstance(loaded, log_viewing.OpenLog):
            self._show_log(loaded)
            return
        viewer = FileViewer(loaded, self._panel)
        viewer.open_requested.connect(self.open_file)
        viewer.save_requested.connect(self.save_copy)
        if shown is not None:
            viewer.cite_requested.connect(self._on_cited)
            uid = shown.id
            viewer.mark_up_requested.connect(lambda: self._mark_up(loaded, uid, viewer))
        else:
            viewer.mark_up.hide()
        viewer.open()

    def _show_log(self, log: OpenLog) -> None:
        from app.ui.logs.log_viewer import LogViewer

        shown = self._shown
        others: list[Attachment] = []
        begins = None
        if shown is not None:
            others = [one for one in shown.attachments if one.id != log.file.id]
            others = [one for one in others if not one.media_type.startswith("image/")]
            begins = shown.occurred_at or shown.detected_at or shown.registered_at
        viewer = LogViewer(self._bench, log, others, begins, self._panel)
        viewer.open_requested.connect(self.open_file)
        viewer.save_requested.connect(self.save_copy)
        viewer.cite_requested.connect(self._on_cited)
        viewer.open()

    def _mark_up(self, loaded: Loaded, uid: EntityId, viewer: FileViewer) -> None:
        from app.ui.detail.picture_editor import PictureEditor

        editor = PictureEditor(loaded.image, loaded.small, loaded.viewed.file.name, viewer)

        def save(one: MarkedPicture) -> None:
            self._bench.write(
                lambda desk: evidence.attach(desk, uid, as_files([one.picture()])),
                editor.on_saved,
                editor.on_refused,
            )

        editor.save_requested.connect(save)
        editor.open()

    def _on_not_shown(self, error: Exception) -> None:
        if getattr(error, "code", "") == "not_shown" and self._opening is not None:
            self.open_file(self._opening)
        else:
            self._bench.say_error(error)

    def _on_cited(self, text: str) -> None:
        if self._shown is not None:
            uid = self._shown.id
            self._bench.write(lambda desk: incidents.add_note(desk, [uid], text))

    def _on_copied(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _on_saved(self, path: Path) -> None:
        self._bench.say(self.tr("Saved {0}").format(path.name), "ok")


@cache
def _copies() -> Path:
    """Return the folder of the copies that other programs show; it goes with this program."""
    folder = tempfile.TemporaryDirectory(prefix="incident-desk-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _new_folder() -> Path:
    return Path(tempfile.mkdtemp(dir=_copies()))
