"""The window while its listener takes 1,000 alerts: the longest block of this thread is told."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.services import configuration, listening
from app.services.desk import Desk, open_desk
from app.storage import alert_rows
from app.system.clock import SystemClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import JobRunner
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from tests.benchmarks.telling import tell_amount
from tests.benchmarks.test_window_speed import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ALERTS = 1_000
LIMIT_MS = 50
_SENDER = """
import json, sys
from http.client import HTTPConnection
line = HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
for number in range(int(sys.argv[3])):
    body = json.dumps({"title": f"Alert {number}", "id": str(number)})
    line.request("POST", "/alerts", body, {"X-Auth-Token": sys.argv[2]})
    answer = line.getresponse()
    answer.read()
    assert answer.status == 200
"""
"""In a process of its own, so that only the window is measured."""


@pytest.mark.benchmark
def test_the_window_answers_while_alerts_come(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
    qapp: object,
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", kept.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", kept.get)

    def opened() -> Desk:
        return open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz")

    desk = opened()
    configuration.set_setting(desk, "listener.webhook", "127.0.0.1:0")
    configuration.set_setting(desk, "listener.on", value=True)
    theme = Theme(qapp)  # type: ignore[arg-type]
    theme.apply()
    jobs = JobRunner(opened)
    window = MainWindow(jobs, ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    window.window_commands.alerts.start()
    keeper = window.window_commands.alerts.listener
    assert keeper is not None
    qtbot.waitUntil(lambda: keeper.state == "listening", timeout=30_000)
    qtbot.wait(3_000)  # the window has made what it makes after its first picture
    port = keeper.places[0].rpartition(":")[2]
    dog = Watchdog()
    words = [sys.executable, "-c", _SENDER, port, listening.token(desk), str(ALERTS)]
    sender = subprocess.Popen(words)
    qtbot.waitUntil(lambda: sender.poll() is not None, timeout=120_000)
    qtbot.wait(3_000)  # the last ones show
    seen = dog.stop()
    keeper.stop()
    shown = window.queue.total()
    jobs.shutdown()
    assert sender.returncode == 0
    assert alert_rows.total(desk.connection) == ALERTS
    assert shown > 0
    desk.close()
    for what, name in (("longest block", "longest_ms"), ("of it own processor time", "own_ms")):
        tell_amount(capsys, record_property, f"{what}, 1,000 alerts", seen[name], LIMIT_MS)
