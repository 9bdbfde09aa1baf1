"""`set` takes every field, as one action: all of the line or nothing of it (cli.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import Status

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line

TEAMS = """
[[team]]
name = "Network"
[[person]]
name = "Ana Ruiz"
login = "ana"
team = "Network"
[[service]]
name = "Mail"
[[ci]]
name = "PRN-7"
service = "Mail"
[[custom_field]]
name = "Asset tag"
[[custom_field]]
name = "Floor"
type = "number"
[[custom_field]]
name = "Building"
type = "choice"
choices = ["North", "South"]
[[custom_field]]
name = "VIP"
type = "yes_no"
"""


@pytest.fixture
def team(line: Line, tmp_path: Path) -> Line:
    """Give a team of its own and one incident, INC-000001."""
    path = tmp_path / "team.toml"
    path.write_text(TEAMS, encoding="utf-8")
    line.done("config", "import", str(path))
    line.done("log", "printer down @nina #hardware/printer loc:HQ")
    return line


@pytest.mark.parametrize(
    ("word", "field", "value"),
    [
        ("title=Printer on fire", "title", "Printer on fire"),
        ("description=a=b\nsecond line", "description", "a=b\nsecond line"),
        ("impact=1", "impact", 1),
        ("urgency=High", "urgency", 1),
        ("severity=2", "severity", 2),
        ("category=hardware/printer", "category", "hardware/printer"),
        ("category=", "category", None),
        ("service=mail", "service", "Mail"),
        ("ci=PRN-7", "ci", "PRN-7"),
        ("location=HQ", "location", "HQ"),
        ("location=", "location", None),
        ("channel=Walk-in", "channel", "walk_in"),
        ("channel=E-Mail", "channel", "email"),
        ("requester=Ana Ruiz", "requester", "Ana Ruiz"),
        ("assignee=ana", "assignee", "Ana Ruiz"),
        ("team=network", "team", "Network"),
        ("tags=vpn, mail", "tags", ["mail", "vpn"]),
        ("major=yes", "major", True),
        ("occurred_at=2026-03-09T08:00:00+01:00", "occurred_at", "2026-03-09T07:00:00+00:00"),
        ("detected_at=2026-03-09T07:30Z", "detected_at", "2026-03-09T07:30:00+00:00"),
        ("reported_at=2026-03-09T08:30Z", "reported_at", "2026-03-09T08:30:00+00:00"),
        ("outcome=No fault found", "outcome", "no_fault_found"),
        ("fix_type=third_party", "", "There is no fix type"),
        ("fix_type=Software patch", "fix_type", "software_patch"),
        ("cause_class=Third party", "cause_class", "third_party"),
        ("root_cause=Worn part", "root_cause", "Worn part"),
        ("workaround=Use PRN-8", "workaround", "Use PRN-8"),
        ("resolution=Part replaced", "resolution", "Part replaced"),
        ("verified_by=Nina", "verified_by", "Nina"),
        ("external_id=T-99", "external_id", "T-99"),
        ("satisfaction=4", "satisfaction", 4),
        ("custom.Asset tag=A-77", "custom", {"Asset tag": "A-77"}),
        ("asset tag=A-77", "custom", {"Asset tag": "A-77"}),
        ("custom.floor=3", "custom", {"Floor": 3}),
        ("Building=south", "custom", {"Building": "South"}),
        ("VIP=yes", "custom", {"VIP": True}),
        ("custom.VIP=No", "custom", {"VIP": False}),
        ("asset tag=True", "custom", {"Asset tag": "True"}),
    ],
)
def test_every_field_can_be_set(team: Line, word: str, field: str, value: Any) -> None:
    if not field:
        assert value in team.refused("set", "1", word)
        return
    for told in (team.done("set", "1", word)[field], team.done("show", "1")[field]):
        assert repr(told) == repr(value)  # 1 == True, so the values alone cannot tell them apart


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("title=", "The summary cannot be empty"),
        ("nonsense=1", '"nonsense" is not a field that can be set'),
        ("number=7", "not a field that can be set"),
        ("registered_at=2026-01-01T00:00Z", "not a field that can be set"),
        ("problem_id=x", "not a field that can be set"),
        ("no equals sign", "is not field=value"),
        ("impact=", "use 1 (High), 2 (Medium) or 3 (Low)"),
        ("impact=7", "use 1 (High), 2 (Medium) or 3 (Low)"),
        ("priority=P9", "use P1 Critical, P2 High"),
        ("channel=pigeon", 'There is no channel "pigeon". Use one of: phone'),
        ("channel=", 'There is no channel ""'),
        ("status=asleep", 'There is no status "asleep"'),
        ("major=maybe", "major is yes or no"),
        ("satisfaction=6", "from 1 to 5"),
        ("people_affected=-1", "people_affected must be a whole number"),
        ("people_affected=many", "people_affected must be a whole number"),
        ("occurred_at=yesterday", "is no date and time"),
        ("assignee=Nobody", 'No person is called "Nobody"'),
        ("team=Nobody", 'No team is called "Nobody". Known: Desk, Network'),
        ("service=Nothing", 'No service is called "Nothing"'),
        ("custom.Flor=3", 'no custom field "Flor". Did you mean "Floor"?'),
        ("custom.Floor=high", "Give a number"),
        ("custom.Building=West", '"Building" cannot be'),
        ("title=x\ud800" + "x" * 1_000_001, "at most 1,000,000 fit"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_written(
    team: Line, word: str, sentence: str
) -> None:
    before = team.done("show", "1")
    entries = team.done("audit", "verify")["entries"]

    # A good field beside the bad one must not be kept either.
    assert sentence in team.refused("set", "1", "root_cause=Kept?", "tags=kept", word)

    assert team.done("show", "1") == before
    assert team.done("audit", "verify")["entries"] == entries


def test_a_line_is_one_action_with_one_undo(team: Line) -> None:
    before = team.done("show", "1")
    after = team.done("set", "1", "title=New", "tags=a,b", "assignee=ana", "status=in_progress")
    assert (after["title"], after["tags"], after["status"]) == ("New", ["a", "b"], "in_progress")
    assert len(after["timeline"]) == len(before["timeline"]) + 1

    undone = team.done("undo")

    for field in ("title", "tags", "assignee", "status", "acknowledged_at"):
        assert undone[field] == before[field]


def test_a_field_given_twice_is_refused(team: Line) -> None:
    assert "given twice" in team.refused("set", "1", "impact=1", "impact=2")


def test_an_override_of_the_priority_needs_a_reason_that_is_kept(team: Line) -> None:
    sentence = team.refused("set", "1", "priority=P1")
    assert "give P4" in sentence
    assert sentence.endswith('Add it with --reason "...".')

    after = team.done("set", "1", "priority=critical", "--reason", "The director's printer")
    assert (after["priority"], after["impact"]) == ("P1", 3)
    assert after["priority_override_reason"] == "The director's printer"

    back = team.done("set", "1", "priority=")
    assert (back["priority"], back["priority_override_reason"]) == ("P4", "")


def test_the_priority_that_the_matrix_gives_needs_no_reason(team: Line) -> None:
    after = team.done("set", "1", "impact=1", "urgency=1", "priority=P1")
    assert (after["priority"], after["priority_override_reason"]) == ("P1", "")


def test_a_reroute_needs_a_reason(team: Line) -> None:
    team.done("set", "1", "status=in_progress")
    assert "give a reason" in team.refused("set", "1", "team=Network")
    assert "give a reason" in team.refused("set", "1", "status=assigned")
    after = team.done("set", "1", "team=Network", "--reason", "It is the switch")
    assert (after["team"], after["status"]) == ("Network", "assigned")
    assert any("It is the switch" in entry["text"] for entry in after["timeline"])


def test_a_missing_reason_is_asked_for_on_a_terminal(
    team: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(sentence: str) -> str:
        asked.append(sentence)
        return "Because"

    monkeypatch.setattr("app.cli.asking._asked", answer)
    after = team.done("set", "1", "priority=P1")
    assert after["priority_override_reason"] == "Because"
    assert len(asked) == 1


def test_an_unknown_person_is_made_by_log_and_refused_by_set(team: Line) -> None:
    assert team.done("log", "x @newcomer")["requester"] == "newcomer"
    assert "unknown_name" in team.refused("set", "1", "assignee=stranger")


def test_status_takes_what_a_move_needs_from_the_same_line(team: Line) -> None:
    team.done("set", "1", "status=assigned", "assignee=ana")
    waits = team.done("set", "1", "status=pending", "--reason", "vendor")
    assert (waits["status"], waits["pending_reason"]) == ("pending", "vendor")
    assert waits["follow_up_at"] > "2026-03-09T09:00:00"
    team.done("set", "1", "status=in_progress")
    codes = ("outcome=fixed", "fix_type=other", "cause_class=undetermined", "resolution=Done")
    assert "give" in team.refused("set", "1", "status=resolved")
    assert team.done("set", "1", "status=resolved", *codes)["status"] == "resolved"
    assert "checklist_open" in team.refused("set", "1", "status=closed")
    team.done("confirm", "1", "--by", "Nina")
    assert team.done("set", "1", "status=closed")["closed_at"]
    again = team.done("set", "1", "status=in_progress", "--reason", "Still smokes")
    assert (again["status"], again["reopen_count"]) == ("in_progress", 1)
    gone = team.done("set", "1", "status=cancelled", "--reason", "Not an incident")
    assert gone["status"] == "cancelled"


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("pending", "Assigned, In Progress or Cancelled"),
        ("resolved", "Assigned, In Progress or Cancelled"),
        ("closed", "Assigned, In Progress or Cancelled"),
        ("new", "Assigned, In Progress or Cancelled"),
    ],
)
def test_a_refusal_names_the_allowed_moves(team: Line, status: str, allowed: str) -> None:
    sentence = team.refused("set", "1", f"status={status}")
    assert sentence.startswith("transition_refused: ")
    assert allowed in sentence


def test_nothing_leads_out_of_cancelled(team: Line) -> None:
    team.done("cancel", "1", "--reason", "unnecessary")
    for status in Status:
        assert "undoing the cancellation" in team.refused("set", "1", f"status={status}")
    assert team.done("undo")["status"] == "new"
