"""The sample data: whole, in order, possible under the rules, and like the pictures at any hour."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain import lifecycle
from app.domain.category import Category
from app.domain.default_configuration import default_configuration
from app.domain.incident import EntityId, Named, Status
from app.domain.incident_record import Incident, IncidentDraft
from app.domain.lifecycle import Given
from app.domain.people import Person
from app.domain.priority import DEFAULT_MATRIX
from app.domain.service import ConfigurationItem, Location, Service
from app.domain.sla import target_seconds
from app.domain.target import Target
from app.services.sample_data import (
    INCIDENT_FILES,
    SAMPLE_PERSON,
    SampleAction,
    SampleStep,
    sample_articles,
    sample_configuration,
    sample_problems,
    sample_steps,
)
from app.system.assets import asset_path

if TYPE_CHECKING:
    from app.domain.configuration import Configuration

NOON = datetime(2026, 11, 23, 9, 46, tzinfo=UTC)
NOWS = [
    datetime(2026, 3, 23, tzinfo=UTC) + timedelta(days=day, hours=hour, minutes=2)
    for day in range(7)
    for hour in (0, 9, 23)
]
KNOWN_KEYS = {
    *("handle", "ago", "day", "at", "by", "via", "who", "title", "text", "cat", "svc", "ci", "loc"),
    *("team", "p", "severity", "tags", "occurred", "detected", "people", "steps", "end", "review"),
}


@pytest.fixture(scope="module")
def team() -> Configuration:
    """Give the configuration in which the sample incidents are logged."""
    return default_configuration("Europe/Oslo").merged(sample_configuration())


def by_handle(steps: list[SampleStep]) -> dict[str, list[SampleStep]]:
    """Sort steps by their incident, each still in order."""
    sorted_steps: dict[str, list[SampleStep]] = {}
    for step in steps:
        sorted_steps.setdefault(step.handle, []).append(step)
    return sorted_steps


def draft_of(step: SampleStep) -> IncidentDraft:
    """Return the draft of a logging step."""
    draft = step.args["draft"]
    assert isinstance(draft, IncidentDraft)
    return draft


def replayed(steps: list[SampleStep]) -> Incident:
    """Carry out the moves of one incident by the rules of the lifecycle."""
    draft = draft_of(steps[0])
    someone = Named(EntityId(bytes(16)), "Somebody")
    incident = Incident(
        EntityId(bytes(16)),
        steps[0].handle,
        draft.title,
        Status.NEW,
        DEFAULT_MATRIX.priority_of(draft.impact, draft.urgency),
        draft.impact,
        draft.urgency,
        steps[0].at,
        team=someone,
    )
    for step in steps[1:]:
        args = step.args
        target, given = incident.status, Given()
        match step.action:
            case SampleAction.ASSIGN if incident.status is Status.NEW:
                target, given = Status.ASSIGNED, Given(assignee=args["assignee"])
            case SampleAction.STATUS:
                assert args["status"] == "in_progress"
                target, given = Status.IN_PROGRESS, Given(assignee=someone)
            case SampleAction.PENDING:
                assert args["follow_up_at"] > step.at
                target = Status.PENDING
                given = Given(pending_reason=args["reason"], follow_up_at=args["follow_up_at"])
            case SampleAction.RESUME:
                target = Status.IN_PROGRESS
            case SampleAction.RESOLVE:
                target = Status.RESOLVED
                codes = {key: value for key, value in args.items() if key != "fields"}
                given = Given(**codes)
            case SampleAction.REOPEN:
                target, given = Status.IN_PROGRESS, Given(reason=args["reason"])
            case SampleAction.CANCEL:
                target, given = Status.CANCELLED, Given(cancel_reason=args["reason"])
            case SampleAction.CLOSE:
                assert incident.verified_by, f"{step.handle} is closed without confirmation"
                target = Status.CLOSED
            case SampleAction.VERIFY:
                incident = replace(incident, verified_by=args["who"])
            case SampleAction.SET:
                incident = replace(incident, **args["fields"])
                priority = DEFAULT_MATRIX.priority_of(incident.impact, incident.urgency)
                incident = replace(incident, priority=priority)
        if target is not incident.status:
            incident = replace(incident, **lifecycle.transition(incident, target, step.at, given))
    return incident


def test_there_are_120_incidents_3_problems_and_12_articles() -> None:
    logged = [step.handle for step in sample_steps(NOON) if step.action is SampleAction.LOG]
    assert len(logged) == 120
    assert len(set(logged)) == 120
    assert len(sample_problems(NOON)) == 3
    assert len(sample_articles(NOON)) == 12


def test_the_sample_files_have_no_misspelt_keys() -> None:
    for name in INCIDENT_FILES:
        tables = tomllib.loads(asset_path("sample", name).read_text("utf-8"))
        assert set(tables) == {"incident"}
        for entry in tables["incident"]:
            assert set(entry) <= KNOWN_KEYS, entry["handle"]


@pytest.mark.parametrize("now", NOWS, ids=lambda now: f"{now:%a %H:%M}")
@pytest.mark.parametrize("zone", ["Europe/Oslo", "Pacific/Honolulu", "Pacific/Auckland"])
def test_steps_are_in_order_before_now_and_name_only_what_is_there(
    now: datetime, zone: str
) -> None:
    steps = list(sample_steps(now, zone))
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[-1].at <= now
    assert steps[0].at > now - timedelta(days=63)
    logged: set[str] = set()
    for step in steps:
        if step.action is SampleAction.LOG:
            logged.add(step.handle)
        assert step.handle in logged
        for key in ("other", "into"):
            assert step.args.get(key, step.handle) in logged


def test_every_incident_is_possible_under_the_rules_of_the_lifecycle() -> None:
    incidents = [replayed(steps) for steps in by_handle(list(sample_steps(NOON))).values()]
    counts = Counter(incident.status for incident in incidents)
    open_ones = sum(count for status, count in counts.items() if status.is_open)
    assert open_ones == 38 + 1, "the one that is merged counts as open before the merge"
    assert counts[Status.PENDING] == 9
    assert counts[Status.RESOLVED] == 4
    assert counts[Status.CANCELLED] == 3
    assert counts[Status.CLOSED] == 120 - 39 - 4 - 3


@pytest.mark.parametrize("now", [NOON, NOWS[0], NOWS[5], NOWS[-1]], ids=str)
def test_the_queue_of_the_desk_looks_like_the_picture(team: Configuration, now: datetime) -> None:
    seconds = {}
    for target in team.of(Target):
        calendar = team.calendar(target.calendar)
        assert calendar is not None
        assert calendar.always, "group sizes hold at any hour only on a round-the-clock calendar"
        seconds[target.name] = target_seconds(target.target, calendar)
    groups: Counter[str] = Counter()
    titles = []
    for steps in by_handle(list(sample_steps(now))).values():
        incident = replayed(steps)
        category = team.find(Category, draft_of(steps[0]).category)
        assert category is not None
        mine = {person.name for person in team.of(Person) if person.team == "Desk"}
        owner = next(
            (one.args["assignee"] for one in reversed(steps) if one.action is SampleAction.ASSIGN),
            "",
        )
        of_the_desk = draft_of(steps[0]).team in {"", "Desk"} and not category.team
        if not incident.status.is_open or not of_the_desk or (owner and owner not in mine):
            continue
        titles.append(incident.title)
        target_s = seconds[f"{incident.priority} resolution"]
        left_s = target_s - (now - incident.registered_at).total_seconds()
        if incident.status is Status.PENDING:
            groups["paused"] += 1
        elif left_s < 0:
            groups["breached"] += 1
        elif left_s < 3600:
            groups["due within 1 h"] += 1
        elif left_s < 24 * 3600:
            groups["due within a day"] += 1
        else:
            groups["later"] += 1
    assert groups == {
        "breached": 1,
        "due within 1 h": 3,
        "due within a day": 4,
        "later": 3,
        "paused": 3,
    }
    assert "VPN drops every few minutes after client 5.2 update" in titles


def test_every_name_that_a_step_uses_is_in_the_sample_configuration(team: Configuration) -> None:
    for step in sample_steps(NOON):
        assert team.find(Person, step.author) is not None, step
        if step.action is SampleAction.LOG:
            draft = draft_of(step)
            assert team.find(Category, draft.category) is not None, draft.category
            assert not draft.requester or team.find(Person, draft.requester) is not None
            assert not draft.service or team.find(Service, draft.service) is not None
            assert not draft.ci or team.find(ConfigurationItem, draft.ci) is not None
            assert not draft.location or team.find(Location, draft.location) is not None
        for key in ("assignee", "manager", "owner"):
            if key in step.args:
                assert team.find(Person, step.args[key]) is not None, step


def test_the_team_of_the_sample_data_is_complete_and_fictional(team: Configuration) -> None:
    people = team.of(Person)
    assert len(people) >= 30
    assert {person.team for person in people} >= {
        "Desk",
        "Network",
        "Applications",
        "Infrastructure",
    }
    assert team.find(Person, SAMPLE_PERSON) is not None
    assert all(person.mail.endswith("@fernwick.example") for person in people)
    assert any(not person.name.isascii() for person in people)
    initials = [person.initials for person in people if person.department == "IT"]
    assert len(initials) == len(set(initials))


def test_older_calls_come_on_working_days_and_in_the_daytime() -> None:
    for now in NOWS:
        for step in sample_steps(now, "UTC"):
            if step.action is SampleAction.LOG and step.at < now - timedelta(days=3):
                draft = draft_of(step)
                if draft.channel != "monitoring" and (draft.impact, draft.urgency) != (1, 1):
                    assert step.at.weekday() < 5, step
                    assert 5 <= step.at.hour < 20, step


def test_problems_and_articles_name_only_what_is_there(team: Configuration) -> None:
    handles = {step.handle for step in sample_steps(NOON)}
    articles = {article.handle for article in sample_articles(NOON)}
    for problem in sample_problems(NOON):
        assert set(problem.incidents) <= handles
        assert problem.article in articles | {""}
        assert problem.opened_at < NOON
        assert team.find(Category, problem.category) is not None
        assert team.find(ConfigurationItem, problem.ci) is not None
        assert team.find(Person, problem.owner) is not None
    for article in sample_articles(NOON):
        assert set(article.incidents) <= handles
        assert article.text.strip()
        assert team.find(Category, article.category) is not None
        assert team.find(Person, article.author) is not None


def test_a_major_incident_has_all_that_its_closure_report_shows() -> None:
    steps = by_handle(list(sample_steps(NOON)))["mail-certificate"]
    actions = Counter(step.action for step in steps)
    for action, least in {
        SampleAction.MAJOR: 1,
        SampleAction.NOTE: 5,
        SampleAction.ATTACH: 3,
        SampleAction.TOLD: 3,
        SampleAction.FOLLOW_UP: 2,
        SampleAction.VERIFY: 1,
        SampleAction.CLOSE: 1,
    }.items():
        assert actions[action] >= least
    (resolution,) = [step for step in steps if step.action is SampleAction.RESOLVE]
    assert resolution.args["fields"].keys() >= {"root_cause", "contributing_factors", "detection"}
