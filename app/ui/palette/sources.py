"""Where the palette's lines come from: the registry, the chosen incidents, the views, the store.

Commands and views are at hand; people, incidents and categories are asked for in the reader lane.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from PySide6.QtCore import QCoreApplication

from app.domain.closure_code import DEFAULT_CODES
from app.domain.folding import fold
from app.domain.incident import EntityId
from app.domain.priority import PRIORITY_NAMES, priority_label
from app.services import browsing, incidents, inspecting, moves, raising
from app.ui.palette.matching import match
from app.ui.palette.rows import Choice, Row, Step
from app.ui.settings import shown
from app.ui.views import SAVED
from app.ui.widgets.status_label import status_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.closure_code import ClosureCode
    from app.services.desk import Desk
    from app.ui.actions import Actions, Command
    from app.ui.incident_commands import Chosen
    from app.ui.views import View
    from app.ui.workbench import Workbench

_INCIDENTS, _PEOPLE, _OFFERED = 8, 5, 30


Offer: TypeAlias = tuple[Row, tuple[str, ...], int]
"""A row, its other names, and how often it was used."""


class Host(Protocol):
    """What the palette asks of the window."""

    def chosen(self) -> list[Chosen]:
        """Return the incidents that a command would work on."""
        ...

    def views(self) -> list[View]:
        """Return the views of the sidebar."""
        ...

    def go_to(self, view_key: str) -> None:
        """Show a view."""
        ...

    def show_filter(self, text: str) -> None:
        """Show what a filter finds."""
        ...

    def show_setting(self, key: str) -> None:
        """Open the settings at one of them."""
        ...

    def resolve_as(self, outcome: str) -> None:
        """Open the dialog that resolves the chosen incidents with this outcome."""
        ...


class Found(NamedTuple):
    """What the store answered to a text."""

    text: str
    incidents: list[Row]
    people: list[Row]
    categories: list[Row]


class Sources:
    """Makes rows out of what there is now."""

    def __init__(self, workbench: Workbench, actions: Actions, host: Host) -> None:
        self._bench, self._actions, self._host = workbench, actions, host
        self._outcomes = DEFAULT_CODES.offered("outcome")

    def take_outcomes(self, offered: tuple[ClosureCode, ...]) -> bool:
        """Take the outcomes that the team offers; tell whether they are others than before."""
        changed = offered != self._outcomes
        self._outcomes = offered
        return changed

    # --- at hand ---------------------------------------------------------------------------------

    def subject(self) -> str:
        """Return what the chosen incidents are called, "" when there are none."""
        rows = self._host.chosen()
        if not rows:
            return ""
        if len(rows) == 1:
            return rows[0].number
        return QCoreApplication.translate("Palette", "%n incident(s)", "", len(rows))

    def commands(self) -> list[Offer]:
        """Return every command as a row, with its other names and how often it was used."""
        subject = self.subject()
        found: list[Offer] = [
            (self._row(command, subject), command.aliases, command.used)
            for command in self._actions
            if command.menu != "go"
        ]
        if subject:
            found += [(row, (), 0) for row in self._steps(subject)]
        return found

    def recent(self, ids: Iterable[str]) -> list[Row]:
        """Return the rows of commands that were run lately."""
        subject = self.subject()
        last = _tr("Last used")
        return [self._row(self._actions[one], subject)._replace(group=last) for one in ids]

    def places(self) -> list[Offer]:
        """Return every view, and every other place to go to."""
        rows: list[Offer] = []
        for view in self._host.views():
            aside = _tr("Saved view") if view.section == SAVED else _tr("View")
            keys = self._actions.keys_text(f"go.{view.key}") if self._has(view.key) else ""
            row = Row(
                f"view:{view.key}",
                _tr("Go to"),
                view.name,
                view.icon,
                partial(self._host.go_to, view.key),
                aside=aside,
                keys=keys,
            )
            rows.append((row, (_tr("Go to {0}").format(view.name),), 0))
        known = {f"go.{view.key}" for view in self._host.views()}
        for command in self._actions:
            if command.menu == "go" and command.id not in known:
                row = self._row(command, "")._replace(group=_tr("Go to"))
                rows.append((row, command.aliases, command.used))
        return rows

    def settings(self) -> list[Offer]:
        """Return every setting that a person can see, by its name and its section's."""
        group = _tr("Settings")
        return [
            (
                Row(
                    f"setting:{one.key}",
                    group,
                    shown.label_of(one),
                    shown.ICONS.get(one.section, "settings"),
                    partial(self._host.show_setting, one.key),
                    aside=shown.section_title(one.section),
                ),
                (shown.section_title(one.section), shown.description_of(one)),
                0,
            )
            for one in shown.visible_settings()
        ]

    def _has(self, view_key: str) -> bool:
        return f"go.{view_key}" in self._actions

    def _row(self, command: Command, subject: str) -> Row:
        of_incident = command.menu == "incident"
        return Row(
            command.id,
            subject if of_incident and subject else _tr("Commands"),
            command.title,
            command.icon or "zap",
            partial(self._actions.run, command.id),
            keys=self._actions.keys_text(command.id),
            reason=command.reason,
        )

    # --- values for the chosen incidents ---------------------------------------------------------

    def _steps(self, subject: str) -> list[Row]:
        ids = [row.id for row in self._host.chosen()]
        make = partial(Row, group=subject)
        rows = [
            make(
                key=f"step:priority:{code}",
                title=_tr("Set priority to {0}").format(priority_label(code)),
                icon="triangle-alert",
                run=partial(self._set_priority, ids, code),
            )
            for code in PRIORITY_NAMES
        ]
        rows += [
            make(
                key=f"step:resolve:{code.name}",
                title=_tr("Resolve as {0}").format(code.words or code.name.replace("_", " ")),
                icon="check",
                run=partial(self._host.resolve_as, code.name),
            )
            for code in self._outcomes
        ]
        take_over = partial(self._assign, ids)
        to_team = partial(self._move_to_team, ids)
        label = partial(self._add_tag, ids)
        into = partial(self._merge, ids)
        for key, title, icon, step in (
            ("assign", _tr("Assign to ..."), "user-plus",
             Step(_tr("Assign to"), _people, take_over)),
            ("team", _tr("Move to team ..."), "users",
             Step(_tr("Move to team"), partial(_names, "team"), to_team)),
            ("tag", _tr("Tag with ..."), "hash", Step(_tr("Tag with"), _tags, label)),
            ("merge", _tr("Merge into ..."), "git-merge",
             Step(_tr("Merge into"), partial(_others, set(ids)), into)),
        ):  # fmt: skip
            rows.append(make(key=f"step:{key}", title=title, icon=icon, step=step))
        return rows

    def _set_priority(self, ids: list[EntityId], code: str) -> None:
        def act(desk: Desk) -> object:
            impact, urgency = desk.rules.matrix.default_cell(code)
            return incidents.edit(desk, ids, {"impact": impact, "urgency": urgency})

        self._bench.write(act)

    def _assign(self, ids: list[EntityId], name: str) -> None:
        self._bench.write(lambda desk: moves.assign(desk, ids, name))

    def _move_to_team(self, ids: list[EntityId], name: str) -> None:
        reason = _tr("Moved from the palette")
        self._bench.write(lambda desk: moves.assign(desk, ids, None, team=name, reason=reason))

    def _add_tag(self, ids: list[EntityId], name: str) -> None:
        self._bench.write(lambda desk: incidents.tag(desk, ids, add=[name]))

    def _merge(self, ids: list[EntityId], into: EntityId) -> None:
        self._bench.write(lambda desk: raising.merge(desk, ids, into))

    # --- from the store --------------------------------------------------------------------------

    def asks(self, text: str) -> Callable[[Desk], Found]:
        """Return the question for the reader lane: incidents, people, categories of a text."""
        bench, host = self._bench, self._host
        wanted = text.lstrip(">@#:").strip()
        folded = fold(wanted)
        sign = text[:1] if text[:1] in {"@", "#"} else ""

        def ask(desk: Desk) -> Found:
            found_incidents: list[Row] = []
            found_people: list[Row] = []
            categories: list[Row] = []
            if wanted and sign != "@":
                for one in inspecting.found(desk, wanted, _INCIDENTS):
                    status = status_word(one.status)
                    title = f"{one.number}  {one.title}"
                    hit = match(title, folded)
                    found_incidents.append(
                        Row(
                            f"incident:{one.number}",
                            _tr("Incidents"),
                            title,
                            "hash",
                            partial(bench.open_incident, EntityId(one.id), reveal=True),
                            aside=f"{status} \u00b7 {one.priority}",
                            spots=hit.spots if hit is not None else (),
                            incident=EntityId(one.id),
                        )
                    )
            if sign == "@" or (wanted and not sign):
                limit = _OFFERED if sign else _PEOPLE
                found_people = [
                    _person(person.name, person.data, folded, host)
                    for person in browsing.names(desk, "person", wanted, limit)
                ]
            if wanted and sign == "#":
                categories = [
                    _category(item.name, folded, host)
                    for item in browsing.names(desk, "category", wanted, _PEOPLE)
                ]
            return Found(text, found_incidents, found_people, categories)

        return ask


