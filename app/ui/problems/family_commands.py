"""The commands about parent and child incidents, in the menu Incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services import families

if TYPE_CHECKING:
    from app.domain.closure_code import ClosureCodes
    from app.domain.incident import EntityId
    from app.domain.problem import Affected
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class FamilyCommands(QObject):
    """Registers and runs them for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window

    def register(self, actions: Actions) -> None:
        """Add the commands to the menu Incident."""
        add, tr = actions.add, self.tr
        add(
            "incident.parent",
            tr("Make child of..."),
            self._on_parent,
            menu="incident",
            icon="git-merge",
            aliases=("parent",),
        )
        add(
            "incident.children",
            tr("Show its children in the list"),
            self._on_children,
            menu="incident",
            icon="list",
            aliases=("parent",),
        )
        add(
            "incident.resolve_family",
            tr("Resolve with its children..."),
            self._on_resolve,
            menu="incident",
            icon="check",
            aliases=("parent",),
        )

    def _on_parent(self) -> None:
        from app.ui.problems import family_questions

        ids = [one.id for one in self._window.chosen()]
        family_questions.ask_parent(self._bench, ids, self._window)

    def _on_children(self) -> None:
        (one,) = self._window.chosen()
        self._bench.read(
            lambda desk: (one.number, families.children_of(desk, one.id)),
            self._on_children_read,
            key="children",
        )

    def _on_children_read(self, found: tuple[str, list[Affected]]) -> None:
        number, children = found
        if not children:
            self._bench.say(self.tr("{0} has no children.").format(number), "warn")
            return
        numbers = [number, *(one.number for one in children)]
        self._window.pages.close()
        self._window.queue.filter.setText(f"number:{','.join(numbers)}")
        self._window.queue.tree.setFocus()

    def _on_resolve(self) -> None:
        (one,) = self._window.chosen()
        self._bench.read(
            lambda desk: (
                one.id, one.number, families.children_of(desk, one.id), desk.rules.codes,
            ),
            self._on_ready,
            key="family",
        )  # fmt: skip

    def _on_ready(self, ready: tuple[EntityId, str, list[Affected], ClosureCodes]) -> None:
        from app.ui.problems import family_questions

        uid, number, children, codes = ready
        still_open = sum(child.is_open for child in children)
        if not children:
            self._bench.say(self.tr("{0} has no children.").format(number), "warn")
            return
        family_questions.ask_resolution(self._bench, uid, number, still_open, codes, self._window)
