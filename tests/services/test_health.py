"""What is to be known of sharing: what is wrong now, what happened and when."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import HubError
from app.services import auditing, browsing, health, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.services.health import HealthNote
from app.storage import exchange_rows
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.sharing.health_words import ADVICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
APP = Path(__file__).resolve().parents[2] / "app"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(name: str, now: datetime = NOW, *, logs: bool = True) -> Desk:
        made.append(open_desk(Profile(tmp_path / name), PinnedClock(now), person=name))
        if logs:
            quick_logging.log_lines(made[-1], [f"from {name}"])
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_nothing_is_told_of_a_profile_in_step(opened: Callable[..., Desk], tmp_path: Path) -> None:
    ana = opened("Ana")
    assert health.notes(ana) == []
    sharing.create(ana, str(tmp_path / "share"))
    assert health.notes(ana) == []


def test_what_is_wrong_now_stands_first(opened: Callable[..., Desk], tmp_path: Path) -> None:
    share = tmp_path / "share"
    ana, late = opened("Ana"), opened("Jon", NOW.replace(hour=11), logs=False)
    sharing.create(ana, str(share))
    sharing.join(late, str(share))
    quick_logging.log_lines(late, ["from an hour that has not come"])
    sharing.sync(late)
    sharing.sync(ana)
    (clock,) = health.notes(ana)
    assert re.fullmatch(r"The clock of station Jon on .* is 1(19|20) min off", clock.text)
    assert (clock.kind, clock.at) == ("clock", NOW)
    share.rename(tmp_path / "unplugged")
    quick_logging.log_lines(ana, ["one more"])
    sharing.sync(ana)
    away, same = health.notes(ana)
    assert (away.kind, away.text) == ("offline", "Offline, 1 change waiting")
    assert same == clock


def test_a_number_that_was_settled_is_told_of_and_breaks_nothing(
    opened: Callable[..., Desk], tmp_path: Path
) -> None:
    share = str(tmp_path / "share")
    ana, jon = opened("Ana"), opened("Jon")  # both gave out INC-000001 before they met
    sharing.create(ana, share)
    sharing.join(jon, share)
    sharing.sync(ana)
    for desk in (ana, jon):
        (note,) = [note for note in health.notes(desk) if note.kind == "number"]
        assert note.text.startswith("INC-000001 was handed out twice")
        bad = [one for one in auditing.check(desk)["checks"] if not one["ok"]]
        assert bad == []


def test_a_note_that_was_read_is_forgotten_and_a_cause_is_not(
    opened: Callable[..., Desk], tmp_path: Path
) -> None:
    ana = opened("Ana")
    share = tmp_path / "share"
    sharing.create(ana, str(share))
    shutil.rmtree(share / "st")
    (share / "st").mkdir()
    sharing.sync(ana)
    assert sharing.standing(ana).notes == 1
    (note,) = health.notes(ana)
    assert re.fullmatch(r"The shared folder was restored; published \d+ again", note.text)
    damaged = HealthNote("damaged", "x cannot be used", NOW)
    assert not health.dismiss(ana, damaged)
    assert health.dismiss(ana, note)
    assert health.notes(ana) == []
    assert sharing.standing(ana).notes == 0


def test_a_wiped_place_is_told_and_filled_again(
    opened: Callable[..., Desk], tmp_path: Path
) -> None:
    ana, share = opened("Ana"), tmp_path / "share"
    sharing.create(ana, str(share))
    shutil.rmtree(share)
    share.mkdir()
    with pytest.raises(HubError) as caught:
        sharing.sync(ana)
    (note,) = health.notes(ana, caught.value)
    assert (note.kind, note.text) == ("hub_wiped", caught.value.message)
    (later,) = health.notes(ana)
    assert (later.kind, later.text) == ("hub_wiped", health.STOPPED)
    health.publish_again(ana)
    assert health.notes(ana) == []
    jon = opened("Jon")
    sharing.join(jon, str(share))
    titles = {row.title for row in browsing.rows(jon, browsing.ids_in(jon, ""))}
    assert titles == {"from Ana", "from Jon"}


def test_nobody_publishes_again_where_nothing_is_shared(opened: Callable[..., Desk]) -> None:
    with pytest.raises(HubError, match="shares with nobody"):
        health.publish_again(opened("Ana"))


def test_each_kind_that_the_program_tells_of_has_its_advice() -> None:
    told = set()
    for file in [*(APP / "sync").glob("*.py"), *(APP / "services").glob("*.py")]:
        told |= set(re.findall(r"(?:site|self)\.say\(\s*\"(\w+)\"", file.read_text()))
    assert {"copied", "restored", "clock", "damaged", "epoch", "repaired", "snapshot"} <= told
    told |= {"number", "offline", "hub_full", "hub_refused", "newer", "wrong_hub", "hub_wiped"}
    told |= {"hub_label_lost", "waiting_for_approval", "mailbox", "reports", "listener"}
    assert told == set(ADVICE)
    assert told - health.PAST - {"damaged"} == {
        "offline", "hub_full", "hub_refused", "newer", "wrong_hub", "hub_wiped",
        "hub_label_lost", "waiting_for_approval", "mailbox", "reports", "listener",
    }  # fmt: skip


def test_the_newest_note_stands_first(opened: Callable[..., Desk]) -> None:
    ana = opened("Ana")
    for at, text in ((1_000, "first"), (2_000, "second")):
        exchange_rows.say(ana.connection, exchange_rows.Note("restored", bytes(16), text, at))
    assert [note.text for note in health.notes(ana)] == ["second", "first"]
