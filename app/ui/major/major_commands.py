"""The commands about major incidents and follow-up actions, and the band over the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.incident import EntityId
from app.services import browsing, major_incidents
from app.ui.major.major_band import MajorBand
from app.ui.major.update_words import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident_record import Incident
    from app.domain.major_incident import OpenRoom
    from app.ui.actions import Actions
    from app.ui.main_window import MainWindow
    from app.ui.major.actions_page import ActionsPage
    from app.ui.major.room_page import RoomPage
    from app.ui.workbench import Workbench


class MajorCommands(QObject):
    """Registers and runs them for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._room: RoomPage | None = None
        self._actions_page: ActionsPage | None = None
        self.band = MajorBand(workbench, window)
        self.band.room_requested.connect(self.open_room)

    @property
    def room(self) -> RoomPage:
        """Return the page of the room, made when it is first wanted."""
        if self._room is None:
            from app.ui.major.room_page import RoomPage

            page = self._room = RoomPage(self._bench, self._window)
            page.hide()
            page.left.connect(self._window.pages.leave)
            page.incident_requested.connect(self._window.pages.open_from_other)
            page.review_requested.connect(self._on_review)
        return self._room

    @property
    def actions_page(self) -> ActionsPage:
        """Return the page of follow-up actions, made when it is first wanted."""
        if self._actions_page is None:
            from app.ui.major.actions_page import ActionsPage

            page = self._actions_page = ActionsPage(self._bench, self._window)
            page.hide()
            page.left.connect(self._window.pages.leave)
            page.incident_requested.connect(self._window.pages.open_from_other)
        return self._actions_page

    def register(self, actions: Actions) -> None:
        """Add the commands to the menus Go and Incident, and look whether a room is open."""
        tr = self.tr
        lines: tuple[tuple[str, str, Callable[[], None], str, tuple[str, ...]], ...] = (
            ("incident.major", tr("Declare major incident..."), self._on_declare, "circle-alert",
             ("outage", "crisis")),
            ("incident.room", tr("Open the room of the major incident"), self._on_room,
             "users", ("review", "five whys", "commander", "stakeholders")),
            ("incident.update", tr("Status update..."), self._on_update, "activity",
             ("stakeholders", "major")),
            ("incident.stand_down", tr("Stand down the major incident..."), self._on_stand_down,
             "circle-check", ("end major",)),
            ("go.room", tr("Go to the open major incident"), self._on_first_room,
             "circle-alert", ("war room", "commander")),
            ("go.follow_ups", tr("Go to Follow-up actions"), self.open_actions,
             "square-check", ("review actions", "overdue", "tasks")),
        )  # fmt: skip
        for name, title, run, icon, aliases in lines:
            menu = name.partition(".")[0]
            actions.add(name, title, run, menu=menu, icon=icon, aliases=aliases)
        self.band.look()

    def open_room(self, uid: EntityId | bytes) -> None:
        """Show the room of a major incident."""
        self._window.pages.open_other(self.room)
        self.room.look(EntityId(uid))

    def open_actions(self) -> None:
        """Show the follow-up actions of all incidents."""
        self._window.pages.open_other(self.actions_page)
        self.actions_page.look()

    def _chosen(self) -> EntityId:
        return self._window.chosen()[0].id

    def _on_declare(self) -> None:
        from app.ui.major import major_questions

        uid = self._chosen()
        form = major_questions.ask_declare(self._bench, uid, now(), self._window)
        form.accepted.connect(lambda: self.open_room(uid))

    def _on_room(self) -> None:
        self._read(self._show_room)

    def _on_update(self) -> None:
        self._read(self._ask_update)

    def _on_stand_down(self) -> None:
        from app.ui.major import major_questions

        major_questions.ask_stand_down(self._bench, self._chosen(), now(), self._window)

    def _on_first_room(self) -> None:
        self._bench.read(major_incidents.open_rooms, self._on_rooms, key="major-first")

    def _on_rooms(self, rooms: list[OpenRoom]) -> None:
        if rooms:
            self.open_room(rooms[0].id)
        else:
            self._bench.say(self.tr("No major incident is open."))

    def _read(self, then: Callable[[Incident], object]) -> None:
        uid = self._chosen()
        self._bench.read(lambda desk: browsing.incident(desk, uid), then, key="major-chosen")

    def _show_room(self, incident: Incident) -> None:
        if incident.major:
            self.open_room(incident.id)
        else:
            words = self.tr("{0} is no major incident. Declare it one first.")
            self._bench.say(words.format(incident.number), "warn")

    def _ask_update(self, incident: Incident) -> None:
        from app.ui.major import major_questions

        major_questions.ask_update(self._bench, incident, self._window)

    def _on_review(self, number: str) -> None:
        from app.ui.report.review_preview import ReviewPreview

        ReviewPreview(self._bench, number, self._window)
