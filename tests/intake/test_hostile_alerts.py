"""Whatever is posted, the readers of alerts and of system messages give an alert or a reason."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.intake.alert_formats import FORMATS, read_payload
from app.intake.syslog import MOST_BYTES, read_message
from tests.intake.test_alert_formats import PAIRS

EXAMPLES = 150
KEYS = sorted(
    {key for pair in PAIRS.values() for one in pair[:2] if one for key in one}
    | {"status", "labels", "incident", "alert", "event", "data", "essentials", "monitorID", "name"}
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["firing", "ok", "0001-01-01T00:00:00Z", "9" * 13, "\ud800", "a:b,c"])
)
VALUES: Any = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)


def _sentence(message: str) -> None:
    assert message.endswith(".")


def answered(body: bytes, name: str = "") -> None:
    """Read a payload; every alert of it is whole, or there is a reason."""
    try:
        alerts = read_payload(body, name=name)
    except InvalidInputError as error:
        _sentence(error.message)
        return
    for one in alerts:
        assert one.title
        assert one.fingerprint or one.source == "generic"
        assert len(one.title) <= 20_100
        assert all(isinstance(value, str) for value in one.labels.values())
        assert one.started_at is None or one.started_at.tzinfo is not None


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=VALUES, name=st.sampled_from(["", *(one.name for one in FORMATS)]))
def test_any_json_is_answered(document: Any, name: str) -> None:
    answered(json.dumps(document).encode(), name)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    pair=st.sampled_from(sorted(PAIRS)), at=st.integers(0, 400), byte=st.integers(0, 255),
    cut=st.booleans(),
)  # fmt: skip
def test_a_damaged_payload_is_answered(pair: str, at: int, byte: int, cut: bool) -> None:
    body = bytearray(json.dumps(PAIRS[pair][0]).encode())
    at %= len(body)
    if cut:
        del body[at:]
    else:
        body[at] = byte
    answered(bytes(body))


@settings(max_examples=EXAMPLES, deadline=None)
@given(body=st.binary(max_size=300))
def test_any_bytes_are_answered(body: bytes) -> None:
    answered(body)
    answered(b"Subject: x\n" + body)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    head=st.sampled_from([b"", b"<34>", b"<34>1 ", b"<34>Oct 11 22:14:15 ", b"<1>1 - h a p m ["]),
    line=st.binary(max_size=200),
)
def test_any_line_is_a_message(head: bytes, line: bytes) -> None:
    one = read_message(head + line, receiver="here")
    assert one.hostname
    assert 0 <= one.pri < 192
    json.dumps(one.to_json())


def test_a_line_of_any_length_is_cut() -> None:
    assert len(read_message(b"<1>" + b"x" * (2 * MOST_BYTES)).message) <= MOST_BYTES
