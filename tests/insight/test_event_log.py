"""Event logs of Windows: their events as lines, in the order of time, and damaged ones."""

from __future__ import annotations

import gzip
import random
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.insight import event_log, log_reader
from app.insight.log_text import LogText
from tests.insight.made_event_log import CHUNK, HEADER, Event, made

if TYPE_CHECKING:
    from app.insight.log_summary import Summary

pytest.importorskip("evtx", reason="the reader of Windows event logs has no wheel for this system")

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
AT = datetime(2026, 3, 8, 10, 0, 0, 250_000, tzinfo=UTC)
SERVICES = "Service Control Manager"
LOG = made(
    [
        Event(1, AT, 4, SERVICES, 7036, {"param1": "Spooler", "param2": "running"}),
        Event(2, AT + timedelta(seconds=1), 2, SERVICES, 7031, {"param1": "Spooler"}),
        Event(3, AT + timedelta(seconds=2), 4, SERVICES, 7036, {"param1": "Netlogon"}),
        Event(
            4, AT + timedelta(seconds=3), 0, "Audit", 4625, {"User": "Ana"}, "0x8010000000000000"
        ),
    ]
)


def lines(log: bytes, name: str = "System.evtx") -> list[str]:
    return list(LogText(log, name).lines())


def summary(log: bytes) -> Summary:
    return log_reader.read(LogText(log, "System.evtx"), UTC, NOW)


def test_an_event_is_a_line_of_time_level_provider_id_and_values() -> None:
    assert lines(LOG) == [
        "2026-03-08T10:00:00.250Z INFO Service Control Manager ID7036: "
        "param1=Spooler, param2=running",
        "2026-03-08T10:00:01.250Z ERROR Service Control Manager ID7031: param1=Spooler",
        "2026-03-08T10:00:02.250Z INFO Service Control Manager ID7036: param1=Netlogon",
        "2026-03-08T10:00:03.250Z INFO Audit ID4625: Audit failure: User=Ana",
    ]


def test_its_times_levels_and_errors_are_understood() -> None:
    found = summary(LOG)
    assert (found.encoding, found.lines, found.timed) == (event_log.ENCODING, 4, 4)
    assert (found.begins, found.ends) == (AT, AT + timedelta(seconds=3))
    assert found.levels == {"INFO": 3, "ERROR": 1}
    assert [one.line for one in found.errors] == [2]


def test_the_template_of_an_event_is_its_provider_and_id() -> None:
    told = [(one.text, one.count) for one in summary(LOG).templates]
    assert told == [(f"{SERVICES} ID7036", 2), (f"{SERVICES} ID7031", 1), ("Audit ID4625", 1)]


def test_a_log_that_went_on_in_its_oldest_chunk_is_read_in_the_order_of_time() -> None:
    newer = [Event(n, AT + timedelta(hours=n), 4, "A", 1, {}) for n in (3, 4)]
    older = [Event(n, AT + timedelta(hours=n), 4, "A", 1, {}) for n in (1, 2)]
    found = lines(made(newer, older))
    assert [one[11:13] for one in found] == ["11", "12", "13", "14"]


def test_a_packed_one_is_unpacked() -> None:
    assert lines(gzip.compress(LOG), "System.evtx.gz") == lines(LOG)


def test_space_that_was_set_aside_says_nothing() -> None:
    assert lines(LOG + bytes(CHUNK) + b"old rest" * 20) == lines(LOG)


def test_a_log_that_is_cut_off_gives_what_is_there_and_says_so() -> None:
    two = made([Event(1, AT, 4, "A", 1, {})], [Event(2, AT, 4, "A", 1, {})])
    told = "(Part of this event log is damaged or missing; its events are left out.)"
    for kept in (HEADER + CHUNK, HEADER + CHUNK + 300):
        found = lines(two[:kept])
        assert len(found) == 2
        assert found[-1] == told


@pytest.mark.parametrize("log", [LOG[:64], LOG[:HEADER], LOG[:HEADER] + b"x" * CHUNK, made()])
def test_a_log_without_an_event_is_refused_in_a_sentence(log: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^System\.evtx is an event log .* fetch it again"):
        lines(log)


def test_damage_anywhere_is_told_and_breaks_nothing() -> None:
    rng = random.Random(4)
    for _ in range(300):
        log = bytearray(LOG)
        for _ in range(rng.choice((1, 8, 200))):
            log[rng.randrange(8, HEADER + 2_000)] = rng.randrange(256)
        told = ""
        try:
            found = lines(bytes(log))
        except InvalidInputError as error:
            told = str(error)
        assert len(found) <= 5 if not told else told.startswith("System.evtx is an event log")


def test_where_its_reader_is_missing_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "evtx", None)
    with pytest.raises(InvalidInputError, match=r"save it as text or CSV in the Event Viewer\.$"):
        lines(LOG)
