"""What a window shows where nothing can be written: a band, the reason, fields as text (ux.md 2).

Whether it can is asked in the reader lane, when the window opens and when people change. GUI thread
only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QToolBar, QWidget

from app.ui import icons, theme

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.ui.detail.incident_panel import IncidentPanel
    from app.ui.main_window import MainWindow

_LOOKING: Final = frozenset(
    {
        *("incident.page", "incident.open", "incident.report", "incident.copy", "incident.tick"),
        *("incident.previous", "incident.next", "incident.children"),
        "incident.review",
    }
)
_WRITING: Final = frozenset(
    {
        *("file.new", "file.import", "file.configuration", "file.drafts", "edit.undo", "edit.redo"),
        *("view.save", "tools.sync", "tools.sharing", "tools.new_problem", "tools.new_article"),
        *("tools.worked", "tools.did_not"),
    }
)


def writes(command_id: str) -> bool:
    """Tell whether a command of the registry changes anything."""
    of_incident = command_id.startswith("incident.")
    return (of_incident and command_id not in _LOOKING) or command_id in _WRITING


class ReadOnlyBand(QToolBar):
    """One sentence with a lock, above the panes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Read-only"))
        self.setMovable(False)
        self.setProperty("kind", "sample")
        px = theme.current().px
        mark = QLabel(self)
        mark.setPixmap(icons.pixmap("lock", theme.current().tokens.warn.ink, px(15)))
        mark.setContentsMargins(px(12), 0, 0, 0)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setContentsMargins(px(4), 0, px(12), 0)
        self.addWidget(mark)
        self.addWidget(self.text)

    def say(self, reason: str) -> None:
        """Say why nothing can be written."""
        self.text.setText(self.tr("Read-only: {0}").format(reason))


class ReadOnlyLook(QObject):
    """Keeps a window in step with what its person may do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.band: ReadOnlyBand | None = None
        window.bench.bus.published.connect(self._on_published)
        self.look()

    def look(self) -> None:
        """Ask whether anything can be written."""
        self._window.bench.read(lambda desk: desk.read_only, self._on_read, key="read-only")

    def _on_published(self, changes: ChangeSet) -> None:
        if changes.kinds & {"person", "setting"}:
            self.look()

    def _on_read(self, reason: str) -> None:
        window = self._window
        if reason == window.bench.read_only:
            return
        window.bench.read_only = reason
        if self.band is None:
            self.band = ReadOnlyBand(window)
            window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
            window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.band)
        self.band.say(reason)
        self.band.setVisible(bool(reason))
        window.status.show_read_only(reason)
        window.quick_log.lock(reason)
        new = window.queue.head.new
        new.setEnabled(not reason)
        new.setToolTip(reason)
        window.actions_.lock(reason, writes)
        window.incident_commands.refresh(window.actions_)
        window.bench.read_only_changed.emit(reason)


def lock_panel(panel: IncidentPanel, reason: str) -> None:
    """Show an incident as text only, with the reason on what cannot be done; "" lets go."""
    header = panel.header
    header.title.setReadOnly(bool(reason))
    for button in header.buttons.values():
        if writes(button.objectName()):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        else:
            button.setEnabled(True)
    for part in (panel.composer, panel.files.add, panel.checks):
        part.setEnabled(not reason)
        part.setToolTip(reason)
    panel.files.actions_["remove"].setVisible(not reason)
