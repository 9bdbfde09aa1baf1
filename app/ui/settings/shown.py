"""Which settings a person can see, in which words; plain lists, so that the palette shares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.setting import Scope, Section
from app.domain.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.setting import Setting

_TAUGHT: Final = "formats are taught by pointing at a received payload: Teach an alert format"
_OWN_PAGE: Final = "its rules have a page of their own in this section"
HIDDEN: Final[Mapping[str, str]] = {
    "print.colour": "the report has one set of colours until printing comes",
    "alerts.severity": _OWN_PAGE,
    "alerts.routing": _OWN_PAGE,
    "alerts.maintenance": _OWN_PAGE,
    "alerts.formats": _TAUGHT,
    "alerts.mapping": _TAUGHT,
    "alerts.syslog": _OWN_PAGE,
    "alerts.routing_order": _OWN_PAGE,
    "alerts.maintenance_order": _OWN_PAGE,
    "alerts.syslog_order": _OWN_PAGE,
}
"""Settings that the page does not show yet, each with the reason; a test reads this list."""

_T = "Settings"
_CHOICES: Final = {
    ("appearance.theme", "system"): QT_TRANSLATE_NOOP("Settings", "As the system"),
    ("appearance.theme", "light"): QT_TRANSLATE_NOOP("Settings", "Light"),
    ("appearance.theme", "dark"): QT_TRANSLATE_NOOP("Settings", "Dark"),
    ("appearance.density", "compact"): QT_TRANSLATE_NOOP("Settings", "Compact"),
    ("appearance.density", "normal"): QT_TRANSLATE_NOOP("Settings", "Normal"),
    ("appearance.density", "comfortable"): QT_TRANSLATE_NOOP("Settings", "Comfortable"),
    ("outgoing.security", "starttls"): QT_TRANSLATE_NOOP("Settings", "STARTTLS"),
    ("outgoing.security", "tls"): QT_TRANSLATE_NOOP("Settings", "TLS"),
    ("outgoing.security", "none"): QT_TRANSLATE_NOOP("Settings", "None"),
    ("incoming.security", "tls"): QT_TRANSLATE_NOOP("Settings", "TLS"),
    ("incoming.security", "starttls"): QT_TRANSLATE_NOOP("Settings", "STARTTLS"),
    ("incoming.security", "none"): QT_TRANSLATE_NOOP("Settings", "None"),
    ("report.paper", "auto"): QT_TRANSLATE_NOOP("Settings", "Automatic"),
    ("report.paper", "a4"): QT_TRANSLATE_NOOP("Settings", "A4"),
    ("report.paper", "letter"): QT_TRANSLATE_NOOP("Settings", "Letter"),
    ("report.language", "en"): QT_TRANSLATE_NOOP("Settings", "English"),
    ("report.language", "de"): QT_TRANSLATE_NOOP("Settings", "German"),
    ("notifications.kinds", "assigned"): QT_TRANSLATE_NOOP("Settings", "Work that is given to me"),
    ("notifications.kinds", "sla_warning"): QT_TRANSLATE_NOOP("Settings", "A clock at its warning"),
    ("notifications.kinds", "sla_breach"): QT_TRANSLATE_NOOP("Settings", "A clock past its target"),
    ("notifications.kinds", "reply"): QT_TRANSLATE_NOOP("Settings", "A reply or a note"),
    ("notifications.kinds", "major"): QT_TRANSLATE_NOOP("Settings", "A major incident"),
    ("notifications.kinds", "update_late"): QT_TRANSLATE_NOOP("Settings", "A late status update"),
    ("notifications.kinds", "action_overdue"): QT_TRANSLATE_NOOP("Settings", "An overdue action"),
    ("notifications.kinds", "sync_stopped"): QT_TRANSLATE_NOOP("Settings", "Sharing that stopped"),
    ("notifications.kinds", "new_version"): QT_TRANSLATE_NOOP("Settings", "A new version"),
    ("updates.source", "off"): QT_TRANSLATE_NOOP("Settings", "Never"),
    ("updates.source", "folder"): QT_TRANSLATE_NOOP("Settings", "From the team's folder"),
    ("updates.source", "address"): QT_TRANSLATE_NOOP("Settings", "From an address"),
    ("pending.pausing", "caller"): QT_TRANSLATE_NOOP("Settings", "The caller"),
    ("pending.pausing", "vendor"): QT_TRANSLATE_NOOP("Settings", "A vendor"),
    ("pending.pausing", "change"): QT_TRANSLATE_NOOP("Settings", "A change"),
    ("pending.pausing", "problem"): QT_TRANSLATE_NOOP("Settings", "A problem"),
    ("pending.pausing", "scheduled"): QT_TRANSLATE_NOOP("Settings", "A scheduled date"),
}
ICONS: Final[Mapping[Section, str]] = {
    Section.ME: "user",
    Section.APPEARANCE: "sun",
    Section.KEYS: "keyboard",
    Section.NOTIFICATIONS: "bell",
    Section.TEAM_AND_SLA: "users",
    Section.CATEGORIES: "tag",
    Section.CHECKLISTS: "clipboard-check",
    Section.EMAIL_AND_ALERTS: "mail",
    Section.PRINT: "printer",
    Section.DATA: "archive",
}


def visible_settings() -> tuple[Setting, ...]:
    """Return the settings that a person can see, in the order of their sections."""
    order = list(Section)
    shown = [setting for setting in SETTINGS.values() if setting.key not in HIDDEN]
    return tuple(sorted(shown, key=lambda setting: order.index(setting.section)))


def label_of(setting: Setting) -> str:
    """Return what a setting is called, in the language of the window."""
    return QCoreApplication.translate(_T, setting.label)


def description_of(setting: Setting) -> str:
    """Return the sentence under a setting."""
    return QCoreApplication.translate(_T, setting.description)


def section_title(section: Section) -> str:
    """Return what a section is called."""
    return QCoreApplication.translate(_T, section.value)


def choice_words(setting: Setting, choice: str) -> str:
    """Return one choice of a setting in words."""
    known = _CHOICES.get((setting.key, choice))
    return QCoreApplication.translate(_T, str(known)) if known else choice.replace("_", " ")


def reach(settings: Iterable[Setting]) -> str:
    """Say for whom the settings of a section hold; "" when there are none."""
    scopes = {setting.scope for setting in settings}
    if scopes == {Scope.TEAM}:
        return QCoreApplication.translate(_T, "For the whole team.")
    if scopes == {Scope.PERSONAL}:
        return QCoreApplication.translate(_T, "For you, on this computer.")
    return ""
