"""The words of each cell of the queue, for the eye and for a screen reader.

Plain functions of a row and the present instant; asked for visible rows only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui import reader_time
from app.ui.incidents.columns import CUSTOM
from app.ui.widgets.sla_bar import SlaLook, sla_look
from app.ui.widgets.status_label import status_word
from app.ui.widgets.time_words import isolated, short_age, spoken

if TYPE_CHECKING:
    from datetime import date

    from app.domain.listing import Group, ListRow

_CHANNELS = {
    "phone": "Phone",
    "email": "E-mail",
    "chat": "Chat",
    "walk_in": "Walk-up",
    "portal": "Portal",
    "monitoring": "Alert",
    "import": "Import",
    "ivr": "Voice menu",
    "direct": "Direct",
}
_LEVELS = {1: "High", 2: "Medium", 3: "Low"}


def row_look(row: ListRow, now_ms: int) -> SlaLook:
    """Return how the resolution clock of a row stands."""
    return sla_look(
        row.due_ms,
        row.registered_ms,
        now_ms,
        paused=row.paused,
        stopped=row.stopped,
        breached=row.breached,
    )


def short_number(number: str) -> str:
    """Return what a person calls the incident: INC-2047 is "2047"."""
    return isolated(number.rpartition("-")[2] or number)


def first_name(assignee: str) -> str:
    """Return what a list calls the person who works on it, or what to do when nobody does."""
    return assignee.partition(" ")[0] or _tr("Assign")


def cell_text(key: str, row: ListRow, now_ms: int) -> str:
    """Return what a cell says."""
    if key == "title":
        return row.title
    if key == "number":
        return short_number(row.number)
    if key == "status":
        return status_word(row.status)
    if key == "sla":
        return row_look(row, now_ms).text
    if key == "age":
        return short_age(now_ms - row.registered_ms)
    if key == "due":
        return moment(row.due_ms)
    if key in {"registered", "updated"}:
        return moment(row.registered_ms if key == "registered" else row.updated_ms)
    if key in {"impact", "urgency", "severity"}:
        return level_word(getattr(row, key))
    if key == "channel":
        return channel_word(row.channel)
    if key.startswith(CUSTOM):
        return own_value(key.removeprefix(CUSTOM), row)
    return str(getattr(row, key))


def own_value(name: str, row: ListRow) -> str:
    """Return what one of the team's own fields says; "" for nothing."""
    value = dict(row.custom).get(name, "")
    if isinstance(value, bool):
        return _tr("yes") if value else _tr("no")
    if isinstance(value, str | int | float):
        return str(value)
    return _day(value)


def channel_word(channel: str) -> str:
    """Return the word of a channel by its code; an unknown code stays as it is."""
    word = _CHANNELS.get(channel)
    return _tr(word) if word else channel


def level_word(level: int) -> str:
    """Return the word of an impact, urgency or severity of 1 to 3; "" for none."""
    word = _LEVELS.get(level)
    if word is None:
        return str(level) if level else ""
    return _tr(word)


def moment(instant_ms: int) -> str:
    """Return an instant in the reader's own zone and format; "" for none."""
    if not instant_ms:
        return ""
    from PySide6.QtCore import QLocale  # brings five hundred names of languages and countries

    when = reader_time.local(instant_ms)
    text = QLocale().toString(when, QLocale.FormatType.ShortFormat)
    if reader_time.is_chosen():
        text = f"{text} {reader_time.abbreviation(instant_ms)}"
    return isolated(text)


def moment_with_zone(instant_ms: int) -> str:
    """Return an instant with the name of the zone in which it is told; "" for none."""
    if not instant_ms:
        return ""
    return f"{moment(instant_ms)} ({reader_time.zone_name()})"


def _day(day: date) -> str:
    from PySide6.QtCore import QDate, QLocale

    when = QDate(day.year, day.month, day.day)
    return isolated(QLocale().toString(when, QLocale.FormatType.ShortFormat))


def spoken_row(row: ListRow, now_ms: int) -> str:
    """Return the line that a screen reader says for a row (ux.md section 8)."""
    level = row.priority.removeprefix("P")
    parts = [
        _tr("Priority {0}").format(level),
        row.number,
        row.title,
        status_word(row.status),
        row_look(row, now_ms).spoken,
        row.assignee or _tr("nobody assigned"),
    ]
    if row.unread:
        parts.append(_tr("unread"))
    if row.major:
        parts.append(_tr("major incident"))
    if row.conflict:
        parts.append(_tr("edited twice"))
    return ", ".join(parts)


def spoken_cell(key: str, row: ListRow, now_ms: int) -> str:
    """Return what a screen reader says for one cell other than the first."""
    if key == "sla":
        return row_look(row, now_ms).spoken
    if key == "age":
        return _tr("{0} old").format(spoken(now_ms - row.registered_ms))
    if key == "number":
        return row.number
    if key == "priority":
        return _tr("Priority {0}").format(row.priority.removeprefix("P"))
    if key == "assignee":
        return row.assignee or _tr("nobody assigned")
    return cell_text(key, row, now_ms)


_INSTANTS = {"due": "due_ms", "registered": "registered_ms", "updated": "updated_ms"}


def hint(key: str, row: ListRow, now_ms: int) -> str:
    """Return what a cell says under the pointer; an instant names its zone (domain.md, Time)."""
    if key in _INSTANTS:
        return moment_with_zone(getattr(row, _INSTANTS[key]))
    if key == "sla" and row.due_ms:
        due = _tr("Due {0}").format(moment_with_zone(row.due_ms))
        return f"{spoken_cell(key, row, now_ms)}\n{due}"
    if key in {"sla", "age", "priority", "number"}:
        return spoken_cell(key, row, now_ms)
    return cell_text(key, row, now_ms)


def spoken_group(group: Group) -> str:
    """Return the line of a group: its label and how many incidents it holds."""
    said = QCoreApplication.translate("QueueCells", "%n incident(s)", "", group.count)
    return f"{group.label}, " + said.replace("(s)", "" if group.count == 1 else "s")


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueueCells", text)
