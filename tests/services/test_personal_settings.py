"""A person's settings: one answer each, the same in every lane, and taken at the next start."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.settings import SETTINGS
from app.services import configuration, quick_logging, settings
from app.services.desk import Desk, follow_own_choices, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def opened(folder: Path, **more: str) -> Desk:
    return open_desk(Profile(folder / "profile"), CLOCK, login="ana", **more)


def test_every_setting_has_a_value_at_once(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    values = settings.all_settings(desk)
    assert values.keys() == SETTINGS.keys()
    for key in SETTINGS:
        assert values[key] == configuration.get_setting(desk, key), key


def test_the_own_name_is_who_acts_in_this_and_other_lanes(tmp_path: Path) -> None:
    desk, other_lane = opened(tmp_path), opened(tmp_path)
    assert desk.person.name == "ana"
    configuration.set_setting(desk, "me.name", "Ana Ruiz")
    follow_own_choices(other_lane)
    assert desk.person == other_lane.person
    assert other_lane.person.name == "Ana Ruiz"
    assert opened(tmp_path).person.name == "Ana Ruiz"
    configuration.reset_setting(desk, "me.name")
    assert configuration.get_setting(desk, "me.name") == "ana"


def test_a_person_named_for_one_run_stays_until_somebody_says_otherwise(tmp_path: Path) -> None:
    opened(tmp_path)
    desk = opened(tmp_path, person="Mia Stone")
    follow_own_choices(desk)
    assert desk.person.name == "Mia Stone"
    assert opened(tmp_path).person.name == "ana"


def test_the_own_zone_is_taken_at_once_and_at_the_next_start(tmp_path: Path) -> None:
    desk = opened(tmp_path, zone="Europe/Madrid")
    configuration.set_setting(desk, "me.zone", "Asia/Tokyo")
    assert desk.store.zone == "Asia/Tokyo"
    assert opened(tmp_path, zone="Europe/Madrid").store.zone == "Asia/Tokyo"
    assert opened(tmp_path, zone="Europe/Madrid", run_zone="UTC").store.zone == "UTC"
    configuration.reset_setting(desk, "me.zone")
    assert desk.store.zone == "Europe/Madrid"


def test_what_a_newer_program_stored_is_passed_over(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    with desk.store.database.atomic("IMMEDIATE"):
        desk.store.set_local("setting:appearance.theme", '"mauve"')
        desk.store.set_local("setting:of.the_future", "1")
    values = settings.all_settings(desk)
    assert values["appearance.theme"] == "system"
    assert "of.the_future" not in values


def test_a_refused_value_leaves_the_one_before(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    with pytest.raises(InvalidInputError, match="IANA"):
        configuration.set_setting(desk, "me.zone", "Narnia/Lamppost")
    assert configuration.get_setting(desk, "me.zone") == ""
    assert quick_logging.log_lines(desk, ["still works"])
