"""What was done, as the toast says it: "INC-2053 logged" out of the action "Log incident".

An action is named by what a person does ("Undo: Set pending"); once it is done, it is told.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet

_LISTED = 4
"""Refusals that are told one by one; more are counted."""


def sentence(changes: ChangeSet) -> str:
    """Return what an action did, to how many, and what it could not do with the reason."""
    done = told(changes.title)
    count = len(changes.numbers)
    if count == 1:
        text = f"{changes.number} {done}"
    elif count > 1:
        incidents = QCoreApplication.translate("Said", "%n incident(s)", "", count)
        text = f"{incidents} {done}"
    else:
        text = done[:1].upper() + done[1:]
    refused = [f"{number}: {reason}" for number, reason in changes.refused[:_LISTED]]
    more = len(changes.refused) - _LISTED
    if more > 0:
        refused.append(QCoreApplication.translate("Said", "and %n more", "", more))
    return "\n".join([text, *refused])


def told(title: str) -> str:
    """Return the title of an action in the words for what has been done."""
    whole = _whole().get(title)
    if whole is not None:
        return whole
    verb, _, rest = title.partition(" ")
    pattern = _verbs().get(verb)
    return title if pattern is None else pattern.format(rest).strip()


def _whole() -> dict[str, str]:
    return {
        "Log incident": _tr("logged"),
        "Start work": _tr("taken up"),
        "Redact": _tr("redacted"),
        "Redact file": _tr("redacted"),
        "Resume": _tr("resumed"),
        "Close": _tr("closed"),
        "Resolve": _tr("resolved"),
        "Resolve and close": _tr("resolved and closed"),
        "Reopen": _tr("reopened"),
        "Cancel": _tr("cancelled"),
        "Set pending": _tr("pending"),
        "Change status": _tr("has another status"),
        "Change tags": _tr("tagged anew"),
        "Link incident": _tr("linked"),
        "Remove link": _tr("no longer linked"),
        "Escalate": _tr("escalated"),
        "Add note": _tr("noted"),
        "Reply": _tr("answered"),
        "Remove file": _tr("has a file less"),
        "Declare major incident": _tr("declared a major incident"),
        "Stand down the major incident": _tr("stood down"),
        "Status update": _tr("has a status update"),
        "Give roles": _tr("has other roles"),
        "Change how often people hear of it": _tr("has another pace of updates"),
        "Add follow-up": _tr("has an action more"),
        "Change follow-up": _tr("has an action changed"),
        "Finish follow-up": _tr("has an action done"),
        "Reopen follow-up": _tr("has an action open again"),
        "Requester confirmed": _tr("confirmed by the requester"),
        "Survey answered": _tr("answered by the requester"),
        "Survey sent": _tr("asked how satisfied"),
        "Record outage": _tr("has an outage recorded"),
    }


def _verbs() -> dict[str, str]:
    return {
        "Log": _tr("logged"),
        "Assign": _tr("assigned {0}"),
        "Attach": _tr("has {0} attached"),
        "Change": _tr("changed: {0}"),
        "Merge": _tr("merged {0}"),
        "Tick": _tr("ticked: {0}"),
        "Untick": _tr("no longer ticked: {0}"),
        "Undo:": _tr("undone: {0}"),
        "Redo:": _tr("done again: {0}"),
        "Save": _tr("saved: {0}"),
        "Remove": _tr("removed: {0}"),
        "Set": _tr("set: {0}"),
        "Import": _tr("imported: {0}"),
        "Tell": _tr("told: {0}"),
    }


_tr = partial(QCoreApplication.translate, "Said")
