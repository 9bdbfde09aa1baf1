"""Reads quick-log lines against the names of a team, previews them, and logs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from app.domain import quick_log, quick_log_completion
from app.domain.priority import priority_label
from app.domain.quick_log import PreviewChip, QuickLog
from app.domain.quick_log_tokens import TokenKind
from app.services import logging_incidents
from app.services.naming import CatalogueNames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import ChangeSet
    from app.domain.quick_log_completion import Completion
    from app.domain.quick_log_names import Candidate
    from app.services.desk import Desk


class Preview(NamedTuple):
    """What would be stored: the line as it was read, its chips, the priority and its target."""

    read: QuickLog
    chips: tuple[PreviewChip, ...]
    priority: str
    target: str
    """The resolution target in words, "" without one."""


class Choices(NamedTuple):
    """What may stand at the cursor; `at` is None in plain text."""

    at: Completion | None
    offered: tuple[Candidate, ...]


def read(desk: Desk, line: str) -> QuickLog:
    """Read a line in the zone of this workstation, with the names of its team."""
    zone = ZoneInfo(desk.store.zone)
    return quick_log.parse(
        line,
        now=desk.now().astimezone(zone),
        zone=zone,
        names=CatalogueNames(desk),
        matrix=desk.rules.matrix,
        me=desk.person.name,
    )


def preview(desk: Desk, line: str) -> Preview:
    """Say what Enter would store, team and target included."""
    found, rules = read(desk, line), desk.rules
    value = found.value(TokenKind.PRIORITY)
    impact, urgency = value if isinstance(value, tuple) else (3, 3)
    priority = rules.matrix.priority_of(impact, urgency)
    chips = list(found.preview)
    kinds = {chip.kind for chip in chips}
    if TokenKind.PRIORITY not in kinds:
        chips.insert(
            sum(chip.kind is TokenKind.WHO for chip in chips),
            PreviewChip(TokenKind.PRIORITY, priority_label(priority)),
        )
    if TokenKind.TEAM not in kinds:
        category = found.value(TokenKind.CATEGORY)
        team = rules.team_of_category(category) if isinstance(category, str) else ""
        chips.append(PreviewChip(TokenKind.TEAM, team or rules.default_team))
    return Preview(found, tuple(chips), priority, rules.target(priority, "resolution").text)


def choices(desk: Desk, line: str, cursor: int) -> Choices:
    """Return the names and values that may stand at the cursor, likeliest first."""
    at = quick_log_completion.completion_at(line, cursor)
    if at is None:
        return Choices(None, ())
    names = CatalogueNames(desk)
    return Choices(at, quick_log_completion.choices(at, names, matrix=desk.rules.matrix))


def log_lines(desk: Desk, lines: Sequence[str]) -> ChangeSet:
    """Log each line as an incident, all in one action or none.

    Raises:
        InvalidInputError: a line has no summary; nothing was written.
    """
    return logging_incidents.log_many(desk, [read(desk, line).to_draft() for line in lines])