def _person(name: str, data: dict[str, object], folded: str, host: Host) -> Row:
    hit = match(name, folded)
    facts = [str(data.get(key) or "") for key in ("department", "location", "phone")]
    return Row(
        f"person:{name}",
        _tr("People"),
        name,
        "user",
        partial(host.show_filter, f'requester:"{name}"'),
        aside=" \u00b7 ".join(fact for fact in facts if fact),
        spots=hit.spots if hit is not None else (),
    )


def _category(name: str, folded: str, host: Host) -> Row:
    hit = match(name, folded)
    return Row(
        f"category:{name}",
        _tr("Categories"),
        name,
        "tag",
        partial(host.show_filter, f'category:"{name}"'),
        aside=_tr("Category"),
        spots=hit.spots if hit is not None else (),
    )


# --- what steps offer ----------------------------------------------------------------------------


def _people(desk: Desk, text: str) -> list[Choice]:
    return [
        Choice(one.name, one.name, str(one.data.get("team") or one.data.get("department") or ""))
        for one in browsing.names(desk, "person", text, _OFFERED)
    ]


def _names(kind: str, desk: Desk, text: str) -> list[Choice]:
    return [Choice(one.name, one.name) for one in browsing.names(desk, kind, text, _OFFERED)]


def _tags(desk: Desk, text: str) -> list[Choice]:
    known = _names("tag", desk, text)
    wanted = text.strip()
    if wanted and fold(wanted) not in {fold(one.title) for one in known}:
        known.append(Choice(wanted, wanted, _tr("new")))
    return known


def _others(ids: set[EntityId], desk: Desk, text: str) -> list[Choice]:
    found = inspecting.found(desk, text, _OFFERED) if text.strip() else []
    return [
        Choice(f"{one.number}  {one.title}", EntityId(one.id), status_word(one.status))
        for one in found
        if one.id not in ids
    ]


_tr = partial(QCoreApplication.translate, "Palette")
