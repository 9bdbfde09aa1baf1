"""Payloads and lines that chance has bent, for a stated time: read or refused, never a crash.

FUZZ_S seconds (INCIDENT_DESK_FUZZ_S gives another number); the seed of a failure is told.
"""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.intake.alert_formats import FORMATS, read_payload
from app.intake.syslog import read_message

if TYPE_CHECKING:
    from collections.abc import Callable

FUZZ_S = float(os.environ.get("INCIDENT_DESK_FUZZ_S", "60"))
_SEEDS = (
    b'{"receiver":"x","status":"firing","groupKey":"g","alerts":[{"status":"firing","labels":'
    b'{"alertname":"Down","severity":"critical"},"annotations":{"summary":"s"},'
    b'"startsAt":"2026-03-09T09:00:00Z","endsAt":"0001-01-01T00:00:00Z"}]}',
    b'{"title":"Door open","id":1,"state":"ok","severity":2.5,"started_at":1773046800}',
    b'{"event":{"event_type":"incident.triggered","data":{"id":"a","title":"b"}}}',
    b'{"heartbeat":{"status":0},"monitor":{"name":"n"},"msg":"down"}',
    b'{"NotificationType":"PROBLEM","HostName":"h","ServiceState":"CRITICAL"}',
    b'{"Type":"Notification","Message":"{\\"AlarmName\\":\\"a\\",\\"NewStateValue\\":\\"ALARM\\"}"}',
    b"Notification Type: PROBLEM\nHost: db1\nService: Disk\nState: CRITICAL\n",
    b'<165>1 2026-03-09T09:00:00.003Z host app 1 ID47 [a@1 b="c\\]"] \xef\xbb\xbfmessage',
    b"<34>Mar  9 09:00:00 host su[12]: failed for root",
)
_BITS = (
    b"null", b"[]", b"{}", b"-1", b"1e999", b"NaN", b'""', b"[[[[", b"\\ud800", b"\x00",
    b"\xff\xfe",
    b"99999999999999999999", b"true", b'{"a":', b",", b'"', b"<999>", b"9999-99-99T99:99:99Z",
)  # fmt: skip


def bent(chance: random.Random) -> bytes:
    """Return a seed with some of its bytes changed, doubled, cut or replaced."""
    data = bytearray(chance.choice(_SEEDS))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.randint(0, 20))
        other = chance.choice(_SEEDS)
        start = chance.randrange(len(other))
        data[at:end] = chance.choice(
            (chance.choice(_BITS), b"", chance.randbytes(2), other[start : start + 30])
        )
    return bytes(data)


@pytest.mark.slow
@pytest.mark.timeout(FUZZ_S * 2 + 120)
def test_bent_payloads_are_read_or_refused(record_property: Callable[[str, object], None]) -> None:
    names = ("", *(one.name for one in FORMATS))
    begun, seed, read = time.monotonic(), 0, 0
    while time.monotonic() - begun < FUZZ_S:
        seed += 1
        chance = random.Random(seed)
        data = bent(chance)
        name = chance.choice(names) if chance.random() < 0.3 else ""
        try:
            found = read_payload(data, name=name)
            assert all(one.title and one.fingerprint for one in found)
            read += 1
        except InvalidInputError:
            pass
        except Exception as error:
            pytest.fail(f"seed {seed}, format {name!r}: {data!r}: {error!r}")
        read_message(data)
    record_property("bent payloads", seed)
    record_property("read", read)
    assert 0 < read < seed
