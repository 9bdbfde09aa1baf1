"""Beside the window garbage is looked for in bites, and all of it when the person is elsewhere."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt

from app.system import garbage
from app.ui import tidying
from app.ui.tidying import Tidying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

ELSEWHERE = Qt.ApplicationState.ApplicationInactive
HERE = Qt.ApplicationState.ApplicationActive


@pytest.fixture
def owner(qapp: object) -> Iterator[QObject]:
    thresholds = gc.get_threshold()
    owner = QObject()
    yield owner
    owner.deleteLater()
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_a_bite_is_taken_again_and_again(
    owner: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bites: list[int] = []
    monkeypatch.setattr(garbage, "collect_bite", lambda: bites.append(1))
    monkeypatch.setattr(tidying, "BITE_MS", 5)
    Tidying(owner)
    qtbot.waitUntil(lambda: len(bites) > 2)


def test_all_is_looked_through_when_the_person_is_elsewhere_but_seldom(
    owner: QObject, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(garbage, "collect_all", lambda: looks.append(1))
    monkeypatch.setattr(tidying, "ALL_MS", 60_000)
    Tidying(owner)
    qapp.applicationStateChanged.emit(ELSEWHERE)  # type: ignore[attr-defined]
    assert not looks
    monkeypatch.setattr(tidying, "ALL_MS", 1)
    time.sleep(0.01)
    qapp.applicationStateChanged.emit(HERE)  # type: ignore[attr-defined]
    assert not looks
    qapp.applicationStateChanged.emit(ELSEWHERE)  # type: ignore[attr-defined]
    assert looks == [1]
