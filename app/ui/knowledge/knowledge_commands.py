"""The commands about articles: go to their page, write one, use one, say whether it worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.knowledge import KIND
from app.services import knowledge

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.actions import Actions
    from app.ui.knowledge.knowledge_page import KnowledgePage
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench

_TRIED = ("tools.worked", "tools.did_not")


class KnowledgeCommands(QObject):
    """Registers and runs them for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._page: KnowledgePage | None = None
        self._actions: Actions | None = None
        self._letters = QWidget(window)
        self._letters.hide()

    @property
    def page(self) -> KnowledgePage:
        """Return the page, made when it is first wanted."""
        if self._page is None:
            from app.ui.knowledge.knowledge_page import KnowledgePage

            page = self._page = KnowledgePage(self._bench, self._window)
            page.hide()
            page.left.connect(self._window.pages.leave)
            page.incident_requested.connect(self._window.pages.open_from_other)
            page.chosen_changed.connect(self._refresh)
            if self._actions is not None:
                for command_id in _TRIED:
                    page.list.addAction(self._actions[command_id].action)
        return self._page

    def register(self, actions: Actions) -> None:
        """Add the commands to the menus Go, Incident and Tools."""
        self._actions = actions
        add, tr = actions.add, self.tr
        add("go.knowledge", tr("Go to Knowledge"), self.open_page, menu="go", icon="book-open")
        add(
            "tools.new_article",
            tr("Write an article..."),
            self._on_new,
            menu="tools",
            icon="book-open",
            aliases=("knowledge", "how to"),
        )
        add(
            "tools.worked",
            tr("The article worked"),
            self._on_worked,
            ["Y"],
            menu="tools",
            icon="check",
            scope=self._letters,
        )
        add(
            "tools.did_not",
            tr("The article did not work"),
            self._on_did_not,
            ["N"],
            menu="tools",
            icon="x",
            scope=self._letters,
        )
        add(
            "incident.article",
            tr("Use workaround from KB-..."),
            self._on_use,
            menu="incident",
            icon="book-open",
            aliases=("knowledge", "article"),
        )
        add(
            "incident.write_article",
            tr("Write an article from the resolution"),
            self._on_write_from,
            ["Shift+K"],
            menu="incident",
            icon="book-open",
            scope=self._window.queue.tree,
        )
        self._refresh()

    def open_page(self, uid: EntityId | None = None) -> None:
        """Show the page, at an article when one is named."""
        self._window.pages.open_other(self.page)
        self.page.look(uid)

    def _refresh(self) -> None:
        if self._actions is None:
            return
        page = self._page
        reason = ""
        if page is None or page.shown is None or not page.isVisible():
            reason = self.tr("Go to Knowledge and choose an article first.")
        for command_id in _TRIED:
            self._actions.set_reason(command_id, reason)

    def _on_new(self) -> None:
        self.open_page()
        self.page.write_new()

    def _on_worked(self) -> None:
        self.page.say_worked()

    def _on_did_not(self) -> None:
        self.page.say_did_not()

    def _on_use(self) -> None:
        from app.ui.asking.name_question import NameQuestion

        ids = [one.id for one in self._window.chosen()]

        def act(desk: Desk, name: str) -> ChangeSet:
            return knowledge.use(desk, knowledge.find(desk, name).id, ids)

        title = self.tr("Use workaround from an article")
        NameQuestion(self._bench, title, KIND, act, self._window).open()

    def _on_write_from(self) -> None:
        (uid,) = [one.id for one in self._window.chosen()]
        self._bench.read(
            lambda desk: (uid, knowledge.draft_from_incident(desk, uid)),
            self._on_draft,
            key="article-from-incident",
        )

    def _on_draft(self, found: tuple[EntityId, tuple[str, str, str]]) -> None:
        from app.ui.knowledge.article_editor import Writing

        uid, (title, text, category) = found
        self.open_page()
        self.page.write(Writing(None, title, category, text, uid.hex()))
