"""Read a quick-log line into a draft: `printer down @nina !high #hardware/printer loc:HQ`.

Grammar and manners: ux.md section 5. A line with a summary is never refused: what is not understood
stays in the summary with the reason beside it, and nothing that was typed is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from app.domain.errors import InvalidInputError
from app.domain.incident import Channel, Status
from app.domain.incident_record import IncidentDraft
from app.domain.priority import DEFAULT_MATRIX
from app.domain.quick_log_meaning import Token, TokenReader, Value
from app.domain.quick_log_names import FREELY_NAMED, NoNames
from app.domain.quick_log_times import TimeContext
from app.domain.quick_log_tokens import NO_WORDS, RawToken, TokenKind, scan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import tzinfo

    from app.domain.priority import PriorityMatrix
    from app.domain.quick_log_names import KnownNames, NameKind

_LABELS: Final = {
    TokenKind.WHO: "requester",
    TokenKind.PRIORITY: "priority",
    TokenKind.CATEGORY: "category",
    TokenKind.TAG: "tag",
    TokenKind.LOCATION: "place",
    TokenKind.CHANNEL: "channel",
    TokenKind.ASSIGNEE: "assignee",
    TokenKind.TEAM: "team",
    TokenKind.DUE: "due time",
    TokenKind.AT: "time of occurrence",
    TokenKind.CI: "device",
    TokenKind.SERVICE: "service",
    TokenKind.STATUS: "status",
}
_PREVIEW_ORDER: Final = {
    kind: place
    for place, kind in enumerate(
        (
            TokenKind.WHO,
            TokenKind.PRIORITY,
            TokenKind.CATEGORY,
            TokenKind.LOCATION,
            TokenKind.TEAM,
            TokenKind.ASSIGNEE,
            TokenKind.SERVICE,
            TokenKind.CI,
            TokenKind.TAG,
            TokenKind.AT,
            TokenKind.DUE,
            TokenKind.CHANNEL,
            TokenKind.STATUS,
        )
    )
}
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOPS: Final = ".,;:!?"


@dataclass(frozen=True, slots=True)
class PreviewChip:
    """One thing that will be stored, as the line under the field shows it."""

    kind: TokenKind
    text: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class QuickLog:
    """A line that was read: its summary, its tokens, and why it cannot be logged, if so."""

    line: str
    summary: str
    tokens: tuple[Token, ...] = ()
    problem: str = ""

    def value(self, kind: TokenKind) -> Value:
        """Return the understood value of a kind (for a tag, of the first), or None."""
        return next(
            (one.value for one in self.tokens if one.kind is kind and not one.problem), None
        )

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags, each once."""
        found = (one.value for one in self.tokens if one.kind is TokenKind.TAG and not one.problem)
        return tuple(dict.fromkeys(str(tag) for tag in found))

    @property
    def problems(self) -> tuple[Token, ...]:
        """Return the tokens that were not understood."""
        return tuple(one for one in self.tokens if one.problem)

    @property
    def preview(self) -> tuple[PreviewChip, ...]:
        """Return what will be stored beside the summary, in the order of ux.md."""
        understood = (one for one in self.tokens if not one.problem)
        chips = dict.fromkeys(
            PreviewChip(one.kind, one.shown, one.is_new)
            for one in sorted(understood, key=lambda one: _PREVIEW_ORDER[one.kind])
        )
        return tuple(chips)

    def to_draft(self, draft: IncidentDraft | None = None) -> IncidentDraft:
        """Put what was read into a draft (a given one keeps its other fields).

        `at:` becomes `occurred_at`, `due:` becomes `follow_up_at`. Raises InvalidInputError for a
        line without a summary.
        """
        if self.problem:
            raise InvalidInputError(self.problem, field="title")
        filled = replace(draft) if draft is not None else IncidentDraft()
        filled.title = self.summary
        filled.tags = tuple(dict.fromkeys((*filled.tags, *self.tags)))
        for token in self.tokens:
            if not token.problem:
                _fill(filled, token.kind, token.value)
        return filled


def _fill(draft: IncidentDraft, kind: TokenKind, value: Value) -> None:
    match kind, value:
        case TokenKind.PRIORITY, (int(impact), int(urgency)):
            draft.impact, draft.urgency = impact, urgency
        case TokenKind.CHANNEL, Channel():
            draft.channel = value
        case TokenKind.STATUS, Status():
            draft.status = value
        case TokenKind.AT, datetime():
            draft.occurred_at = value
        case TokenKind.DUE, datetime():
            draft.follow_up_at = value
        case TokenKind.WHO, str():
            draft.requester = value
        case TokenKind.ASSIGNEE, str():
            draft.assignee = value
        case TokenKind.TEAM, str():
            draft.team = value
        case TokenKind.CATEGORY, str():
            draft.category = value
        case TokenKind.SERVICE, str():
            draft.service = value
        case TokenKind.CI, str():
            draft.ci = value
        case TokenKind.LOCATION, str():
            draft.location = value


