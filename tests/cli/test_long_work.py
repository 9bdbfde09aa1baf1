"""Long work on a terminal shows how far it is; `demo` says its document however it ran."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app import bootstrap
from app.services import auditing, demonstration
from app.services.desk import open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Line


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_rebuild_draws_a_bar_on_a_terminal_and_none_into_a_file(line: Line) -> None:
    line.done("log", "printer down")
    master, slave = os.openpty()
    words = [sys.executable, "-m", "app", "rebuild", "--json", "--profile", str(line.profile)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=slave, timeout=60, check=True)
    os.close(slave)
    drawn = os.read(master, 100_000).decode()
    os.close(master)
    assert "Rebuilding" in drawn
    assert done.stdout.startswith(b'{"ok": true')
    assert "Rebuilding" not in line.said("rebuild").err


def test_rebuild_tells_how_many_entries_there_are(line: Line) -> None:
    line.done("log", "printer down")
    desk = open_desk(Profile(line.profile), SystemClock())
    told: list[tuple[int, int]] = []
    count = auditing.rebuild(desk, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, count)
    desk.close()


def test_demo_beside_a_display_prints_its_document(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    always: Callable[..., bool] = lambda *_: True  # noqa: E731
    monkeypatch.setattr(bootstrap, "has_display", always)
    monkeypatch.setattr(demonstration, "open_window", opened.append)
    assert line.done("demo") == {"incident": None, "report": None, "screenshot": None}
    assert len(opened) == 1
