"""Problems over a real store: opened, linked, worked around in one action, closed with the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError, TransitionRefusedError
from app.domain.incident import Status
from app.domain.lifecycle import Given
from app.domain.problem import ProblemStatus
from app.services import (
    browsing,
    exporting,
    importing,
    knowledge,
    moves,
    patterns,
    problem_moves,
    problems,
    quick_logging,
    undoing,
)
from app.services.desk import open_desk
from app.system.paths import Profile
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident import EntityId
    from app.domain.problem import Problem
    from app.services.desk import Desk
    from app.system.clock import PinnedClock


def logged(desk: Desk, *lines: str) -> list[EntityId]:
    return list(quick_logging.log_lines(desk, list(lines)).ids["incident"])


def opened(desk: Desk, ids: list[EntityId], **values: str) -> Problem:
    problems.open_problem(desk, "VPN client", values, incidents=ids)
    return problems.find(desk, "vpn CLIENT")


def test_a_problem_names_its_incidents_and_undo_takes_both_back(desk: Desk) -> None:
    ids = logged(desk, "VPN drops", "VPN drops again")
    problem = opened(desk, ids)
    assert (problem.status, problem.owner) == (ProblemStatus.LOGGED, "Ana Ruiz")
    (listed,) = problems.every(desk)
    assert (listed.incidents, listed.still_open) == (2, 2)
    assert browsing.incident(desk, ids[0]).problem == "VPN client"
    undoing.undo(desk)
    assert problems.every(desk) == []
    assert browsing.incident(desk, ids[0]).problem == ""


def test_an_incident_gives_its_summary_cause_and_workaround(desk: Desk) -> None:
    (uid,) = logged(desk, "printer jams #hardware/printer")
    from app.services import incidents

    incidents.edit(desk, [uid], {"workaround": "Use the one on floor 3", "root_cause": "Rollers"})
    problems.open_from_incident(desk, uid)
    problem = problems.find(desk, "printer jams")
    assert (problem.cause, problem.workaround) == ("Rollers", "Use the one on floor 3")
    assert problem.status is ProblemStatus.KNOWN_ERROR
    assert problem.category == "hardware/printer"


def test_a_pattern_gives_its_incidents_and_is_not_offered_again(
    desk: Desk, clock: PinnedClock
) -> None:
    ids = []
    for ago in (4, 3, 2):
        clock.set(MONDAY - timedelta(days=ago))
        ids += logged(desk, "tunnel drops error 651")
    clock.set(MONDAY)
    likely = problems.likeliest(desk)
    assert likely is not None
    assert str(likely.pattern.group) == "signature:error 651"
    problems.open_from_pattern(desk, "signature:error 651")
    problem = problems.find(desk, "Recurring: error 651")
    found = problems.details(desk, problem.id)
    assert {one.id for one in found.incidents} == set(ids)
    assert found.recurring is not None
    assert "3 in the last 7 days" in problem.text
    after = problems.likeliest(desk)
    assert after is None or str(after.pattern.group) != "signature:error 651"
    with pytest.raises(InvalidInputError, match="already"):
        problems.open_from_pattern(desk, "signature:error 651")
    with pytest.raises(NotFoundError):
        problems.open_from_pattern(desk, "ci:none")


def test_what_was_dismissed_is_no_likely_problem(desk: Desk) -> None:
    logged(desk, *["tunnel drops error 651"] * 3)
    while (likely := problems.likeliest(desk)) is not None:
        patterns.dismiss(desk, str(likely.pattern.group))
    assert any(one.is_dismissed for one in patterns.recurring(desk))


def test_the_workaround_goes_to_open_incidents_in_one_action(desk: Desk) -> None:
    ids = logged(desk, "VPN drops 1", "VPN drops 2 @Nina", "VPN drops 3")
    moves.resolve(desk, [ids[2]], SOLVED, take_up=True)
    problem = opened(desk, ids)
    with pytest.raises(InvalidInputError, match="no workaround"):
        problem_moves.apply_workaround(desk, problem.id)
    problems.change(desk, problem.id, {"workaround": "Switch off IPv6"})
    assert problems.details(desk, problem.id).to_apply == (ids[1], ids[0])
    changes = problem_moves.apply_workaround(desk, problem.id)
    assert set(changes.ids["incident"]) == set(ids[:2])
    for uid in ids[:2]:
        incident = browsing.incident(desk, uid)
        assert incident.workaround == "Switch off IPv6"
        assert incident.workaround_applied_at == MONDAY
        assert any("Known error VPN client" in entry.text for entry in incident.timeline)
    assert browsing.incident(desk, ids[2]).workaround == ""
    with pytest.raises(InvalidInputError, match="already"):
        problem_moves.apply_workaround(desk, problem.id)
    undoing.undo(desk)
    assert {browsing.incident(desk, uid).workaround for uid in ids} == {""}
    assert len(problems.details(desk, problem.id).to_apply) == 2


def test_resolving_a_problem_resolves_its_incidents_in_one_action(desk: Desk) -> None:
    ids = logged(desk, "VPN drops 1", "VPN drops 2")
    problem = opened(desk, ids)
    given = Given(outcome="fixed", fix_type="software_patch", cause_class="software")
    changes = problem_moves.move(
        desk,
        problem.id,
        ProblemStatus.RESOLVED,
        resolution="Client 5.3",
        resolve_incidents=given,
    )
    assert changes.refused == ()
    for uid in ids:
        incident = browsing.incident(desk, uid)
        assert (incident.status, incident.resolution) == (Status.RESOLVED, "Client 5.3")
    assert problems.find(desk, "VPN client").status is ProblemStatus.RESOLVED
    undoing.undo(desk)
    assert {browsing.incident(desk, uid).status for uid in ids} == {Status.NEW}
    assert problems.find(desk, "VPN client").status is ProblemStatus.LOGGED


def test_incidents_that_cannot_be_resolved_are_listed_and_left(desk: Desk) -> None:
    ids = logged(desk, "VPN drops 1")
    problem = opened(desk, ids)
    changes = problem_moves.move(
        desk, problem.id, ProblemStatus.RESOLVED, resolution="x", resolve_incidents=Given()
    )
    assert len(changes.refused) == 1
    assert browsing.incident(desk, ids[0]).status is Status.NEW
    assert problems.find(desk, "VPN client").status is ProblemStatus.RESOLVED


def test_refused_moves_write_nothing(desk: Desk) -> None:
    problem = opened(desk, [])
    with pytest.raises(TransitionRefusedError, match="workaround first"):
        problem_moves.move(desk, problem.id, ProblemStatus.KNOWN_ERROR)
    with pytest.raises(TransitionRefusedError, match="Investigating, Known error or Resolved"):
        problem_moves.move(desk, problem.id, ProblemStatus.CLOSED)
    assert problems.find(desk, "VPN client") == problem


def test_linking_and_removing(desk: Desk) -> None:
    ids = logged(desk, "a thing", "another thing")
    problem = opened(desk, [])
    problems.link(desk, ids, problem.id)
    assert len(problems.details(desk, problem.id).incidents) == 2
    problems.link(desk, ids[:1], None)
    assert [one.id for one in problems.details(desk, problem.id).incidents] == ids[1:]
    problems.remove(desk, problem.id)
    assert browsing.incident(desk, ids[1]).problem == ""
    with pytest.raises(NotFoundError, match="removed"):
        problems.details(desk, problem.id)
    with pytest.raises(NotFoundError, match='no problem "VPN client"'):
        problems.find(desk, "VPN client")


@pytest.mark.parametrize("ending", ["json", "zip"])
def test_problems_and_articles_travel_with_an_export(
    desk: Desk, tmp_path: Path, ending: str
) -> None:
    ids = logged(desk, "VPN drops", "printer jams")
    problem = opened(desk, ids[:1], workaround="Switch off IPv6")
    knowledge.write(desk, "Clean the rollers", "Wipe them.", incident=ids[1])
    article = knowledge.find(desk, "Clean the rollers")
    knowledge.tried(desk, article.id, worked=True)
    path = tmp_path / f"all.{ending}"
    exporting.export_file(desk, path)
    importing.import_file(desk, path)
    assert problems.find(desk, "VPN client") == problem

    other = open_desk(Profile(tmp_path / "other"), desk.clock, person="Ana Ruiz")
    assert importing.import_file(other, path).created == 2
    found = problems.find(other, "VPN client")
    assert (found.workaround, found.status) == (problem.workaround, problem.status)
    assert problems.details(other, found.id).incidents[0].title == "VPN drops"
    (listed,) = knowledge.search(other)
    assert (listed.article.text, listed.article.worked, listed.used) == ("Wipe them.", 1, 1)
    again = importing.import_file(other, path)
    assert (again.created, again.updated) == (0, 0)
    assert len(problems.every(other)) == len(knowledge.every(other)) == 1
    undoing.undo(other)
    assert problems.every(other) == []
    other.close()
