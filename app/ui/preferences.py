"""Where the window was and how its columns stood, on one computer.

One small JSON file in the profile, written whole or not at all. A damaged file is put aside and the
defaults hold; nothing here may keep the window from opening. Whatever a person chooses in words
(theme, text size, row height, keys) is a setting and lives in the database alone, so that the
command line, the settings screen and the next start agree; it is read before the first paint (see
application.py). Geometry and widths are facts about this screen that nobody would type or look up.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.main_window import MainWindow

_log = logging.getLogger(__name__)


class Preferences:
    """Values by their keys."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()

    def get(self, key: str, default: Any = None) -> Any:
        """Return what is kept, else the default."""
        return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Keep a plain JSON value; `save` writes it."""
        self._values[key] = value

    def save(self) -> None:
        """Write everything; a disk that refuses is noted in the log and costs nothing else."""
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(self._values, indent=1), encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            _log.warning("The preferences could not be kept: %s", error.strerror)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            self._put_aside()
            return {}
        return found if isinstance(found, dict) else {}

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".damaged"))
        except OSError:
            _log.info("A damaged file of preferences could not be put aside")


def place(preferences: Preferences, window: MainWindow) -> None:
    """Put the window where it was, with the columns as they were."""
    geometry = preferences.get("geometry")
    if isinstance(geometry, str):
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))
    if preferences.get("timeline_oldest_first") is True:
        window.pages.set_oldest_first(True)
    columns = preferences.get("columns")
    if isinstance(columns, dict):
        window.queue.columns.restore({**columns, "density": None})


def keep(preferences: Preferences, window: MainWindow) -> None:
    """Keep how the window is now."""
    preferences.set("geometry", bytes(window.saveGeometry().toBase64().data()).decode())
    preferences.set("timeline_oldest_first", window.pages.oldest_first)
    columns = window.queue.columns.save()
    preferences.set("columns", {key: columns[key] for key in ("columns", "widths")})
    preferences.save()
