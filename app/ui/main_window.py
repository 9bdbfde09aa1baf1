"""The window: views at the left, the list of work in the middle, the chosen incident at the right.

It only holds the panes together: each reads and writes through the workbench, and this thread never
waits for the database. Widths follow ux.md section 1.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from app.domain.changes import ChangeSet
from app.services import incidents
from app.ui.actions import Actions
from app.ui.incident_commands import Chosen, IncidentCommands
from app.ui.incidents.first_row import FirstRow
from app.ui.incidents.list_voice import ListVoice
from app.ui.incidents.queue_panel import QueuePanel
from app.ui.journal_watch import JournalWatch
from app.ui.menus import Menus
from app.ui.page.page_switch import PageSwitch
from app.ui.panes import Panes
from app.ui.quick_log.quick_log_bar import QuickLogBar
from app.ui.said import sentence
from app.ui.settings.effects import Effects
from app.ui.settings.live_settings import LiveSettings
from app.ui.sidebar import SidebarPanel
from app.ui.status_line import StatusLine
from app.ui.toast import Toast
from app.ui.views import move_saved, read_sidebar
from app.ui.window_commands import WindowCommands
from app.ui.workbench import Message, Workbench

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.incident import EntityId
    from app.ui.change_bus import ChangeBus
    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.error_dialog import ErrorDialog
    from app.ui.jobs import Jobs
    from app.ui.theme import Theme
    from app.ui.views import Sidebar, View

SMALLEST = (800, 520)
COUNTS_EVERY_MS = 60_000
WARM_AFTER_MS = 60
"""The pane of the incident is made this long after the first list, when that has been painted."""


class MainWindow(QMainWindow):
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
        self.actions_ = Actions(self)
        self.window_commands = WindowCommands(self.bench, self)
        self.incident_commands = IncidentCommands(self.bench, self, self)
        self.window_commands.register(self.actions_)
        self.incident_commands.register(self.actions_, self.queue.tree)
        self.menus = Menus(self, self.actions_)
        self.pages = PageSwitch(self)
        self.toast = Toast(self)
        ListVoice(self.queue, self.toast.announcer)
        self._counts_soon = QTimer(self)
        self._counts_soon.setSingleShot(True)
        self._counts_soon.setInterval(50)
        self._minute = QTimer(self)
        self._minute.setInterval(COUNTS_EVERY_MS)
        self._warm = QTimer(self)
        self._warm.setSingleShot(True)
        self._warm.setInterval(WARM_AFTER_MS)
        self._connect()
        self.effects = Effects(self, self.settings)
        self.watch = JournalWatch(self.bench, self)
        self.incident_commands.refresh(self.actions_)
        self.sidebar.choose("queue")
        if settings is None:
            self.settings.refresh()
        self._read_sidebar()
        self.focus_quick_log()

    @cached_property
    def detail(self) -> DetailPanel:
        """Return the pane of the chosen incident, made when it is first wanted."""
        from app.ui.detail.detail_panel import DetailPanel  # the list is painted without it

        panel = DetailPanel(self.bench, self)
        self.panes.take_detail(panel)
        self.pages.connect_panel(panel)
        return panel

    @cached_property
    def errors(self) -> ErrorDialog:
        """Return the dialog that tells of bugs."""
        from app.ui.error_dialog import ErrorDialog

        return ErrorDialog(self)

    @property
    def quick(self) -> Any:
        """Return the text field of the quick log."""
        return self.quick_log.line

    @property
    def filter(self) -> Any:
        """Return the filter field of the list."""
        return self.queue.filter

    # --- what is chosen --------------------------------------------------------------------------

    def chosen(self) -> list[Chosen]:
        """Return the ticked or selected rows, else the incident in front."""
        return self.pages.chosen()

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
        self._step_pane(+1)

    def previous_pane(self) -> None:
        """Move the focus to the pane before."""
        self._step_pane(-1)

    def on_undone(self, changes: ChangeSet) -> None:
        """Say what was taken back or done again."""
        touched = changes.ids.get("incident", ())
        self.bench.say(sentence(changes), "ok", incident=touched[0] if len(touched) == 1 else None)

    def show_bug(self, error: BaseException, file: Any = None) -> None:
        """Tell of a bug of ours; called on this thread."""
        self.errors.add(error, file)

    # --- building --------------------------------------------------------------------------------

    def _connect(self) -> None:
        bench, side = self.bench, self.sidebar
        side.view_chosen.connect(self._on_view_chosen)
        side.list.clicked.connect(self._on_view_clicked)
        side.palette_requested.connect(self.window_commands.open_palette)
        side.settings_requested.connect(self.window_commands.open_settings)
        side.menu_requested.connect(self._on_menu_requested)
        side.move_requested.connect(self._on_move_requested)
        self.queue.chosen.connect(self._on_row_chosen)
        self.queue.activated.connect(self._on_row_activated)
        self.queue.selection_changed.connect(self._on_selection_changed)
        self.queue.new_requested.connect(self._on_new_requested)
        self.queue.context_menu_requested.connect(self.menus.pop_up_incident)
        self.queue.bulk.more_requested.connect(self.menus.pop_up_incident)
        self.queue.save_requested.connect(self.window_commands.overwrite_view)
        self.queue.save_as_requested.connect(self.window_commands.save_view)
        self.queue.tree.installEventFilter(self)
        self.queue.sample_requested.connect(self._on_sample_requested)
        self.queue.next_view_requested.connect(self._on_next_view_requested)
        self.quick_log.left.connect(self.queue.tree.setFocus)
        self.incident_commands.step_requested.connect(self._on_step)
        self.incident_commands.page_requested.connect(self._on_row_activated)
        self.incident_commands.note_requested.connect(self._on_note_requested)
        self.incident_commands.tick_requested.connect(self.queue.tick_current)
        bench.said.connect(self._on_said)
        bench.open_requested.connect(self._on_open_requested)
        bench.command_requested.connect(self._on_command_requested)
        bench.bus.published.connect(self._on_published)
        self.toast.draft_requested.connect(self.window_commands.files.open_draft)
        self.toast.undo_requested.connect(self._on_undo_requested)
        self.toast.open_requested.connect(self._on_toast_opened)
        self._counts_soon.timeout.connect(self._read_sidebar)
        self._minute.timeout.connect(self._read_sidebar)
        self.queue.model.changed.connect(self._warm.start)
        self.queue.model.changed.connect(self.status.show_saved)
        self.queue.model.failed.connect(self.status.show_locked)
        self._warm.timeout.connect(self._on_first_list_painted)
        self.status.keys_requested.connect(self.window_commands.open_keys)
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
        self.pages.front.let_go()
        self.incident_commands.close_windows()
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

    def _on_first_list_painted(self) -> None:
        self.queue.model.changed.disconnect(self._warm.start)
        self._warm.timeout.disconnect(self._on_first_list_painted)
        _ = self.detail
        self.first_row.start()
        self.actions_.dress()

    def _on_view_clicked(self, _place: object) -> None:
        self.pages.close()

    def _on_view_chosen(self, view: View) -> None:
        self.pages.close()
        self.first_row.expect()
        self.queue.show_view(view.name, view.filter, view.state or None)

    def _on_menu_requested(self) -> None:
        self.menus.pop_up(self.sidebar.menu)

    def _on_move_requested(self, name: str, step: int) -> None:
        self.bench.write(lambda desk: move_saved(desk, name, step), quiet=True)

    # --- choosing --------------------------------------------------------------------------------

    def _on_row_chosen(self, uid: EntityId | None) -> None:
        if uid is None:
            return
        self.pages.front.show_incident(uid)
        rows = [] if self.first_row.choosing else self.queue.selected_rows()
        if any(row.unread for row in rows if row.id == uid):
            self.bench.write(lambda desk: incidents.mark_read(desk, [uid]), self._on_seen)

    def _on_seen(self, _nothing: object) -> None:
        shown = self.queue.current()
        if shown is not None:
            self.queue.model.refresh(ChangeSet(None, "", {"incident": (shown,)}))

    def _on_row_activated(self, uid: EntityId) -> None:
        self.pages.open(uid)

    def _on_selection_changed(self, ids: list[EntityId]) -> None:
        self.status.show_selection(len(ids), self.queue.total())
        self.incident_commands.refresh(self.actions_)

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

    def _on_undo_requested(self) -> None:
        self.actions_.run("edit.undo")

    def _on_toast_opened(self, uid: EntityId) -> None:
        self._on_open_requested(uid, True)

    def _on_published(self, _changes: ChangeSet) -> None:
        self._counts_soon.start()

    def _step_pane(self, step: int) -> None:
        stops: list[QWidget] = [self.sidebar.list, self.quick, self.queue.tree, self.pages.front]
        stops = [stop for stop in stops if stop.isVisible()]
        focused: QWidget | None = self.focusWidget()
        at = next(
            (
                n
                for n, stop in enumerate(stops)
                if focused is not None and (stop is focused or stop.isAncestorOf(focused))
            ),
            -1 if step > 0 else 0,
        )
        stops[(at + step) % len(stops)].setFocus(Qt.FocusReason.ShortcutFocusReason)
