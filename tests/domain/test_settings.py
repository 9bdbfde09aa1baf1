"""Settings: every default holds, what is typed is read, what cannot be is refused by key."""

from __future__ import annotations

import json

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.setting import Scope, Section
from app.domain.settings import (
    SETTINGS,
    personal_settings,
    setting_named,
    team_settings,
    value_of,
)


@pytest.mark.parametrize("key", SETTINGS)
def test_every_default_passes_its_own_check_and_survives_being_shown_and_typed(key: str) -> None:
    setting = SETTINGS[key]
    assert setting.check(setting.default) == setting.default
    assert setting.parse(setting.show(setting.default)) == setting.default
    assert json.loads(json.dumps(setting.default)) == setting.default


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_can_be_shown_to_people(key: str) -> None:
    setting = SETTINGS[key]
    assert setting.label
    assert setting.description.endswith(".")
    assert setting.section in Section
    assert key == key.lower()
    assert key.count(".") == 1


def test_the_stated_defaults_of_the_domain_hold() -> None:
    assert value_of({}, "matrix.rows") == [
        ["P1", "P2", "P3"],
        ["P2", "P3", "P4"],
        ["P3", "P4", "P4"],
    ]
    assert value_of({}, "pending.pausing") == ["caller", "vendor", "scheduled"]
    assert value_of({}, "reopen.window") == "7d"
    assert value_of({}, "sla.warn_percent") == 75


def test_each_setting_belongs_to_the_team_or_to_a_person() -> None:
    assert len(team_settings()) + len(personal_settings()) == len(SETTINGS)
    assert SETTINGS["matrix.rows"].scope is Scope.TEAM
    assert SETTINGS["appearance.theme"].scope is Scope.PERSONAL


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("sla.warn_percent", "80%", 80),
        ("sla.warn_percent", " 80 ", 80),
        ("appearance.theme", "DARK", "dark"),
        ("keys.single_letters", "off", False),
        ("pending.pausing", "vendor, Caller", ["caller", "vendor"]),
        ("pending.pausing", '["problem"]', ["problem"]),
        ("pending.pausing", "", []),
        ("reopen.window", "14d", "14d"),
        ("me.zone", "Europe/London", "Europe/London"),
        ("me.zone", "", ""),
        ("notifications.quiet_hours", "22:00-06:00", "22:00-06:00"),
        (
            "matrix.rows",
            '[["p1","p1","p2"],["P2","P3","P4"],["P3","P4","P4"]]',
            [["P1", "P1", "P2"], ["P2", "P3", "P4"], ["P3", "P4", "P4"]],
        ),
        ("keys.bindings", '{"resolve": "X"}', {"resolve": "X"}),
    ],
)
def test_what_is_typed_is_stored_in_its_type(key: str, typed: str, stored: object) -> None:
    assert setting_named(key).parse(typed) == stored


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("sla.warn_percent", "0"),
        ("sla.warn_percent", "much"),
        ("appearance.theme", "blue"),
        ("keys.single_letters", "perhaps"),
        ("pending.pausing", "caller, lunch"),
        ("pending.pausing", "["),
        ("reopen.window", ""),
        ("reopen.window", "a week"),
        ("me.zone", "Mars/Base"),
        ("notifications.quiet_hours", "22-6"),
        ("matrix.rows", '[["P1"]]'),
        ("matrix.rows", "7"),
        ("matrix.rows", "[1, 2, 3]"),
        ("matrix.rows", '[["P1","P2","P7"],["P2","P3","P4"],["P3","P4","P4"]]'),
        ("keys.bindings", '{"resolve": 5}'),
        ("organisation.name", "x" * 121),
    ],
)
def test_what_cannot_be_is_refused_with_the_key(key: str, typed: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        setting_named(key).parse(typed)
    assert key in refusal.value.message
    assert refusal.value.field == key


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(NotFoundError) as refusal:
        setting_named("reopen.windw")
    assert 'Did you mean "reopen.window"?' in refusal.value.message


def test_a_value_of_another_version_that_cannot_be_used_gives_way_to_the_default() -> None:
    assert value_of({"appearance.theme": "sepia"}, "appearance.theme") == "system"
    assert value_of({"sla.warn_percent": 60}, "sla.warn_percent") == 60
