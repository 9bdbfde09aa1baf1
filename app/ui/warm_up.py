"""Loads what the first use of a screen would wait for, in the background, once the window stands.

The start leaves out whatever its first picture does without (speed.md, start). Loaded only when a
screen opens for the first time, its modules hold the window up: the import dialog 120 ms, the close
dialog 60. A thread of its own; it gives way before each module (`load_courteously`).
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Final

from app.system.waking_thread import WakingThread

_log = logging.getLogger(__name__)

MODULES: Final = (
    "app.ui.palette.palette",
    "app.services.quick_logging",
    "app.ui.new_incident.new_incident_dialog",
    "app.services.undoing",
    "app.services.logging_incidents",
    "app.ui.asking.questions",
    "app.ui.closing.close_dialog",
    "app.services.suggesting",
    "app.ui.page.incident_window",
    "app.ui.problems.problem_detail",
    "app.ui.knowledge.knowledge_page",
    "app.ui.dashboard.dashboard_page",
    "app.ui.settings.settings_dialog",
    "app.ui.importing.import_dialog",
    "app.services.importing",
    "app.reports.closure_report",
    "app.ui.report.print_dialog",
    "app.ui.report.period_dialog",
    "app.services.reporting",
)
"""In the order in which a person is likely to want them."""
REST_S: Final = 0.03
"""The pause between two of them."""


class WarmUp(WakingThread):
    """Loads `MODULES`, once."""

    def __init__(self) -> None:
        super().__init__("warm-up")
        self.is_done = False

    def _run(self) -> None:
        for name in MODULES:
            if self._stopped.is_set():
                return
            try:
                import_module(name)
            except ImportError:
                _log.exception("A module could not be loaded ahead; the screen will say it")
            self._wanted.wait(REST_S)
        self.is_done = True
