"""The commands of the window itself: go, show, hide, look, undo, and the dialogs of the program.

A dialog is imported when it is asked for, so that the window opens without waiting for it.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QProcess, QTimer

from app.services import undoing
from app.ui.alerts.alert_commands import AlertCommands
from app.ui.dashboard.dashboard_commands import DashboardCommands
from app.ui.keeping.file_commands import FileCommands
from app.ui.knowledge.knowledge_commands import KnowledgeCommands
from app.ui.mailing.mail_commands import MailCommands
from app.ui.major.major_commands import MajorCommands
from app.ui.notifications.notification_commands import NotificationCommands
from app.ui.problems.problem_commands import ProblemCommands
from app.ui.report.period_commands import PeriodCommands
from app.ui.report_form.form_commands import FormCommands
from app.ui.sharing.sharing_commands import SharingCommands
from app.ui.tokens import TEXT_SIZE_RANGE
from app.ui.verifying.verify_commands import VerifyCommands

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.domain.incident import EntityId
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.palette.palette import Palette
    from app.ui.settings.settings_dialog import ExtraPage, SettingsDialog
    from app.ui.theme import Scheme
    from app.ui.workbench import Workbench

GO_PAGES = {"p": "go.problems", "k": "go.knowledge", "h": "go.dashboard"}
"""The commands of the pages that the second key after G goes to (ux.md 3)."""
GO = {"q": "queue", "a": "assigned", "u": "unassigned", "d": "due", "b": "breached"}
"""What the second key after G goes to (ux.md 3)."""
_GO_WAITS_MS = 1_500


class WindowCommands(QObject):
    """Registers and runs what does not need an incident."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self.files = FileCommands(workbench, window)
        self.sharing = SharingCommands(workbench, window)
        self.verifying = VerifyCommands(workbench, window)
        self.periods = PeriodCommands(workbench, window)
        self.mailing = MailCommands(workbench, window)
        self.alerts = AlertCommands(workbench, window)
        self.report_form = FormCommands(workbench, window)
        self.notifications = NotificationCommands(window)
        self.problems = ProblemCommands(workbench, window)
        self.knowledge = KnowledgeCommands(workbench, window)
        self.dashboard = DashboardCommands(workbench, window)
        self.major = MajorCommands(workbench, window)
        self._registry: Actions | None = None
        self._palette: Palette | None = None
        self._settings: SettingsDialog | None = None
        self.settings_pages: list[ExtraPage] = []
        """Pages that other screens add to the settings."""
        workbench.written_requested.connect(self._on_written_requested)
        self._go_waits = QTimer(self)
        self._go_waits.setSingleShot(True)
        self._go_waits.setInterval(_GO_WAITS_MS)

    def register(self, actions: Actions) -> None:
        """Add the commands of File, Edit, View, Go, Tools and Help."""
        self._registry = actions
        on, tr, add = self, self.tr, actions.add
        window = self._window
        add("file.new", tr("New incident..."), on._on_new, ["Ctrl+N"], menu="file", icon="plus")
        add("file.import", tr("Import..."), on._on_import, menu="file", icon="download")
        self.files.register(actions)
        add("file.save", tr("Save"), on._on_save, ["Ctrl+S"], menu="file")
        add("file.sample", tr("Open the sample data"), on._on_sample, menu="file", icon="archive")
        add("file.quit", tr("Quit"), window.quit, ["Ctrl+Q"], menu="file")
        add("edit.undo", tr("Undo"), on._on_undo, ["Ctrl+Z"], menu="edit", icon="undo-2")
        redo = ["Ctrl+Shift+Z", "Ctrl+Y"] if sys.platform != "darwin" else ["Ctrl+Shift+Z"]
        add("edit.redo", tr("Redo"), on._on_redo, redo, menu="edit", icon="redo-2")
        add(
            "edit.find",
            tr("Filter the list"),
            window.focus_filter,
            ["Ctrl+F"],
            menu="edit",
            icon="list-filter",
            aliases=("search", "find"),
        )
        add("view.columns", tr("Columns..."), window.choose_columns, ["Ctrl+Shift+L"], menu="view")
        add("view.save", tr("Save view..."), on.save_view, ["Ctrl+Shift+S"], menu="view")
        add(
            "view.detail",
            tr("Show or hide the detail"),
            window.toggle_detail,
            ["Ctrl+\\"],
            menu="view",
        )
        add(
            "view.sidebar",
            tr("Show or hide the sidebar"),
            window.toggle_sidebar,
            ["Ctrl+B"],
            menu="view",
        )
        for name, title, step, keys in (
            ("text_larger", tr("Larger text"), 10, ["Ctrl+=", "Ctrl++"]),
            ("text_smaller", tr("Smaller text"), -10, ["Ctrl+-"]),
            ("text_reset", tr("Normal text size"), 0, ["Ctrl+0"]),
        ):
            add(f"view.{name}", title, partial(on._size_text, step), keys, menu="view")
        schemes: tuple[tuple[Scheme, str, str], ...] = (
            ("light", tr("Switch to light"), "sun"),
            ("dark", tr("Switch to dark"), "moon"),
            ("system", tr("Follow the system's colours"), "monitor"),
        )
        for scheme, title, icon in schemes:
            run = partial(on._switch_scheme, scheme)
            add(f"view.{scheme}", title, run, menu="view", icon=icon, aliases=("theme", "colours"))
        for view in window.sidebar.model.views():
            if view.section != "saved":
                title = tr("Go to {0}").format(view.name)
                run = partial(on._go_to, view.key)
                add(f"go.{view.key}", title, run, menu="go", icon=view.icon)
        for n in range(1, 10):
            run = partial(on._go_to_nth, n - 1)
            add(f"go.view_{n}", tr("Go to view {0}").format(n), run, [f"Ctrl+{n}"], menu="go")
        add("go.back", tr("Back"), window.history_back, ["Alt+Left"], menu="go", icon="arrow-left")
        add(
            "go.forward",
            tr("Forward"),
            window.history_forward,
            ["Alt+Right"],
            menu="go",
            icon="arrow-right",
        )
        add(
            "go.quick_log",
            tr("Quick log"),
            window.focus_quick_log,
            ["Ctrl+L"],
            menu="go",
            icon="zap",
        )
        add("go.next_pane", tr("Next pane"), window.next_pane, ["F6"], menu="go")
        add("go.previous_pane", tr("Previous pane"), window.previous_pane, ["Shift+F6"], menu="go")
        add(
            "app.palette",
            tr("Search or run..."),
            on.open_palette,
            ["Ctrl+K", "Ctrl+Shift+P"],
            menu="tools",
            icon="search",
        )
        add(
            "app.settings",
            tr("Settings..."),
            on.open_settings,
            ["Ctrl+,"],
            menu="tools",
            icon="settings",
            aliases=("preferences", "options"),
        )
        keys = ["?", "F1"]
        add("help.keys", tr("All keys"), on.open_keys, keys, menu="help", icon="keyboard")
        news = ("release notes", "changes", "version")
        add("help.news", tr("What is new"), on.open_news, menu="help", icon="star", aliases=news)
        self.sharing.register(actions)
        self.verifying.register(actions)
        self.periods.register(actions)
        self.mailing.register(actions)
        self.alerts.register(actions)
        self.report_form.register(actions)
        self.notifications.register(actions)
        self.problems.register(actions)
        self.knowledge.register(actions)
        self.dashboard.register(actions)
        self.major.register(actions)
        window.sidebar.list.installEventFilter(window)  # a list takes letters for itself
        actions.changed.connect(self._show_keys)
        self._show_keys()

    def waits_for(self, event: QKeyEvent) -> bool:
        """Tell whether a letter is the second key of "go to"."""
        return self._go_waits.isActive() and event.text().casefold() in {*GO, *GO_PAGES}

    @property
    def _actions(self) -> Actions:
        """Return the registry, made now when a screen asks before the first key."""
        return self._registry or self._window.actions_

    def take_letter(self, event: QKeyEvent) -> bool:
        """Follow the two keys of "go to": G, then a letter; tell whether the key was taken."""
        letter = event.text().casefold()
        if self._go_waits.isActive():
            self._go_waits.stop()
            if letter in GO:
                self._go_to(GO[letter])
                return True
            if letter in GO_PAGES:
                self._bench.command_requested.emit(GO_PAGES[letter])
                return True
            return False
        if letter == "g" and not event.modifiers() and self._actions.single_keys:
            self._go_waits.start()
            return True
        if letter == "/" and self._actions.single_keys:
            self._window.focus_filter()
            return True
        return False

    def _on_written_requested(self, kind: str, uid: EntityId) -> None:
        (self.knowledge if kind == "article" else self.problems).open_page(uid)

    def open_palette(self) -> None:
        """Open the palette."""
        if self._palette is None:
            from app.ui.palette.palette import Palette
            from app.ui.palette.window_host import WindowHost

            self._palette = Palette(
                self._bench, self._actions, WindowHost(self._window), self._window
            )
            self._window.pages.incident_changed.connect(self._palette.show_actions)
        self._palette.open_at_top()

    def open_settings(self, key: str = "") -> None:
        """Open the settings, at the line of one when its key is given."""
        from app.ui.alerts.listener_page import ListenerPage
        from app.ui.alerts.rules_page import rules_pages
        from app.ui.mailing.mail_page import MailPage, incoming
        from app.ui.settings.catalogue import catalogue_pages
        from app.ui.settings.settings_dialog import SettingsDialog
        from app.ui.verifying.sign_page import SignPage

        if self._settings is None or not shiboken6.isValid(self._settings):
            self._settings = SettingsDialog(
                self._bench,
                self._window.settings,
                self._actions,
                [
                    *catalogue_pages(self._bench),
                    *self.settings_pages,
                    MailPage(self._bench, incoming),
                    MailPage(self._bench),
                    ListenerPage(self._bench),
                    *rules_pages(self._bench),
                    SignPage(self._bench),
                ],
                self._window,
            )
        self._settings.open()
        if key:
            self._settings.reveal(key)

    def _show_keys(self) -> None:
        self._window.sidebar.show_keys(self._actions.keys_text("app.palette"))
        self._window.status.show_key(self._actions.keys_text("help.keys"))

    def _on_filter_requested(self, text: str) -> None:
        self._window.queue.filter.setText(text)
        self._window.queue.tree.setFocus()

    def save_view(self) -> None:
        """Ask for a name and keep the list as it is as a view."""
        from app.ui.saved_views import SaveViewDialog

        SaveViewDialog(self._bench, self._view_state(), self._window).open()

    def overwrite_view(self) -> None:
        """Keep the list as it is under the name of the saved view that it came from."""
        view = self._window.sidebar.current()
        if view is not None:
            from app.ui.saved_views import overwrite_view

            state = self._view_state()
            self._bench.write(lambda desk: overwrite_view(desk, view.title, state))

    def _view_state(self) -> dict[str, Any]:
        queue = self._window.queue
        return {**queue.save_state(), "filter": queue.filter_text()}

    def open_keys(self) -> None:
        """Show all keys."""
        from app.ui.palette.keys_dialog import KeysDialog

        KeysDialog(self._actions, self._window).open()

    def open_news(self) -> None:
        """Show what each version brought."""
        from app.ui.sharing.help_dialog import ReleaseNotes

        ReleaseNotes(self._window).open()

    def _on_new(self) -> None:
        from app.ui.new_incident.new_incident_dialog import NewIncidentDialog

        NewIncidentDialog(self._bench, parent=self._window).open()

    def _on_import(self) -> None:
        from app.ui.importing.import_dialog import ImportDialog

        ImportDialog(self._bench, parent=self._window).open()

    def _on_save(self) -> None:
        self._bench.say(self.tr("Already saved"))

    def _on_sample(self) -> None:
        QProcess.startDetached(sys.executable, ["-m", "app", "demo"])

    def _on_undo(self) -> None:
        self._bench.write(undoing.undo, self._window.on_undone, quiet=True)

    def _on_redo(self) -> None:
        self._bench.write(undoing.redo, self._window.on_undone, quiet=True)

    def _size_text(self, step: int) -> None:
        low, high = TEXT_SIZE_RANGE
        size = self._bench.theme.text_size + step if step else 100
        self._window.settings.choose("appearance.text_size", min(max(size, low), high))

    def _switch_scheme(self, scheme: Scheme) -> None:
        self._window.settings.choose("appearance.theme", scheme)

    def _go_to(self, key: str) -> None:
        self._window.sidebar.choose(key)

    def _go_to_nth(self, n: int) -> None:
        views = self._window.sidebar.model.views()
        if n < len(views):
            self._go_to(views[n].key)
