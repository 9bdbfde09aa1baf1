"""What is asked about parent and child incidents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.lifecycle import Given
from app.services import browsing, families
from app.ui.asking.question import Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.workbench import Workbench


def ask_parent(bench: Workbench, ids: list[EntityId], parent: QWidget) -> Question:
    """Ask for the incident at which the chosen ones are worked on; no number takes it away."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        number = given["number"].strip()
        return families.set_parent(desk, ids, browsing.find(desk, number) if number else None)

    form = Question(bench, _tr("Make child of"), _tr("Set parent"), act, parent)
    form.add_line("number", _tr("&Number of the parent, empty for none"))
    form.open()
    return form


def ask_resolution(
    bench: Workbench,
    uid: EntityId,
    number: str,
    children: int,
    codes: ClosureCodes,
    parent: QWidget,
) -> Question:
    """Ask for the codes and words with which a parent and its open children are resolved."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        return families.resolve_family(desk, uid, Given(**given))

    title = _tr("Resolve {0} and its {1} open children").format(number, children)
    form = Question(bench, title, _tr("Resolve all"), act, parent)
    form.add_text("resolution", _tr("Resolution &note"))
    for label, kind, first in (
        (_tr("&Outcome"), "outcome", Outcome.FIXED),
        (_tr("&Fix type"), "fix_type", FixType.OTHER),
        (_tr("&Cause class"), "cause_class", CauseClass.UNDETERMINED),
    ):
        offered = [(code.shown, code.name) for code in codes.offered(kind)]
        form.add_choice(kind, label, offered, codes.usual(kind, first))
    form.open()
    return form


_tr = partial(QCoreApplication.translate, "FamilyQuestions")
