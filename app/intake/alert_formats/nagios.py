"""Nagios and Icinga: the macros of a notification as JSON, as KEY=VALUE lines, or as its mail.

A mail's body tells the state; its subject may still say PROBLEM when all is well.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    labels,
    text,
    when,
)

_LINE = re.compile(r"^([A-Za-z][A-Za-z0-9 _/.-]{1,40}?)\s*[:=]\s*(.*)$")
_SENTENCE = re.compile(r"==>\s*(?:(.+) on )?(\S+) is (\w+)!?\s*<==")
_SUBJECT = re.compile(r"^\W*(?:\w+)\W+(?:(.+) on )?(\S+) is (\w+)!?$")
_WELL_KINDS = ("recovery", "flappingstop", "downtimeend", "downtimeremoved", "ok", "up")


def _plain(document: Any) -> dict[str, str]:
    if not isinstance(document, dict):
        return {}
    found = {}
    for key, value in document.items():
        name = "".join(part for part in str(key).lower() if part.isalnum())
        name = name.removeprefix("nagios").removeprefix("icinga")
        if word := text(value):
            found[name] = word
    return found


def _recognise(document: Any) -> bool:
    plain = _plain(document)
    return "notificationtype" in plain and any(
        key in plain for key in ("host", "hostname", "hostalias", "hostdisplayname")
    )


def _read(document: Any, name: str) -> list[Alert]:
    plain = _plain(document)
    host = first(*(plain.get(key) for key in ("hostname", "host", "hostdisplayname", "hostalias")))
    service = first(
        *(plain.get(key) for key in ("servicedesc", "servicename", "servicedisplayname", "service"))
    )
    status = first(
        *(plain.get(key) for key in ("servicestate", "state", "hoststate", "status")),
    )
    kind = plain.get("notificationtype", "").lower()
    well = kind in _WELL_KINDS or status.lower() in _WELL_KINDS
    output = first(
        *(plain.get(key) for key in ("serviceoutput", "hostoutput", "output", "additionalinfo")),
        plain.get("info"),
    )
    return [
        Alert(
            "nagios",
            digest(host.lower(), service),
            AlertState.RESOLVED if well else AlertState.FIRING,
            f"{service} on {host} is {status}" if service else f"{host} is {status}",
            status,
            output,
            labels(
                host=host,
                service=service,
                state=status,
                address=first(plain.get("hostaddress"), plain.get("address"), plain.get("ipv4")),
            ),
            when(first(plain.get("when"), plain.get("datetime"), plain.get("longdatetime"))),
        )
    ]


def read_lines(said: str, subject: str = "") -> list[Alert]:
    """Return the alert of a notification's text: `Name: value` lines, and Icinga's sentence.

    Nothing is returned for a text that is no notification.
    """
    facts: dict[str, str] = {}
    for line in said.splitlines():
        if match := _LINE.match(line.strip()):
            facts.setdefault(match.group(1).strip().lower(), match.group(2).strip())
    for name in ("service", "host"):  # Icinga 2 adds (Display Name: "...")
        facts[name] = facts.get(name, "").partition(" (Display Name")[0]
    told = _SENTENCE.search(said)
    if told:
        facts["service"] = told.group(1) or ""
        facts["host"], facts["state"] = told.group(2), told.group(3)
    elif not facts.get("state") and (match := _SUBJECT.match(subject)):
        facts["state"] = match.group(3)
    if "notification type" not in facts:
        facts["notification type"] = "PROBLEM" if told or facts.get("state") else ""
    plain = {key: value for key, value in facts.items() if value}
    return _read(plain, "") if _recognise(plain) and facts.get("state") else []


def read_mail(body: bytes) -> list[Alert]:
    """Return the alert of a notification that came as a mail; nothing for another mail."""
    message = message_from_bytes(body, policy=policy.default)
    part = message.get_body(preferencelist=("plain",)) if body else None
    try:
        said = str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError, KeyError):
        said = ""
    return read_lines(said, str(message.get("Subject", "")))


NAGIOS = AlertFormat("nagios", "Nagios or Icinga", _recognise, _read)
