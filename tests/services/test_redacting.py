"""What is redacted is gone from every byte of the profile; the record says that it was there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import EntryKind
from app.domain.letter import Recipient
from app.services import (
    browsing,
    evidence,
    incidents,
    outgoing,
    quick_logging,
    redacting,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.storage import attachments, audit, drafts, incident_reader, invariants, scrub
from app.storage.drafts import KeptDraft
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.incident import EntityId

SECRET = "hunter2-Zugang"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    from datetime import UTC, datetime

    made = open_desk(
        Profile(tmp_path / "p"), PinnedClock(datetime(2026, 3, 9, 9, tzinfo=UTC)), person="Ana"
    )
    yield made
    made.close()


@pytest.fixture
def uid(desk: Desk) -> EntityId:
    quick_logging.log_lines(desk, [f"router asks for {SECRET}"])
    quick_logging.log_lines(desk, ["another one"])
    found = desk.connection.execute("SELECT uid FROM incident ORDER BY id").fetchall()
    return found[0][0]


def holding(folder: Path, words: str = SECRET) -> list[str]:
    """Return the files below a folder in whose bytes the words stand, folded or not."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            if words.lower().encode() in content or words.encode("utf-16-le") in content:
                found.append(str(path.relative_to(folder)))
    return sorted(found)


def whole(desk: Desk) -> None:
    assert audit.verify_chains(desk.connection).first_bad is None
    assert invariants.i3_rebuild_gives_the_state(desk.store) == []


def test_words_leave_every_version_the_search_and_every_byte(desk: Desk, uid: EntityId) -> None:
    incidents.edit(desk, [uid], {"description": f"first {SECRET} then reboot"})
    incidents.edit(desk, [uid], {"description": "reboot"})
    incidents.add_note(desk, [uid], f"I used {SECRET} twice: {SECRET}")
    drafts.save(desk.store, KeptDraft("k", "note", json.dumps({"text": SECRET}), 0))
    assert browsing.find_text(desk, "hunter2").total == 1
    assert holding(desk.profile.directory)

    told = redacting.redact(desk, uid, SECRET, "a password")

    assert holding(desk.profile.directory) == []
    assert holding(desk.profile.directory, "hunter2") == []
    assert browsing.find_text(desk, "hunter2").total == 0
    assert browsing.find_text(desk, "router").total == 1
    shown = incident_reader.read(desk.connection, uid)
    assert shown.title == "router asks for [redacted]"
    assert shown.description == "reboot"
    texts = [entry.text for entry in shown.timeline]
    assert "I used [redacted] twice: [redacted]" in texts
    changes = [change for entry in shown.timeline for change in entry.changes]
    assert "first [redacted] then reboot" in [change.new for change in changes]
    last = shown.timeline[-1]
    assert (last.kind, last.text, last.author) == (EntryKind.REDACTED, "a password", "Ana")
    assert told.numbers == (shown.number,)
    assert drafts.kept(desk.store) == []
    whole(desk)


def test_a_second_redaction_reaches_what_the_first_has_left(desk: Desk, uid: EntityId) -> None:
    incidents.add_note(desk, [uid], f"{SECRET} of Frau Ersatzfrau")
    redacting.redact(desk, uid, SECRET, "a password of Ersatzfrau")
    redacting.redact(desk, uid, "Ersatzfrau", "asked to be forgotten")
    assert holding(desk.profile.directory, "Ersatzfrau") == []
    texts = [entry.text for entry in incident_reader.read(desk.connection, uid).timeline]
    assert "[redacted] of Frau [redacted]" in texts
    assert "a password of [redacted]" in texts
    whole(desk)


