"""Fetching mail by the team's lease: off, elsewhere, failed and mended, joined when done twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, MailAwayError, StoreError
from app.services import (
    browsing,
    collecting,
    configuration,
    health,
    lease,
    mail_intake,
    mail_twins,
    mailbox_settings,
    undoing,
)
from app.services.collecting import OFF, Collected, Collector
from app.services.desk import open_desk
from tests.services.test_lease import Team, exchange, team
from tests.services.test_mail_intake import count, mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.intake import mailbox
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

__all__ = ["team"]


class Box:
    """Stands for the mailbox on a server: mails leave it when they were taken in."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.error: Exception | None = None
        self.asked = 0

    def fetch(
        self, server: mailbox.MailboxServer, take: Callable[[str, bytes], None], **told: Any
    ) -> int:
        self.asked += 1
        if self.error is not None:
            raise self.error
        given = self.mails[: told["most"]]
        for content in given:
            take(f"{server.user}:1", content)
            self.mails.remove(content)
        return len(given)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    made = Box()
    monkeypatch.setattr("app.intake.mailbox.fetch", made.fetch)
    kept: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", kept.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", kept.get)
    return made


def switch_on(desk: Desk) -> None:
    configuration.set_setting(desk, "incoming.server", "imap.example.org")
    configuration.set_setting(desk, "incoming.user", "desk")
    configuration.set_setting(desk, "incoming.address", "help@example.org")
    configuration.set_setting(desk, "incoming.fetch_here", value=True)
    mailbox_settings.set_password(desk, "open sesame")


def collect(desk: Desk) -> Collected:
    """Look at the first mailbox that is wanted, as the thread does."""
    wanted = mailbox_settings.wanted(desk)
    return collecting.collect(desk, wanted[0]) if wanted else Collected(OFF)


def test_nothing_is_fetched_until_it_is_switched_on(desk: Desk, box: Box) -> None:
    configuration.set_setting(desk, "incoming.server", "imap.example.org")
    assert collect(desk).state == collecting.OFF
    assert box.asked == 0


def test_new_mails_become_incidents_and_no_undo_of_a_person_takes_them_back(
    desk: Desk, box: Box
) -> None:
    switch_on(desk)
    box.mails = [mail(), mail(message_id="<2@x>", sender="help@example.org")]

    done = collect(desk)

    assert (done.state, [one.action for one in done.taken]) == ("fetched", ["opened", "ignored"])
    undoing.undo(desk)  # what this person did last: a setting
    assert count(desk) == 1


def test_a_failure_is_a_health_note_until_fetching_works_again(
    desk: Desk, box: Box, clock: PinnedClock
) -> None:
    switch_on(desk)
    box.error = MailAwayError("The mailbox cannot be reached.")

    reason = "The mailbox cannot be reached."
    assert collect(desk) == Collected("failed", reason, mailbox="help@example.org")
    clock.set(clock.now() + timedelta(minutes=5))
    collect(desk)

    (note,) = health.notes(desk)
    assert (note.kind, note.text) == ("mailbox", "The mailbox cannot be reached.")
    assert note.at == clock.now() - timedelta(minutes=5)
    box.error = None
    collect(desk)
    assert health.notes(desk) == []


def test_a_missing_password_is_said_with_what_to_do(desk: Desk, box: Box) -> None:
    switch_on(desk)
    configuration.set_setting(desk, "incoming.user", "other")
    done = collect(desk)
    assert done.state == "failed"
    assert "no password for other at imap.example.org. Type it" in done.text
    assert box.asked == 0


def test_a_profile_that_cannot_be_written_is_no_trouble_of_the_mailbox(
    desk: Desk, box: Box
) -> None:
    switch_on(desk)
    box.error = StoreError("The disk is full.", code="disk_full")
    with pytest.raises(StoreError):
        collect(desk)
    assert health.notes(desk) == []


def test_only_the_holder_of_the_lease_fetches(team: Team, box: Box) -> None:
    first, second, clock = team
    switch_on(first)
    exchange(first, second)
    switch_on(second)
    collect(first)
    exchange(first, second)
    box.mails = [mail()]

    told = collect(second)
    assert (told.state, bool(told.text), box.asked) == ("elsewhere", True, 0)
    assert collect(first).state == "fetched"

    clock.set(clock.now() + timedelta(seconds=lease.TERM_S))
    collect(second)
    exchange(second, first)
    assert collect(second).state == "fetched"
    assert collect(first).state == "elsewhere"


def test_switching_it_off_lets_another_station_begin_at_once(team: Team, box: Box) -> None:
    first, second, clock = team
    switch_on(first)
    exchange(first, second)
    switch_on(second)
    collect(first)
    exchange(first, second)
    configuration.set_setting(first, "incoming.fetch_here", value=False)
    told: list[Collected] = []
    off = threading.Event()
    thread = Collector(
        lambda: open_desk(first.profile, clock), lambda one: (told.append(one), off.set())
    )
    thread.start()
    assert off.wait(60)
    assert thread.stop(20)
    assert [one.state for one in told] == [OFF]
    exchange(first, second)
    collect(second)
    exchange(second)
    assert collect(second).state == "fetched"


def test_a_mail_that_two_stations_took_in_parallel_is_one_incident(team: Team) -> None:
    first, second, _ = team
    for desk in (first, second):
        mail_intake.take_in(desk, mail(), "box")
    exchange(first, second)
    assert count(first) == 2

    assert mail_twins.join_twins(first) == 1
    exchange(first, second)
    assert mail_twins.join_twins(second) == 0

    for desk in (first, second):
        again = mail_intake.take_in(desk, mail(), "box")
        assert again.action == "ignored"
        live = [
            number
            for (number,) in desk.connection.execute(
                "SELECT number FROM incident WHERE merged_into IS NULL"
            )
        ]
        assert len(live) == 1
        answer = mail("More.", message_id="<2@x>", in_reply_to="<one@example.org>")
        if desk is first:
            assert mail_intake.take_in(desk, answer, "box").number == live[0]


def test_a_mailbox_is_called_by_its_address(desk: Desk, box: Box) -> None:
    assert box.asked == 0
    with pytest.raises(InvalidInputError, match="none is named"):
        mailbox_settings.find(desk, ["help@example.org"])
    switch_on(desk)
    (found,) = mailbox_settings.find(desk, ["Help@example.org", "desk", "imap.example.org"])
    assert (found.is_first, found.shown) == (True, "help@example.org")
    with pytest.raises(InvalidInputError, match=r"no mailbox.*Known: help@example\.org"):
        mailbox_settings.find(desk, ["sales@example.org"])


def test_the_thread_fetches_wakes_and_ends(desk: Desk, box: Box, clock: PinnedClock) -> None:
    switch_on(desk)
    box.mails = [mail(message_id=f"<{n}@x>") for n in range(collecting.AT_ONCE + 1)]
    told: list[Collected] = []
    done = threading.Event()

    def hear(one: Collected) -> None:
        told.append(one)
        if not box.mails:
            done.set()

    collector = Collector(lambda: open_desk(desk.profile, clock), hear)
    collector.start()
    assert done.wait(60)
    assert [len(one.taken) for one in told] == [collecting.AT_ONCE, 1]
    done.clear()
    box.mails = [mail(message_id="<late@x>")]
    collector.wake()
    assert done.wait(60)
    assert collector.stop(10)
    assert count(desk) == collecting.AT_ONCE + 2
    assert browsing.incident(desk, "1").number == "INC-000001"
