"""The views of the sidebar: those that every desk has, and the ones that people saved.

A view is a line of the filter language with a name. Plain values; the model and its painting are
in `sidebar`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.errors import KnownError
from app.services import browsing, configuration

if TYPE_CHECKING:
    from app.services.desk import Desk

MY_WORK, TEAM, SAVED = "my_work", "team", "saved"
SECTION_TITLES = {
    MY_WORK: str(QT_TRANSLATE_NOOP("Views", "My work")),
    TEAM: str(QT_TRANSLATE_NOOP("Views", "Team")),
    SAVED: str(QT_TRANSLATE_NOOP("Views", "Saved views")),
}


@dataclass(frozen=True, slots=True)
class View:
    """One line of the sidebar; `state` is what the list restores beside the filter."""

    key: str
    title: str
    filter: str
    icon: str
    section: str
    tone: str = ""
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the title in the language of the window; a saved name is the person's own."""
        if self.section == SAVED:
            return self.title
        return QCoreApplication.translate("Views", self.title)


BUILT_IN = (
    View("queue", str(QT_TRANSLATE_NOOP("Views", "Desk queue")), "is:open", "inbox", MY_WORK),
    View(
        "assigned",
        str(QT_TRANSLATE_NOOP("Views", "Assigned to me")),
        "assignee:me is:open",
        "circle-user",
        MY_WORK,
    ),
    View(
        "unassigned",
        str(QT_TRANSLATE_NOOP("Views", "Unassigned")),
        "is:unassigned is:open",
        "user-plus",
        MY_WORK,
    ),
    View(
        "due",
        str(QT_TRANSLATE_NOOP("Views", "Due within 1 h")),
        "is:open sla:0..1h",
        "timer",
        MY_WORK,
        "warn",
    ),
    View(
        "breached",
        str(QT_TRANSLATE_NOOP("Views", "Breached")),
        "is:open is:breached",
        "circle-alert",
        MY_WORK,
        "danger",
    ),
    View("open", str(QT_TRANSLATE_NOOP("Views", "All open")), "is:open", "list", TEAM),
    View("pending", str(QT_TRANSLATE_NOOP("Views", "Pending")), "status:pending", "pause", TEAM),
    View(
        "resolved",
        str(QT_TRANSLATE_NOOP("Views", "Resolved, to close")),
        "status:resolved",
        "clipboard-check",
        TEAM,
    ),
    View(
        "closed",
        str(QT_TRANSLATE_NOOP("Views", "Closed, last 7 days")),
        "closed:<7d",
        "history",
        TEAM,
    ),
)


class Sidebar(NamedTuple):
    """What the sidebar shows: who is at the desk, every view, and how many incidents each holds."""

    person: str
    place: str
    views: tuple[View, ...]
    counts: tuple[int, ...]


def read_sidebar(desk: Desk) -> Sidebar:
    """Read the views and their counts; runs in the reader lane."""
    teams = own_teams(desk)
    views = [_of_my_team(view, teams) for view in BUILT_IN] + saved_views(desk)
    counts = browsing.counts(desk, [view.filter for view in views])
    return Sidebar(desk.person.name, ", ".join(teams[:2]), tuple(views), tuple(counts))


def own_teams(desk: Desk) -> list[str]:
    """Return the team that the person at the desk belongs to, as a list of none or one."""
    for item in browsing.names(desk, "person", desk.person.name):
        if item.id == desk.person.id:
            team = str(item.data.get("team") or "")
            return [team] if team else []
    return []


def saved_views(desk: Desk) -> list[View]:
    """Return the saved views of the team and of this person, in the order given to them."""
    from app.domain.saved_view import SavedView  # the first list is painted before these

    found: list[tuple[int, str, View]] = []
    for item in configuration.items(desk, "saved_view"):
        try:
            saved = SavedView.from_data(item.name, item.data)
        except KnownError:
            continue  # made by a newer program: it is kept, and shown where it is understood
        if saved.shared or saved.owner.casefold() == desk.person.name.casefold():
            state = {
                "group": saved.group,
                "sort": saved.sort,
                "columns": list(saved.columns),
                "density": saved.density,
            }
            view = View(f"saved:{saved.name}", saved.name, saved.filter, "star", SAVED, "", state)
            found.append((saved.position, saved.name.casefold(), view))
    return [view for _position, _name, view in sorted(found, key=lambda each: each[:2])]


def move_saved(desk: Desk, name: str, step: int) -> Any:
    """Move a saved view up (-1) or down (+1) among its neighbours, for the whole team.

    Raises:
        NotFoundError: there is no saved view of that name.
    """
    names = [view.title for view in saved_views(desk)]
    at = names.index(name)
    to = min(max(at + step, 0), len(names) - 1)
    names.insert(to, names.pop(at))
    data = {item.name: item.data for item in configuration.items(desk, "saved_view")}
    changes = None
    for position, each in enumerate(names):
        if data[each].get("position", 0) != position:
            changes = configuration.put_item(
                desk, "saved_view", each, {**data[each], "position": position}
            )
    return changes


def _of_my_team(view: View, teams: list[str]) -> View:
    if view.key != "queue" or not teams:
        return view
    named = ",".join(f'"{team}"' if " " in team else team for team in teams)
    return View(view.key, view.title, f"team:{named} is:open", view.icon, view.section)
