"""A payload for the installers of Windows, and a Windows that runs them: Debian's wine.

Nothing here is Windows: what passes here is called "proven under wine" (README).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
Unicode true
Target amd64-unicode
!include FileFunc.nsh
Name "Incident Desk"
OutFile "${OUTPUT}"
SilentInstall silent
RequestExecutionLevel user
Section
  ${GetParameters} $0
  CreateDirectory "$LOCALAPPDATA\\incident-desk"
  FileOpen $1 "$LOCALAPPDATA\\incident-desk\\started.txt" w
  FileWriteUTF16LE $1 "${VERSION} $0"
  FileClose $1
SectionEnd
"""
"""A real program for 64-bit Windows, which keeps in its data what it was started with."""


def make_payload(folder: Path, version: str, *names: str) -> Path:
    """Make a folder that holds a program for Windows and files of these names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name} of {version}", "utf-8")
    script = folder.with_suffix(".nsi")
    script.write_text(PROGRAM, "utf-8")
    target = folder / "incident-desk.exe"
    subprocess.run(
        ["makensis", "-V1", f"-DOUTPUT={target}", f"-DVERSION={version}", str(script)], check=True
    )
    return folder


class Wine:
    """One fresh Windows drive with its registry."""

    def __init__(self, prefix: Path) -> None:
        self.drive = prefix / "drive_c"
        self._prefix = prefix
        quiet = "mscoree,mshtml=;winemenubuilder.exe=d"
        kept = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
        self._environment = {
            **kept,
            "WINEPREFIX": str(prefix),
            "WINEDLLOVERRIDES": quiet,
            "WINEDEBUG": "-all",
        }
        self.run("wineboot", "-i", timeout=200)

    @property
    def home(self) -> Path:
        """Return the folder of the person."""
        return next(p for p in (self.drive / "users").iterdir() if p.name != "Public")

    @property
    def local(self) -> Path:
        """Return %LOCALAPPDATA%."""
        return self.home / "AppData" / "Local"

    def run(self, *words: str, timeout: float = 100) -> int:
        """Run a program of Windows and wait until everything that it began has ended."""
        done = subprocess.run(
            ["wine", *words],
            env=self._environment,
            check=False,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        subprocess.run(["wineserver", "-w"], env=self._environment, check=True, timeout=100)
        return done.returncode

    def stop(self) -> None:
        """End what still runs on this drive and delete it."""
        subprocess.run(["wineserver", "-k"], env=self._environment, check=False, timeout=60)
        shutil.rmtree(self._prefix, ignore_errors=True)

    def registry(self, key: str, *, machine: bool = False) -> dict[str, str] | None:
        """Return the values of a key of HKCU or HKLM ("" is its own), None for no such key."""
        file = self._prefix / ("system.reg" if machine else "user.reg")
        name = re.escape("[" + key.replace("\\", "\\\\") + "]")
        found = re.search(rf"(?ims)^{name}[^\n]*\n(.*?)(?=^\[|\Z)", file.read_text("latin-1"))
        if found is None:
            return None
        values = re.findall(r'(?m)^(@|"[^"]*")="(.*)"$', found[1])
        return {
            name.strip('"').replace("@", ""): re.sub(r"\\(.)", r"\1", value)
            for name, value in values
        }

    def started_with(self) -> str:
        """Return what the payload's program noted when it was started last."""
        return (self.local / "incident-desk" / "started.txt").read_text("utf-16-le")
