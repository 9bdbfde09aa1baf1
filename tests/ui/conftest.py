"""Run the screens without a screen: the offscreen platform unless a real display is asked for."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

if "INCIDENT_DESK_REAL_WINDOW" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture
def theme(qapp):
    """Give the installed theme, light at 100 %, in English, and put it back afterwards."""
    from app.ui import language
    from app.ui import theme as module

    language.install(qapp)
    installed = module.install("light", 100)
    yield installed
    installed.force_high_contrast(None)
    installed.set_text_size(100)
    installed.set_scheme("light")


@pytest.fixture(autouse=True)
def _closed_windows_are_gone():
    """Delete what a test has closed.

    Outside an event loop Qt keeps it, and every later change of the theme would dress it too.
    """
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
