"""Words notices, one by one and several together, in the language and the zone of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QCoreApplication

from app.domain.instants import from_ms
from app.domain.notification import NotificationKind
from app.ui.detail.timeline_words import clock
from app.ui.widgets.time_words import isolated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.notification import Notice

_LINES: Final = 4
"""So many of a group are named in one notification."""

MARKS: Final = {
    NotificationKind.ASSIGNED: ("user-plus", "info"),
    NotificationKind.SLA_WARNING: ("timer", "warn"),
    NotificationKind.SLA_BREACH: ("circle-alert", "danger"),
    NotificationKind.REPLY: ("message-square", "violet"),
    NotificationKind.MAJOR: ("triangle-alert", "danger"),
    NotificationKind.UPDATE_LATE: ("timer", "danger"),
    NotificationKind.ACTION_OVERDUE: ("square-check", "warn"),
    NotificationKind.NEW_VERSION: ("star", "info"),
    NotificationKind.SYNC_STOPPED: ("cloud-off", "warn"),
}
"""The icon and the tone of each kind."""


class Words(NamedTuple):
    """A headline and what stands under it."""

    headline: str
    text: str


def words_of(notice: Notice) -> Words:
    """Word one notice."""
    number, who = isolated(notice.number), notice.who or _tr("Somebody")
    match notice.kind:
        case NotificationKind.ASSIGNED:
            by = _tr("By {0}").format(who)
            return Words(_tr("{0} was assigned to you").format(number), f"{notice.title}\n{by}")
        case NotificationKind.SLA_WARNING:
            pattern = _tr("{0} is due by {1}")
            if notice.clock == "response":
                pattern = _tr("{0} must be answered by {1}")
            return Words(pattern.format(number, when(notice.due_ms)), notice.title)
        case NotificationKind.SLA_BREACH:
            return Words(_breach(notice).format(number, when(notice.due_ms)), notice.title)
        case NotificationKind.MAJOR:
            by = _tr("Declared by {0}").format(who)
            return Words(_tr("Major incident {0}").format(number), f"{notice.title}\n{by}")
        case NotificationKind.UPDATE_LATE:
            pattern = _tr("Status update of {0} is late since {1}")
            return Words(pattern.format(number, when(notice.due_ms)), notice.title)
        case NotificationKind.ACTION_OVERDUE:
            pattern = _tr("An action of {0} is overdue since {1}")
            return Words(pattern.format(number, when(notice.due_ms)), notice.text or notice.title)
        case NotificationKind.REPLY:
            pattern = _tr("{0} added a note to {1}")
            if notice.by_caller:
                pattern = _tr("{0} replied on {1}")
            return Words(pattern.format(who, number), notice.text or notice.title)
        case NotificationKind.NEW_VERSION:
            said = "\n".join(part for part in (notice.text, notice.address) if part)
            said = said or _tr("Ask whoever looks after your computer.")
            return Words(_tr("Incident Desk {0} is there").format(number), said)
    safe = _tr("Your changes are saved on this computer and will sync by themselves.")
    said = f"{notice.text}. {safe}" if notice.text else safe
    return Words(_tr("Nothing was shared for 15 minutes"), said)


def _breach(notice: Notice) -> str:
    if notice.retroactive:
        return _tr("{0} is past due since its priority changed")
    if notice.clock == "response":
        return _tr("{0} should have been answered by {1}")
    return _tr("{0} is past due since {1}")


def together(notices: Sequence[Notice]) -> Words:
    """Word several notices as one; one alone keeps its own words."""
    if len(notices) == 1:
        return words_of(notices[0])
    lines = [words_of(one).headline for one in notices[:_LINES]]
    more = len(notices) - _LINES
    if more > 0:
        lines.append(_plural("and %n more", more))
    return Words(_plural("%n notification(s)", len(notices)), "\n".join(lines))


def when(at_ms: int) -> str:
    """Return an instant as the reader's time of day, with the day when that is not today."""
    return clock(from_ms(at_ms))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Notifications", text)


def _plural(text: str, count: int) -> str:
    return QCoreApplication.translate("Notifications", text, "", count)
