"""The parts of the window that are made when they are first wanted, at the latest after its paint.

The first list is painted without commands, menus, toast and the pane of the incident (speed.md,
start); `after_paint` makes them a moment later. Asking for a part makes it. GUI thread only.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from app.ui.tab_order import chain, stops

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.ui.actions import Actions
    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.error_dialog import ErrorDialog
    from app.ui.incident_commands import Chosen, IncidentCommands
    from app.ui.incidents.queue_panel import QueuePanel
    from app.ui.journal_watch import JournalWatch
    from app.ui.main_window import MainWindow
    from app.ui.menus import Menus
    from app.ui.notifications.notifier import Notifier
    from app.ui.notifications.version_watch import VersionWatch
    from app.ui.page.page_switch import PageSwitch
    from app.ui.panes import Panes
    from app.ui.toast import Toast
    from app.ui.welcome.hints import Hints
    from app.ui.window_commands import WindowCommands
    from app.ui.workbench import Workbench


class WindowParts(QMainWindow):
    """What a window makes late, and what those parts ask of it."""

    bench: Workbench
    queue: QueuePanel
    panes: Panes
    sharing_told = Signal(object)
    """How sharing stands, as the status line says it now: a `Standing` or a KnownError."""
    raised = Signal(str)
    """A later start brought the window to the front, at the incident of this number or at none."""

    def has_made(self, part: str) -> bool:
        """Tell whether a part is there; asking makes none."""
        return part in vars(self)

    def chosen(self) -> list[Chosen]:
        """Return the ticked or selected rows, else the incident in front."""
        return self.pages.chosen()

    @cached_property
    def window_commands(self) -> WindowCommands:
        """Return the commands of the window itself."""
        from app.ui.window_commands import WindowCommands

        return WindowCommands(self.bench, cast("MainWindow", self))

    @cached_property
    def incident_commands(self) -> IncidentCommands:
        """Return the commands on the chosen incidents."""
        from app.ui.incident_commands import IncidentCommands

        commands = IncidentCommands(self.bench, self, self)
        commands.step_requested.connect(self._on_step)
        commands.page_requested.connect(self._on_row_activated)
        commands.note_requested.connect(self._on_note_requested)
        commands.tick_requested.connect(self.queue.tick_current)
        return commands

    @cached_property
    def actions_(self) -> Actions:
        """Return the registry of all commands."""
        from app.ui.actions import Actions

        actions = Actions(self)
        self.window_commands.register(actions)
        self.incident_commands.register(actions, self.queue.tree)
        self.incident_commands.refresh(actions)
        return actions

    @cached_property
    def menus(self) -> Menus:
        """Return the menu bar and what pops up of it."""
        from app.ui.menus import Menus

        return Menus(self, self.actions_)

    @cached_property
    def pages(self) -> PageSwitch:
        """Return which incident is in front."""
        from app.ui.page.page_switch import PageSwitch

        return PageSwitch(cast("MainWindow", self))

    @cached_property
    def toast(self) -> Toast:
        """Return the place of one sentence with its way back."""
        from app.ui.toast import Toast

        toast = Toast(self)
        toast.draft_requested.connect(self.window_commands.files.open_draft)
        toast.undo_requested.connect(self._on_undo_requested)
        toast.open_requested.connect(self._on_toast_opened)
        chain([*stops(self.statusBar()), *stops(toast)])
        return toast

    @cached_property
    def watch(self) -> JournalWatch:
        """Return what notices the writes of others."""
        from app.ui.journal_watch import JournalWatch

        return JournalWatch(self.bench, self)

    @cached_property
    def notifier(self) -> Notifier:
        """Return what tells of news, and keeps the program beside the clock."""
        from app.ui.notifications.notifier import Notifier

        return Notifier(cast("MainWindow", self))

    @cached_property
    def versions(self) -> VersionWatch:
        """Return what looks at the team's version file."""
        from app.ui.notifications.version_watch import VersionWatch

        return VersionWatch(cast("MainWindow", self))

    @cached_property
    def hints(self) -> Hints:
        """Return what offers the three hints of a beginner."""
        from app.ui.welcome.hints import Hints

        return Hints(cast("MainWindow", self))

    @cached_property
    def detail(self) -> DetailPanel:
        """Return the pane of the chosen incident, made when it is first wanted."""
        from app.ui.detail.detail_panel import DetailPanel  # the list is painted without it

        panel = DetailPanel(self.bench, self)
        self.panes.take_detail(panel)
        self.pages.connect_panel(panel)
        self._end_tabs(panel)
        return panel

    @cached_property
    def errors(self) -> ErrorDialog:
        """Return the dialog that tells of bugs."""
        from app.ui.error_dialog import ErrorDialog

        return ErrorDialog(self)

    def event(self, event: QEvent) -> bool:
        """Let the second letter of "go to" be a place, wherever the focus is, and no command."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.has_made("window_commands")
            and self.window_commands.waits_for(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take G and / from whatever has no use for letters itself; a text field has."""
        if not self.window_commands.take_letter(event):
            super().keyPressEvent(event)

    def quit(self) -> None:
        """End the program, also where closing the window would keep it beside the clock."""
        if self.has_made("notifier"):
            self.notifier.quitting = True
        self.close()

    def _end_tabs(self, detail: QWidget) -> None:
        """Let Tab go on from the detail, which is made late, to the status bar and the toast."""
        inside, order, one = set(stops(detail)), list[QWidget](), self.nextInFocusChain()
        while one is not None and one is not self:
            order += [one] if one in inside else []
            one = one.nextInFocusChain()
        toast = stops(self.toast) if self.has_made("toast") else []
        chain([*order[-1:], *stops(self.statusBar()), *toast])

    # --- what the parts ask for ------------------------------------------------------------------

    def _on_row_activated(self, uid: EntityId) -> None:
        self.pages.open(uid)

    def _on_step(self, step: int) -> None:
        self.queue.step(step)

    def _on_open_requested(self, uid: EntityId, reveal: bool) -> None:
        self.pages.visit(uid)
        if self.panes.hides_detail() and not reveal and not self.pages.is_open:
            self.panes.show_detail()
        if reveal:
            self.queue.select(uid)

    def _on_note_requested(self, reply: bool) -> None:
        if not self.pages.is_open:
            self.panes.show_detail()
        self.pages.front.focus_composer(reply=reply)

    def _on_undo_requested(self) -> None:
        self.actions_.run("edit.undo")

    def _on_toast_opened(self, uid: EntityId) -> None:
        self._on_open_requested(uid, True)
