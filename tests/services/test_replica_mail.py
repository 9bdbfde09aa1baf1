"""A replica takes no mail of its maker along, and leaves the own mail of who starts from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.letter import LetterState, Recipient
from app.services import mail_intake
from app.services.desk import open_desk
from app.storage import mail_rows, outbox, replica
from app.storage.outbox import KeptLetter
from app.system.paths import Profile
from tests.services.test_mail_intake import mail, take

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk
    from app.system.clock import PinnedClock


def letter(desk: Desk, message_id: str) -> None:
    """Put a letter that waits into the outbox."""
    people = (Recipient("Nina", "nina@example.org"),)
    with desk.store.writing():
        outbox.add(
            desk.connection,
            KeptLetter(message_id, b"\x01" * 16, "INC-1", b"\x02" * 16, desk.person.id,
                       LetterState.WAITING, "s", "b", people, desk.store.now_ms(), 0),
        )  # fmt: skip


def test_letters_and_kept_mails_stay_on_their_workstation(
    desk: Desk, clock: PinnedClock, tmp_path: Path
) -> None:
    other = open_desk(Profile(tmp_path / "other"), clock, person="Bo Lind", zone="UTC")
    taken = take(desk)
    for one, name in ((desk, "maker"), (other, "own")):
        letter(one, f"<{name}@x>")
        take(one, message_id=f"<{name}-auto@x>", auto_submitted="auto-replied")

    replica.make(desk.store, tmp_path / "replica.sqlite")
    replica.take_over(other.store, tmp_path / "replica.sqlite")

    letters: list[Any] = [one.message_id for one in outbox.every(other.connection)]
    assert letters == ["<own@x>"]
    kept = [one.message_id for one in mail_rows.every_kept(other.connection)]
    assert kept == ["<own-auto@x>"]
    again = mail_intake.take_in(other, mail())
    assert (again.action, again.number) == ("ignored", taken.number)
    other.close()
