"""A shared profile in a real window: news of others are told, and a share that is away is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.incident_record import IncidentDraft
from app.domain.notification import SyncWatch
from app.services import browsing, logging_incidents, moves, notifying, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.end2end.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real_window


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


@pytest.fixture
def team(tmp_path: Path, hub: Path) -> Iterator[tuple[Desk, Desk]]:
    ana, jon = (
        open_desk(Profile(tmp_path / name), SystemClock(), login=person)
        for name, person in (("ana", "Ana Ruiz"), ("jon", "Jon Park"))
    )
    quick_logging.log_lines(ana, ["here before"])
    sharing.create(ana, str(hub))
    sharing.join(jon, str(hub))
    sharing.sync(ana)
    notifying.look(ana, SyncWatch())  # as an earlier run of the window does
    yield ana, jon
    for one in (ana, jon):
        one.close()


def test_what_jon_assigns_at_his_workstation_is_told_and_opened_from_the_bell(
    display: str, team: tuple[Desk, Desk]
) -> None:
    ana, jon = team
    with running(display, ana.profile.directory) as window:
        window.wait_for("list_shown")
        window.to_front()
        changes = logging_incidents.log(jon, IncidentDraft(title="switch off"))
        moves.assign(jon, changes.ids["incident"], "Ana Ruiz")
        sharing.sync(jon)
        window.wait_for("notified", kinds=["assigned"])
        window.key("ctrl+k")
        window.type("notifications")
        window.key("Return")
        window.key("Return")
        window.wait_for("incident_shown", number=changes.number)


def test_the_window_opens_on_its_local_copy_while_the_share_is_away(
    display: str, team: tuple[Desk, Desk], hub: Path
) -> None:
    ana, jon = team
    hub.rename(hub.with_name("gone"))
    with running(display, ana.profile.directory) as window:
        window.wait_for("list_shown", total=1)
        window.to_front()
        window.type("written without the share")
        window.key("Return")
        window.wait_for("list_shown", total=2)
        hub.with_name("gone").rename(hub)
        window.key("F5")
        for _ in range(40):
            sharing.sync(jon)
            if len(quick_titles(jon)) == 2:
                break
            window.xdotool("sleep", "0.5")
        assert "written without the share" in quick_titles(jon)


def quick_titles(desk: Desk) -> set[str]:
    return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}
