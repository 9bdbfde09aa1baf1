"""One incident in a window of its own (Ctrl+Enter), beside the main one.

Its commands, toasts and links are its own: they work on this incident, whatever the list says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from app.services import undoing
from app.ui.actions import Actions
from app.ui.incident_commands import Chosen, IncidentCommands
from app.ui.page.incident_page import IncidentPage
from app.ui.read_only import writes
from app.ui.toast import Toast
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.ui.workbench import Message

_SIZE = (1180, 820)
SMALLEST = (720, 520)


class IncidentWindow(QMainWindow):
    """Holds a page; Esc or Ctrl+W closes it, what was typed is kept as a draft."""

    def __init__(self, workbench: Workbench, uid: EntityId, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.bench = Workbench(workbench.jobs, workbench.bus, workbench.theme, self)
        self.page = IncidentPage(self.bench, self)
        self.page.back.hide()
        self.page.header.hide_steps()
        self.setCentralWidget(self.page)
        self.toast = Toast(self)
        self.actions_ = Actions(self)
        self._commands = IncidentCommands(self.bench, self, self)
        self._commands.register(self.actions_, self.page, in_list=False)
        self.actions_.add("edit.undo", self.tr("Undo"), self._on_undo, ["Ctrl+Z"], menu="edit")
        self.actions_.add(
            "edit.redo", self.tr("Redo"), self._on_redo, ["Ctrl+Shift+Z"], menu="edit"
        )
        self.actions_.lock(self.bench.read_only, writes)
        self.setMinimumSize(*SMALLEST)
        room = self.screen().availableGeometry().size() * 0.95
        size = workbench.theme
        self.resize(min(size.px(_SIZE[0]), room.width()), min(size.px(_SIZE[1]), room.height()))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        self._connect()
        self.page.show_incident(uid)
        self.page.focus_timeline()

    def chosen(self) -> list[Chosen]:
        """Return the incident that this window shows."""
        shown = self.page.incident
        if shown is None:
            return []
        return [Chosen(shown.id, shown.number, shown.title, str(shown.status))]

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let every field keep what was typed."""
        focused: QWidget | None = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        self.page.let_go()
        super().closeEvent(event)

    def _connect(self) -> None:
        self.page.left.connect(self.close)
        self.page.incident_changed.connect(self._on_incident_changed)
        self.page.menu_requested.connect(self._on_menu_requested)
        self._commands.note_requested.connect(self._on_note_requested)
        self.bench.command_requested.connect(self._on_command_requested)
        self.bench.open_requested.connect(self._on_open_requested)
        self.bench.said.connect(self._on_said)
        self.toast.undo_requested.connect(self._on_undo)
        self.toast.open_requested.connect(self.page.show_incident)

    def _on_incident_changed(self) -> None:
        shown = self.page.incident
        self.setWindowTitle(f"{shown.number} {shown.title}" if shown is not None else "")
        self._commands.refresh(self.actions_)

    def _on_menu_requested(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in self.actions_:
            if command.menu == "incident":
                menu.addAction(command.action)
        more = self.page.header.more
        menu.popup(more.mapToGlobal(QPoint(0, more.height())))

    def _on_note_requested(self, reply: bool) -> None:
        self.page.focus_composer(reply=reply)

    def _on_command_requested(self, command_id: str) -> None:
        command = self.actions_[command_id]
        if not self.actions_.run(command_id) and command.reason:
            self.bench.say(command.reason, "warn")

    def _on_open_requested(self, uid: EntityId, _reveal: bool) -> None:
        self.page.show_incident(uid)

    def _on_said(self, message: Message) -> None:
        self.toast.show_message(message)

    def _on_undo(self) -> None:
        self.bench.write(undoing.undo, self._on_undone, quiet=True)

    def _on_redo(self) -> None:
        self.bench.write(undoing.redo, self._on_undone, quiet=True)

    def _on_undone(self, changes: ChangeSet) -> None:
        words = f"{changes.number} {changes.title}" if changes.number else changes.title
        self.bench.say(words, "ok")
