"""System messages become an incident where a rule of the team is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.services import browsing, configuration
from app.services.syslog_intake import SyslogWatch, read_rule

if TYPE_CHECKING:
    from app.services.desk import Desk

PANIC = b"<2>1 2026-03-09T09:00:00Z db1 kernel - - - disk sda failed"


def test_a_critical_line_opens_and_the_next_joins(desk: Desk) -> None:
    watch = SyslogWatch(desk)
    first, second, third = watch.take([PANIC, PANIC, b"<6>1 - db1 a - - - all is well"])
    assert (first.taken.action, second.taken.action) == ("opened", "joined")
    assert first.taken.number == second.taken.number
    assert (third.taken.action, third.taken.number) == ("ignored", "")
    incident = browsing.incident(desk, first.taken.number)
    assert incident.title == "kernel on db1: disk sda failed"
    assert first.to_json()["parsed"]["hostname"] == "db1"


def test_a_rate_is_waited_for_by_host(desk: Desk) -> None:
    configuration.set_setting(desk, "alerts.syslog", {"Logins": "notice 3/1m tag=sshd *failed*"})

    def line(host: str, second: int) -> bytes:
        return f"<38>1 2026-03-09T09:00:{second:02}Z {host} sshd - - - failed login".encode()

    lines = [line("a", 1), line("b", 2), line("a", 3), line("b", 4), line("a", 5)]
    taken = SyslogWatch(desk).take([one.replace(b"<38>", b"<37>") for one in lines])
    assert [one.taken.action for one in taken] == ["ignored"] * 4 + ["opened"]
    assert SyslogWatch(desk).take(lines)[-1].taken.action == "ignored"  # info is less than asked


@pytest.mark.parametrize("said", ["", "loud 1/1m *", "err 0/1m *", "err 1 *", "err 1/1y *"])
def test_a_rule_that_cannot_be_read_is_a_sentence(said: str) -> None:
    with pytest.raises(InvalidInputError, match="LEVEL COUNT/TIME"):
        read_rule("mine", said)
