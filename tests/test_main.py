"""Which lines open the window, and what is said where there is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from app import __main__, bootstrap
from app.system.faults import MachineError
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], {}),
        (["--profile", "here"], {"--profile": "here"}),
        (["--profile=here", "--as", "Ana"], {"--profile": "here", "--as": "Ana"}),
        (["list"], None),
        (["--profile", "here", "list"], None),
        (["--json"], None),
        (["--help"], None),
        (["--profile"], None),
        (["INC-000042"], {"number": "INC-000042"}),
        (["--as", "Ana", "inc-a4-0001"], {"--as": "Ana", "number": "inc-a4-0001"}),
        (["incident-desk:INC-42"], {"number": "INC-42"}),
        (["incident-desk://INC-42/"], {"number": "INC-42"}),
        (["INC-1", "INC-2"], None),
        (["/a folder/Team.INCIDENTS"], {"number": "/a folder/Team.INCIDENTS"}),
        (["import", "/a.incidents"], None),
        (["--file=/a.incidents"], None),
        (["log", "INC-1"], None),
    ],
)
def test_only_common_options_open_the_window(
    words: list[str], options: dict[str, str] | None
) -> None:
    assert __main__.window_options(words) == options


def test_only_linux_can_be_without_a_display() -> None:
    assert bootstrap.has_display("win32", {})
    assert bootstrap.has_display("darwin", {})
    assert bootstrap.has_display("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert not bootstrap.has_display("linux", {"DISPLAY": ""})
    assert not bootstrap.has_display("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})


def test_without_a_display_a_sentence_says_what_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MachineError, match="no display"):
        bootstrap.run_window(Profile(tmp_path / "profile"))


def test_a_wrong_clock_is_a_known_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INCIDENT_DESK_NOW", "noon")
    monkeypatch.setattr(sys, "argv", ["incident-desk", "--profile", str(tmp_path), "list"])
    assert __main__.main() == 3
    assert "INCIDENT_DESK_NOW is 'noon'" in capsys.readouterr().err
