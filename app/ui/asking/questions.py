"""What each command asks for, and the service that it calls; one write and one undo for all."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.incident import CancelReason, CauseClass, FixType, Outcome, PendingReason, Status
from app.domain.lifecycle import Given, allowed_moves
from app.domain.priority import PRIORITY_NAMES, priority_label
from app.services import browsing, following_up, incidents, moves, raising, stakeholders
from app.system.clock import SystemClock
from app.ui.asking import redaction
from app.ui.asking.field_question import FieldQuestion
from app.ui.asking.name_question import NameQuestion
from app.ui.asking.question import Question
from app.ui.incidents.cells import level_word
from app.ui.widgets.status_label import status_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from enum import StrEnum

    from PySide6.QtWidgets import QDialog, QWidget

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_LEVELS = (1, 2, 3)
_FOLLOW_UP = timedelta(days=2)
_BY_FORM = frozenset({Status.PENDING, Status.RESOLVED, Status.CLOSED, Status.CANCELLED})
"""Statuses that need more than a choice; the list of statuses leads to their own questions."""


def ask_assignee(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask to whom incidents are given."""

    def act(desk: Desk, name: str) -> Any:
        return moves.assign(desk, ids, name)

    return _opened(NameQuestion(bench, _tr("Assign to"), "person", act, parent))


