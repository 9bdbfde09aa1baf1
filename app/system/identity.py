"""By which name the system knows the program: one button in the task bar, one icon, one entry."""

from __future__ import annotations

import sys
from contextlib import suppress

APP_USER_MODEL_ID = "IncidentDesk.IncidentDesk"
"""Windows: windows with it share one button, and notifications carry the program's name."""
DESKTOP_FILE = "incident-desk"
"""Linux: the name of the .desktop file, by which Wayland finds the icon."""


def tell_windows(platform: str = sys.platform) -> None:
    """Tell Windows who this is, before the first window; nothing happens elsewhere."""
    if platform != "win32":
        return
    import ctypes

    shell = getattr(ctypes, "windll", None)
    with suppress(OSError, AttributeError):  # a window without its own button is still a window
        if shell is not None:
            shell.shell32.SetCurrentProcessExplicitAppUserModelID(APP_USER_MODEL_ID)
