"""Reads system messages: RFC 5424, RFC 3164, and what devices send instead of either.

As rsyslog does it: the tag keeps its colon, the message what follows it. Nothing is refused; a line
without a header is a message of the receiving host (RFC 3164, section 4.3.3). Any thread.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

MOST_BYTES: Final = 64 * 1024
"""Of one message; RFC 5425 asks for 8,192 at least."""
FACILITIES: Final = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron"),
    *("authpriv", "ftp", "ntp", "audit", "alert", "clock"),
    *(f"local{number}" for number in range(8)),
)
SEVERITIES: Final = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
_NOBODY_SAID: Final = 13
"""user.notice: the priority of a line that tells none."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PRI = re.compile(r"<(\d{1,3})>")
_ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)(?: |$)")
_OLD = re.compile(
    r"([A-Za-z]{3}) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?:?(?: |$)"
)
_HOST = re.compile(r"[A-Za-z0-9._-]+$|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*[0-9A-Fa-f]$")
_TAG = re.compile(r"[^\s:]*:?")
_PROGRAM = re.compile(r"[^\[:/]*")


@dataclass(frozen=True, slots=True)
class SystemMessage:
    """One line. `at` is None where it tells no instant or none with a year."""

    pri: int
    facility: str
    severity: str
    timestamp: str
    hostname: str
    tag: str
    message: str
    at: datetime | None = None

    @property
    def level(self) -> int:
        """Return the severity as a number: 0 is the worst, 7 the least."""
        return self.pri & 7

    @property
    def program(self) -> str:
        """Return the tag without process number and colon."""
        found = _PROGRAM.match(self.tag)
        return found.group() if found else ""

    def to_json(self) -> dict[str, Any]:
        """Return the parts as the command line prints them (cli.md)."""
        return {
            "pri": self.pri,
            "facility": self.facility,
            "severity": self.severity,
            "timestamp": self.timestamp,
            "hostname": self.hostname,
            "tag": self.tag,
            "message": self.message,
            "at": None if self.at is None else self.at.isoformat(),
        }


def read_message(line: bytes | str, *, receiver: str = "") -> SystemMessage:
    """Read one line, whatever it is.

    Args:
        line: without its end; bytes are UTF-8 or, when they are not, Latin-1.
        receiver: the host that a message belongs to which names none; else this computer.
    """
    text = line if isinstance(line, str) else _decode(line[:MOST_BYTES])
    text = text.rstrip("\r\n\0")
    pri = _NOBODY_SAID
    found = _PRI.match(text)
    if found and int(found.group(1)) < 192:
        pri, text = int(found.group(1)), text[found.end() :]
    host = receiver or platform.node()
    if found and text.startswith("1 ") and (told := _read_5424(pri, text[2:], host)):
        return told
    return _read_3164(pri, text, host)


def _decode(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _made(
    pri: int, at: tuple[str, datetime | None], host: str, tag: str, message: str
) -> SystemMessage:
    facility, severity = FACILITIES[pri >> 3], SEVERITIES[pri & 7]
    return SystemMessage(pri, facility, severity, at[0], host, tag, message, at[1])


def _read_5424(pri: int, text: str, receiver: str) -> SystemMessage | None:
    parts = text.split(" ", 5)
    if len(parts) < 6:
        return None
    written, host, program, process, _, rest = parts
    found = _ISO.match(written)
    if found is None and written != "-":
        return None
    data_end = _structured_data_end(rest)
    message = rest[data_end:].removeprefix(" ").removeprefix("\ufeff")
    tag = "" if program == "-" else program
    if process != "-":
        tag += f"[{process}]"
    instant = _of_iso(written) if found else ("", None)
    return _made(pri, instant, receiver if host == "-" else host, tag, message)


def _structured_data_end(text: str) -> int:
    """Return where the structured data ends; a bracket in quotes, or escaped, ends nothing."""
    if text.startswith("-"):
        return 1
    at, quoted = 0, False
    while at < len(text) and text[at] == "[":
        while at < len(text):
            character = text[at]
            if character == "\\" and quoted:
                at += 1
            elif character == '"':
                quoted = not quoted
            elif character == "]" and not quoted:
                break
            at += 1
        at += 1
    return at


def _read_3164(pri: int, text: str, receiver: str) -> SystemMessage:
    text = text.removeprefix(" ")
    instant: tuple[str, datetime | None] = ("", None)
    host, dated = "", False
    if found := _ISO.match(text):
        instant, dated = _of_iso(found.group(1)), True
    elif found := _OLD.match(text):
        instant, dated = _of_old(found), True
    if dated and found:
        text = text[found.end() :]
        word, space, rest = text.partition(" ")
        if _HOST.match(word) and (not word.endswith(":")):
            host, text = word, rest if space else ""
    tag = _TAG.match(text)
    named = tag.group() if tag and (dated or tag.group().endswith(":")) else ""
    return _made(pri, instant, host or receiver, named, text[len(named) :])


def _of_iso(written: str) -> tuple[str, datetime | None]:
    try:
        at = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", written))
    except ValueError:
        return written, None
    shown = f"{_MONTHS[at.month - 1]} {at.day:2} {at:%H:%M:%S}"
    return shown, at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _of_old(found: re.Match[str]) -> tuple[str, datetime | None]:
    word, day, year, hour, minute, second = found.groups()
    month = word.capitalize()
    shown = f"{month} {int(day):2} {hour}:{minute}:{second}"
    if month not in _MONTHS or year is None:
        return shown, None
    try:
        at = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second),
            tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return shown, None
    return shown, at