def ask_team(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for the team that takes incidents over, and why."""
    form = Question(
        bench,
        _tr("Move to team"),
        _tr("Move"),
        lambda desk, given: moves.assign(
            desk, ids, None, team=given["team"], reason=given["reason"]
        ),
        parent,
    )
    form.add_line("team", _tr("&Team"))
    form.add_line("reason", _tr("&Reason"))
    return _opened(form)


def ask_category(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for a category."""

    def act(desk: Desk, name: str) -> Any:
        return incidents.edit(desk, ids, {"category": name})

    return _opened(NameQuestion(bench, _tr("Category"), "category", act, parent))


def ask_tag(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for a tag to add."""

    def act(desk: Desk, name: str) -> Any:
        return incidents.tag(desk, ids, add=[name])

    return _opened(NameQuestion(bench, _tr("Add tag"), "tag", act, parent, free=True))


def ask_priority(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for impact and urgency; another priority than theirs needs a reason."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        values = {key: given[key] for key in ("impact", "urgency") if given[key]}
        if given["priority"]:
            values["priority"] = given["priority"]
        return incidents.edit(desk, ids, values, reason=given["priority_override_reason"])

    form = Question(bench, _tr("Priority"), _tr("Set priority"), act, parent)
    levels = [(level_word(level), level) for level in _LEVELS]
    same = (_tr("As it is"), 0)
    form.add_choice("impact", _tr("&Impact"), [same, *levels])
    form.add_choice("urgency", _tr("&Urgency"), [same, *levels])
    codes = [(priority_label(code), code) for code in PRIORITY_NAMES]
    form.add_choice("priority", _tr("&Priority"), [(_tr("From impact and urgency"), ""), *codes])
    form.add_line("priority_override_reason", _tr("&Reason, if it differs"))
    return _opened(form)


def ask_status(
    bench: Workbench, ids: list[EntityId], statuses: Iterable[str], parent: QWidget
) -> QDialog:
    """Ask for a status that all of them may take."""
    allowed = [set(allowed_moves(Status(status))) for status in statuses]
    common = set.intersection(*allowed) if allowed else set()
    choices = [move for move in Status if move in common and move not in _BY_FORM]

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        target = given["status"]
        if target is None:
            return None
        if target is Status.IN_PROGRESS and not given["reason"].strip():
            return moves.start(desk, ids)
        return moves.change_status(desk, ids, target, Given(reason=given["reason"]))

    form = Question(bench, _tr("Status"), _tr("Set status"), act, parent)
    form.add_choice("status", _tr("&Status"), [(status_word(str(one)), one) for one in choices])
    form.add_line("reason", _tr("&Reason, for going back"))
    return _opened(form)


def ask_pending(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask what incidents wait for and when to look again."""
    form = Question(
        bench,
        _tr("Pending"),
        _tr("Set pending"),
        lambda desk, given: moves.pend(
            desk, ids, given["reason"], given["follow_up_at"], text=given["text"]
        ),
        parent,
    )
    form.add_choice("reason", _tr("&Waits for"), _codes(PendingReason))
    form.add_moment("follow_up_at", _tr("&Follow up"), SystemClock().now() + _FOLLOW_UP)
    form.add_text("text", _tr("&Note"))
    return _opened(form)


def ask_escalation(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask to which team or person incidents are escalated, and why."""
    form = Question(
        bench,
        _tr("Escalate"),
        _tr("Escalate"),
        lambda desk, given: raising.escalate(
            desk, ids, team=given["team"] or None, to=given["to"], reason=given["reason"]
        ),
        parent,
    )
    form.add_line("team", _tr("To the &team"))
    form.add_line("to", _tr("or up to the &person"))
    form.add_line("reason", _tr("&Reason"))
    return _opened(form)


def ask_reopening(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask why incidents are opened again; one that was closed too long ago is followed by a new."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        if len(ids) == 1:
            return following_up.reopen(desk, ids[0], given["reason"])
        return moves.reopen(desk, ids, given["reason"])

    form = Question(bench, _tr("Reopen"), _tr("Reopen"), act, parent)
    form.add_text("reason", _tr("&Reason"))
    return _opened(form)


def ask_cancelling(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask why incidents are cancelled."""
    form = Question(
        bench,
        _tr("Cancel incident"),
        _tr("Cancel incident"),
        lambda desk, given: moves.cancel(desk, ids, given["cancel_reason"], text=given["text"]),
        parent,
    )
    form.add_choice("cancel_reason", _tr("&Reason"), _codes(CancelReason))
    form.add_text("text", _tr("&Note"))
    return _opened(form)


def ask_link(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for the number of an incident that has to do with this one."""
    form = Question(
        bench,
        _tr("Link"),
        _tr("Link"),
        lambda desk, given: incidents.link(desk, ids[0], browsing.find(desk, given["number"])),
        parent,
    )
    form.add_line("number", _tr("&Number of the other incident"))
    return _opened(form)


def ask_merging(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask into which incident duplicates are merged."""
    form = Question(
        bench,
        _tr("Merge into"),
        _tr("Merge"),
        lambda desk, given: raising.merge(desk, ids, browsing.find(desk, given["number"])),
        parent,
    )
    form.add_line("number", _tr("&Number of the incident that stays"))
    return _opened(form)


def ask_confirmation(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask who of the requester's side confirmed the resolution, and how."""
    form = Question(
        bench,
        _tr("Confirmed by the requester"),
        _tr("Record"),
        lambda desk, given: stakeholders.verify_with_requester(
            desk, ids[0], given["who"], given["how"]
        ),
        parent,
    )
    form.add_line("who", _tr("&Who"))
    form.add_line("how", _tr("&How"), _tr("phone"))
    return _opened(form)


def ask_telling(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask who was told, and how."""
    form = Question(
        bench,
        _tr("Tell somebody"),
        _tr("Record"),
        lambda desk, given: stakeholders.tell(desk, ids[0], given["who"], given["how"]),
        parent,
    )
    form.add_line("who", _tr("&Who was told"))
    form.add_line("how", _tr("&How"), _tr("mail"))
    return _opened(form)


def ask_satisfaction(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask what the requester answered to how it was."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        return stakeholders.survey(desk, ids[0], answer=given["answer"])

    form = Question(bench, _tr("Satisfaction"), _tr("Record"), act, parent)
    words = (
        _tr("5 very satisfied"), _tr("4 satisfied"), _tr("3 neither"), _tr("2 not satisfied"),
        _tr("1 not at all"),
    )  # fmt: skip
    choices = [(text, 5 - place) for place, text in enumerate(words)]
    form.add_choice("answer", _tr("What the requester &answered"), choices)
    return _opened(form)


def ask_resolution(
    bench: Workbench,
    ids: list[EntityId],
    parent: QWidget,
    codes: ClosureCodes,
    outcome: str = "",
) -> QDialog:
    """Ask for the codes and the note with which several incidents are resolved."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        return moves.resolve(desk, ids, Given(**given))

    form = Question(bench, _tr("Resolve"), _tr("Resolve"), act, parent)
    _add_code(form, _tr("&Outcome"), codes, "outcome", outcome or Outcome.FIXED)
    form.add_text("resolution", _tr("Resolution &note"))
    _add_code(form, _tr("&Fix type"), codes, "fix_type", FixType.OTHER)
    _add_code(form, _tr("&Cause class"), codes, "cause_class", CauseClass.UNDETERMINED)
    return _opened(form)


def _add_code(form: Question, label: str, codes: ClosureCodes, kind: str, first: str) -> None:
    offered = [(code.shown, code.name) for code in codes.offered(kind)]
    form.add_choice(kind, label, offered, codes.usual(kind, first))


def ask_field(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for another value of one field."""
    return _opened(FieldQuestion(bench, ids, parent))


def ask_note(bench: Workbench, ids: list[EntityId], parent: QWidget) -> QDialog:
    """Ask for a work note that all of them get."""
    form = Question(
        bench,
        _tr("Note"),
        _tr("Add note"),
        lambda desk, given: incidents.add_note(desk, ids, given["text"]),
        parent,
    )
    form.add_text("text", _tr("&Note"))
    return _opened(form)


QUESTIONS: dict[str, Callable[[Any, list[Any], Any], QDialog]] = {
    "incident.assign": ask_assignee,
    "incident.team": ask_team,
    "incident.category": ask_category,
    "incident.tag": ask_tag,
    "incident.field": ask_field,
    "incident.note_all": ask_note,
    "incident.priority": ask_priority,
    "incident.pending": ask_pending,
    "incident.escalate": ask_escalation,
    "incident.reopen": ask_reopening,
    "incident.cancel": ask_cancelling,
    "incident.link": ask_link,
    "incident.merge": ask_merging,
    "incident.verify": ask_confirmation,
    "incident.tell": ask_telling,
    "incident.redact": redaction.ask_words,
    "incident.satisfaction": ask_satisfaction,
}
"""The question of each command that needs nothing but incidents."""


def _codes(kind: type[StrEnum]) -> list[tuple[str, Any]]:
    return [(code.replace("_", " ").capitalize(), code) for code in kind]


def _opened(dialog: QDialog) -> QDialog:
    dialog.open()
    return dialog


_tr = partial(QCoreApplication.translate, "Questions")
