"""Who is here is a hint: told by news, whatever the clocks say, and never in the journal."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from app.domain.standing import Present
from app.storage import sharing
from app.sync import engine
from app.sync.folder_hub import FolderHub
from app.sync.hub import Presence
from app.sync.presence import EVERY_MS, Here
from app.sync.site import Site
from tests.simulation.station import NOWHERE
from tests.simulation.world import seeded
from tests.sync.test_fault_table import Two

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.station import Station
    from tests.sync.conftest import Cluster

JON, ANA, UID = bytes([1]) * 16, bytes([2]) * 16, bytes([9]) * 16
NOW, GONE = 1_000_000, 90_000


def heard(here: Here, at_ms: int, now_ms: int) -> tuple[Present, ...]:
    here.hear({JON: Presence(at_ms, "desk", "Jon", UID)}, ANA, now_ms, GONE)
    return here.present


def test_somebody_is_here_until_nothing_is_heard_for_a_while() -> None:
    here = Here()
    assert heard(here, NOW, NOW + 1_000) == (Present(JON, "Jon", UID),)
    assert heard(here, NOW, NOW + GONE - 1) == (Present(JON, "Jon", UID),)
    assert heard(here, NOW, NOW + GONE) == ()
    assert heard(here, NOW + 1, NOW + GONE) == (Present(JON, "Jon", UID),)


@pytest.mark.parametrize("skew_ms", [-86_400_000, 86_400_000])
def test_a_wrong_clock_hides_nobody_who_is_heard_of(skew_ms: int) -> None:
    here = Here()
    heard(here, NOW + skew_ms, NOW)
    assert heard(here, NOW + skew_ms + 30_000, NOW + 30_000) == (Present(JON, "Jon", UID),)
    assert heard(here, NOW + skew_ms + 30_000, NOW + 30_000 + GONE) == ()


def test_who_was_here_before_this_window_was_opened_is_not() -> None:
    assert heard(Here(), NOW - GONE, NOW) == ()


def test_the_command_line_and_oneself_are_nobody() -> None:
    here = Here()
    here.hear({JON: Presence(NOW, "desk"), ANA: Presence(NOW, "own", "Ana")}, ANA, NOW, GONE)
    assert here.present == ()


class Window:
    """A station with a window: what it says of itself lasts from exchange to exchange."""

    def __init__(self, station: Station, person: str) -> None:
        self.station, self.here = station, Here()
        self.here.person = person

    def exchange(self) -> tuple[Present, ...]:
        one = self.station
        member = sharing.membership(one.store)
        assert member is not None
        hub = FolderHub(one.view, "the share", f"{one.name}-window")
        site = Site(
            one.store, hub, NOWHERE, one.name, "1", one.chance, member, arriving=set(),
            here=self.here,
        )  # fmt: skip
        return engine.exchange(site).present


@pytest.fixture
def two() -> Iterator[Two]:
    with seeded(random.Random(5)):
        yield Two()


def rows(station: Station) -> int:
    count: int = station.store.connection.execute("SELECT count(*) FROM change").get
    return count


def test_two_windows_see_each_other_and_what_is_in_front(two: Two) -> None:
    ana, jon = Window(two.a, "Ana"), Window(two.b, "Jon")
    before = rows(two.a)
    assert ana.exchange() == ()
    (seen,) = jon.exchange()
    assert (seen.person, seen.viewing, seen.writing) == ("Ana", b"", False)
    ana.here.say(UID, writing=True)
    ana.exchange()
    (seen,) = jon.exchange()
    assert (seen.viewing, seen.writing) == (UID, True)
    two.now[0] += 3 * EVERY_MS
    assert jon.exchange() == ()
    assert rows(two.a) == before, "a hint is never journalled"


def test_a_command_beside_the_window_says_nothing_in_its_place(two: Two) -> None:
    ana, jon = Window(two.a, "Ana"), Window(two.b, "Jon")
    ana.here.say(UID)
    ana.exchange()
    two.a.exchange()
    (seen,) = jon.exchange()
    assert (seen.person, seen.viewing) == ("Ana", UID)


def test_nothing_is_written_when_nothing_is_new(two: Two) -> None:
    ana = Window(two.a, "Ana")
    ana.exchange()
    path = f"presence/{two.a.store.station.hex()}"
    before = two.share.get(path)
    two.now[0] += EVERY_MS - 1
    ana.exchange()
    assert two.share.get(path) == before
    two.now[0] += 1
    ana.exchange()
    assert two.share.get(path) != before


def test_nobody_is_here_while_the_share_is_away(two: Two) -> None:
    ana, jon = Window(two.a, "Ana"), Window(two.b, "Jon")
    ana.exchange()
    assert jon.exchange() != ()
    two.b.view.away = True
    assert jon.exchange() == ()


@pytest.mark.postgres
def test_windows_on_a_server_see_each_other(cluster: Cluster, database: str, two: Two) -> None:
    from app.storage.team_server import Address, TeamServer
    from app.sync.postgres_hub import PostgresHub

    seen = []
    for station, person in ((two.a, "Ana"), (two.b, "Jon"), (two.a, "Ana")):
        hub = PostgresHub(TeamServer(Address(cluster.url(database=database))))
        hub.found(two.team)
        member = sharing.membership(station.store)
        assert member is not None
        here = Here()
        here.person = person
        here.say(UID)
        site = Site(
            station.store, hub, NOWHERE, station.name, "1", station.chance, member,
            arriving=set(), here=here,
        )  # fmt: skip
        seen.append([(one.person, one.viewing) for one in engine.exchange(site).present])
        hub.close()
    assert seen == [[], [("Ana", UID)], [("Jon", UID)]]
