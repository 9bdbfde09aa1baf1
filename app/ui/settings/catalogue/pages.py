"""The pages of the catalogue: which kinds there are, their fields, and what each field offers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from PySide6.QtCore import QCoreApplication

from app.domain.custom_field import FIELD_TYPES
from app.domain.instants import format_duration
from app.domain.priority import PRIORITIES, priority_label
from app.domain.setting import Section
from app.domain.target import CLOCKS
from app.services import cataloguing
from app.ui.incidents.cells import level_word
from app.ui.settings.catalogue.check_page import checks
from app.ui.settings.catalogue.code_pages import cause_classes, fix_types, outcomes
from app.ui.settings.catalogue.field_editors import ChoiceField, FlagField, ListField, TextField
from app.ui.settings.catalogue.mailbox_page import mailboxes
from app.ui.settings.catalogue.page import CataloguePage, FieldSpec, Listing, PageSpec
from app.ui.settings.catalogue.steps_field import StepsField
from app.ui.settings.catalogue.week_field import WeekField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from app.services.cataloguing import Entry
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_tr = partial(QCoreApplication.translate, "CataloguePages")
_WEEK = ("mon", "tue", "wed", "thu", "fri")


def catalogue_pages(bench: Workbench) -> list[CataloguePage]:
    """Return the pages in the order in which the settings show them."""
    makers = (
        _people,
        _teams,
        _targets,
        _calendars,
        _categories,
        _services,
        _configuration_items,
        _locations,
        _custom_fields,
        _checklists,
        checks,
        mailboxes,
        outcomes,
        fix_types,
        cause_classes,
    )
    return [CataloguePage(bench, make()) for make in makers]


# --- people and places ----------------------------------------------------------------------------


def _people() -> PageSpec:
    return PageSpec(
        "person",
        Section.TEAM_AND_SLA,
        _tr("People"),
        _tr("person"),
        _tr("Who calls, who works on incidents and who is told of them."),
        (
            _name(),
            FieldSpec("login", _tr("Login"), TextField),
            FieldSpec("mail", _tr("Mail"), TextField),
            FieldSpec("phone", _tr("Phone"), TextField),
            FieldSpec("department", _tr("Department"), TextField, "departments"),
            FieldSpec("location", _tr("Location"), TextField, "location"),
            FieldSpec("role", _tr("Role"), TextField, "roles"),
            FieldSpec("team", _tr("Team"), _names(_tr("No team")), "team"),
        ),
        ((_tr("Team"), _said("team")), (_tr("Location"), _said("location"))),
        {
            "departments": _used("person", "department"),
            "location": _every("location"),
            "roles": _roles,
            "team": _every("team"),
        },
        watched=frozenset({"team", "location", "incident"}),
    )


def _teams() -> PageSpec:
    return PageSpec(
        "team",
        Section.TEAM_AND_SLA,
        _tr("Teams"),
        _tr("team"),
        _tr("Incidents are assigned to teams; their members are the people who name them."),
        (
            _name(),
            FieldSpec("lead", _tr("Lead"), TextField, "person"),
            FieldSpec("mail", _tr("Mail"), TextField),
        ),
        ((_tr("Lead"), _said("lead")),),
        {"person": _every("person")},
        watched=frozenset({"person", "category", "incident"}),
    )


def _locations() -> PageSpec:
    return PageSpec(
        "location",
        Section.CATEGORIES,
        _tr("Locations"),
        _tr("location"),
        _tr("Places as paths, such as HQ/Floor 2. A rename moves what lies below."),
        (_name(),),
        (),
        watched=frozenset({"person", "ci", "incident"}),
    )


# --- clocks ---------------------------------------------------------------------------------------


def _targets() -> PageSpec:
    priorities = [(priority_label(code), code) for code in PRIORITIES]
    clocks = [(clock.capitalize(), clock) for clock in CLOCKS]
    return PageSpec(
        "target",
        Section.TEAM_AND_SLA,
        _tr("SLA targets"),
        _tr("target"),
        _tr("How long the response and the resolution of each priority may take. Due times of "
            "open incidents follow at once; finished ones keep their result."),
        (
            FieldSpec("priority", _tr("Priority"), _choice(priorities)),
            FieldSpec("clock", _tr("Clock"), _choice(clocks)),
            FieldSpec("target", _tr("Target"), TextField, hint=_tr("90m, 8h, 1h30m or 2d")),
            FieldSpec("calendar", _tr("Calendar"), _names(""), "calendar"),
        ),
        ((_tr("Target"), _said("target")), (_tr("Calendar"), _said("calendar"))),
        {"calendar": _every("calendar")},
        _first_free_target,
        _target_words,
        frozenset({"calendar", "setting"}),
    )  # fmt: skip


def _first_free_target(listing: Listing) -> dict[str, Any]:
    taken = {(one.data["priority"], one.data["clock"]) for one in listing.entries}
    free = [(code, clock) for code in PRIORITIES for clock in CLOCKS if (code, clock) not in taken]
    priority, clock = free[0] if free else (PRIORITIES[0], CLOCKS[0])
    calendars = listing.names.get("calendar", [])
    return {"priority": priority, "clock": clock, "calendar": calendars[0] if calendars else ""}


def _target_words(desk: Desk, entries: list[Entry]) -> dict[bytes, dict[str, str]]:
    """Say what a target typed in days comes to (domain.md, SLA clocks)."""
    rules = desk.rules
    return {
        one.id: {"target": rules.target(one.data["priority"], one.data["clock"]).text}
        for one in entries
    }


def _calendars() -> PageSpec:
    return PageSpec(
        "calendar",
        Section.TEAM_AND_SLA,
        _tr("Calendars"),
        _tr("calendar"),
        _tr("When the team works. Clocks count open hours only; finished incidents keep the "
            "result of the calendar that they had."),
        (
            _name(),
            FieldSpec("zone", _tr("Time zone"), TextField, "zones"),
            FieldSpec("always", "", _flag(_tr("Always open (24x7)"))),
            FieldSpec("open", _tr("Open"), WeekField, hint=_tr("09:00-17:00, 22:00-06:00"),
                      shown=_is_not_always),
            FieldSpec("holidays", _tr("Holidays"), ListField, hint=_tr("one a line: 2026-12-25")),
        ),
        ((_tr("Time zone"), _said("zone")),),
        {"zones": _zones},
        _office_hours,
        _calendar_words,
        frozenset({"target", "service"}),
    )  # fmt: skip


def _is_not_always(values: Mapping[str, Any]) -> bool:
    return not values.get("always")


def _office_hours(listing: Listing) -> dict[str, Any]:
    return {"zone": listing.zone, "open": {day: ["09:00-17:00"] for day in _WEEK}}


def _calendar_words(desk: Desk, entries: list[Entry]) -> dict[bytes, dict[str, str]]:
    return {
        one.id: {
            "open": _tr("a working day is {0}").format(
                format_duration(desk.rules.calendar(one.name).working_day_s)
            )
        }
        for one in entries
    }


def _zones(_desk: Desk) -> list[str]:
    return sorted(available_timezones())


# --- what breaks ----------------------------------------------------------------------------------


def _categories() -> PageSpec:
    levels = [(_tr("From the matrix"), None), *((level_word(n), n) for n in (1, 2, 3))]
    return PageSpec(
        "category",
        Section.CATEGORIES,
        _tr("Categories"),
        _tr("category"),
        _tr("A tree of paths, such as hardware/printer. Team and checklist come from the branch "
            "above when none is chosen; words in a summary suggest the category."),
        (
            FieldSpec("name", _tr("Path"), TextField, hint=_tr("hardware/printer")),
            FieldSpec("team", _tr("Team"), _names(_tr("As the branch above")), "team"),
            FieldSpec("checklist", _tr("Checklist"), _names(_tr("As the branch above")),
                      "checklist"),
            FieldSpec("default_impact", _tr("Usual impact"), _choice(levels)),
            FieldSpec("default_urgency", _tr("Usual urgency"), _choice(levels)),
            FieldSpec("keywords", _tr("Words that suggest it"), ListField,
                      hint=_tr("one a line")),
        ),
        ((_tr("Team"), _said("team")),),
        {"team": _every("team"), "checklist": _every("checklist")},
        watched=frozenset({"team", "checklist", "custom_field", "incident"}),
    )  # fmt: skip


def _services() -> PageSpec:
    return PageSpec(
        "service",
        Section.CATEGORIES,
        _tr("Services"),
        _tr("service"),
        _tr("What users get, with its agreed hours and who owns it."),
        (
            _name(),
            FieldSpec("calendar", _tr("Agreed hours"), _names(_tr("Around the clock")),
                      "calendar"),
            FieldSpec("owner", _tr("Owner"), TextField, "owners", _tr("a person or a team")),
        ),
        ((_tr("Agreed hours"), _said("calendar")), (_tr("Owner"), _said("owner"))),
        {"calendar": _every("calendar"), "owners": _owners},
        watched=frozenset({"calendar", "person", "team", "ci", "incident"}),
    )  # fmt: skip


def _configuration_items() -> PageSpec:
    return PageSpec(
        "ci",
        Section.CATEGORIES,
        _tr("Configuration items"),
        _tr("configuration item"),
        _tr("The things that break, the services that they carry and where they stand."),
        (
            _name(),
            FieldSpec("service", _tr("Service"), _names(_tr("No service")), "service"),
            FieldSpec("location", _tr("Location"), TextField, "location"),
            FieldSpec("serial", _tr("Serial number"), TextField),
        ),
        ((_tr("Service"), _said("service")), (_tr("Location"), _said("location"))),
        {"service": _every("service"), "location": _every("location")},
        watched=frozenset({"service", "location", "incident"}),
    )


def _custom_fields() -> PageSpec:
    types = [(type_words(one), one) for one in FIELD_TYPES]
    return PageSpec(
        "custom_field",
        Section.CATEGORIES,
        _tr("Custom fields"),
        _tr("custom field"),
        _tr("Fields that the team adds to its incidents, to all or to a branch of the categories."),
        (
            _name(),
            FieldSpec("type", _tr("Type"), _choice(types)),
            FieldSpec("choices", _tr("Choices"), ListField, hint=_tr("one a line"),
                      shown=_is_choice),
            FieldSpec("category", _tr("Only in the category"), _names(_tr("All categories")),
                      "category"),
        ),
        ((_tr("Type"), _type_of), (_tr("Category"), _said("category"))),
        {"category": _every("category")},
        _text_field,
        watched=frozenset({"category", "incident"}),
    )  # fmt: skip


def _text_field(_listing: Listing) -> dict[str, Any]:
    return {"type": "text"}


def _is_choice(values: Mapping[str, Any]) -> bool:
    return values.get("type") == "choice"


def _type_of(entry: Entry) -> str:
    return type_words(str(entry.data.get("type") or "text"))


def type_words(kind: str) -> str:
    """Say what a custom field holds: "yes_no" is "Yes or no"."""
    return _tr("Yes or no") if kind == "yes_no" else kind.capitalize()


def _checklists() -> PageSpec:
    return PageSpec(
        "checklist",
        Section.CHECKLISTS,
        _tr("Closing checklists"),
        _tr("checklist"),
        _tr("Steps before an incident is closed. Categories name their checklist; without one "
            "the steps of Closure hold, and a major incident needs those of Major incident too."),
        (_name(), FieldSpec("items", _tr("Steps"), StepsField)),
        ((_tr("Steps"), _steps_of),),
        watched=frozenset({"category"}),
    )  # fmt: skip


def _steps_of(entry: Entry) -> str:
    return str(len(entry.data.get("items") or ()))


# --- parts ----------------------------------------------------------------------------------------


def _name() -> FieldSpec:
    return FieldSpec("name", _tr("Name"), TextField)


def _choice(choices: list[tuple[str, Any]]) -> Callable[[QWidget], QWidget]:
    return partial(ChoiceField, choices)


def _names(none: str) -> Callable[[QWidget], QWidget]:
    return partial(ChoiceField.of_names, none)


def _flag(words: str) -> Callable[[QWidget], QWidget]:
    return partial(FlagField, words)


def _said(field: str) -> Callable[[Entry], str]:
    def read(entry: Entry) -> str:
        return str(entry.data.get(field) or "")

    return read


def _every(kind: str) -> Callable[[Desk], list[str]]:
    def read(desk: Desk) -> list[str]:
        return cataloguing.names(desk, kind)

    return read


def _used(kind: str, field: str) -> Callable[[Desk], list[str]]:
    def read(desk: Desk) -> list[str]:
        return cataloguing.used_values(desk, kind, field)

    return read


def _roles(desk: Desk) -> list[str]:
    known = cataloguing.used_values(desk, "person", "role")
    return list(dict.fromkeys(["administrator", "reader", *known]))


def _owners(desk: Desk) -> list[str]:
    return [*cataloguing.names(desk, "team"), *cataloguing.names(desk, "person")]
