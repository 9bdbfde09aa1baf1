"""The listener of the window, a real process on loopback: alerts show, it ends, it comes back."""

from __future__ import annotations

import json
import os
import signal
import socket
from functools import partial
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.services import configuration, health, listening
from app.services.desk import Desk, open_desk
from app.system.clock import SystemClock
from app.system.faults import MachineError
from app.system.paths import Profile
from app.ui.alerts.listener_keeper import ListenerKeeper
from app.ui.alerts.listener_page import ListenerPage, ListenerSettings
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

LONG_MS = 30_000


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    kept: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", kept.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", kept.get)
    return kept


@pytest.fixture
def desk(tmp_path: Path, kept: dict[str, str]) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz")
    configuration.set_setting(desk, "listener.webhook", "127.0.0.1:0")
    configuration.set_setting(desk, "listener.on", value=True)
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def keeper(window: MainWindow) -> Iterator[ListenerKeeper]:
    window.window_commands.alerts.start()
    keeper = window.window_commands.alerts.listener
    assert keeper is not None
    yield keeper
    keeper.stop()


def listens(qtbot: QtBot, keeper: ListenerKeeper) -> int:
    qtbot.waitUntil(lambda: keeper.state == "listening", timeout=LONG_MS)
    return int(keeper.places[0].rpartition(":")[2])


def post(port: int, token: str) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"title": "Disk is full", "host": "srv1", "severity": "critical"})
    line.request("POST", "/alerts", body, {"X-Auth-Token": token})
    status = line.getresponse().status
    line.close()
    return status


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_posted_alert_shows_in_the_queue(
    qtbot: QtBot, window: MainWindow, keeper: ListenerKeeper, desk: Desk
) -> None:
    port = listens(qtbot, keeper)
    assert keeper.status.text() == "Alerts are taken here"
    assert post(port, "wrong") == 401
    assert post(port, listening.token(desk)) == 200
    qtbot.waitUntil(lambda: window.queue.total() == 1, timeout=LONG_MS)


def test_it_ends_with_the_window_and_when_it_is_switched_off(
    qtbot: QtBot, keeper: ListenerKeeper, window: MainWindow
) -> None:
    listens(qtbot, keeper)
    process = keeper.process_id
    window.bench.write(lambda desk: configuration.set_setting(desk, "listener.on", value=False))
    assert keeper.state == "off"
    assert not keeper.status.isVisible()
    assert not is_alive(process)
    window.bench.write(lambda desk: configuration.set_setting(desk, "listener.on", value=True))
    listens(qtbot, keeper)
    process = keeper.process_id
    assert is_alive(process)
    keeper.stop()
    assert not is_alive(process)


def test_a_killed_listener_is_started_again(
    qtbot: QtBot, keeper: ListenerKeeper, desk: Desk
) -> None:
    listens(qtbot, keeper)
    first = keeper.process_id
    os.kill(first, signal.SIGKILL)
    qtbot.waitUntil(lambda: keeper.state == "failed", timeout=LONG_MS)
    assert "started again" in health.notes(desk)[0].text
    port = listens(qtbot, keeper)
    assert keeper.process_id not in (0, first)
    assert post(port, listening.token(desk)) == 200
    assert health.notes(desk) == []


def test_a_port_that_is_in_use_is_told_with_advice(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        configuration.set_setting(desk, "listener.webhook", f"127.0.0.1:{port}")
        keeper = ListenerKeeper(window.bench, window)
        keeper.start()
        qtbot.waitUntil(lambda: keeper.state == "failed", timeout=LONG_MS)
        keeper.stop()
    (note,) = health.notes(desk)
    assert note.kind == "listener"
    assert "Choose another port" in note.text
    assert keeper.status.toolTip() == note.text


def test_the_token_is_copied_and_a_new_one_counts_at_once(
    qtbot: QtBot, window: MainWindow, keeper: ListenerKeeper, desk: Desk
) -> None:
    listens(qtbot, keeper)
    first, old = keeper.process_id, listening.token(desk)
    page = ListenerPage(window.bench).widget(window)
    assert isinstance(page, ListenerSettings)
    qtbot.keyClick(page.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == old
    assert old not in page.words.text()
    qtbot.keyClick(page.renew, Qt.Key.Key_Space)
    assert listening.token(desk) != old
    port = listens(qtbot, keeper)
    assert keeper.process_id != first
    assert post(port, old) == 401
    assert post(port, listening.token(desk)) == 200


def test_the_address_is_shown_copied_and_follows_the_settings(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = ListenerPage(window.bench).widget(window)
    assert isinstance(page, ListenerSettings)
    assert page.address.text() == "http://127.0.0.1:0/alerts"
    qtbot.keyClick(page.copy_address, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == page.address.text()
    for key, value in (("webhook", "desk.example.org:8787"), ("certificate", "desk.pem")):
        window.bench.write(partial(configuration.set_setting, key=f"listener.{key}", value=value))
    assert page.address.text() == "https://desk.example.org:8787/alerts"
    window.bench.write(partial(configuration.set_setting, key="listener.webhook", value=""))
    assert not page.copy_address.isEnabled()


def test_a_computer_without_key_store_is_told_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_name: str) -> str:
        raise MachineError("The key store is locked; unlock it.", code="secrets")

    monkeypatch.setattr("app.system.secrets.get_secret", locked)
    keeper = ListenerKeeper(window.bench, window)
    keeper.start()
    assert (keeper.state, keeper.status.toolTip()) == (
        "failed", "The key store is locked; unlock it.",
    )  # fmt: skip
    assert keeper.process_id == 0
