"""Mails become incidents, answers land in theirs, and what a machine sent opens nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import Channel, PendingReason, Status
from app.domain.incident_record import IncidentDraft
from app.services import (
    browsing,
    cataloguing,
    configuration,
    logging_incidents,
    mail_intake,
    moves,
    redacting,
    undoing,
)
from app.services.mail_intake import IGNORED, JOINED, OPENED, QUARANTINED, Taken
from app.storage import attachments, rebuild
from app.storage.audit import snapshot
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

BODY = "The printer on floor 3 eats paper.\r\n\r\n-- \r\nNina Berg\r\nAccounts\r\n"


def mail(
    body: str = BODY, *, sender: str = "Nina Berg <nina@example.org>", **headers: str
) -> bytes:
    """Return the bytes of a mail; `message_id` and so on become headers."""
    told = {"subject": "Printer", "message_id": "<one@example.org>", **headers}
    lines = [f"From: {sender}", "To: desk@example.org", "Content-Type: text/plain; charset=utf-8"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in told.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def take(desk: Desk, **told: Any) -> Taken:
    return mail_intake.take_in(desk, mail(**told), "test.eml")


def shown(desk: Desk, taken: Taken) -> Incident:
    return browsing.incident(desk, taken.number)


def count(desk: Desk) -> int:
    found: Any = desk.connection.execute("SELECT count(*) FROM incident WHERE deleted = 0").get
    return int(found)


def waiting(desk: Desk, reason: PendingReason = PendingReason.CALLER) -> Incident:
    """Return an incident that came by mail from Nina and waits."""
    found = shown(desk, take(desk))
    moves.start(desk, [found.id])
    moves.pend(desk, [found.id], reason, MONDAY + timedelta(days=2))
    return browsing.incident(desk, found.id)


def texts(desk: Desk, found: Incident) -> str:
    return "\n".join(entry.text for entry in browsing.incident(desk, found.id).timeline)


def test_a_mail_opens_an_incident_with_its_requester_text_and_original(desk: Desk) -> None:
    taken = take(desk, date="Mon, 09 Mar 2026 08:30:00 +0000")

    found = shown(desk, taken)
    assert taken.action == OPENED
    assert (found.title, found.channel, found.status) == ("Printer", Channel.EMAIL, Status.NEW)
    assert found.requester is not None
    assert found.requester.name == "Nina Berg"
    assert found.reported_at == MONDAY - timedelta(minutes=30)
    assert found.description == (
        "The printer on floor 3 eats paper.\n\n[Signature]\n-- \nNina Berg\nAccounts"
    )
    (original,) = found.attachments
    assert attachments.read(desk.profile.attachments, original.sha256) == mail(
        date="Mon, 09 Mar 2026 08:30:00 +0000"
    )


def test_the_same_mail_twice_is_in_once(desk: Desk) -> None:
    first = take(desk)
    again = take(desk)

    assert (again.action, again.number) == (IGNORED, first.number)
    assert count(desk) == 1


def test_a_mail_without_an_id_is_known_by_its_bytes(desk: Desk) -> None:
    one, other = take(desk, message_id=""), take(desk, message_id="", body="Something else")
    assert (one.action, other.action) == (OPENED, OPENED)
    assert take(desk, message_id="").action == IGNORED


def test_a_known_address_is_the_person_whatever_the_mail_calls_them(desk: Desk) -> None:
    cataloguing.add(desk, "person", "Nina B.", {"mail": "Nina@Example.org"})
    found = shown(desk, take(desk, sender='"Somebody" <nina@example.org>'))
    assert found.requester is not None
    assert found.requester.name == "Nina B."


def test_a_stranger_with_the_name_of_a_colleague_does_not_become_them(desk: Desk) -> None:
    found = shown(desk, take(desk, sender="Ana Ruiz <ana@elsewhere.example>"))
    assert found.requester is not None
    assert found.requester.name == "Ana Ruiz (ana@elsewhere.example)"
    assert found.requester.id != desk.person.id


def test_the_answer_of_the_requester_goes_on_with_what_waits_for_it(desk: Desk) -> None:
    found = waiting(desk)

    taken = take(
        desk, message_id="<two@example.org>", references="<one@example.org>", body="Tray 2.\r\n"
    )

    assert (taken.action, taken.number) == (JOINED, found.number)
    assert browsing.incident(desk, found.id).status is Status.IN_PROGRESS
    assert "Nina Berg <nina@example.org> wrote by e-mail:\n\nTray 2." in texts(desk, found)
    assert len(browsing.incident(desk, found.id).attachments) == 2


def test_an_answer_does_not_end_the_waiting_for_somebody_else(desk: Desk) -> None:
    found = waiting(desk, PendingReason.VENDOR)
    take(desk, message_id="<two@example.org>", in_reply_to="<one@example.org>")
    assert browsing.incident(desk, found.id).status is Status.PENDING


def test_somebody_in_copy_may_answer_and_the_waiting_goes_on(desk: Desk) -> None:
    found = waiting(desk)
    taken = take(
        desk, sender="bo@example.org", message_id="<2@x>", references="<zero@x> <one@example.org>"
    )
    assert (taken.action, taken.number) == (JOINED, found.number)
    assert browsing.incident(desk, found.id).status is Status.PENDING


def test_the_number_in_the_subject_joins_a_mail_of_the_requester(desk: Desk) -> None:
    found = waiting(desk)
    taken = take(desk, message_id="<2@x>", subject=f"Re: [{found.number}] Closed: Printer")
    assert (taken.action, taken.number) == (JOINED, found.number)
    assert browsing.incident(desk, found.id).status is Status.IN_PROGRESS


def test_the_number_of_a_stranger_is_held_until_somebody_lets_it_in(desk: Desk) -> None:
    found = waiting(desk)
    told = {
        "sender": "Mal <mal@evil.example>",
        "message_id": "<2@x>",
        "subject": f"Re: {found.number}",
    }

    taken = take(desk, **told)
    again = take(desk, **told)

    assert (taken.action, taken.number) == (QUARANTINED, "")
    assert again == taken
    assert found.number in taken.reason
    assert "eats paper" not in texts(desk, found).replace(found.description, "")
    assert len(browsing.incident(desk, found.id).attachments) == 1
    (kept,) = mail_intake.quarantine(desk)
    assert (kept.state, kept.incident, kept.sender) == ("held", found.id, "Mal <mal@evil.example>")

    let_in = mail_intake.let_in(desk, kept.message_id)

    assert (let_in.action, let_in.number) == (JOINED, found.number)
    assert browsing.incident(desk, found.id).status is Status.PENDING
    with pytest.raises(InvalidInputError, match="already"):
        mail_intake.let_in(desk, kept.message_id)
    assert take(desk, **told).action == IGNORED


def test_a_held_mail_may_open_an_incident_of_its_own(desk: Desk) -> None:
    found = waiting(desk)
    take(desk, sender="mal@evil.example", message_id="<2@x>", subject=f"Re: {found.number}")

    taken = mail_intake.let_in(desk, "<2@x>", as_new=True)

    assert taken.action == OPENED
    assert taken.number != found.number


def test_what_is_not_kept_cannot_be_let_in(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="<no@x>"):
        mail_intake.let_in(desk, "<no@x>")


def test_a_name_that_looks_like_the_requesters_address_is_a_stranger(desk: Desk) -> None:
    found = waiting(desk)
    sender = '"nina@example.org" <mal@evil.example>'
    taken = take(desk, sender=sender, message_id="<2@x>", subject=f"[{found.number}]")
    assert taken.action == QUARANTINED


def test_a_number_that_nobody_has_opens_an_incident(desk: Desk) -> None:
    assert take(desk, subject="INC-099999 is broken").action == OPENED


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated (rejected)"},
        {"precedence": "bulk"},
        {"x_autoreply": "yes"},
        {"return_path": "<>"},
        {"subject": "Out of Office: back on Monday"},
        {"subject": "Automatische Antwort: Drucker"},
        {"x_incident_desk": "INC-000001"},
        {"sender": "MAILER-DAEMON@mx.example.org"},
        {"sender": "IT desk <DESK@example.org>"},
        {"x_failed_recipients": "nina@example.org"},
    ],
    ids=str,
)
def test_what_a_machine_sent_opens_nothing_and_is_kept_with_its_reason(
    desk: Desk, headers: dict[str, str]
) -> None:
    configuration.set_setting(desk, "outgoing.sender", "IT desk <desk@example.org>")

    taken = take(desk, **headers)

    assert (taken.action, taken.number) == (IGNORED, "")
    assert count(desk) == 0
    (kept,) = mail_intake.quarantine(desk)
    assert kept.reason == taken.reason
    content = attachments.read(desk.profile.attachments, kept.sha256)
    assert content == mail(**headers)


def test_an_automatic_answer_does_not_go_on_with_what_waits(desk: Desk) -> None:
    found = waiting(desk)
    take(desk, message_id="<2@x>", references="<one@example.org>", auto_submitted="auto-replied")
    assert browsing.incident(desk, found.id).status is Status.PENDING
    assert len(browsing.incident(desk, found.id).attachments) == 1


def test_an_answer_long_after_the_end_opens_a_linked_incident(
    desk: Desk, clock: PinnedClock
) -> None:
    found = shown(desk, take(desk))
    moves.resolve_and_close(desk, found.id, SOLVED, ticks=_all_steps(desk, found))
    soon = take(desk, message_id="<2@x>", references="<one@example.org>")
    clock.set(MONDAY + timedelta(days=8))
    late = take(desk, message_id="<3@x>", references="<one@example.org>")

    assert (soon.action, soon.number) == (JOINED, found.number)
    assert browsing.incident(desk, found.id).status is Status.CLOSED
    assert late.action == OPENED
    assert found.number in shown(desk, late).related


def _all_steps(desk: Desk, found: Incident) -> dict[str, bool]:
    return {one.item: True for one in moves.checklist(desk, found)}


def test_an_answer_to_what_was_merged_lands_in_what_it_was_merged_into(desk: Desk) -> None:
    from app.services import raising

    found = shown(desk, take(desk))
    logged = logging_incidents.log(desk, IncidentDraft(title="All printers"))
    raising.merge(desk, [found.id], logged.ids["incident"][0])

    taken = take(desk, message_id="<2@x>", references="<one@example.org>")

    assert (taken.action, taken.number) == (JOINED, logged.numbers[0])


def test_which_mails_are_in_follows_from_the_journal(desk: Desk) -> None:
    taken = take(desk)
    before = snapshot(desk.connection)
    assert before["mail_message"]

    rebuild.rebuild(desk.store)

    assert snapshot(desk.connection) == before
    assert take(desk).number == taken.number


def test_a_mail_whose_original_was_redacted_does_not_come_back(desk: Desk) -> None:
    found = shown(desk, take(desk))
    redacting.redact_file(desk, found.id, found.attachments[0].id, "private")
    rebuild.rebuild(desk.store)
    assert take(desk).action == IGNORED
    assert count(desk) == 1


def test_taking_in_is_undone_in_one_step(desk: Desk) -> None:
    take(desk)
    undoing.undo(desk)
    assert count(desk) == 0
    assert take(desk).action == IGNORED


def test_a_very_long_subject_stands_whole_in_the_description(desk: Desk) -> None:
    subject = "word " * 300
    found = shown(desk, take(desk, subject=subject))
    assert len(found.title) == 200
    assert found.description.startswith(subject.strip())


def test_all_real_mails_go_in_once(desk: Desk, real_data: Path) -> None:
    mails = [path.read_bytes() for path in sorted((real_data / "emails").glob("*/*.eml"))]

    first = [mail_intake.take_in(desk, content) for content in mails]
    opened = count(desk)
    again = [mail_intake.take_in(desk, content) for content in mails]

    assert len(first) == 251
    assert opened == sum(one.action == OPENED for one in first)
    assert 100 < opened < 140
    assert {one.action for one in again} <= {IGNORED, QUARANTINED}
    assert count(desk) == opened
    assert rebuild.rebuild(desk.store) > 0
    assert {mail_intake.take_in(desk, content).action for content in mails[:20]} <= {IGNORED}
