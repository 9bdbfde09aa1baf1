"""The statuses of a problem: what may follow what, and what must be written for it."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInputError, TransitionRefusedError
from app.domain.incident import EntityId
from app.domain.problem import MOVES, Problem, ProblemStatus, check_edit, check_move

UID = EntityId(bytes(16))
S = ProblemStatus


@pytest.mark.parametrize("start", list(S))
@pytest.mark.parametrize("target", list(S))
def test_only_listed_moves_are_allowed(start: ProblemStatus, target: ProblemStatus) -> None:
    problem = Problem(UID, "x", start, workaround="w", resolution="r")
    if target in MOVES[start]:
        check_move(problem, target)
        return
    with pytest.raises(TransitionRefusedError) as refused:
        check_move(problem, target)
    assert all(one.label in refused.value.message for one in MOVES[start])


def test_a_known_error_needs_a_workaround_and_a_resolved_one_words() -> None:
    problem = Problem(UID, "x")
    for target, field in ((S.KNOWN_ERROR, "workaround"), (S.RESOLVED, "resolution")):
        with pytest.raises(TransitionRefusedError) as refused:
            check_move(problem, target)
        assert refused.value.field == field
        check_move(problem, target, **{field: "told"})


def test_what_the_status_needs_cannot_be_emptied() -> None:
    problem = Problem(UID, "x", S.KNOWN_ERROR, workaround="w")
    check_edit(problem, {"cause": ""})
    with pytest.raises(InvalidInputError, match="needs its workaround"):
        check_edit(problem, {"workaround": " "})


def test_what_a_newer_program_wrote_is_read_as_best_it_can() -> None:
    problem = Problem.from_data(UID, "x", {"status": "parked", "workaround": 7, "opened_ms": "y"})
    assert problem.status is S.INVESTIGATING
    assert (problem.workaround, problem.opened_ms) == ("7", 0)
    assert problem.is_known_error
