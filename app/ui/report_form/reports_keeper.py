"""Says in the status bar when the folder of users' reports cannot be read by this window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import report_collecting
from app.services.report_collecting import Looked, ReportCollector
from app.ui.background_status import BackgroundStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk


class ReportsKeeper(BackgroundStatus):
    """One for each window's profile; nothing is shown while no folder is set, or all is well."""

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Read from now on, where a folder is set."""
        self.keep(ReportCollector(open_desk, self._told.emit))

    def on_told(self, done: Looked) -> None:
        """Show that the folder cannot be read, and say what could not be taken."""
        failed = done.state == report_collecting.FAILED
        if failed:
            self._bench.say(done.text, "danger")
        for one in done.taken:
            if one.action == "quarantined":
                self._bench.say(f"{one.source}: {one.reason}", "warn")
        text = self.tr("Reports cannot be read") if failed else ""
        self.show_status(text, done.text, "circle-alert", "danger")
        self.changed.emit(done)
