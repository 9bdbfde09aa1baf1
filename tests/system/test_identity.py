"""The system knows the program by one name."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import TYPE_CHECKING

from app.system import identity

if TYPE_CHECKING:
    import pytest


def test_windows_is_told_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    shell = SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=told.append)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(shell32=shell), raising=False)
    identity.tell_windows("linux")
    assert told == []
    identity.tell_windows("win32")
    assert told == ["IncidentDesk.IncidentDesk"]


def test_a_windows_that_refuses_is_no_reason_not_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(), raising=False)
    identity.tell_windows("win32")
