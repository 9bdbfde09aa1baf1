"""Payloads in quarantine: seen as text, tried again, discarded and put back whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.services import alert_intake, alert_quarantine, browsing
from app.storage import alert_rows

if TYPE_CHECKING:
    from app.services.desk import Desk

GOOD = json.dumps({"title": "Disk is full", "host": "srv1", "severity": "critical"}).encode()
BROKEN = b'{"title": "Disk is f\xff'


def hold(desk: Desk, body: bytes = GOOD) -> int:
    alert_intake.quarantine(desk, body, "10.0.0.7", "Nobody knew it.")
    return alert_quarantine.payloads(desk)[0].id


def test_a_payload_is_listed_without_its_body_and_shown_as_text(desk: Desk) -> None:
    held = hold(desk, BROKEN)
    (one,) = alert_quarantine.payloads(desk)
    assert (one.source, one.reason, one.body) == ("10.0.0.7", "Nobody knew it.", b"")
    assert alert_quarantine.shown(desk, held) == '{"title": "Disk is f\ufffd'
    long = hold(desk, b"x" * 200_000)
    assert len(alert_quarantine.shown(desk, long)) == 100_006


def test_tried_again_it_opens_an_incident_and_leaves(desk: Desk) -> None:
    (taken,) = alert_quarantine.try_again(desk, hold(desk), "generic")
    assert taken.action == "opened"
    assert browsing.incident(desk, taken.number).title == "Disk is full"
    assert alert_quarantine.payloads(desk) == []


def test_what_still_cannot_be_read_stays_once(desk: Desk) -> None:
    held = hold(desk, BROKEN)
    with pytest.raises(InvalidInputError):
        alert_quarantine.try_again(desk, held)
    assert [one.id for one in alert_quarantine.payloads(desk)] == [held]


def test_a_discarded_payload_is_put_back_whole_and_in_its_place(desk: Desk) -> None:
    held = hold(desk, BROKEN)
    hold(desk)
    gone = alert_quarantine.discard(desk, held)
    assert held not in [one.id for one in alert_quarantine.payloads(desk)]
    with pytest.raises(NotFoundError):
        alert_quarantine.discard(desk, held)
    alert_quarantine.put_back(desk, gone)
    assert [one.id for one in alert_quarantine.payloads(desk)][-1] == held
    kept = alert_rows.payload(desk.connection, held)
    assert kept is not None
    assert kept.body == BROKEN


def test_a_number_that_was_given_again_is_not_overwritten(desk: Desk) -> None:
    gone = alert_quarantine.discard(desk, hold(desk, BROKEN))
    assert hold(desk) == gone.id
    alert_quarantine.put_back(desk, gone)
    assert len(alert_quarantine.payloads(desk)) == 2
