"""What is asked about problems: a name, a move with its words, whether to resolve the incidents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.errors import NotFoundError
from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.lifecycle import Given
from app.domain.problem import ProblemStatus
from app.services import problem_moves, problems
from app.ui.asking.name_question import NameQuestion
from app.ui.asking.question import Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.services.problems import Details
    from app.ui.workbench import Workbench


def ask_new(bench: Workbench, parent: QWidget) -> Question:
    """Ask what a new problem is called and what is known of it."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        return problems.open_problem(
            desk, given["name"], {key: given[key] for key in ("text", "workaround")}
        )

    form = Question(bench, _tr("Open a problem"), _tr("Open problem"), act, parent)
    form.add_line("name", _tr("What is the &suspected cause?"))
    form.add_text("text", _tr("What is &known"))
    form.add_text("workaround", _tr("&Workaround, which makes it a known error"))
    form.open()
    return form


def ask_link(bench: Workbench, ids: list[EntityId], parent: QWidget) -> NameQuestion:
    """Ask which problem causes incidents; a name that nobody has opens one."""

    def act(desk: Desk, name: str) -> Any:
        try:
            uid = problems.find(desk, name).id
        except NotFoundError:
            return problems.open_problem(desk, name, incidents=ids)
        return problems.link(desk, ids, uid)

    form = NameQuestion(bench, _tr("Link to problem"), "problem", act, parent, free=True)
    form.open()
    return form


def ask_edit(bench: Workbench, shown: Details, parent: QWidget) -> Question:
    """Ask for the name of a problem, whose it is and where it belongs."""
    problem = shown.problem
    form = Question(
        bench,
        _tr("Change the problem"),
        _tr("Save"),
        lambda desk, given: problems.change(desk, problem.id, given),
        parent,
    )
    form.add_line("name", _tr("&Name"), problem.name)
    form.add_line("owner", _tr("&Owner"), problem.owner)
    form.add_line("category", _tr("&Category"), problem.category)
    form.add_line("ci", _tr("Configuration &item"), problem.ci)
    form.open()
    return form


def ask_resolution(
    bench: Workbench,
    shown: Details,
    target: ProblemStatus,
    codes: ClosureCodes,
    parent: QWidget,
) -> Question:
    """Ask what removed the cause, and offer to resolve the open incidents in the same action."""
    problem = shown.problem
    still_open = sum(one.is_open for one in shown.incidents)

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        resolve = None
        if given.get("too"):
            resolve = Given(
                outcome=given["outcome"],
                fix_type=given["fix_type"],
                cause_class=given["cause_class"],
            )
        return problem_moves.move(
            desk,
            problem.id,
            target,
            resolution=given["resolution"],
            resolve_incidents=resolve,
        )

    verb = _tr("Resolve") if target is ProblemStatus.RESOLVED else _tr("Close")
    form = Question(bench, f"{verb}: {problem.name}", verb, act, parent)
    form.add_text("resolution", _tr("What &removed the cause"), problem.resolution)
    if still_open:
        form.add_choice(
            "too",
            _tr("Its &open incidents"),
            [
                (_tr("Resolve the {0} open incidents too").format(still_open), True),
                (_tr("Leave the {0} open incidents as they are").format(still_open), False),
            ],
        )
        for label, kind, first in (
            (_tr("O&utcome"), "outcome", Outcome.FIXED),
            (_tr("&Fix type"), "fix_type", FixType.OTHER),
            (_tr("&Cause class"), "cause_class", CauseClass.UNDETERMINED),
        ):
            offered = [(code.shown, code.name) for code in codes.offered(kind)]
            form.add_choice(kind, label, offered, codes.usual(kind, first))
    form.open()
    return form


_tr = partial(QCoreApplication.translate, "ProblemQuestions")
