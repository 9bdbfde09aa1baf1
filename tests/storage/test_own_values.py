"""Values of the team's own fields are read for a whole page, by the type of each field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.domain.listing import ListQuery
from app.services import browsing, cataloguing, incidents, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.listing import OwnValue

FIELDS = {"Note": "text", "Floor": "number", "Loaner": "yes_no", "Back": "date"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")
    for name, kind in FIELDS.items():
        cataloguing.add(desk, "custom_field", name, {"type": kind})
    quick_logging.log_lines(desk, ("laptop does not start", "phone rings twice"))
    return desk


def own(desk: Desk, *names: str) -> list[dict[str, OwnValue]]:
    query = ListQuery(group="", sort="number", custom=names)
    return [dict(row.custom) for row in browsing.page(desk, query, "", 0, 128)]


def put(desk: Desk, number: str, **values: object) -> None:
    incidents.edit(
        desk,
        [browsing.find(desk, number)],
        {f"custom.{name}": value for name, value in values.items()},
    )


def test_each_value_has_the_type_of_its_field(desk: Desk) -> None:
    put(desk, "1", Note="True", Floor=3, Loaner=True, Back="2026-04-17")
    put(desk, "2", Note="2026-04-17", Floor=2.5, Loaner=False)
    first, second = own(desk, *FIELDS)
    assert first == {"Note": "True", "Floor": 3, "Loaner": True, "Back": date(2026, 4, 17)}
    assert second == {"Note": "2026-04-17", "Floor": 2.5, "Loaner": False}
    assert first["Loaner"] is True
    assert isinstance(first["Floor"], int)


def test_only_the_fields_that_were_asked_for_are_read(desk: Desk) -> None:
    put(desk, "1", Note="asset 4711", Floor=3)
    assert own(desk) == [{}, {}]
    assert own(desk, "Floor") == [{"Floor": 3}, {}]
    assert own(desk, "Nobody's") == [{}, {}]


def test_a_deleted_field_has_no_values(desk: Desk) -> None:
    put(desk, "1", Note="asset 4711", Floor=3)
    note = next(one for one in cataloguing.entries(desk, "custom_field") if one.name == "Note")
    cataloguing.remove(desk, "custom_field", note.id)
    assert own(desk, "Note", "Floor") == [{"Floor": 3}, {}]


def test_a_list_carries_no_more_of_a_long_text_than_a_line_shows(desk: Desk) -> None:
    put(desk, "1", Note="x" * 100_000)
    assert own(desk, "Note") == [{"Note": "x" * 500}, {}]


def test_a_text_of_a_field_that_became_a_date_stays_a_text(desk: Desk) -> None:
    put(desk, "1", Note="next week")
    note = next(one for one in cataloguing.entries(desk, "custom_field") if one.name == "Note")
    cataloguing.change(desk, "custom_field", note.id, {"type": "date"})
    assert own(desk, "Note") == [{"Note": "next week"}, {}]
