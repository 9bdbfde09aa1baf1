"""System messages of RFC 3164 and 5424 come apart as rsyslog does it; nothing is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.intake.syslog import read_message

LINES = Path("/") / "work" / "shared" / "data" / "syslog_lines"


def parts(line: bytes) -> tuple[str, ...]:
    one = read_message(line, receiver="here")
    told = (one.facility, one.severity, one.timestamp, one.hostname, one.program, one.tag)
    return (str(one.pri), *told, one.message)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
         "34|auth|crit|Oct 11 22:14:15|mymachine|su|su:| 'su root' failed"),
        (b"<167>AUG  1 2008 22:18:24: host tag msg \xe4",
         "167|local4|debug|Aug  1 22:18:24|host|tag|tag| msg \xe4"),
        (b"no header at all", "13|user|notice||here|||no header at all"),
        (b"<999>what", "13|user|notice||here|||<999>what"),
        (b"<14>May 21 2017 00:00:00: %ASA-4-10: Deny",
         "14|user|info|May 21 00:00:00|here|%ASA-4-10|%ASA-4-10:| Deny"),
        (b"<14>Aug 30 23:00:05", "14|user|info|Aug 30 23:00:05|here|||"),
        (b'<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 p 87 - [a b="\\"]"][c d="e"] hi ]',
         "165|local4|notice|Aug 24 05:14:15|192.0.2.1|p|p[87]|hi ]"),
        (b"<34>1 - - - - - - \xef\xbb\xbfhi", "34|auth|crit||here|||hi"),
    ],
)  # fmt: skip
def test_a_line_comes_apart(line: bytes, expected: str) -> None:
    assert parts(line) == tuple(expected.split("|"))


def test_an_instant_with_zone_is_known() -> None:
    one = read_message(b"<1>1 2003-08-24T05:14:15.5-07:00 h a - - - m")
    assert one.at == datetime(2003, 8, 24, 12, 14, 15, 500_000, UTC)
    assert read_message(b"<1>Feb 30 2003 05:14:15 h a: m").at is None


@pytest.mark.parametrize(
    "line", [b"", b"\0", b"<", b"<>", b"<1>", b"<1>1 ", b"<1>1 x y z", b"\xff" * 9]
)
def test_nothing_is_refused(line: bytes) -> None:
    assert read_message(line, receiver="here").hostname == "here"


@pytest.mark.skipif(not LINES.is_dir(), reason="rsyslog's published lines are not here")
def test_rsyslog_s_own_lines_come_apart_as_it_expects() -> None:
    lines = (LINES / "parsertest-parse1.input.txt").read_bytes().splitlines()
    expected = (LINES / "parsertest-parse1.expected.txt").read_text("utf-8").splitlines()
    wrong = []
    for line, said in zip(lines, expected, strict=True):
        wanted = said.replace('\\"', '"').replace("$RS_HOSTNAME", "here")
        if ",".join(parts(line)) != wanted:
            wrong.append((",".join(parts(line)), wanted))
    assert wrong == []
