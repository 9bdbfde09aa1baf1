"""Which incident is in front: in the pane beside the list, or on a page in place of both.

Pages that are about something else (problems, knowledge) stand in the same place.

What is typed moves along: the panel in front is the only one that follows the incident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView

from app.domain.incident import EntityId
from app.ui.history import History
from app.ui.incident_commands import Chosen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.incident_record import Incident
    from app.ui.detail.incident_panel import IncidentPanel
    from app.ui.main_window import MainWindow
    from app.ui.page.incident_page import IncidentPage


class PageSwitch(QObject):
    """Opens the page, leaves it, and answers which incident commands are about."""

    incident_changed = Signal()
    """Another incident, or a fresh state of it, is in front."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._history = History()
        self._trail: list[EntityId] = []
        self._page: IncidentPage | None = None
        self.other: QWidget | None = None
        """The page about something else that is open."""
        self._behind: QWidget | None = None
        """The one from which the incident's page was opened."""
        self.is_open = False
        self.oldest_first = False
        """The order of timelines that this person likes."""

    def set_oldest_first(self, oldest_first: bool) -> None:
        """Show timelines in one order or the other, in the pane and on the page."""
        self.oldest_first = oldest_first
        for panel in (vars(self._window).get("detail"), self._page):
            if panel is not None:
                panel.choice.oldest_first.setChecked(oldest_first)

    def connect_panel(self, panel: IncidentPanel) -> None:
        """Hear what a panel asks for, and give it the letters of the list."""
        panel.menu_requested.connect(self._on_menu_requested)
        panel.step_requested.connect(self._on_step)
        panel.incident_changed.connect(self._on_incident_changed)
        panel.take_letters(self._window.actions_)
        panel.choice.oldest_first.setChecked(self.oldest_first)
        panel.choice.oldest_first.toggled.connect(self.set_oldest_first)
        for view in panel.findChildren(QAbstractItemView):
            view.installEventFilter(self._window)

    @property
    def shown(self) -> Incident | None:
        """Return the incident in front; asking makes no pane that is not there yet."""
        if self.other is not None or (not self.is_open and "detail" not in vars(self._window)):
            return None
        return self.front.incident

    @property
    def front(self) -> IncidentPanel:
        """Return the panel that shows the incident."""
        return self._page if self._page is not None and self.is_open else self._window.detail

    @property
    def page(self) -> IncidentPage:
        """Return the page, made when it is first wanted."""
        if self._page is None:
            from app.ui.page.incident_page import IncidentPage

            page = self._page = IncidentPage(self._window.bench, self._window)
            page.left.connect(self.leave)
            self.connect_panel(page)
        return self._page

    def chosen(self) -> list[Chosen]:
        """Return what is ticked or selected in the list, else the incident in front."""
        shown = self.shown
        if self.other is not None:
            return []
        there = [] if self.is_open else self._window.queue.headings()
        if there and not (len(there) == 1 and shown is not None and self._pane_has_focus()):
            return [Chosen(EntityId(one.id), one.number, one.title, one.status) for one in there]
        if shown is not None:
            return [Chosen(shown.id, shown.number, shown.title, str(shown.status))]
        return []

    def open(self, uid: EntityId) -> None:
        """Show an incident as a full page in place of the list and the pane."""
        self._trail.clear()
        self._leave_other()
        page = self.page
        if not self.is_open:
            self._window.detail.let_go()
            self.is_open = True
            self._window.panes.open_page(page)
        page.show_incident(uid)
        page.focus_timeline()

    def open_from_other(self, uid: EntityId) -> None:
        """Show an incident as a full page; the way back leads to the page that it came from."""
        behind = self.other
        self.open(uid)
        self._behind = behind

    def open_other(self, page: QWidget) -> None:
        """Show a page about something else in place of the list and the pane."""
        if self.other is not page:
            self.close()
            if "detail" in vars(self._window):
                self._window.detail.let_go()
            self.other = page
            self._window.panes.open_page(page)
            for view in page.findChildren(QAbstractItemView):
                view.installEventFilter(self._window)  # once is enough, twice does no harm
            self.incident_changed.emit()
            self._window.incident_commands.refresh(self._window.actions_)
        self._show_place(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> bool:
        """Put the cursor in the search of the page about something else; tell if it has one."""
        search = getattr(self.other, "search", None)
        if search is not None:
            search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return search is not None

    def leave(self) -> bool:
        """Go one step back: from an incident to the page it came from, else to the list."""
        behind = self._behind
        if behind is not None and self.is_open:
            self.open_other(behind)
            return True
        return self.close()

    def visit(self, uid: EntityId) -> None:
        """Show another incident in front; Back returns from there to the one before."""
        if self.other is not None:
            self.open_from_other(uid)
            return
        shown = self.front.incident
        if self.is_open and shown is not None and shown.id != uid:
            self._trail.append(shown.id)
        self.front.show_incident(uid)

    def close(self) -> bool:
        """Go back to the list with the row that was open; tell whether a page was open."""
        self._behind = None
        if self._leave_other():
            self._window.incident_commands.refresh(self._window.actions_)
            self._window.queue.tree.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if not self.is_open:
            return False
        shown = self.page.incident
        self.page.let_go()
        self.is_open = False
        self._window.panes.close_page()
        here = self._window.queue.current() or (shown.id if shown is not None else None)
        self._window.detail.show_incident(here)
        self._window.queue.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def back(self) -> None:
        """Show what was open before: the incident that led here, else the list."""
        if self.is_open and self._trail:
            self.page.show_incident(self._trail.pop())
        elif not self.leave():
            self._show_from_history(self._history.back())

    def forward(self) -> None:
        """Show the incident that was open after this one."""
        self._show_from_history(self._history.forward())

    def _leave_other(self) -> bool:
        other, self.other = self.other, None
        self._behind = None
        if other is None:
            return False
        let_go = getattr(other, "let_go", None)
        if let_go is not None:
            let_go()
        self._window.panes.close_page()
        self._show_place(None)
        return True

    def _show_place(self, page: QWidget | None) -> None:
        """Show in the sidebar which page is in front; what the list says of itself is for later."""
        self._window.sidebar.show_page(None if page is None else getattr(page, "place", ""))
        self._window.status.selection.setVisible(page is None)

    def _show_from_history(self, uid: EntityId | None) -> None:
        if uid is not None:
            self.front.show_incident(uid)
            if not self.is_open:
                self._window.panes.show_detail()

    def _pane_has_focus(self) -> bool:
        focused: QWidget | None = self._window.focusWidget()
        return (
            focused is not None
            and "detail" in vars(self._window)
            and self._window.detail.isAncestorOf(focused)
        )

    def _on_menu_requested(self) -> None:
        more = self.front.header.more
        self._window.menus.pop_up_incident(more.mapToGlobal(QPoint(0, more.height())))

    def _on_step(self, step: int) -> None:
        self._trail.clear()
        self._window.queue.step(step)

    def _on_incident_changed(self) -> None:
        shown = self.front.incident
        if shown is not None:
            self._history.visit(shown.id)
        self._window.incident_commands.refresh(self._window.actions_)
        self.incident_changed.emit()
