"""What a new store starts from: the defaults of domain.md and a tree to begin with.

Everything here is data that an administrator edits. Targets are not given by domain.md; these are
usual for ITIL 4's incident management practice: response in minutes to a working day, resolution in
hours to a working week, and the clock of a critical incident running day and night.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.calendar import Calendar
from app.domain.category import Category
from app.domain.closure import DEFAULT_CHECKLIST, MAJOR_CHECKLIST
from app.domain.closure_code import default_codes
from app.domain.configuration import Configuration
from app.domain.people import Team
from app.domain.service import Location
from app.domain.settings import team_settings
from app.domain.target import Target

if TYPE_CHECKING:
    from app.domain.catalogue import CatalogueItem

ALWAYS: Final = "24x7"
OFFICE_HOURS: Final = "Office hours"
DEFAULT_TEAM: Final = "Desk"
DEFAULT_LOCATION: Final = "HQ"

_TARGETS: Final = (
    ("P1", "response", "15m", ALWAYS),
    ("P1", "resolution", "4h", ALWAYS),
    ("P2", "response", "1h", OFFICE_HOURS),
    ("P2", "resolution", "8h", OFFICE_HOURS),
    ("P3", "response", "4h", OFFICE_HOURS),
    ("P3", "resolution", "3d", OFFICE_HOURS),
    ("P4", "response", "1d", OFFICE_HOURS),
    ("P4", "resolution", "5d", OFFICE_HOURS),
)

_CATEGORIES: Final = (
    ("access", ()),
    ("access/account", ("account", "locked out", "new starter", "leaver")),
    ("access/password", ("password", "expired")),
    ("access/permission", ("permission", "access denied", "rights", "folder")),
    ("access/mfa", ("authenticator", "mfa", "second factor", "token")),
    ("email", ()),
    ("email/mailbox", ("mailbox", "outlook", "quota", "inbox")),
    ("email/delivery", ("bounce", "undelivered", "spam", "phishing")),
    ("email/calendar", ("calendar", "meeting", "invite")),
    ("facilities", ()),
    ("facilities/meeting room", ("projector", "meeting room", "video conference")),
    ("facilities/badge reader", ("badge", "door", "reader")),
    ("hardware", ()),
    ("hardware/desktop", ("desktop", "pc", "workstation")),
    ("hardware/laptop", ("laptop", "battery", "dock", "docking")),
    ("hardware/mobile", ("phone", "tablet", "mobile")),
    ("hardware/monitor", ("monitor", "screen", "flicker")),
    ("hardware/printer", ("printer", "toner", "print", "label printer", "blank pages")),
    ("hardware/server", ("server", "disk", "raid", "reboot")),
    ("network", ()),
    ("network/lan", ("switch", "cable", "lan", "port")),
    ("network/vpn", ("vpn", "tunnel", "remote access")),
    ("network/wifi", ("wifi", "wi-fi", "wireless")),
    ("network/internet", ("internet", "dns", "website", "slow internet")),
    ("security", ()),
    ("security/malware", ("virus", "malware", "ransomware")),
    ("security/phishing", ("phishing", "suspicious mail")),
    ("software", ()),
    ("software/business application", ("invoice", "order", "erp", "crm")),
    ("software/office", ("excel", "word", "add-in", "spreadsheet")),
    ("software/operating system", ("update", "blue screen", "login", "slow")),
    ("telephony", ()),
    ("telephony/desk phone", ("desk phone", "extension", "voicemail")),
)
"""Path and the words in a summary that suggest it."""


def default_calendars(zone: str) -> tuple[Calendar, Calendar]:
    """Return "24x7" and "Office hours" (Monday to Friday, 09:00 to 17:00) in this IANA zone."""
    week = ((9 * 60, 17 * 60),)
    return (
        Calendar.around_the_clock(ALWAYS, zone),
        Calendar(OFFICE_HOURS, zone, (week,) * 5 + ((),) * 2),
    )


def default_targets() -> tuple[Target, ...]:
    """Return a response and a resolution target for each priority."""
    fields = ("priority", "clock", "target", "calendar")
    return tuple(Target.from_data("", dict(zip(fields, row, strict=True))) for row in _TARGETS)


def default_configuration(zone: str) -> Configuration:
    """Return the configuration of a new store for a workstation in this IANA zone.

    Settings are left unset, so that they follow the defaults of `app.domain.settings`. Raises
    InvalidInputError for an unknown zone.
    """
    items: list[CatalogueItem] = [
        Location.named(DEFAULT_LOCATION),
        Team.named(DEFAULT_TEAM),
        DEFAULT_CHECKLIST,
        MAJOR_CHECKLIST,
        *(Category.from_data(path, {"keywords": list(words)}) for path, words in _CATEGORIES),
        *default_targets(),
        *default_codes(),
    ]
    return Configuration(tuple(items), default_calendars(zone))


def default_settings() -> dict[str, object]:
    """Return the default value of every team setting by key."""
    return {setting.key: setting.default for setting in team_settings()}
