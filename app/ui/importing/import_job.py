"""One long run in a lane of its own: tells how far it is, and stops when it is asked to.

Made in the GUI thread, so what the lane tells arrives there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.importing import ImportResult
    from app.ui.importing.import_plan import Choice, Look

from app.services import import_mappings
from app.ui.importing import import_plan

WHOLE = 1000
"""`progressed` counts in thousandths."""


class ImportJob(QObject):
    """A look, a dry run or an import, with its brake."""

    progressed = Signal(int)

    def __init__(self, choice: Choice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._stop = threading.Event()
        self._told = -1

    def stop(self) -> None:
        """Ask it to stop; what is in the store by then stays in."""
        self._stop.set()

    def is_stopped(self) -> bool:
        """Tell whether it was asked to stop; any thread."""
        return self._stop.is_set()

    def look(self, desk: Desk) -> Look:
        """Look at the file, in a lane."""
        saved = import_mappings.to_guess(desk)
        return import_plan.look(self.choice, self.is_stopped, ZoneInfo(desk.store.zone), saved)

    def try_out(self, desk: Desk) -> ImportResult:
        """Say what an import would do, in a lane."""
        return self._run(desk, dry_run=True)

    def write(self, desk: Desk) -> ImportResult:
        """Import, in the long lane."""
        return self._run(desk, dry_run=False)

    def _run(self, desk: Desk, *, dry_run: bool) -> ImportResult:
        return import_plan.run(
            desk, self.choice, dry_run=dry_run, progress=self._tell, cancelled=self.is_stopped
        )

    def _tell(self, done: int, total: int) -> None:
        part = min(done * WHOLE // total, WHOLE) if total else 0
        if part != self._told:
            self._told = part
            self.progressed.emit(part)
