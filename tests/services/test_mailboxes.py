"""Several mailboxes of a team: each with its place, its lease, its routing; one works as before."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, MailAwayError
from app.domain.mailbox import Mailbox
from app.intake.configuration_file import read_configuration_text
from app.services import (
    browsing,
    cataloguing,
    collecting,
    configuration,
    health,
    lease,
    mail_intake,
    mailbox_settings,
)
from app.services.collecting import FAILED, FETCHED, Collected, Collector
from app.services.desk import open_desk
from tests.services.test_collecting import Box, box, switch_on
from tests.services.test_lease import Team, exchange, team
from tests.services.test_mail_intake import mail

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

__all__ = ["box", "team"]
SALES: dict[str, Any] = {
    "server": "imap.example.org", "user": "sales", "address": "sales@example.org",
    "team": "Network", "category": "hardware/printer",
}  # fmt: skip


def add(desk: Desk, name: str = "Sales", **changed: Any) -> Mailbox:
    for kind, item in (("team", "Network"), ("category", "hardware/printer")):
        configuration.put_item(desk, kind, item, {})
    configuration.put_item(desk, "mailbox", name, {**SALES, **changed})
    (found,) = [one for one in mailbox_settings.every(desk) if one.name == name]
    return found


def test_a_new_incident_gets_team_and_category_of_its_mailbox(desk: Desk, box: Box) -> None:
    switch_on(desk)
    sales = add(desk)
    mailbox_settings.set_password(desk, "secret", "Sales")
    box.mails = [mail()]

    done = collecting.collect(desk, sales)

    assert (done.state, done.mailbox) == (FETCHED, "Sales")
    found = browsing.incident(desk, done.taken[0].number)
    assert found.team is not None
    assert found.category is not None
    assert (found.team.name, found.category.name) == ("Network", "hardware/printer")
    own = mail(message_id="<2@x>", sender="sales@example.org")
    assert mail_intake.take_in(desk, own).action == "ignored"


def test_a_mail_that_was_held_is_let_in_to_its_mailbox(desk: Desk, box: Box) -> None:
    switch_on(desk)
    add(desk)
    kept = mail_intake.mail_files.read(mail(message_id="<9@x>"))
    mail_intake._kept(
        desk, kept, mail(message_id="<9@x>"), "sales@imap.example.org/INBOX:7", "held", "?", None,
        ".eml",
    )  # fmt: skip
    taken = mail_intake.let_in(desk, "<9@x>")
    team = browsing.incident(desk, taken.number).team
    assert team is not None
    assert team.name == "Network"


def test_each_mailbox_has_a_password_and_a_note_of_its_own(desk: Desk, box: Box) -> None:
    switch_on(desk)
    sales = add(desk)
    done = collecting.collect(desk, sales)
    assert done.state == FAILED
    assert "no password for sales at imap.example.org" in done.text
    assert collecting.collect(desk, mailbox_settings.first(desk)).state == FETCHED
    assert [one.text for one in health.notes(desk)] == [done.text]
    collecting.give_up(desk, sales)
    assert health.notes(desk) == []


def test_two_stations_fetch_two_mailboxes(team: Team, box: Box) -> None:
    one, other, _ = team
    switch_on(one)
    first, sales = mailbox_settings.first(one), add(one)
    mailbox_settings.set_password(one, "secret", "Sales")
    exchange(one, other)
    configuration.set_setting(other, "incoming.fetch_here", value=True)

    collecting.collect(one, first)
    collecting.collect(other, sales)
    exchange(one, other)
    exchange(one, other)

    assert collecting.collect(one, first).state == FETCHED
    assert collecting.collect(other, sales).state == FETCHED
    assert collecting.collect(other, first).state == "elsewhere"
    assert collecting.collect(one, sales).state == "elsewhere"


def test_who_lacks_the_password_lets_another_station_fetch(
    team: Team, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, _ = team
    switch_on(one)
    sales = add(one)
    assert collecting.collect(one, sales).state == FAILED
    assert lease.holder(one, mailbox_settings.lease_of(sales)) is None
    exchange(one, other)
    mailbox_settings.set_password(other, "secret", "Sales")
    collecting.collect(other, sales)
    exchange(other)
    assert collecting.collect(other, sales).state == FETCHED


def test_the_thread_looks_at_all_and_one_that_fails_keeps_no_other_waiting(
    desk: Desk, box: Box, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(desk)
    add(desk)
    mailbox_settings.set_password(desk, "secret", "Sales")
    real = box.fetch

    def fetch(server: Any, take: Any, **told: Any) -> int:
        if server.user == "desk":
            raise MailAwayError("The mailbox cannot be reached.")
        return real(server, take, **told)

    monkeypatch.setattr("app.intake.mailbox.fetch", fetch)
    box.mails = [mail()]
    told: list[Collected] = []
    both = threading.Event()

    def hear(one: Collected) -> None:
        told.append(one)
        if len(told) == 2:
            both.set()

    thread = Collector(lambda: open_desk(desk.profile, clock), hear)
    thread.start()
    assert both.wait(60)
    assert thread.stop(20)
    assert [(one.mailbox, one.state) for one in told] == [
        ("help@example.org", "failed"), ("Sales", "fetched"),
    ]  # fmt: skip


def test_each_mailbox_rests_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(collecting, "monotonic", lambda: now)
    sound, broken = Mailbox("Sound"), Mailbox("Broken")
    rounds = collecting._Round()
    assert rounds.is_due(sound)
    rounds.done(sound, Collected(FETCHED))
    pauses = []
    for _ in range(5):
        rounds.done(broken, Collected(FAILED))
        pauses.append(rounds.rest_s([broken]))
    assert pauses == [120.0, 240.0, 480.0, 600.0, 600.0]
    assert rounds.rest_s([sound, broken]) == collecting.POLL_S
    now += collecting.POLL_S
    assert (rounds.is_due(sound), rounds.is_due(broken)) == (True, False)
    rounds.hurry()
    assert rounds.is_due(broken)


def test_a_mailbox_is_called_by_what_is_only_its_own(desk: Desk) -> None:
    switch_on_names = {"incoming.server": "imap.example.org", "incoming.user": "desk"}
    for key, value in switch_on_names.items():
        configuration.set_setting(desk, key, value)
    add(desk)
    (found,) = mailbox_settings.find(desk, ["SALES@example.org"])
    assert found.name == "Sales"
    assert [one.name for one in mailbox_settings.find(desk, ["desk", "sales"])] == [
        "Mailbox", "Sales",
    ]  # fmt: skip
    with pytest.raises(InvalidInputError, match="several mailboxes"):
        mailbox_settings.find(desk, ["imap.example.org"])


def test_mailboxes_come_with_a_configuration_file_and_follow_a_rename(desk: Desk) -> None:
    text = (
        '[[team]]\nname = "Network"\n[[mailbox]]\nname = "Sales"\nserver = "imap.example.org"\n'
        'security = "starttls"\nuser = "sales"\nteam = "Network"\n'
    )
    configuration.apply(desk, read_configuration_text(text, "team.toml"))
    (found,) = mailbox_settings.every(desk)
    assert (found.port, found.folder, found.team) == (143, "INBOX", "Network")
    uid = next(one.id for one in cataloguing.entries(desk, "team") if one.name == "Network")
    cataloguing.change(desk, "team", uid, {"name": "Networks"})
    assert mailbox_settings.every(desk)[0].team == "Networks"


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ({"name": "mailbox"}, "Choose another"),
        ({"security": "rot13"}, "security cannot be"),
        ({"port": 70_000}, "port must be"),
        ({"address": "nobody"}, "name@company"),
        ({"team": "Nobody"}, "which does not exist"),
    ],
)
def test_a_mailbox_that_cannot_be_is_refused(desk: Desk, data: dict[str, Any], match: str) -> None:
    name = data.pop("name", "Sales")
    with pytest.raises(InvalidInputError, match=match):
        configuration.put_item(desk, "mailbox", name, data)
