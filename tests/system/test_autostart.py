"""The program starts with the session when asked; each entry is what its system reads."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from app.system import autostart
from app.system.faults import MachineError

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = ["/opt/Incident Desk/incident-desk", "--profile", "/home/a b/100%"]


class FakeRunKey:
    """What the key Run of HKCU holds."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"Other": "x"}

    def set(self, name: str, command: str) -> None:
        self.values[name] = command

    def delete(self, name: str) -> None:
        self.values.pop(name, None)


def test_windows_keeps_one_value_and_quotes_the_path(tmp_path: Path) -> None:
    key = FakeRunKey()
    command = [r"C:\Program Files\Incident Desk\incident-desk.exe", "--profile", r"D:\a b"]
    for _ in range(2):
        autostart.set_autostart(True, command=command, platform="win32", home=tmp_path, run_key=key)
    assert key.values == {
        "Other": "x",
        "Incident Desk": r'"C:\Program Files\Incident Desk\incident-desk.exe" --profile "D:\a b"',
    }
    for _ in range(2):
        autostart.set_autostart(
            False, command=command, platform="win32", home=tmp_path, run_key=key
        )
    assert key.values == {"Other": "x"}
    assert list(tmp_path.iterdir()) == []


def test_a_mac_gets_a_launch_agent(tmp_path: Path) -> None:
    autostart.set_autostart(True, command=COMMAND, platform="darwin", home=tmp_path)
    file = tmp_path / "Library" / "LaunchAgents" / "desk.incident.IncidentDesk.plist"
    entry = plistlib.loads(file.read_bytes())
    assert entry["ProgramArguments"] == COMMAND
    assert entry["RunAtLoad"] is True
    assert "KeepAlive" not in entry, "who quits has quit"
    autostart.set_autostart(False, command=COMMAND, platform="darwin", home=tmp_path)
    assert not file.exists()


def test_linux_gets_a_desktop_file_that_is_valid(tmp_path: Path) -> None:
    autostart.set_autostart(True, command=COMMAND, platform="linux", home=tmp_path, environ={})
    file = tmp_path / ".config" / "autostart" / "incident-desk.desktop"
    lines = file.read_text("utf-8").splitlines()
    wanted = 'Exec="/opt/Incident Desk/incident-desk" --profile "/home/a b/100%%"'
    assert wanted in lines
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(file)], check=True)
    autostart.set_autostart(False, command=COMMAND, platform="linux", home=tmp_path, environ={})
    assert not file.exists()


@pytest.mark.parametrize(("given", "own"), [("{}/own", True), ("relative", False)])
def test_linux_follows_the_configuration_folder(tmp_path: Path, given: str, own: bool) -> None:
    environ = {"XDG_CONFIG_HOME": given.format(tmp_path)}
    file = autostart.entry_file("linux", tmp_path / "home", environ)
    assert file.is_relative_to(tmp_path / ("own" if own else "home/.config"))


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_place_that_refuses_is_named(tmp_path: Path, platform: str) -> None:
    home = tmp_path / "home"
    home.write_text("a file", "utf-8")
    with pytest.raises(MachineError, match=r"could not be changed in .*home"):
        autostart.set_autostart(True, command=COMMAND, platform=platform, home=home, environ={})


def test_the_command_is_the_program_itself_once_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/opt/incident-desk")
    assert autostart.own_command() == ["/opt/incident-desk", "-m", "app"]
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert autostart.own_command() == ["/opt/incident-desk"]
