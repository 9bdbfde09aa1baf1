"""PySide6 keeps the references that Python lends it; 6.12.0 did not (house.md, measured facts)."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject


@pytest.mark.parametrize("lent", [None, True, False])
def test_500_calls_cost_no_reference_to_a_constant(lent: object) -> None:
    thing = QObject()
    before = sys.getrefcount(lent)
    for _ in range(500):
        thing.setObjectName("incident")
        thing.blockSignals(lent is True)
    # From Python 3.12 on the constants are immortal and their count never moves.
    assert sys.getrefcount(lent) > before - 100
