"""Start the program with the session, or no more: one entry of this person on each system.

Windows: a value of the key Run in HKCU. macOS: a LaunchAgent. Elsewhere: a .desktop file below
~/.config/autostart (freedesktop.org, Desktop Application Autostart). Off unless a person asks.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLE = "Incident Desk"
"""The value's name on Windows; the setup deletes it (packaging/windows)."""
AGENT = "desk.incident.IncidentDesk"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class RunKey(Protocol):
    """The place of Windows where a person's programs are named."""

    def set(self, name: str, command: str) -> None:
        """Write a value."""

    def delete(self, name: str) -> None:
        """Delete a value; nothing happens when there is none."""


class WindowsRunKey:
    """HKCU's own."""

    def set(self, name: str, command: str) -> None:
        """Write a value."""
        if sys.platform == "win32":
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, command)

    def delete(self, name: str) -> None:
        """Delete a value; nothing happens when there is none."""
        if sys.platform == "win32":
            import winreg

            access = winreg.KEY_SET_VALUE
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, access) as key:
                    winreg.DeleteValue(key, name)
            except FileNotFoundError:
                return


def own_command() -> list[str]:
    """Return the words that start this program: itself when frozen, else Python with it."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "app"]


def set_autostart(
    on: bool,
    *,
    command: Sequence[str],
    platform: str = sys.platform,
    home: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    run_key: RunKey | None = None,
) -> None:
    """Write the entry that starts the program with the session, or delete it.

    Raises:
        MachineError: the system refuses; the sentence names the place.
    """
    place = "the registry"
    try:
        if platform == "win32":
            key = run_key or WindowsRunKey()
            if on:
                key.set(TITLE, windows_line(command))
            else:
                key.delete(TITLE)
            return
        file = entry_file(platform, home or Path.home(), environ)
        place = str(file)
        if not on:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_agent(command) if platform == "darwin" else _desktop_entry(command))
    except OSError as refusal:
        reason = refusal.strerror or str(refusal)
        raise MachineError(
            f"Starting with the computer could not be changed in {place} ({reason}): give yourself "
            "the right to write there.",
            code="autostart",
        ) from refusal


def entry_file(platform: str, home: Path, environ: Mapping[str, str]) -> Path:
    """Return the file that starts the program, on macOS and Linux."""
    if platform == "darwin":
        return home / "Library" / "LaunchAgents" / f"{AGENT}.plist"
    configured = environ.get("XDG_CONFIG_HOME", "")
    # The specification has a relative path ignored.
    folder = Path(configured) if configured.startswith("/") else home / ".config"
    return folder / "autostart" / "incident-desk.desktop"


def windows_line(command: Sequence[str]) -> str:
    """Return words as one line that Windows takes apart again."""
    import subprocess

    first, *rest = command
    # A path with a space and no quotes would start another program that is named alike.
    return f'"{first}"' + "".join(f" {subprocess.list2cmdline([word])}" for word in rest)


def _agent(command: Sequence[str]) -> bytes:
    import plistlib  # with its XML reader, on a Mac only

    entry = {"Label": AGENT, "ProgramArguments": list(command), "RunAtLoad": True}
    return plistlib.dumps({**entry, "ProcessType": "Interactive"})


def _desktop_entry(command: Sequence[str]) -> bytes:
    words = " ".join(_desktop_word(word) for word in command)
    lines = ["[Desktop Entry]", "Type=Application", f"Name={TITLE}", f"Exec={words}"]
    return "\n".join([*lines, "Terminal=false", "X-GNOME-Autostart-enabled=true", ""]).encode()


def _desktop_word(word: str) -> str:
    word = word.replace("%", "%%")
    if shlex.quote(word) == word:
        return word
    # Once for the quotes of Exec, once for the string that it is.
    for sign in ("\\", '"', "`", "$"):
        word = word.replace(sign, f"\\{sign}")
    return '"' + word.replace("\\", "\\\\") + '"'
