"""Words, icon and tone of a timeline entry on the screen."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDate, QLocale

from app.domain.incident import EntryKind
from app.domain.letter import LetterState
from app.ui import reader_time
from app.ui.widgets.time_words import isolated

if TYPE_CHECKING:
    from app.domain.incident_record import FieldChange, TimelineEntry
    from app.services.outgoing import Letter

CONTEXT = "Timeline"
ARROW = "\u2192"


class EntryWords(NamedTuple):
    """What one entry says: icon, tone, headline, the lines under it, who, when."""

    icon: str
    tone: str
    head: str
    body: str
    author: str
    time: str


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Timeline", text))


_KINDS = {
    EntryKind.CREATED: ("phone", "p4", _noop("Logged")),
    EntryKind.IMPORTED: ("download", "p4", _noop("Imported")),
    EntryKind.NOTE: ("message-square", "p4", _noop("Note")),
    EntryKind.REPLY: ("reply", "info", _noop("Reply to the requester")),
    EntryKind.CHANGE: ("pencil", "warn", _noop("Changed")),
    EntryKind.STATUS: ("activity", "violet", _noop("Status")),
    EntryKind.FILE: ("paperclip", "p4", _noop("File attached")),
    EntryKind.LINK: ("link", "info", _noop("Incident linked")),
    EntryKind.MERGE: ("git-merge", "info", _noop("Duplicate merged")),
    EntryKind.TOLD: ("mail", "info", _noop("Told")),
    EntryKind.UPDATE: ("activity", "danger", _noop("Status update")),
    EntryKind.CHECK: ("square-check", "ok", _noop("Checklist")),
    EntryKind.TIME: ("timer", "p4", _noop("Time spent")),
    EntryKind.UNDO: ("undo-2", "p4", _noop("Undone")),
    EntryKind.REPORT: ("file-text", "p4", _noop("Closure report")),
    EntryKind.REDACTED: ("ban", "p4", _noop("Redacted")),
}


_LETTERS = {
    LetterState.WAITING: _noop("Leaves by mail at {0}"),
    LetterState.SENDING: _noop("Leaving by mail now"),
    LetterState.HANDING_OVER: _noop("Leaving by mail now"),
    LetterState.SENT: _noop("Sent by mail {0}"),
    LetterState.HELD: _noop("Not sent by mail: {1}"),
    LetterState.REFUSED: _noop("Not sent by mail: {1}"),
    LetterState.UNSURE: _noop("Perhaps sent by mail: {1}"),
    LetterState.STOPPED: _noop("Not sent by mail: stopped"),
    LetterState.DRAFTED: _noop("In the mail program since {0}"),
}


def letter_words(letter: Letter) -> str:
    """Return how a letter stands."""
    at = datetime.fromtimestamp((letter.ended_at or letter.due_at) / 1_000, UTC)
    words = _tr(_LETTERS[letter.state]).format(clock(at), letter.problem)
    waits = letter.state is LetterState.WAITING and letter.problem
    return f"{words}. {letter.problem}" if waits else words


def entry_words(
    entry: TimelineEntry, description: str = "", letter: Letter | None = None
) -> EntryWords:
    """Return what an entry says; an undone one says so; the opening one tells the description.

    A reply that goes by `letter` says how that stands.
    """
    icon, tone, head = _KINDS[entry.kind]
    head = _tr(head)
    changes = _from_first_to_last(entry)
    repeated = any(change.new == entry.text for change in changes)
    body = [entry.text] if entry.text and not repeated else []
    if entry.kind is EntryKind.CREATED and entry.text:
        head, body = _tr("Logged: {0}").format(_word(entry.text)), []
    if entry.kind in {EntryKind.CREATED, EntryKind.IMPORTED} and description:
        body.append(description)
    lead = _lead(entry, changes)
    if lead is not None:
        changes.remove(lead)
        head = _change(lead)
        if lead.field == "priority":
            icon = "arrow-up"
    body += [_change(change) for change in changes]
    if letter is not None:
        body.append(letter_words(letter))
    if entry.undone:
        head = _tr("{0} (taken back)").format(head)
    return EntryWords(icon, tone, head, "\n".join(body), entry.author, clock(entry.at))


def clock(at: datetime) -> str:
    """Return a time of today, else day and time, in the reader's zone and format."""
    when = reader_time.local(int(at.timestamp() * 1000))
    locale = QLocale()
    time = locale.toString(when.time(), QLocale.FormatType.ShortFormat)
    if when.date() == reader_time.now().date():
        return isolated(time)
    same_year = when.date().year() == reader_time.now().date().year()
    day = locale.toString(when.date(), "d MMM" if same_year else "d MMM yyyy")
    return isolated(f"{day} {time}")


def _from_first_to_last(entry: TimelineEntry) -> list[FieldChange]:
    """Return the changes with the steps of a status as one: an action may resolve and close."""
    steps = [change for change in entry.changes if change.field == "status"]
    if len(steps) < 2:
        return list(entry.changes)
    whole = replace(steps[0], new=steps[-1].new)
    return [whole, *(change for change in entry.changes if change.field != "status")]


def _lead(entry: TimelineEntry, changes: list[FieldChange]) -> FieldChange | None:
    """Return the change that makes the headline: a status, else the only one."""
    wanted = ("status", "priority") if entry.kind is not EntryKind.UNDO else ()
    for name in wanted:
        found = next((change for change in changes if change.field == name), None)
        if found is not None:
            return found
    alone = entry.kind is EntryKind.CHANGE and len(changes) == 1 and not entry.text
    return changes[0] if alone and len(changes[0].new) < 60 else None


def _change(change: FieldChange) -> str:
    name = "problem" if change.field == "problem_id" else change.field
    label = _word(name.rpartition(".")[2].partition(":")[0])
    if change.field.startswith("check:"):
        return f"{change.field.removeprefix('check:')}: {change.new}"
    old, new = _value(change.field, change.old), _value(change.field, change.new)
    if old and new:
        return f"{label} {old} {ARROW} {new}"
    if new:
        return f"{label}: {new}"
    return _tr("{0} removed: {1}").format(label, old)


def _value(field: str, text: str) -> str:
    """Say a value of a field: an instant and a day as the reader writes them, a code in words."""
    if field.endswith("_at") or field.startswith("custom."):
        with suppress(ValueError):
            if len(text) == len("2026-03-09"):
                day = date.fromisoformat(text)
                shown = QDate(day.year, day.month, day.day)
                return isolated(QLocale().toString(shown, QLocale.FormatType.ShortFormat))
            at = datetime.fromisoformat(text)
            if at.tzinfo is not None:
                return clock(at)
    return _word(text)


def _word(text: str) -> str:
    """Say a code in words; what a person wrote stays as it is."""
    if text.isascii() and text.islower() and text.replace("_", "").isalpha():
        return text.replace("_", " ").capitalize()
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
