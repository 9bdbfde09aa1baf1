"""What every monitoring tool says, in one plain form: something is wrong, or it is well again.

Formats (`alert_formats`) make these from payloads, system messages from lines; the service
`alert_intake` makes incidents of them. Standard library only; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class AlertState(StrEnum):
    """Whether the trouble lasts."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of one tool. `fingerprint` is the same for each repeat and for the recovery."""

    source: str
    fingerprint: str
    state: AlertState
    title: str
    severity: str = ""
    text: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    url: str = ""

    @property
    def key(self) -> str:
        """Return what tells this alert from those of every other tool."""
        return f"{self.source}:{self.fingerprint}"
