"""The window: views at the left, the list of work in the middle, the chosen incident at the right.

It only holds the panes together: each reads and writes through the workbench, and this thread never
waits for the database. Widths follow ux.md section 1.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent

from app.domain.changes import ChangeSet
from app.services import incidents
from app.ui.after_paint import AfterPaint
from app.ui.incidents.first_row import FirstRow
from app.ui.incidents.list_voice import ListVoice
from app.ui.incidents.queue_panel import QueuePanel
from app.ui.panes import Panes, step_focus
from app.ui.quick_log.quick_log_bar import QuickLogBar
from app.ui.settings.effects import Effects
from app.ui.settings.live_settings import LiveSettings
from app.ui.sidebar import SidebarPanel
from app.ui.status_line import StatusLine
from app.ui.views import move_saved, read_sidebar
from app.ui.window_parts import WindowParts
from app.ui.workbench import Message, Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.change_bus import ChangeBus
    from app.ui.jobs import Jobs
    from app.ui.sharing.sync_keeper import SyncKeeper
    from app.ui.theme import Theme
    from app.ui.views import Sidebar, View

SMALLEST = (800, 520)
COUNTS_EVERY_MS = 60_000


class MainWindow(WindowParts):
    """The one window of the program."""

    def __init__(
        self, jobs: Jobs, bus: ChangeBus, theme: Theme, settings: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("Incident Desk")
        self.setMinimumSize(*SMALLEST)
        self.bench = Workbench(jobs, bus, theme, self)
        self.settings = LiveSettings(self.bench, settings, self)
        self._next_view = ""
        self.keeper: SyncKeeper | None = None
        self.sidebar = SidebarPanel(self)
        self.queue = QueuePanel(self.bench, self)
        self.quick_log = QuickLogBar(self.bench, self)
        self.queue.insert_bar(self.quick_log)
        self.panes = Panes(self)
        self.panes.hold(self.sidebar, self.queue)
        self.panes.order_tabs(self.quick_log)
        self.first_row = FirstRow(self.queue)
        self.setCentralWidget(self.panes)
        self.status = StatusLine(self, theme)
        self.after_paint = AfterPaint(self)
        self._counts_soon = QTimer(self)
        self._counts_soon.setSingleShot(True)
        self._counts_soon.setInterval(50)
        self._minute = QTimer(self)
        self._minute.setInterval(COUNTS_EVERY_MS)
        self._connect()
        self.effects = Effects(self, self.settings)
        self.sidebar.choose("queue")
        if settings is None:
            self.settings.refresh()
        else:
            self.sidebar.show_person(self.settings["me.name"])
        self._plan_the_rest()
        self.quick.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- parts that are made when they are first wanted, at the latest after the first paint -----

    def _plan_the_rest(self) -> None:
        after = self.after_paint
        after.add(self._look_at_rights)
        after.add(lambda: self.menus, before_keys=True)
        after.add(self._read_sidebar)
        after.add(self.quick_log.read_draft)
        after.add(lambda: ListVoice(self.queue, self.toast.announcer))
        after.add(lambda: self.watch)
        after.add(lambda: import_module("app.ui.detail.detail_panel"))
        after.add(lambda: self.detail)
        after.add(self.first_row.start)
        after.add(lambda: self.actions_.dress())

    def _look_at_rights(self) -> None:
        from app.ui.read_only import ReadOnlyLook

        self.rights = ReadOnlyLook(self)

    def keep_in_step(self, open_desk: Callable[[], Desk]) -> None:
        """Exchange with the team from now on, on a thread with a desk of its own."""
        from app.ui.sharing.presence_sayer import PresenceSayer
        from app.ui.sharing.sync_keeper import SyncKeeper

        self.keeper = SyncKeeper(open_desk, self.bench, self)
        self.keeper.told.connect(self.status.show_sharing)
        self.keeper.told.connect(self.sharing_told)
        self.keeper.came.connect(self.watch.look)
        PresenceSayer(self, self.keeper)
        self.keeper.start()
        self.keeper.look()

    @property
    def quick(self) -> Any:
        """Return the text field of the quick log."""
        return self.quick_log.line

    @property
    def filter(self) -> Any:
        """Return the filter field of the list."""
        return self.queue.filter

    # --- what is chosen --------------------------------------------------------------------------

    def chosen_ids(self) -> list[EntityId]:
        """Return the ids of what is chosen."""
        return [each.id for each in self.chosen()]

    # --- commands of the window ------------------------------------------------------------------

    def focus_filter(self) -> None:
        """Put the cursor in the filter field."""
        self.pages.close()
        self.queue.focus_filter()

    def focus_quick_log(self) -> None:
        """Put the cursor in the quick-log field."""
        self.pages.close()
        self.quick.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def choose_columns(self) -> None:
        """Open the column chooser."""
        self.queue.choose_columns()

    def toggle_detail(self) -> None:
        """Show or hide the detail pane."""
        self.pages.close()
        self.panes.toggle_detail()

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self.sidebar.setVisible(self.sidebar.isHidden())

    def history_back(self) -> None:
        """Show the incident that was open before, or leave its page."""
        self.pages.back()

    def history_forward(self) -> None:
        """Show the incident that was open after this one."""
        self.pages.forward()

    def next_pane(self) -> None:
        """Move the focus to the next pane."""
        step_focus(self, self._stops(), +1)

    def previous_pane(self) -> None:
        """Move the focus to the pane before."""
        step_focus(self, self._stops(), -1)

    def _stops(self) -> list[QWidget]:
        return [self.sidebar.list, self.quick, self.queue.tree, self.pages.front]

    def on_undone(self, changes: ChangeSet) -> None:
        """Say what was taken back or done again."""
        touched = changes.ids.get("incident", ())
        from app.ui.said import sentence

        self.bench.say(sentence(changes), "ok", incident=touched[0] if len(touched) == 1 else None)

    def show_bug(self, error: BaseException, file: Any = None) -> None:
        """Tell of a bug of ours; called on this thread."""
        self.errors.add(error, file)

    # --- building --------------------------------------------------------------------------------

    def _connect(self) -> None:
        bench, side = self.bench, self.sidebar
        side.view_chosen.connect(self._on_view_chosen)
        side.list.clicked.connect(self._on_view_clicked)
        side.palette_requested.connect(self._on_palette_requested)
        side.settings_requested.connect(self._on_settings_requested)
        side.menu_requested.connect(self._on_menu_requested)
        side.bell_requested.connect(self._on_bell_requested)
        side.dashboard_requested.connect(self._on_dashboard_requested)
        side.move_requested.connect(self._on_move_requested)
        self.queue.chosen.connect(self._on_row_chosen)
        self.queue.activated.connect(self._on_row_activated)
        self.queue.selection_changed.connect(self._on_selection_changed)
        self.queue.new_requested.connect(self._on_new_requested)
        self.queue.context_menu_requested.connect(self._on_incident_menu_requested)
        self.queue.more_requested.connect(self._on_incident_menu_requested)
        self.queue.save_requested.connect(self._on_save_requested)
        self.queue.save_as_requested.connect(self._on_save_as_requested)
        self.queue.tree.installEventFilter(self)
        self.queue.sample_requested.connect(self._on_sample_requested)
        self.queue.next_view_requested.connect(self._on_next_view_requested)
        self.quick_log.left.connect(self.queue.tree.setFocus)
        bench.said.connect(self._on_said)
        bench.open_requested.connect(self._on_open_requested)
        bench.command_requested.connect(self._on_command_requested)
        bench.bus.published.connect(self._on_published)
        self._counts_soon.timeout.connect(self._read_sidebar)
        self._minute.timeout.connect(self._read_sidebar)
        self.queue.model.changed.connect(self.status.show_saved)
        self.queue.model.failed.connect(self.status.show_locked)
        self.status.keys_requested.connect(self._on_keys_requested)
        self.status.team_requested.connect(self._on_team_requested)
        self.status.health_requested.connect(self._on_health_requested)
        bench.met.connect(self._on_met)
        self.queue.tree.first_painted.connect(self.after_paint.begin)
        self.queue.body.currentChanged.connect(self.after_paint.begin)
        self._minute.start()

    # --- Qt's own --------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the list's letters that are no shortcut to the commands: G and /."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.window_commands.waits_for(event):
                event.accept()  # after G a letter is a place, not a command
                return True
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self.window_commands.take_letter(event):
                return True
            if event.key() == Qt.Key.Key_Escape and self._step_back():
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back from the incident to the list."""
        if event.key() == Qt.Key.Key_Escape and self._step_back():
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's place and let every field keep what was typed."""
        focused: QWidget | None = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        if self.has_made("notifier"):
            if self.notifier.stays():
                self.notifier.hide_window()
                event.ignore()
                return
            self.notifier.stop()
        self.after_paint.stop()
        if self.has_made("detail"):
            self.pages.front.let_go()
        if self.has_made("incident_commands"):
            self.incident_commands.close_windows()
        if self.keeper is not None:
            self.hide()  # a share that hangs keeps the thread, and nobody looks at a dead window
            self.keeper.stop()
        super().closeEvent(event)

    # --- sidebar ---------------------------------------------------------------------------------

    def _read_sidebar(self) -> None:
        self.bench.read(read_sidebar, self._on_sidebar_read, key="sidebar")

    def _on_sidebar_read(self, shown: Sidebar) -> None:
        before = self.sidebar.current()
        self.sidebar.show_sidebar(shown)
        after = self.sidebar.current()
        self._offer_next_view(shown, after)
        if before is not None and after is not None and before.filter != after.filter:
            self._on_view_chosen(after)

    def _offer_next_view(self, shown: Sidebar, now: View | None) -> None:
        """Name the first view with work in it, for a list that is empty."""
        for view, count in zip(shown.views, shown.counts, strict=True):
            if count and (now is None or view.filter != now.filter):
                self._next_view = view.key
                self.queue.set_next_view(view.name)
                return
        self._next_view = ""
        self.queue.set_next_view("")

    def _on_next_view_requested(self) -> None:
        self.sidebar.choose(self._next_view)

    def _on_sample_requested(self) -> None:
        self.actions_.run("file.sample")

    def _step_back(self) -> bool:
        if self.pages.close():
            return True
        alone = self.panes.shows_detail_alone()
        if alone:
            self.panes.show_list()
        return alone

    def _on_palette_requested(self) -> None:
        self.window_commands.open_palette()

    def _on_settings_requested(self) -> None:
        self.window_commands.open_settings()

    def _on_bell_requested(self) -> None:
        self.notifier.open_list()

    def _on_dashboard_requested(self) -> None:
        self.window_commands.dashboard.open()

    def _on_keys_requested(self) -> None:
        self.window_commands.open_keys()

    def _on_team_requested(self) -> None:
        self.window_commands.sharing.open_sharing()

    def _on_health_requested(self) -> None:
        self.window_commands.sharing.open_health()

    def _on_met(self) -> None:
        self.status.show_present(self.bench.present)

    def _on_save_requested(self) -> None:
        self.window_commands.overwrite_view()

    def _on_save_as_requested(self) -> None:
        self.window_commands.save_view()

    def _on_view_clicked(self, _place: object) -> None:
        self.pages.close()

    def _on_view_chosen(self, view: View) -> None:
        if self.has_made("pages"):
            self.pages.close()
        self.first_row.expect()
        self.queue.show_view(view.name, view.filter, view.state or None)

    def _on_menu_requested(self) -> None:
        self.menus.pop_up(self.sidebar.menu)

    def _on_incident_menu_requested(self, at: QPoint) -> None:
        self.menus.pop_up_incident(at)

    def _on_move_requested(self, name: str, step: int) -> None:
        self.bench.write(lambda desk: move_saved(desk, name, step), quiet=True)

    # --- choosing --------------------------------------------------------------------------------

    def _on_row_chosen(self, uid: EntityId | None) -> None:
        if uid is None:
            return
        self.pages.front.show_incident(uid)
        rows = [] if self.first_row.choosing else self.queue.selected_rows()
        if not self.bench.read_only and any(row.unread for row in rows if row.id == uid):
            self.bench.write(lambda desk: incidents.mark_read(desk, [uid]), self._on_seen)

    def _on_seen(self, _nothing: object) -> None:
        shown = self.queue.current()
        if shown is not None:
            self.queue.model.refresh(ChangeSet(None, "", {"incident": (shown,)}))

    def _on_selection_changed(self, ids: list[EntityId]) -> None:
        self.status.show_selection(len(ids), self.queue.total())
        if self.has_made("actions_"):
            self.incident_commands.refresh(self.actions_)

    def _on_new_requested(self) -> None:
        self.actions_.run("file.new")

    def _on_command_requested(self, command_id: str) -> None:
        if command_id not in self.actions_:
            return
        command = self.actions_[command_id]
        if not self.actions_.run(command_id) and command.reason:
            self.bench.say(command.reason, "warn")

    # --- saying ----------------------------------------------------------------------------------

    def _on_said(self, message: Message) -> None:
        self.toast.show_message(message)

    def _on_published(self, _changes: ChangeSet) -> None:
        self._counts_soon.start()
