"""An item of the catalogue is found by its keys as it stands, and by those of no earlier time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import cataloguing
from app.storage import catalogue, rebuild, remote
from tests.storage.published import pieces
from tests.storage.test_remote import clock, meet, station

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk

__all__ = ["clock", "station"]


def found(desk: Desk, text: str) -> list[str]:
    return [item.name for item in catalogue.matches(desk.connection, "person", text)]


def aliases(desk: Desk) -> list[tuple[object, ...]]:
    return desk.connection.execute("SELECT * FROM catalogue_alias ORDER BY 1, 2, 3").fetchall()


def hand_on(source: Desk, target: Desk) -> None:
    """Hand on what a station wrote itself, and nothing of others."""
    for piece in pieces(source.store, source.store.station, 0):
        remote.apply(target.store, piece)


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


def test_a_rename_that_comes_before_the_person_holds(station: Callable[[str], Desk]) -> None:
    ana, jon, kim = station("Ana"), station("Jon"), station("Kim")
    nina = cataloguing.add(ana, "person", "Nina Berg", {}).ids["person"][0]
    meet(ana, jon)
    cataloguing.change(jon, "person", nina, {"name": "Nina Holt"})

    hand_on(jon, kim)
    assert found(kim, "nina") == []
    hand_on(ana, kim)

    assert found(kim, "nina") == ["Nina Holt"]
