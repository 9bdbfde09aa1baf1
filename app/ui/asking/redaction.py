"""Asks which words, or whether a file, shall go for good, and says what that reaches and what not.

It cannot be undone, so Enter does not do it: only the button does, and Ctrl+Enter.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.incident import EntryKind
from app.services import redacting
from app.ui.asking.question import Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.incident import EntityId
    from app.domain.incident_record import Attachment, Incident, TimelineEntry
    from app.ui.workbench import Workbench


def ask_words(
    bench: Workbench, ids: list[EntityId], parent: QWidget | None, words: str = ""
) -> Question:
    """Ask for the words to remove from every text of an incident, and why."""
    form = Question(
        bench,
        _tr("Redact words"),
        _tr("Redact for good"),
        lambda desk, given: redacting.redact(desk, ids[0], given["words"], given["reason"]),
        parent,
    )
    form.add_hint(
        _tr(
            "These words are removed from every entry of this incident and from all earlier "
            "versions, on this computer, in the shared folder or server, and on every other "
            "station when it synchronises next. [redacted] is read in their place."
        )
    )
    form.add_text("words", _tr("&Words to remove, exactly as written"), words)
    return _finished(form)


def ask_file(bench: Workbench, uid: EntityId, file: Attachment, parent: QWidget | None) -> Question:
    """Ask why a file has to go."""
    form = Question(
        bench,
        _tr("Redact {0}").format(file.name),
        _tr("Redact for good"),
        lambda desk, given: redacting.redact_file(desk, uid, file.id, given["reason"]),
        parent,
    )
    form.add_hint(
        _tr(
            "The file is removed from this incident and from every other one that has the same "
            "file: on this computer, in the shared folder or server, and on every other station "
            "when it synchronises next."
        )
    )
    return _finished(form)


def words_of(incident: Incident, entry: TimelineEntry) -> str:
    """Return the words that an entry offers to be removed; people shorten them to what must go."""
    if entry.kind in {EntryKind.CREATED, EntryKind.IMPORTED} and not entry.changes:
        return incident.description or incident.title
    return entry.text or next((change.new for change in entry.changes if change.new), "")


def _finished(form: Question) -> Question:
    form.add_line("reason", _tr("&Reason, which stays in the record with your name and the time"))
    form.add_hint(
        _tr(
            "This cannot be undone. Backups, exports and printed reports that were made before "
            "keep what was in them: delete those yourself."
        )
    )
    form.do.setProperty("kind", "danger")
    form.do.setAutoDefault(False)
    form.do.setDefault(False)
    form.open()
    return form


_tr = partial(QCoreApplication.translate, "Redaction")
