"""The window and the command line exchange for one profile at the same time: nothing is doubled."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.domain.incident_record import IncidentDraft
from app.services import auditing, browsing, logging_incidents, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.state import difference, state_of

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def opened(folder: Path, name: str) -> Desk:
    return open_desk(Profile(folder / name), CLOCK, person=name)


def test_three_exchanges_of_one_profile_at_once_are_as_one(tmp_path: Path) -> None:
    ana, jon = opened(tmp_path, "Ana"), opened(tmp_path, "Jon")
    sharing.create(ana, str(tmp_path / "hub"))
    sharing.join(jon, str(tmp_path / "hub"))
    for desk in (ana, jon):
        logging_incidents.log_many(desk, [IncidentDraft(title=f"Incident {n}") for n in range(40)])
    sharing.sync(jon)
    states: list[str] = []

    def work() -> None:
        desk = opened(tmp_path, "Ana")
        for _ in range(3):
            logging_incidents.log(desk, IncidentDraft(title="One more"))
            states.append(sharing.sync(desk)[0]["state"])
        desk.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sharing.sync(jon)

    assert states == ["in_sync"] * 9
    assert auditing.check(ana)["ok"]
    assert browsing.find_text(jon, "one more", limit=100).total == 9
    assert difference(state_of(ana.connection), state_of(jon.connection)) == ""
    assert sharing.status(ana)["health"] == sharing.status(jon)["health"] == []
