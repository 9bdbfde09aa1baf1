"""Every setting of the program: its key, type, default, limits, and the words to show it with.

Settings of the *team* are journaled and shared; *personal* ones stay on this computer (ux.md 2.8).
Lists of things (people, targets, calendars) are catalogue items, not settings. The key of a team's
setting is its place in the configuration file: `[reopen] window` is "reopen.window" (cli.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.domain.catalogue import did_you_mean, shortened
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import PendingReason
from app.domain.priority import DEFAULT_MATRIX
from app.domain.setting import (
    Scope,
    Section,
    Setting,
    SettingType,
    check_address,
    check_hours,
    check_zone,
)
from app.domain.target import check_duration
from app.domain.version_note import check_notice_address

if TYPE_CHECKING:
    from collections.abc import Mapping


def _team(
    key: str,
    kind: SettingType,
    default: Any,
    section: Section,
    label: str,
    description: str,
    **more: Any,
) -> Setting:
    return Setting(key, kind, default, label, description, section, Scope.TEAM, **more)


def _personal(
    key: str,
    kind: SettingType,
    default: Any,
    section: Section,
    label: str,
    description: str,
    **more: Any,
) -> Setting:
    return Setting(key, kind, default, label, description, section, Scope.PERSONAL, **more)


_T = SettingType
_S = Section

_TEAM_SETTINGS: Final = (
    _team(
        "organisation.name", _T.TEXT, "", _S.TEAM_AND_SLA, "Organisation",
        "Printed at the head of every report.", high=120,
    ),
    _team(
        "team.default", _T.TEXT, "Desk", _S.TEAM_AND_SLA, "First team",
        "Takes every new incident that names no team and whose category names none.", high=500,
    ),
    _team(
        "matrix.rows", _T.MATRIX, DEFAULT_MATRIX.to_rows(), _S.TEAM_AND_SLA, "Priority matrix",
        "One row per impact, one column per urgency, each from high to low.",
    ),
    _team(
        "sla.default_calendar", _T.CALENDAR, "Office hours", _S.TEAM_AND_SLA, "Usual calendar",
        "A calendar of the team, for each target and service that names none.",
        high=200,
    ),
    _team(
        "sla.warn_percent", _T.NUMBER, 75, _S.TEAM_AND_SLA, "Warn at",
        "Share of a target that may be used before the clock turns amber.",
        low=1, high=99, unit="%",
    ),
    _team(
        "pending.pausing", _T.CHOICES, ["caller", "vendor", "scheduled"], _S.TEAM_AND_SLA,
        "Reasons that pause the clock",
        "While an incident waits for one of these, its resolution clock stands still.",
        choices=tuple(reason.value for reason in PendingReason),
    ),
    _team(
        "reopen.window", _T.DURATION, "7d", _S.TEAM_AND_SLA, "Reopen within",
        "Calendar days after closing in which an incident may be reopened; later a new, linked "
        "one is logged.",
        extra_check=check_duration,
    ),
    _team(
        "checklist.required", _T.FLAG, True, _S.CHECKLISTS, "Required steps must be done",
        "When off, closing only reminds of required steps.",
    ),
    _team(
        "report.classification", _T.TEXT, "Internal", _S.PRINT, "Classification",
        "Stands at the foot of every page, such as Internal or Confidential.", high=40,
    ),
    _team(
        "report.paper", _T.CHOICE, "auto", _S.PRINT, "Paper",
        "Paper of reports; auto follows the country of the computer.",
        choices=("auto", "a4", "letter"),
    ),
    _team(
        "report.language", _T.CHOICE, "en", _S.PRINT, "Language of reports",
        "What reports are printed in where nobody chooses; what people typed stays as it is.",
        choices=("en", "de"),
    ),
    _team(
        "outgoing.server", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Server for outgoing mail",
        "Its name, such as smtp.example.org; empty hands drafts to your mail program.", high=253,
    ),
    _team(
        "outgoing.port", _T.NUMBER, 587, _S.EMAIL_AND_ALERTS, "Port",
        "587 with STARTTLS, 465 with TLS.", low=1, high=65535,
    ),
    _team(
        "outgoing.security", _T.CHOICE, "starttls", _S.EMAIL_AND_ALERTS, "Security",
        "How the connection is encrypted; a password is never sent without.",
        choices=("starttls", "tls", "none"),
    ),
    _team(
        "outgoing.user", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "User",
        "Who logs in at the server; empty for nobody. The password stays in the key store.",
        high=254,
    ),
    _team(
        "outgoing.sender", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Sender",
        "Name and address that reports come from: IT desk <desk@example.org>.", high=254,
    ),
    _team(
        "outgoing.ask_satisfaction", _T.FLAG, True, _S.EMAIL_AND_ALERTS, "Ask how it was",
        "The letter asks the requester for 1 (bad) to 5 (good).",
    ),
    _team(
        "incoming.server", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Server of the mailbox",
        "Its name, such as imap.example.org; empty fetches no mail.", high=253,
    ),
    _team(
        "incoming.port", _T.NUMBER, 993, _S.EMAIL_AND_ALERTS, "Port of the mailbox",
        "993 with TLS, 143 with STARTTLS.", low=1, high=65535,
    ),
    _team(
        "incoming.security", _T.CHOICE, "tls", _S.EMAIL_AND_ALERTS, "Security of the mailbox",
        "How the connection is encrypted; a password is never sent without.",
        choices=("tls", "starttls", "none"),
    ),
    _team(
        "incoming.user", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "User of the mailbox",
        "Who logs in there. The password stays in the key store.", high=254,
    ),
    _team(
        "incoming.folder", _T.TEXT, "INBOX", _S.EMAIL_AND_ALERTS, "Folder of the mailbox",
        "New mails in it become incidents, and answers go into theirs.", high=254,
    ),
    _team(
        "incoming.address", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Address of the mailbox",
        "Where users write to, such as help@example.org; mails from it are our own.", high=254,
    ),
    _team(
        "alerts.severity", _T.TABLE, {}, _S.EMAIL_AND_ALERTS, "Severities of alerts",
        "A tool's word to impact/urgency, such as critical to 1/2; other words as is usual.",
    ),
    _team(
        "alerts.routing", _T.TABLE, {}, _S.EMAIL_AND_ALERTS, "Who takes alerts",
        "A pattern, such as host=db*, to a team and a category: Databases | Software.",
    ),
    _team(
        "alerts.maintenance", _T.TABLE, {}, _S.EMAIL_AND_ALERTS, "Maintenance windows",
        "A name to FROM/TO and a pattern; alerts in it open nothing.",
    ),
    _team(
        "alerts.mapping", _T.TABLE, {}, _S.EMAIL_AND_ALERTS, "Fields of other alerts",
        "Where title, text, severity, state, id and url stand in JSON of other tools: data.name.",
    ),
    _team(
        "alerts.formats", _T.TABLE, {}, _S.EMAIL_AND_ALERTS, "Taught alert formats",
        "A name to places in JSON of another tool: title=/job/name state=/job/result.",
    ),
    _team(
        "alerts.syslog", _T.TABLE, {"Critical messages": "crit 1/1m *"}, _S.EMAIL_AND_ALERTS,
        "Rules for system messages",
        "A name to LEVEL COUNT/TIME PATTERN: so many lines of that level in that time.",
    ),
    _team(
        "alerts.routing_order", _T.NAMES, [], _S.EMAIL_AND_ALERTS,
        "Order of the rules: who takes alerts",
        "Names of rules as they are tried; those left out follow by the alphabet.",
    ),
    _team(
        "alerts.maintenance_order", _T.NAMES, [], _S.EMAIL_AND_ALERTS,
        "Order of the rules: maintenance windows",
        "Names of rules as they are tried; those left out follow by the alphabet.",
    ),
    _team(
        "alerts.syslog_order", _T.NAMES, [], _S.EMAIL_AND_ALERTS,
        "Order of the rules: system messages",
        "Names of rules as they are tried; those left out follow by the alphabet.",
    ),
    _team(
        "alerts.storm_count", _T.NUMBER, 20, _S.EMAIL_AND_ALERTS, "A storm begins at",
        "So many incidents of alerts in a minute; all that follow join one master incident.",
        low=2, high=10_000,
    ),
    _team(
        "alerts.flap_minutes", _T.NUMBER, 15, _S.EMAIL_AND_ALERTS, "Alerts return within",
        "An alert that returns in this time reopens its incident; one that does so three times "
        "waits for as long a calm before it is resolved.",
        low=0, high=1_440, unit="min",
    ),
    _team(
        "files.limit_mb", _T.NUMBER, 50, _S.DATA, "Largest file",
        "Files above this are refused before they are copied.", low=1, high=2048, unit="MB",
    ),
    _team(
        "updates.source", _T.CHOICE, "off", _S.DATA, "Tell of new versions",
        "Once a day a file of yours is read: newest-version.txt in the team's folder, or at an "
        "address. Nothing else is downloaded.",
        choices=("off", "folder", "address"),
    ),
    _team(
        "updates.address", _T.TEXT, "", _S.DATA, "Address of the version file",
        "Such as https://intranet.example.org/desk.txt: a version, an address and a few words.",
        high=500, extra_check=check_notice_address,
    ),
)  # fmt: skip

_PERSONAL_SETTINGS: Final = (
    _personal(
        "me.name", _T.TEXT, "", _S.ME, "Name", "Who you are in the timeline.", high=500,
    ),
    _personal(
        "me.zone", _T.ZONE, "", _S.ME, "Time zone",
        "The zone of the times you see; empty follows the computer.", extra_check=check_zone,
    ),
    _personal(
        "appearance.theme", _T.CHOICE, "system", _S.APPEARANCE, "Theme",
        "Light, dark, or as the system has it.", choices=("system", "light", "dark"),
    ),
    _personal(
        "appearance.text_size", _T.NUMBER, 100, _S.APPEARANCE, "Text size",
        "Of everything but reports.", low=80, high=160, unit="%",
    ),
    _personal(
        "appearance.density", _T.CHOICE, "normal", _S.APPEARANCE, "Row height",
        "How close rows stand in lists.", choices=("compact", "normal", "comfortable"),
    ),
    _personal(
        "appearance.motion", _T.FLAG, True, _S.APPEARANCE, "Motion",
        "Short fades; switch off to have none.",
    ),
    _personal(
        "appearance.menu_bar", _T.FLAG, False, _S.APPEARANCE, "Always show the menu bar",
        "Otherwise Alt, F10 or the menu button shows it.",
    ),
    _personal(
        "keys.single_letters", _T.FLAG, True, _S.KEYS, "Single-letter keys",
        "A to assign, R to resolve and so on, while a list has the focus.",
    ),
    _personal(
        "keys.bindings", _T.TABLE, {}, _S.KEYS, "Own keys",
        "Keys that differ from the usual ones, by command.",
    ),
    _personal(
        "notifications.enabled", _T.FLAG, True, _S.NOTIFICATIONS, "Notifications",
        "Shown by the system, at most one every 30 seconds; the bell lists them all.",
    ),
    _personal(
        "notifications.kinds", _T.CHOICES,
        [
            "assigned", "sla_warning", "sla_breach", "reply", "major", "update_late",
            "action_overdue", "sync_stopped", "new_version",
        ],
        _S.NOTIFICATIONS, "Tell me of", "What is worth a notification.",
        choices=(
            "assigned", "sla_warning", "sla_breach", "reply", "major", "update_late",
            "action_overdue", "sync_stopped", "new_version",
        ),
    ),
    _personal(
        "notifications.quiet_hours", _T.TEXT, "", _S.NOTIFICATIONS, "Quiet hours",
        "Nothing is shown from and until, such as 22:00-06:00; it waits for the end of them.",
        extra_check=check_hours,
    ),
    _personal(
        "notifications.toast_s", _T.NUMBER, 10, _S.NOTIFICATIONS, "Undo stays for",
        "Seconds that the undo message is shown; 0 keeps it until it is dismissed.",
        low=0, high=120, unit="s",
    ),
    _personal(
        "incoming.fetch_here", _T.FLAG, False, _S.EMAIL_AND_ALERTS, "Fetch mail on this computer",
        "While the window is open. Of several computers one fetches; another takes over when it "
        "is silent for 15 minutes.",
    ),
    _personal(
        "listener.on", _T.FLAG, False, _S.EMAIL_AND_ALERTS, "Take alerts on this computer",
        "While the window is open: what monitoring tools post, send or drop becomes incidents.",
    ),
    _personal(
        "listener.webhook", _T.TEXT, "127.0.0.1:8787", _S.EMAIL_AND_ALERTS, "Alerts by webhook",
        "HOST:PORT that tools post to. 127.0.0.1 is this computer alone; empty for none.",
        high=260, extra_check=check_address,
    ),
    _personal(
        "listener.certificate", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Certificate of the webhook",
        "A PEM file with certificate and key: then it is HTTPS.", high=1_000,
    ),
    _personal(
        "listener.syslog", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "System messages",
        "HOST:PORT for syslog over UDP and TCP; empty for none.",
        high=260, extra_check=check_address,
    ),
    _personal(
        "listener.drop", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Drop folder for alerts",
        "Files that are put there are taken. Of several computers one takes them.", high=1_000,
    ),
    _personal(
        "reports.folder", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Folder of users' reports",
        "Where the report form puts its files; read while the window is open, by one computer of "
        "the team.", high=1_000,
    ),
    _personal(
        "listener.log", _T.TEXT, "", _S.EMAIL_AND_ALERTS, "Watched log file",
        "Lines that come to it are taken by the rules for system messages.", high=1_000,
    ),
    _personal(
        "window.keep_in_tray", _T.FLAG, False, _S.NOTIFICATIONS, "Keep in tray",
        "Closing the window leaves the program running beside the clock, where there is room.",
    ),
    _personal(
        "window.autostart", _T.FLAG, False, _S.NOTIFICATIONS, "Start with the computer",
        "Opens the window when you log in to this computer.",
    ),
    _personal(
        "print.colour", _T.CHOICE, "colour", _S.PRINT, "Print in",
        "Priorities keep shape and letter in black and white.",
        choices=("colour", "black_and_white"),
    ),
    _personal(
        "sign.reports", _T.FLAG, False, _S.PRINT, "Sign reports",
        "Every report that is saved or mailed is signed with your certificate.",
    ),
    _personal(
        "sign.certificate", _T.TEXT, "", _S.PRINT, "Certificate",
        "A PKCS#12 file (.p12 or .pfx); its password stays in the key store.", high=1_000,
    ),
    _personal(
        "hints.seen", _T.TABLE, {}, _S.DATA, "Hints already seen",
        "Each hint is shown once; reset to see them again.",
    ),
)  # fmt: skip

SETTINGS: Final[Mapping[str, Setting]] = {
    setting.key: setting for setting in (*_TEAM_SETTINGS, *_PERSONAL_SETTINGS)
}
"""Every setting by key, in the order in which its section shows it."""


def setting_named(key: str) -> Setting:
    """Return the setting of that key; raise NotFoundError with the nearest one otherwise."""
    found = SETTINGS.get(key.strip().lower())
    if found is None:
        raise NotFoundError(
            f'There is no setting "{shortened(key)}".{did_you_mean(key, SETTINGS)}',
            code="unknown_setting",
        )
    return found


def team_settings() -> tuple[Setting, ...]:
    """Return the settings that the whole team shares."""
    return tuple(one for one in SETTINGS.values() if one.scope is Scope.TEAM)


def personal_settings() -> tuple[Setting, ...]:
    """Return the settings of this computer's person."""
    return tuple(one for one in SETTINGS.values() if one.scope is Scope.PERSONAL)


def value_of(values: Mapping[str, Any], key: str) -> Any:
    """Return a setting's value out of those that were set, its default when unset or unusable.

    A value that an older or newer program wrote never stops this one.
    """
    setting = SETTINGS[key]
    if key not in values:
        return setting.default
    try:
        return setting.check(values[key])
    except InvalidInputError:
        return setting.default