def test_a_file_is_removed_from_every_incident_that_has_it(desk: Desk, uid: EntityId) -> None:
    (other,) = [one for one in browsing.ids_in(desk, "") if one != uid]
    for one in (uid, other):
        evidence.attach(desk, one, [("Personalakte.txt", b"the Personalakte")])
    file = incident_reader.read(desk.connection, uid).attachments[0]
    path = attachments.path_of(desk.profile.attachments, file.sha256)
    assert path.exists()
    told = redacting.redact_file(desk, uid, file.id, "asked to be forgotten")
    assert set(told.ids["incident"]) == {uid, other}
    assert not path.exists()
    assert holding(desk.profile.directory, "Personalakte") == []
    for one in (uid, other):
        shown = incident_reader.read(desk.connection, one)
        assert shown.attachments == ()
        assert (EntryKind.FILE, "[redacted]") in [(e.kind, e.text) for e in shown.timeline]
    with pytest.raises(InvalidInputError, match="was redacted"):
        evidence.attach(desk, uid, [("again.txt", b"the Personalakte")])
    assert not path.exists()
    with pytest.raises(NotFoundError):
        redacting.redact_file(desk, uid, file.id, "again")
    whole(desk)


def test_nothing_brings_it_back(desk: Desk, uid: EntityId) -> None:
    incidents.edit(desk, [uid], {"description": f"with {SECRET}"})
    incidents.edit(desk, [uid], {"description": "without"})
    redacting.redact(desk, uid, SECRET, "a password")
    last: EntityId = desk.connection.execute("SELECT id FROM action ORDER BY last DESC LIMIT 1").get
    undoing.undo(desk, incident=uid)
    assert incident_reader.read(desk.connection, uid).description == "with [redacted]"
    with pytest.raises(InvalidInputError, match="gone for good"):
        undoing.undo(desk, action=last)
    assert holding(desk.profile.directory) == []


@pytest.mark.parametrize(
    ("words", "reason", "error"),
    [
        ("ab", "why", InvalidInputError),
        (SECRET, "  ", InvalidInputError),
        ("never written", "why", NotFoundError),
        ("INC-0", "why", NotFoundError),
    ],
)
def test_what_cannot_be_redacted_is_refused(
    desk: Desk, uid: EntityId, words: str, reason: str, error: type[Exception]
) -> None:
    before = audit.verify_chains(desk.connection).entries
    with pytest.raises(error):
        redacting.redact(desk, uid, words, reason)
    assert audit.verify_chains(desk.connection).entries == before


def test_a_tag_is_refused_with_its_reason(desk: Desk, uid: EntityId) -> None:
    incidents.tag(desk, [uid], add=["vpn-secret"])
    with pytest.raises(InvalidInputError, match="are a tag"):
        redacting.redact(desk, uid, "vpn-secret", "why")


def test_a_reader_only_delays_that_the_bytes_go(
    desk: Desk, uid: EntityId, monkeypatch: pytest.MonkeyPatch
) -> None:
    import apsw

    reader = apsw.Connection(str(desk.profile.database))
    rows = reader.execute("SELECT * FROM change")
    next(rows)
    monkeypatch.setattr("app.storage.search_queue.BUSY_TIMEOUT_S", 0.1)  # it sets the wait again
    desk.store.connection.set_busy_timeout(100)
    redacting.redact(desk, uid, SECRET, "a password")
    assert not scrub.scrub(desk.store)
    rows.close()
    reader.close()
    assert scrub.scrub(desk.store)
    assert holding(desk.profile.directory) == []


def test_letters_that_hold_the_words_are_forgotten(
    desk: Desk, uid: EntityId, tmp_path: Path
) -> None:
    people = [Recipient("", "nina@example.org")]
    outgoing.queue(desk, uid, people, action=uid, draft=True)
    waiting = outgoing.queue(desk, uid, people, action=uid, draft=True)
    outgoing.hand_to_mail_program(desk, waiting.message_id)
    assert len(list((tmp_path / "p" / "outgoing").iterdir())) == 1
    redacting.redact(desk, uid, SECRET, "A password")
    assert outgoing.letters(desk) == []
    assert holding(tmp_path) == []
    assert list((tmp_path / "p" / "outgoing").iterdir()) == []
