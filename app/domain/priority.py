"""Find the priority from impact and urgency, by a table that an administrator may edit.

Source of the rules: domain.md, Priority (default: ServiceNow's 3 x 3). Levels are 1 (high) to 3
(low); priorities are "P1" to "P4".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS: Final = (1, 2, 3)
LEVEL_NAMES: Final = {1: "High", 2: "Medium", 3: "Low"}
PRIORITY_NAMES: Final = {"P1": "Critical", "P2": "High", "P3": "Moderate", "P4": "Low"}
PRIORITIES: Final = tuple(PRIORITY_NAMES)

_DEFAULT_ROWS: Final = (("P1", "P2", "P3"), ("P2", "P3", "P4"), ("P3", "P4", "P4"))
_DEFAULT_CELLS: Final = {"P1": (1, 1), "P2": (2, 1), "P3": (2, 2), "P4": (3, 3)}
_PRIORITY_WORDS: Final = {
    **{name.lower(): code for code, name in PRIORITY_NAMES.items()},
    **{code.lower(): code for code in PRIORITIES},
    **{code[1]: code for code in PRIORITIES},
    "medium": "P3",
}
_LEVEL_WORDS: Final = {
    **{name.lower(): level for level, name in LEVEL_NAMES.items()},
    **{name[0].lower(): level for level, name in LEVEL_NAMES.items()},
    **{str(level): level for level in LEVELS},
}


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """The table of priorities: `rows[impact - 1][urgency - 1]`.

    Raises InvalidInputError when it is not 3 x 3 or names a priority other than P1 to P4.
    """

    rows: tuple[tuple[str, ...], ...] = _DEFAULT_ROWS

    def __post_init__(self) -> None:
        if len(self.rows) != len(LEVELS) or any(len(row) != len(LEVELS) for row in self.rows):
            raise InvalidInputError(
                "The priority matrix needs 3 rows (impact 1 to 3) of 3 priorities "
                "(urgency 1 to 3).",
                field="rows",
            )
        for row in self.rows:
            for priority in row:
                if priority not in PRIORITY_NAMES:
                    raise InvalidInputError(
                        f"The priority matrix names {priority!r}; use P1, P2, P3 or P4.",
                        field="rows",
                    )

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[str]]) -> PriorityMatrix:
        """Read the matrix of a configuration file (`[matrix] rows=[[...]]`, cli.md)."""
        if isinstance(rows, str) or any(isinstance(row, str) for row in rows):
            raise InvalidInputError(
                'The priority matrix is a list of rows, such as [["P1", "P2", "P3"], ...].',
                field="rows",
            )
        return cls(tuple(tuple(str(cell).strip().upper() for cell in row) for row in rows))

    def to_rows(self) -> list[list[str]]:
        """Return the rows as a configuration file writes them."""
        return [list(row) for row in self.rows]

    def priority_of(self, impact: int, urgency: int) -> str:
        """Return the priority of a cell; raise InvalidInputError for a level that is not 1 to 3."""
        for name, level in (("impact", impact), ("urgency", urgency)):
            if level not in LEVELS:
                raise InvalidInputError(
                    f"The {name} {level} is unknown; use 1 (High), 2 (Medium) or 3 (Low).",
                    field=name,
                )
        return self.rows[impact - 1][urgency - 1]

    def default_cell(self, priority: str) -> tuple[int, int]:
        """Return the (impact, urgency) that a bare priority stands for (ux.md: `!high`).

        P1 is high x high, P2 medium x high, P3 medium x medium, P4 low x low; in an edited matrix
        the nearest cell that holds the priority. Raises InvalidInputError when none does.
        """
        wanted = _DEFAULT_CELLS.get(priority)
        if wanted is None:
            raise InvalidInputError(
                f"The priority {priority!r} is unknown; use P1, P2, P3 or P4.", field="priority"
            )
        cells = [
            (impact, urgency)
            for impact in LEVELS
            for urgency in LEVELS
            if self.rows[impact - 1][urgency - 1] == priority
        ]
        if not cells:
            raise InvalidInputError(
                f"No impact and urgency give {priority} in the priority matrix; give impact and "
                "urgency, and override the priority with a reason.",
                field="priority",
            )
        return min(
            cells, key=lambda cell: (abs(cell[0] - wanted[0]) + abs(cell[1] - wanted[1]), cell)
        )

    def settle(
        self, impact: int, urgency: int, override: str = "", reason: str = ""
    ) -> tuple[str, str]:
        """Return (priority, override reason) to store; the reason is "" when nothing is overridden.

        Raises InvalidInputError when the override differs from the matrix and has no reason.
        """
        computed = self.priority_of(impact, urgency)
        if not override or override == computed:
            return computed, ""
        if override not in PRIORITY_NAMES:
            raise InvalidInputError(
                f"The priority {override!r} is unknown; use P1, P2, P3 or P4.", field="priority"
            )
        if not reason.strip():
            raise InvalidInputError(
                f"Impact {LEVEL_NAMES[impact]} and urgency {LEVEL_NAMES[urgency]} give {computed}; "
                f"say why it should be {override} (a reason is kept with the override).",
                field="priority_override_reason",
            )
        return override, reason.strip()


DEFAULT_MATRIX: Final = PriorityMatrix()


def priority_label(priority: str) -> str:
    """Return the priority with its name: "P2 High"."""
    name = PRIORITY_NAMES.get(priority)
    return f"{priority} {name}" if name else priority


def parse_priority(text: str) -> str:
    """Read "P2", "2", "high", "P2 High" or "2 - High"; raise InvalidInputError otherwise."""
    for word in (text.strip().lower(), _first_word(text)):
        found = _PRIORITY_WORDS.get(word)
        if found is not None:
            return found
    raise InvalidInputError(
        f"The priority {text!r} is unknown; use P1 Critical, P2 High, P3 Moderate or P4 Low.",
        field="priority",
    )


def parse_level(text: str, field: str = "impact") -> int:
    """Read an impact, urgency or severity: "1", "high", "H", "1 - High"."""
    for word in (text.strip().lower(), _first_word(text)):
        found = _LEVEL_WORDS.get(word)
        if found is not None:
            return found
    raise InvalidInputError(
        f"The {field} {text!r} is unknown; use 1 (High), 2 (Medium) or 3 (Low).", field=field
    )


def _first_word(text: str) -> str:
    """Return what stands before the first blank, dash or dot, in lower case."""
    return re.split(r"[\s.\-\u2013]", text.strip().lower(), maxsplit=1)[0]
