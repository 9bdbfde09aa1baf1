"""A reply to the requester goes by mail: threaded, undone in time, and its answer comes home."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import EntityId, EntryKind
from app.domain.letter import LetterState
from app.services import (
    browsing,
    configuration,
    inspecting,
    mail_intake,
    outgoing,
    quick_logging,
    replying,
    sending,
    undoing,
)
from tests.mail_server import Received, mail_server
from tests.services.letters import later, only, opened, set_up
from tests.services.test_mail_intake import mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with an incident that came by mail from Nina."""
    desk = opened(tmp_path / "profile")
    set_up(desk, 1)
    mail_intake.take_in(desk, mail(), "box")
    yield desk
    desk.close()


def uid_of(desk: Desk) -> EntityId:
    return browsing.find(desk, "1")


def state(desk: Desk) -> LetterState:
    """Return how the reply stands as the detail shows it."""
    read = inspecting.inspect(desk, uid_of(desk))
    (entry,) = [one for one in read.incident.timeline if one.kind is EntryKind.REPLY]
    return read.letters[entry.id].state


def test_a_reply_leaves_after_15_seconds_in_the_thread_of_the_mail(desk: Desk) -> None:
    answer = mail("It is tray 2.", message_id="<two@example.org>", in_reply_to="<one@example.org>")
    later(desk, 60)  # two mails of one millisecond have no order
    mail_intake.take_in(desk, answer, "box")
    received = Received()
    with mail_server(received) as port:
        set_up(desk, port)
        replying.reply(desk, uid_of(desk), "Which tray is it?")
        assert state(desk) is LetterState.WAITING
        later(desk, 14.9)
        assert sending.send_next(desk) is None
        later(desk, 0.2)
        sending.send_next(desk)
    (content,) = received.letters
    read = message_from_bytes(content, policy=policy.default)
    assert read["To"] == "Nina Berg <nina@example.org>"
    assert read["Subject"] == "Re: [INC-000001] Printer"
    assert read["In-Reply-To"] == "<two@example.org>"
    assert read["References"] == "<one@example.org> <two@example.org>"
    assert list(read.iter_attachments()) == []  # type: ignore[attr-defined]
    assert "Which tray is it?" in read.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert state(desk) is LetterState.SENT
    incident = browsing.incident(desk, "1")
    assert incident.told == ()  # a question tells nobody of the closing
    assert incident.survey_sent_at is None
    assert incident.first_response_at is not None


def test_the_answer_to_a_reply_lands_in_its_timeline(desk: Desk) -> None:
    replying.reply(desk, uid_of(desk), "Which tray is it?")
    content = mail(
        "Tray 2.",
        message_id="<three@example.org>",
        subject="Re: something else",
        in_reply_to=only(desk).message_id,
    )
    assert mail_intake.take_in(desk, content, "box").number == "INC-000001"
    assert "Tray 2." in "".join(x.text for x in browsing.incident(desk, "1").timeline)


def test_undo_within_15_seconds_takes_both_back(desk: Desk) -> None:
    replying.reply(desk, uid_of(desk), "Which tray is it?")
    undoing.undo(desk)
    assert only(desk).state is LetterState.STOPPED
    later(desk, 60)
    assert sending.send_next(desk) is None


def test_a_server_that_is_away_is_said_in_the_timeline(desk: Desk) -> None:
    replying.reply(desk, uid_of(desk), "Which tray is it?")
    later(desk, 16)
    sending.send_next(desk)
    assert only(desk).state is LetterState.WAITING
    assert "cannot be reached" in only(desk).problem


def test_without_a_server_or_an_address_it_stays_in_the_timeline(desk: Desk) -> None:
    configuration.set_setting(desk, "outgoing.server", "")
    replying.reply(desk, uid_of(desk), "Told by phone.")
    set_up(desk, 1)
    quick_logging.log_lines(desk, ["vpn drops @Bo"])
    replying.reply(desk, browsing.find(desk, "2"), "Told by phone.")
    assert outgoing.letters(desk) == []


def test_an_empty_reply_is_refused_whole(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        replying.reply(desk, uid_of(desk), "  ")
    assert outgoing.letters(desk) == []


def test_no_header_of_a_mail_gets_into_the_reply(desk: Desk) -> None:
    bad = mail("x", message_id="<bad id\t@x>", in_reply_to="<one@example.org>")
    mail_intake.take_in(desk, bad, "box")
    received = Received()
    with mail_server(received) as port:
        set_up(desk, port)
        replying.reply(desk, uid_of(desk), "Hello")
        later(desk, 16)
        sending.send_next(desk)
    read = message_from_bytes(received.letters[0], policy=policy.default)
    assert read["References"] == "<one@example.org>"
