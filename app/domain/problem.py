"""Problems and known errors: the cause, or suspected cause, of one or more incidents (domain.md).

A known error is a problem with a workaround. Where domain.md is silent the statuses follow ITIL 4's
problem management practice: identified and logged, investigated, controlled as a known error,
resolved, closed; a resolved or closed one goes back to investigation when incidents come again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.errors import InvalidInputError, TransitionRefusedError
from app.domain.incident import EntityId, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND: Final = "problem"


class ProblemStatus(StrEnum):
    """Where a problem stands."""

    LOGGED = "logged"
    INVESTIGATING = "investigating"
    KNOWN_ERROR = "known_error"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Return the status as a sentence says it."""
        return self.value.replace("_", " ").capitalize()


_S = ProblemStatus
MOVES: Final[Mapping[ProblemStatus, tuple[ProblemStatus, ...]]] = {
    _S.LOGGED: (_S.INVESTIGATING, _S.KNOWN_ERROR, _S.RESOLVED),
    _S.INVESTIGATING: (_S.KNOWN_ERROR, _S.RESOLVED),
    _S.KNOWN_ERROR: (_S.INVESTIGATING, _S.RESOLVED),
    _S.RESOLVED: (_S.CLOSED, _S.INVESTIGATING),
    _S.CLOSED: (_S.INVESTIGATING,),
}
"""Every move there is; anything else is refused with these named."""

TEXTS: Final = ("text", "cause", "workaround", "resolution")
"""What is told of a problem in words."""
FIELDS: Final = (*TEXTS, "owner", "category", "ci")
"""What people edit beside the name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; people and other things are named as text, `pattern` is a group's key."""

    id: EntityId
    name: str
    status: ProblemStatus = ProblemStatus.LOGGED
    text: str = ""
    cause: str = ""
    workaround: str = ""
    resolution: str = ""
    owner: str = ""
    category: str = ""
    ci: str = ""
    pattern: str = ""
    article: str = ""
    opened_ms: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether its cause is still there."""
        return self.status not in (ProblemStatus.RESOLVED, ProblemStatus.CLOSED)

    @property
    def is_known_error(self) -> bool:
        """Tell whether it is an open problem with a workaround (domain.md)."""
        return self.is_open and bool(self.workaround.strip())

    @classmethod
    def from_data(cls, uid: EntityId, name: str, data: Mapping[str, Any]) -> Problem:
        """Read what the store holds; what a newer program wrote is kept and read as best it can."""
        try:
            status = ProblemStatus(str(data.get("status") or "logged"))
        except ValueError:
            status = ProblemStatus.INVESTIGATING
        texts = {key: str(data.get(key) or "") for key in (*FIELDS, "pattern", "article")}
        opened = data.get("opened_ms")
        return cls(uid, name, status, **texts, opened_ms=opened if isinstance(opened, int) else 0)


class Affected(NamedTuple):
    """One incident of a problem or an article, as a list shows it."""

    id: EntityId
    number: str
    title: str
    status: Status
    priority: str
    registered_ms: int

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be resolved."""
        return self.status not in (Status.RESOLVED, Status.CLOSED, Status.CANCELLED)


def allowed_moves(status: ProblemStatus) -> tuple[ProblemStatus, ...]:
    """List the statuses that may follow, in the order in which menus show them."""
    return MOVES[status]


def check_move(
    problem: Problem, target: ProblemStatus, *, workaround: str = "", resolution: str = ""
) -> None:
    """Refuse a move that is not allowed or lacks a text, in a sentence that says what is.

    A known error needs a workaround, a resolved problem the words of how; either may come with the
    move. Raises TransitionRefusedError.
    """
    allowed = allowed_moves(problem.status)
    if target not in allowed:
        ways = " or ".join(", ".join(one.label for one in allowed).rsplit(", ", 1))
        start = (
            f"The problem is {problem.status.label} already"
            if target is problem.status
            else f"The problem is {problem.status.label} and cannot become {target.label}"
        )
        raise TransitionRefusedError(f"{start}: from here it can move to {ways}.", field="status")
    if target is ProblemStatus.KNOWN_ERROR and not (workaround or problem.workaround).strip():
        raise TransitionRefusedError(
            "A known error is a problem with a workaround: write the workaround first.",
            field="workaround",
        )
    if target is ProblemStatus.RESOLVED and not (resolution or problem.resolution).strip():
        raise TransitionRefusedError(
            "To resolve the problem, say in a few words what removed its cause.",
            field="resolution",
        )


def check_edit(problem: Problem, values: Mapping[str, str]) -> None:
    """Refuse an edit that empties what the status needs; raises InvalidInputError."""
    kept = {
        ProblemStatus.KNOWN_ERROR: "workaround",
        ProblemStatus.RESOLVED: "resolution",
        ProblemStatus.CLOSED: "resolution",
    }.get(problem.status)
    if kept and kept in values and not values[kept].strip() and getattr(problem, kept).strip():
        raise InvalidInputError(
            f"The problem needs its {kept} while it is {problem.status.label}: change it instead "
            "of emptying it.",
            field=kept,
        )