def parse(
    line: str,
    *,
    now: datetime,
    zone: tzinfo,
    names: KnownNames | None = None,
    words: Mapping[str, str] = NO_WORDS,
    day_first: bool = True,
    end_of_day: time = time(17),
    matrix: PriorityMatrix = DEFAULT_MATRIX,
    me: str = "",
    freely: Collection[NameKind] = FREELY_NAMED,
) -> QuickLog:
    """Read a line; never raises for what a person can type.

    Args:
        line: What was typed; line breaks count as spaces.
        now: The present instant, aware.
        zone: The zone in which times are typed.
        names: The names that are known; None knows nobody.
        words: Folded words of the user's language to English ones, for keys and values.
        day_first: Whether `3/4` is the third of April.
        end_of_day: When a due date without a time ends.
        matrix: The table that turns a priority into impact and urgency.
        me: The name that `me` stands for.
        freely: The kinds of which unknown names are taken as new.
    """
    times = TimeContext(now, zone, day_first, end_of_day, words)
    reader = TokenReader(names or NoNames(), times, words, matrix, me, freely)
    tokens: list[Token] = []
    said: dict[TokenKind, Token] = {}
    escapes: list[int] = []
    for one in scan(line, words):
        if isinstance(one, RawToken):
            if reader.is_token(one):
                tokens.append(_unless_said(reader.read(line, one), said))
        else:
            escapes.append(one.start)
    tokens = _with_someone_assigned(tokens)
    understood = [token for token in tokens if not token.problem]
    summary = _summary(line, understood, escapes)
    problem = ""
    if not summary.strip(_STOPS) and (understood or not summary):
        summary = ""
        problem = "Say in a few words what is wrong, such as: printer does not print."
    return QuickLog(line, summary, tuple(tokens), problem)


def _unless_said(token: Token, said: dict[TokenKind, Token]) -> Token:
    """Refuse a second value of a kind that has one already; the first one stands."""
    if token.problem or token.kind is TokenKind.TAG:
        return token
    first = said.setdefault(token.kind, token)
    if first.value == token.value:
        return token
    problem = f"The {_LABELS[token.kind]} is already {first.shown}; write it once."
    return replace(token, value=None, shown="", problem=problem, is_new=False)


def _with_someone_assigned(tokens: list[Token]) -> list[Token]:
    """Refuse a status that needs an assignee or a team (domain.md, statuses) without one."""
    someone = {TokenKind.ASSIGNEE, TokenKind.TEAM}
    if any(token.kind in someone and not token.problem for token in tokens):
        return tokens
    return [
        replace(
            token,
            value=None,
            shown="",
            problem=f"{token.shown.capitalize()} needs an assignee or a team: add to: or team:.",
        )
        if token.value in (Status.ASSIGNED, Status.IN_PROGRESS)
        else token
        for token in tokens
    ]


def _summary(line: str, removed: Sequence[Token], escapes: Sequence[int]) -> str:
    """Return the line without these tokens and escape signs, with no gaps where they stood."""
    ends = [token.start for token in removed] + [len(line)]
    summary = _cut(line, 0, ends[0], escapes)
    for token, end in zip(removed, ends[1:], strict=True):
        summary = _joined(summary, _cut(line, token.end, end, escapes))
    if _BREAKS.search(summary) is None:
        return summary.strip()
    return " ".join([part.strip() for part in _BREAKS.split(summary) if part.strip()])


def _cut(line: str, start: int, end: int, escapes: Sequence[int]) -> str:
    text, place = "", start
    for escape in escapes:
        if start <= escape < end:
            text += line[place:escape]
            place = escape + 1
    return text + line[place:end]


def _joined(left: str, right: str) -> str:
    """Put what followed a removed token behind what stood before it."""
    left = left.rstrip()
    owner = re.match(r"['’]s(?!\w)", right)
    if owner is not None:
        right = right[owner.end() :]
    if not left:
        return right.lstrip().lstrip(_STOPS).lstrip() if right[:1] in _STOPS else right.lstrip()
    if right[:1] and right[0] in _STOPS and left[-1] in _STOPS:
        right = right.lstrip(_STOPS)
    if not right[:1].isspace():
        return left + right
    return f"{left} {right.lstrip()}"
