"""Makes alerts of system messages by the team's rules: a level, a pattern, and how often.

A rule is `LEVEL COUNT/TIME PATTERN` (setting alerts.syslog): when that many lines of that level or
worse that fit the pattern came from one host in that time, an alert is taken; further ones join it.
Counts are kept in memory only: a line is acknowledged to nobody. Used on one thread.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.alert_rules import fits
from app.domain.errors import InvalidInputError
from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import digest
from app.intake.syslog import SEVERITIES, SystemMessage, read_message
from app.services import alert_intake, alert_reading
from app.services.alert_intake import Taken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.desk import Desk

_MOST_HOSTS = 10_000
"""So many counts are kept at once; the one that was longest without a line gives way."""
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_NOT_MATCHED = "No rule asks for it."


class SyslogRule(NamedTuple):
    """When lines become an alert."""

    name: str
    level: int
    lines: int
    within: timedelta
    pattern: str


class Line(NamedTuple):
    """What became of one line, and its parts."""

    taken: Taken
    parsed: SystemMessage

    def to_json(self) -> dict[str, Any]:
        """Return the result as the command line prints it (cli.md)."""
        return {**self.taken.to_json(), "parsed": self.parsed.to_json()}


def read_rule(name: str, said: str) -> SyslogRule:
    """Read `LEVEL COUNT/TIME PATTERN`, such as `err 5/10m host=db* *disk*`.

    Raises:
        InvalidInputError: a part is missing or is not what it should be.
    """
    level, _, rest = said.strip().partition(" ")
    rate, _, pattern = rest.strip().partition(" ")
    count, _, span = rate.partition("/")
    number, unit = span[:-1], span[-1:]
    if (
        level.lower() not in SEVERITIES
        or not (count.isdecimal() and number.isdecimal() and unit in _UNITS)
        or not 1 <= int(count) <= 100_000
        or not 1 <= int(number) <= 100_000
    ):
        raise InvalidInputError(
            f'The rule "{name}" of alerts.syslog says "{said}". Write LEVEL COUNT/TIME PATTERN, '
            "such as err 5/10m *disk*; levels are " + ", ".join(SEVERITIES) + "."
        )
    within = timedelta(seconds=int(number) * _UNITS[unit])
    return SyslogRule(name, SEVERITIES.index(level.lower()), int(count), within, pattern or "*")


def rule_units(within: timedelta) -> tuple[int, str]:
    """Return a span as a number of its largest whole unit, as a rule writes it."""
    seconds = int(within.total_seconds())
    unit = next(one for one in reversed(_UNITS) if seconds % _UNITS[one] == 0)
    return seconds // _UNITS[unit], unit


class SyslogWatch:
    """Counts lines by rule and host, and takes an alert where a rule is met."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._said: list[tuple[str, str]] = []
        self._rules: list[SyslogRule] = []
        self._counts: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()

    def take(self, lines: Iterable[bytes | str], *, receiver: str = "") -> list[Line]:
        """Take lines in one transaction; return what became of each.

        Raises:
            InvalidInputError: a rule of the team cannot be read.
        """
        self._read_rules()
        now = self._desk.now()
        read = [read_message(line, receiver=receiver) for line in lines]
        due = [(one, self._met(one, now)) for one in read]
        alerts = [_alert(one, rule) for one, rule in due if rule is not None]
        taken = iter(alert_intake.take(self._desk, alerts) if alerts else ())
        quiet = Taken("syslog", "ignored", reason=_NOT_MATCHED)
        return [Line(quiet if rule is None else next(taken), one) for one, rule in due]

    def counts(self) -> list[list[Any]]:
        """Return what was counted so far, as `restore` takes it."""
        return [
            [rule, host, [at.isoformat() for at in seen]]
            for (rule, host), seen in self._counts.items()
        ]

    def restore(self, counts: Iterable[list[Any]]) -> None:
        """Go on counting from what another run has counted; rules that are gone are left out."""
        self._read_rules()
        lines = {rule.name: rule.lines for rule in self._rules}
        for rule, host, seen in counts:
            if rule in lines:
                instants = (datetime.fromisoformat(at) for at in seen)
                self._counts[rule, host] = deque(instants, maxlen=lines[rule])

    def _read_rules(self) -> None:
        said = list(alert_reading.rules(self._desk, "alerts.syslog").items())
        if said != self._said:
            self._rules = [read_rule(name, rule) for name, rule in said]
            self._said = said

    def _met(self, one: SystemMessage, now: datetime) -> SyslogRule | None:
        """Count a line; return the first rule that it meets."""
        facts = {
            "title": one.message,
            "host": one.hostname,
            "tag": one.program,
            "facility": one.facility,
            "severity": one.severity,
            "source": "syslog",
        }
        for rule in self._rules:
            if one.level > rule.level or not fits(rule.pattern, facts):
                continue
            key = (rule.name, one.hostname)
            seen = self._counts.setdefault(key, deque(maxlen=rule.lines))
            self._counts.move_to_end(key)
            if len(self._counts) > _MOST_HOSTS:
                self._counts.popitem(last=False)
            at = one.at or now
            seen.append(at)
            if len(seen) == rule.lines and at - seen[0] <= rule.within:
                return rule
        return None


def _alert(one: SystemMessage, rule: SyslogRule) -> Alert:
    message = one.message.strip()
    return Alert(
        "syslog",
        digest(rule.name, one.hostname, one.program),
        AlertState.FIRING,
        f"{one.program or rule.name} on {one.hostname}: {message[:160]}".rstrip(": "),
        one.severity,
        message,
        {"host": one.hostname, "tag": one.tag, "facility": one.facility, "rule": rule.name},
        one.at,
    )
