"""How a recurring group is named in a sentence, the same on every page that tells of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from app.domain.patterns import WEEKDAYS

if TYPE_CHECKING:
    from app.domain.patterns import Group

_WORDS = {
    "signature": QT_TRANSLATE_NOOP("Patterns", "the error “{0}”"),
    "ci": QT_TRANSLATE_NOOP("Patterns", "the configuration item {0}"),
    "category": QT_TRANSLATE_NOOP("Patterns", "the category {0}"),
    "service": QT_TRANSLATE_NOOP("Patterns", "the service {0}"),
    "location": QT_TRANSLATE_NOOP("Patterns", "the location {0}"),
    "department": QT_TRANSLATE_NOOP("Patterns", "the department {0}"),
    "weekday": QT_TRANSLATE_NOOP("Patterns", "the weekday {0}"),
    "hour": QT_TRANSLATE_NOOP("Patterns", "the hour from {0}"),
}


def group_words(group: Group) -> str:
    """Return what the incidents of a group share, as a part of a sentence."""
    value = group.value
    if group.kind == "weekday":
        value = QLocale().standaloneDayName(WEEKDAYS.index(value) + 1)
    elif group.kind == "hour":
        value = f"{value}:00"
    return QCoreApplication.translate("Patterns", str(_WORDS[group.kind])).format(value)
