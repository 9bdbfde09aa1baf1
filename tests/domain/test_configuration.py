"""The whole configuration: defaults, merging, names that must lead somewhere, data and back."""

from __future__ import annotations

import json

import pytest

from app.domain.calendar import Calendar
from app.domain.category import Category
from app.domain.checklist import Checklist
from app.domain.configuration import Configuration, calendar_from_data, read_item
from app.domain.custom_field import CustomField
from app.domain.default_configuration import default_configuration, default_settings
from app.domain.errors import InvalidInputError
from app.domain.people import Person, Team
from app.domain.service import ConfigurationItem, Location
from app.domain.settings import SETTINGS
from app.domain.sla import target_seconds
from app.domain.target import Target


@pytest.fixture(scope="module")
def default() -> Configuration:
    """Give the configuration of a new store in London."""
    return default_configuration("Europe/London")


def test_the_default_has_a_target_for_every_priority_and_clock(default: Configuration) -> None:
    seconds = {}
    for target in default.of(Target):
        calendar = default.calendar(target.calendar)
        assert calendar is not None
        seconds[target.name] = target_seconds(target.target, calendar)
    hour = 3600
    assert seconds == {
        "P1 response": hour // 4,
        "P1 resolution": 4 * hour,
        "P2 response": hour,
        "P2 resolution": 8 * hour,
        "P3 response": 4 * hour,
        "P3 resolution": 24 * hour,
        "P4 response": 8 * hour,
        "P4 resolution": 40 * hour,
    }


def test_the_default_names_lead_somewhere_and_are_each_there_once(default: Configuration) -> None:
    default.check_references()
    keys = [(item.kind, item.key) for item in default.items]
    assert len(keys) == len(set(keys))
    assert default.find(Category, "Network/VPN") is not None
    assert default.find(Team, "desk") is not None
    assert default.find(Checklist, "closure") is not None
    assert len(default.of(Category)) >= 25


def test_every_branch_of_the_default_tree_has_an_entry(default: Configuration) -> None:
    for category in default.of(Category):
        parent = category.path.rpartition("/")[0]
        assert not parent or default.find(Category, parent) is not None


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Mars"):
        default_configuration("Mars/Base")


def test_entries_make_the_same_configuration_again(default: Configuration) -> None:
    changed = default.merged(Configuration(settings={"sla.warn_percent": 60}))
    entries = json.loads(json.dumps(list(changed.entries())))
    again = Configuration.from_entries(entries, changed.settings)
    assert set(again.items) == set(changed.items)
    assert again.calendars == changed.calendars
    assert again.setting("sla.warn_percent") == 60


def test_what_a_change_names_is_replaced_and_the_rest_kept(default: Configuration) -> None:
    faster = Target.from_data(
        "", {"priority": "P2", "clock": "resolution", "target": "4h", "calendar": "24x7"}
    )
    merged = default.merged(Configuration(items=(faster, Team.named("DESK"), Team.named("Field"))))
    assert merged.find(Target, "P2 resolution") == faster
    assert len(merged.of(Target)) == len(default.of(Target))
    assert [team.name for team in merged.of(Team)] == ["DESK", "Field"]
    assert default.find(Target, "P2 resolution") != faster


def test_a_calendar_is_replaced_by_name(default: Configuration) -> None:
    shorter = Calendar.from_json(
        {"name": "office hours", "zone": "Europe/London", "open": {"mon": ["10:00-12:00"]}}
    )
    merged = default.merged(Configuration(calendars=(shorter,)))
    assert merged.calendar("Office hours") == shorter
    assert len(merged.calendars) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            Configuration(items=(Person.from_data("Nina", {"team": "Dsk"}),)),
            ('"Nina"', "team", '"Dsk"', 'Did you mean "Desk"?', "[[team]]"),
        ),
        (
            Configuration(items=(Category.from_data("hr", {"checklist": "Close"}),)),
            ('"hr"', "checklist", '"Close"', "[[checklist]]"),
        ),
        (
            Configuration(items=(ConfigurationItem.from_data("SW", {"service": "LAN"}),)),
            ('"SW"', "service", '"LAN"', "[[service]]"),
        ),
        (
            Configuration(settings={"sla.default_calendar": "Office hour"}),
            ("sla.default_calendar", 'Did you mean "Office hours"?'),
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(
    default: Configuration, changes: Configuration, words: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        default.merged(changes)
    for word in words:
        assert word in refusal.value.message


def test_names_may_lead_to_what_the_same_change_brings(default: Configuration) -> None:
    changes = Configuration(
        items=(
            Person.from_data("Nina", {"team": "field team", "location": "Depot/Bay 2"}),
            Team.named("Field team"),
        )
    )
    merged = default.merged(changes)
    assert merged.find(Location, "depot/bay 2") is not None


def test_a_field_may_belong_to_a_branch_without_an_entry_of_its_own(default: Configuration) -> None:
    changes = Configuration(
        items=(
            Category.named("vehicles/van"),
            CustomField.from_data("Plate", {"category": "vehicles"}),
        )
    )
    assert default.merged(changes).find(CustomField, "plate") is not None


def test_a_name_that_was_lost_earlier_does_not_block_another_change() -> None:
    broken = Configuration(items=(Person.from_data("Nina", {"team": "Gone"}),))
    merged = broken.merged(Configuration(items=(Team.named("Desk"),)))
    assert merged.find(Team, "Desk") is not None


@pytest.mark.parametrize(
    "data",
    [
        {"zone": "UTC"},
        {"zone": "UTC", "open": {}},
        {"zone": "UTC", "open": {"mon": 9}},
        {"zone": "UTC", "open": ["09:00-17:00"]},
        {"zone": "UTC", "always": True, "holidays": 5},
        {"open": {"mon": ["09:00-17:00"]}},
    ],
)
def test_a_calendar_that_cannot_be_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        calendar_from_data("L", data)


def test_an_unknown_kind_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInputError, match='Did you mean "person"'):
        read_item("persn", "Nina", {})


def test_the_default_settings_are_those_of_the_team() -> None:
    assert set(default_settings()) <= set(SETTINGS)
    assert "appearance.theme" not in default_settings()
