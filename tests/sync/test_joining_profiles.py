"""Two profiles that began by themselves and then join: no name is there twice, nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, cataloguing, moves, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import catalogue, exchange_rows
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.invariants import i2_all_stations_are_equal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    made = [
        open_desk(
            Profile(tmp_path / name),
            PinnedClock(datetime(2026, 3, hour, 9, tzinfo=UTC)),
            person=name,
        )
        for hour, name in ((9, "Ana"), (10, "Jon"))
    ]
    yield made[0], made[1]
    for one in made:
        one.close()


def doubles(desk: Desk) -> list[object]:
    return list(
        desk.connection.execute(
            "SELECT kind, folded, count(*) FROM catalogue_item WHERE deleted = 0 "
            "GROUP BY kind, folded HAVING count(*) > 1"
        )
    )


def test_names_that_both_had_are_one(two: tuple[Desk, Desk], tmp_path: Path) -> None:
    for one in two:
        quick_logging.log_lines(
            one, [f"printer of {one.person.name} #hardware/printer @Maria to:Mia"]
        )
        for kind, name in (("team", "Field"), ("service", "Mail"), ("category", "Cloud/VPN")):
            cataloguing.add(one, kind, name, {})
    hub = str(tmp_path / "hub")
    sharing.create(two[0], hub)
    sharing.join(two[1], hub)
    for _ in range(2):
        for one in two:
            sharing.sync(one)
    assert i2_all_stations_are_equal([one.connection for one in two]) == ""
    for one in two:
        assert doubles(one) == []
        assert one.connection.execute("SELECT count(*) FROM incident").get == 2
        people = one.connection.execute(
            "SELECT count(DISTINCT requester), count(DISTINCT assignee) FROM incident"
        ).get
        assert people in {(1, 1), (1, 0)}
        assert len({row[0] for row in one.connection.execute("SELECT number FROM incident")}) == 2
        texts = [note.text for note in exchange_rows.notes(one.connection)]
        other = one.connection.execute(
            "SELECT number FROM incident WHERE number LIKE 'INC-000001-%'"
        ).get
        assert [text for text in texts if "handed out twice" in text] == [
            "INC-000001 was handed out twice, by two workstations before they shared. Both "
            f"incidents are kept: one of them is {other} from now on, and INC-000001 finds both."
        ]


def test_a_name_given_by_renaming_and_by_making_is_offered_once(
    two: tuple[Desk, Desk], tmp_path: Path
) -> None:
    ana, jon = two
    cataloguing.add(ana, "team", "Field", {})
    uid = catalogue.item_id("team", "Field")
    cataloguing.change(ana, "team", uid, {"name": "Site"})
    cataloguing.add(jon, "team", "Site", {})
    quick_logging.log_lines(ana, ["in the field"])
    quick_logging.log_lines(jon, ["on the site"])
    for one, team in ((ana, "Site"), (jon, "Site")):
        (incident,) = browsing.ids_in(one, "")
        moves.assign(one, [incident], None, team=team)
    hub = str(tmp_path / "hub")
    sharing.create(ana, hub)
    sharing.join(jon, hub)
    for _ in range(2):
        for one in two:
            sharing.sync(one)
    for one in two:
        assert [entry.name for entry in cataloguing.entries(one, "team")].count("Site") == 1
        assert [item.name for item in catalogue.matches(one.connection, "team", "si")] == ["Site"]
        assert len(browsing.ids_in(one, "team:Site")) == 2
