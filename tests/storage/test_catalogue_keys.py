"""An item of the catalogue is found by its keys as it stands, and by those of no earlier time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import cataloguing
from app.storage import catalogue, rebuild
from tests.storage.test_remote import clock, meet, station

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk

__all__ = ["clock", "station"]


def found(desk: Desk, text: str) -> list[str]:
    return [item.name for item in catalogue.matches(desk.connection, "person", text)]


def aliases(desk: Desk) -> list[tuple[object, ...]]:
    return desk.connection.execute("SELECT * FROM catalogue_alias ORDER BY 1, 2, 3").fetchall()


def test_a_renamed_person_is_found_by_the_new_name_alone_on_every_station(
    station: Callable[[str], Desk],
) -> None:
    ana, jon = station("Ana"), station("Jon")
    nina = cataloguing.add(ana, "person", "Nina Berg", {"phone": "+44 20 7946"}).ids["person"][0]
    cataloguing.add(ana, "person", "Nina Holt", {})
    meet(ana, jon)
    assert found(jon, "nina") == ["Nina Berg", "Nina Holt"]

    cataloguing.change(ana, "person", nina, {"name": "Kim Berg", "phone": ""})
    meet(ana, jon)

    for desk in (ana, jon):
        assert found(desk, "nina") == ["Nina Holt"]
        assert found(desk, "7946") == []
        assert found(desk, "berg") == found(desk, "kim") == ["Kim Berg"]
    kept = aliases(ana)
    rebuild.rebuild(ana.store)
    assert aliases(ana) == kept
