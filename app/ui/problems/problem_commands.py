"""The commands about problems: go to their page, open one, link incidents to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from app.services import problems
from app.ui.problems.family_commands import FamilyCommands

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.problems.problems_page import ProblemsPage
    from app.ui.workbench import Workbench


class ProblemCommands(QObject):
    """Registers and runs them for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._page: ProblemsPage | None = None
        self._families = FamilyCommands(workbench, window)

    @property
    def page(self) -> ProblemsPage:
        """Return the page, made when it is first wanted."""
        if self._page is None:
            from app.ui.problems.problems_page import ProblemsPage

            page = self._page = ProblemsPage(self._bench, self._window)
            page.hide()
            page.left.connect(self._window.pages.leave)
            page.numbers_requested.connect(self._on_numbers_requested)
            page.incident_requested.connect(self._window.pages.open_from_other)
            page.recurring.clicked.connect(self._on_recurring)
        return self._page

    def register(self, actions: Actions) -> None:
        """Add the commands to the menus Go, Incident and Tools."""
        add, tr = actions.add, self.tr
        add("go.problems", tr("Go to Problems"), self.open_page, menu="go", icon="repeat")
        add(
            "tools.new_problem",
            tr("Open a problem..."),
            self._on_new,
            menu="tools",
            icon="repeat",
            aliases=("known error", "root cause"),
        )
        add(
            "tools.recurring",
            tr("What recurs..."),
            self._on_recurring,
            menu="tools",
            icon="repeat",
            aliases=("patterns", "recurring", "trend"),
        )
        add(
            "incident.problem",
            tr("Link to problem..."),
            self._on_link,
            menu="incident",
            icon="repeat",
            aliases=("known error", "cause"),
        )
        add(
            "incident.open_problem",
            tr("Open a problem from it"),
            self._on_open_from,
            menu="incident",
            icon="repeat",
        )

        self._families.register(actions)

    def open_page(self, uid: EntityId | None = None) -> None:
        """Show the page, at a problem when one is named."""
        self._window.pages.open_other(self.page)
        self.page.look(uid)

    def _on_new(self) -> None:
        self.open_page()
        self.page.open_new()

    def _on_recurring(self) -> None:
        from app.ui.problems.recurring_window import RecurringWindow

        window = RecurringWindow(self._bench, self._window)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.numbers_requested.connect(self._on_numbers_requested)
        window.opened.connect(self._on_opened)
        window.open()

    def _on_link(self) -> None:
        from app.ui.problems import problem_questions

        ids = [one.id for one in self._window.chosen()]
        problem_questions.ask_link(self._bench, ids, self._window)

    def _on_open_from(self) -> None:
        ids = [one.id for one in self._window.chosen()]
        self._bench.write(lambda desk: problems.open_from_incident(desk, ids[0]), self._on_opened)

    def _on_opened(self, changes: ChangeSet) -> None:
        self.open_page(changes.ids["problem"][0])

    def _on_numbers_requested(self, numbers: list[str]) -> None:
        self._window.pages.close()
        self._window.queue.filter.setText(f"number:{','.join(numbers)}")
        self._window.queue.tree.setFocus()
