"""Articles and known errors answer a text and an incident, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.incident_record import IncidentDraft
from app.domain.problem import ProblemStatus
from app.services import (
    answering,
    knowledge,
    logging_incidents,
    problem_moves,
    problems,
)

if TYPE_CHECKING:
    from app.services.desk import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    for name, text in (
        ("Printer jams on thick paper", "Use tray 2 and the straight path."),
        ("Reset a password", "Open the portal, choose Forgotten password."),
        ("Outlook shows no calendar", "Delete the offline file, start again."),
        ("VPN asks again and again", "Clear the certificate cache."),
        ("Second screen stays black", "Press the Windows key and P."),
        ("Map a network drive", "Run the login script."),
    ):
        knowledge.write(desk, name, text)
    return desk


def titles(desk: Desk, text: str, *, typing: bool = False) -> list[str]:
    return [one.writing.title for one in answering.to_text(desk, text, typing=typing)]


def test_the_best_article_stands_first_with_its_reason(desk: Desk) -> None:
    found = answering.to_text(desk, "the printer jams again")
    assert found[0].writing.title == "Printer jams on thick paper"
    assert found[0].reason.startswith("Shares printer, jams")
    assert 0 < found[0].score <= 1
    assert titles(desk, "the coffee machine leaks") == []
    assert titles(desk, "") == []


def test_a_word_that_goes_on_is_found_while_typing(desk: Desk) -> None:
    assert titles(desk, "no calen", typing=True) == ["Outlook shows no calendar"]
    assert titles(desk, "no calen") == []


def test_how_often_it_worked_is_a_reason(desk: Desk) -> None:
    uid = knowledge.find(desk, "Reset a password").id
    for worked in (True, True, False):
        knowledge.tried(desk, uid, worked=worked)
    (first, *_) = answering.to_text(desk, "password reset")
    assert first.reason == "Shares password, reset; worked 2 times, did not once"


def test_a_known_error_answers_until_it_is_closed(desk: Desk) -> None:
    problems.open_problem(desk, "Tunnel drops at noon", {"workaround": "Use the second gateway"})
    uid = problems.find(desk, "Tunnel drops at noon").id
    changes = logging_incidents.log(desk, IncidentDraft(title="tunnel drops every noon"))
    incident = changes.ids["incident"][0]
    (found, *_) = answering.to_incident(desk, incident)
    assert (found.writing.kind, found.writing.id) == ("problem", uid)
    assert found.writing.workaround == "Use the second gateway"
    assert "has a workaround" in found.reason
    problem_moves.move(desk, uid, ProblemStatus.RESOLVED, resolution="New gateway")
    problem_moves.move(desk, uid, ProblemStatus.CLOSED, resolution="New gateway")
    assert [one for one in answering.to_incident(desk, incident) if one.writing.id == uid] == []


def test_what_was_removed_answers_no_more(desk: Desk) -> None:
    assert titles(desk, "map a drive") == ["Map a network drive"]
    knowledge.remove(desk, knowledge.find(desk, "Map a network drive").id)
    assert titles(desk, "map a drive") == []
