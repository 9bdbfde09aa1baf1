"""The commands of the dashboard: go there, and its table view.

The page is made when it is first wanted. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.tab_order import chain, stops

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.ui.actions import Actions
    from app.ui.dashboard.dashboard_page import DashboardPage
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench

ICON = "chart-no-axes-column"


class DashboardCommands(QObject):
    """Opens the page, and lists in the queue what its figures count."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._page: DashboardPage | None = None

    def register(self, actions: Actions) -> None:
        """Add the commands."""
        actions.add(
            "go.dashboard",
            self.tr("Go to Dashboard"),
            self.open,
            menu="go",
            icon=ICON,
            aliases=("figures", "metrics", "charts"),
        )
        actions.add(
            "go.dashboard_table",
            self.tr("Dashboard as a table"),
            self.open_table,
            menu="go",
            icon="columns-3",
            aliases=("figures", "metrics"),
        )

    @property
    def page(self) -> DashboardPage:
        """Return the page, made when it is first wanted."""
        if self._page is None:
            from app.ui.dashboard.dashboard_page import DashboardPage

            page = self._page = DashboardPage(self._bench, self._window)
            page.list_requested.connect(self._on_list_requested)
            page.problem_opened.connect(self._on_problem_opened)
            page.print_requested.connect(self._on_print_requested)
            for view in page.item_views():
                view.installEventFilter(self._window)
            # Reading order: the page stands where list and detail were, before the status bar.
            inside = [each for each in stops(page) if each.window() is self._window]
            chain([*stops(self._window.sidebar)[-1:], *inside])
        return self._page

    def open(self) -> None:
        """Show the dashboard in place of the list."""
        self._window.pages.open_other(self.page)
        self.page.focus_first()

    def open_table(self) -> None:
        """Show the dashboard as a table."""
        self.page.table_button.setChecked(True)
        self.open()

    def _on_problem_opened(self, uid: EntityId) -> None:
        self._bench.written_requested.emit("problem", uid)

    def _on_print_requested(self, days: int, text: str) -> None:
        from app.ui.report.period_dialog import PeriodDialog

        PeriodDialog(self._bench, text, parent=self._window, days=days).open()

    def _on_list_requested(self, text: str) -> None:
        queue = self._window.queue
        self._window.pages.close()
        queue.filter.setText(text)
        queue.tree.setFocus()
